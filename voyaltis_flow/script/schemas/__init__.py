"""JSON Schemas of the language, for editors, as `script.language_schema` makes them."""
