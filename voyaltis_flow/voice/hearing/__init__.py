"""The agent's ears: recognisers, vendors' and our own, and the relay that loses no word when one of them fails."""
