"""JSON Schemas of what the engine gives out."""
