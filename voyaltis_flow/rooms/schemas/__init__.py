"""The JSON Schemas of what goes over the wire."""
