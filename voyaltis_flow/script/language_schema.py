"""The JSON Schemas of the language's files, for editors: what may be written, each key with its words and examples.

They lie in `schemas/` as well, where an editor finds them: `UPDATE_SCHEMAS=1 pytest tests/script` writes them anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from voyaltis_flow.script.load import MODELS
from voyaltis_flow.script.model_schema import schema_of
from voyaltis_flow.script.models import Flow
from voyaltis_flow.script.schema import DIALECT, Schema

LANGUAGE: Mapping[str, type[BaseModel]] = {str(kind): model for kind, model in MODELS.items()}
"""The kinds of files that have a schema of their own, `schemas/KIND.schema.json`."""

_LETTERS = r"0-9A-Za-z_\u00aa-\uffff"
"""What `\\w` stands for in every dialect of patterns: in that of editors it has no accents."""


def language_schema(model: type[BaseModel]) -> Schema:
    """What a file of this kind may say, shorthands included: it takes what `script.load` takes."""
    schema: Schema = {"$schema": DIALECT, **_for_people(schema_of(model))}
    return _or_extending(schema) if model is Flow else schema


def _for_people(schema: Mapping[str, Any]) -> Schema:
    """A schema as pydantic makes it, without titles that repeat a key's name and defaults that say nothing.

    `anyOf` takes the place of `oneOf`: of two ways to write a value, a shorthand may fit both.
    """
    told: Schema = {}
    for keyword, value in schema.items():
        match keyword:
            case "properties" | "patternProperties" | "$defs":
                told[keyword] = {_portable(name): _for_people(part) for name, part in value.items()}
                if keyword == "patternProperties":
                    told["additionalProperties"] = False
            case "anyOf" | "oneOf" | "prefixItems":
                told["anyOf" if keyword == "oneOf" else keyword] = [_for_people(part) for part in value]
            case "items" | "additionalProperties":
                told[keyword] = _for_people(value) if isinstance(value, Mapping) else value
            case "description" if "`" in value:
                told |= {"description": value, "markdownDescription": value}
            case "pattern":
                told[keyword] = _portable(value)
            case "title" if "properties" not in schema:
                pass
            case "default" if value is None or isinstance(value, Mapping) or value == []:
                pass
            case _:
                told[keyword] = value
    return told


def _portable(pattern: str) -> str:
    return pattern.replace(r"\w", _LETTERS)


def _or_extending(schema: Schema) -> Schema:
    """A flow that extends another need not say what the other says: it and its points have fewer keys to write."""
    point, of_parent = schema["$defs"]["Point"], ("opening", "points")
    return {
        **schema,
        "$defs": {**schema["$defs"], "Point": {**point, "required": ["id"]}},
        "required": [key for key in schema["required"] if key not in of_parent],
        "if": {"properties": {"extends": {"type": "string"}}, "required": ["extends"]},
        "else": {
            "required": list(of_parent),
            "properties": {"points": {"items": {"required": point["required"]}}},
        },
    }
