"""The agent's voice: vendors' and our own, and the relay that finishes a sentence when one of them fails."""
