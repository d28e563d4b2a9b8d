"""LiveKit without the agent framework: a server, what goes over the wire, tokens, dispatch and the lease's watch."""
