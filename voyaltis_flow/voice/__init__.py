"""The LiveKit agent: a conversation that is heard and spoken in a room."""
