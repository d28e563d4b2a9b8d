"""The JSON Schema of a part of the language, and what it says of one place in it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from itertools import count
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

from voyaltis_flow.script.problems import Path

Schema = Mapping[str, Any]

NO_LANGUAGE = "zz"

_numbers = count(1)


class _AsWritten(GenerateJsonSchema):
    """Leaves all keys in the order in which the models have them."""

    def sort(self, value: Any, parent_key: str | None = None) -> Any:
        return value


@cache
def schema_of(model: type[BaseModel]) -> Schema:
    """The schema of a model, made once."""
    return model.model_json_schema(schema_generator=_AsWritten)


def schema_at(whole: Schema, path: Path) -> Schema:
    """The schema of what stands at a path. For a key that no model knows: `siblings`, the keys that it could be."""
    node = whole
    for step in path:
        if (inner := _step(whole, node, step)) is not None:
            node = inner
        elif "properties" in node:
            return {"siblings": list(node["properties"])}
    return node


def placeholder(whole: Schema, node: Schema) -> Any:
    """The least that a schema takes; names are like no other."""
    node = _resolved(whole, node)
    if "const" in node or "enum" in node:
        return node.get("const", node.get("enum", [None])[0])
    match node.get("type"):
        case "object" if node.get("title") != "Text":
            return {key: placeholder(whole, node["properties"][key]) for key in node.get("required", ())}
        case "array":
            items = node["prefixItems"] if "prefixItems" in node else [node["items"]] * node.get("minItems", 0)
            return [placeholder(whole, item) for item in items]
    return _least(node)


def _least(node: Schema) -> Any:
    if node.get("type") in ("integer", "number", "boolean"):
        return node.get("minimum", node.get("maximum", 1)) if node["type"] != "boolean" else False
    pattern = node.get("pattern")
    if pattern is None:
        return "…"
    return NO_LANGUAGE if "a-z]{2}" in pattern else f"unread-{next(_numbers)}"


def _step(whole: Schema, node: Schema, step: str | int) -> Schema | None:
    if isinstance(step, int):
        inner = dict(enumerate(node.get("prefixItems", ()))).get(step, node.get("items"))
    else:
        inner = node.get("properties", {}).get(step)
        if inner is None and node.get("patternProperties"):
            inner = _resolved(whole, next(iter(node["patternProperties"].values())))
            inner = {**inner, "title": "Variants"} if node.get("title") == "Text" else inner
        if inner is None and isinstance(node.get("additionalProperties"), dict):
            inner = node["additionalProperties"]
    return _resolved(whole, inner) if inner is not None else None


def _resolved(whole: Schema, node: Schema) -> Schema:
    for choice in node.get("anyOf", node.get("oneOf", ())):
        if choice.get("type") != "null" and "const" not in choice:
            return _resolved(whole, choice)
    if "$ref" in node:
        return _resolved(whole, whole["$defs"][node["$ref"].rpartition("/")[2]])
    return node
