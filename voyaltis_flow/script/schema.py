"""A flow's JSON Schemas (2020-12): what the model is given, what its answer is checked against, what comes out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from voyaltis_flow.script.models import Flow, Point

Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
MAX_ALTERNATIVES = 16
"""How many values with alternatives (`anyOf`, several types) Claude's structured output takes in one schema."""

_WIRE_KEYWORDS = frozenset(
    {
        "type",
        "properties",
        "required",
        "additionalProperties",
        "items",
        "enum",
        "const",
        "anyOf",
        "description",
        "format",
    }
)
_WIRE_FORMATS = frozenset({"date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid"})

_QUOTE = {"type": "string", "minLength": 1, "maxLength": 2000, "description": "The rep's own words, verbatim."}
_MENTION = {"type": "string", "minLength": 1, "maxLength": 200, "description": "The product, as the rep named it."}
_OP = {"type": "string", "enum": ["set", "add", "remove"], "description": "add: so many more; remove: taken back."}
_COUNT = {
    "type": ["integer", "null"],
    "minimum": 0,
    "maximum": 1_000_000,
    "description": "null when no number was said.",
}
MAX_ENTRIES = 200
"""The most changes that one turn may bring to one point."""


def check_schema(flow: Flow) -> Schema:
    """What a model's answer is checked against: all the limits that the flow knows."""
    about = "|".join([*(point.id.replace(".", "\\.") for point in flow.points), "which:.+", "quantity:.+"])
    asked = {"type": ["string", "null"], "maxLength": 200, "pattern": f"^({about})$"}
    return {
        "$schema": DIALECT,
        **_record(
            {
                "nextMessage": {"type": "string", "maxLength": 4000, "description": "What is said to the rep next."},
                "asksAbout": {**asked, "description": "What its question is about; null when it asks nothing."},
                "extractedData": _record({point.id: _changes(point) for point in flow.points})
                | {"description": "What this turn changed, and nothing else."},
                "isComplete": {"type": "boolean", "description": "Whether nothing is left to learn."},
                "reasoning": {"type": "string", "maxLength": 8000, "description": "Why, in a sentence."},
            }
        ),
    }


def wire_schema(flow: Flow) -> Schema:
    """What Claude is given: the same shape without limits. It is constant for a flow, so that it caches."""
    return _wired(check_schema(flow))


def data_schema(flow: Flow) -> Schema:
    """What a flow collects: the values of its points, as reports and `extract` write them."""
    values = {point.id: _value(point) | {"description": _describe(point)} for point in flow.points}
    return {"$schema": DIALECT, "title": flow.flow, **_record(values)}


def alternatives(schema: Any) -> int:
    """How many values of a schema have alternatives."""
    if isinstance(schema, Mapping):
        here = "anyOf" in schema or isinstance(schema.get("type"), list)
        return here + sum(map(alternatives, schema.values()))
    return sum(map(alternatives, schema)) if isinstance(schema, list) else 0


def _record(properties: Mapping[str, Schema]) -> Schema:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }


def _describe(point: Point) -> str:
    return next(iter(point.collect.words()), point.id)


def _changes(point: Point) -> Schema:
    """What a turn may change of a point."""
    described = {"description": _describe(point)}
    if (entry := _ENTRIES.get(point.type)) is not None:
        return {"type": "array", "items": entry(point), "maxItems": MAX_ENTRIES, **described}
    return {"anyOf": [{"type": "null"}, _quoted(_nullable_where_optional(_single(point)))], **described}


def _quoted(value: Schema) -> Schema:
    return _record({"value": value, "quote": _QUOTE})


_ENTRIES: Mapping[str, Callable[[Point], Schema]] = {
    "quantities": lambda point: _record({"mention": _MENTION, "quantity": _COUNT, "op": _OP, "quote": _QUOTE}),
    "products": lambda point: _record({"mention": _MENTION, "op": _OP, "quote": _QUOTE}),
    "amounts": lambda point: _record(
        {"mention": _MENTION, "amount": _number(point), "unit": {"type": "string"}, "op": _OP, "quote": _QUOTE}
    ),
    "list": lambda point: _quoted({"type": "string", "minLength": 1, "maxLength": 2000}),
}


def _single(point: Point) -> Schema:
    """The value of a point that has one."""
    match point.type:
        case "choice":
            return {"type": "string", "enum": [option.id for option in point.options]}
        case "number":
            return _number(point)
        case "yes_no":
            return {"type": "boolean"}
        case "date":
            return {"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
        case "schema":
            return dict(point.schema_ or {})
    return {"type": "string", "minLength": 1, "maxLength": 4000}


def _number(point: Point) -> Schema:
    limits = {"minimum": point.minimum, "maximum": point.maximum}
    return {"type": "number", **{key: limit for key, limit in limits.items() if limit is not None}}


def _value(point: Point) -> Schema:
    """The value that is collected; null where a point with one value has none."""
    match point.type:
        case "quantities":
            return {"type": "object", "additionalProperties": {"type": "number", "minimum": 0}}
        case "amounts":
            return {"type": "object", "additionalProperties": _number(point)}
        case "products":
            return {"type": "array", "items": {"type": "string"}, "uniqueItems": True}
        case "list":
            limit = {"maxItems": point.max_items} if point.max_items else {}
            return {"type": "array", "items": {"type": "string"}, **limit}
    return {"anyOf": [{"type": "null"}, _single(point)]}


def _nullable_where_optional(schema: Schema) -> Schema:
    """A schema in which every key is written, and null stands for one that was optional."""
    if "properties" in schema:
        required = schema.get("required", [])
        inner = {key: _nullable_where_optional(part) for key, part in schema["properties"].items()}
        filled = {key: part if key in required else {"anyOf": [{"type": "null"}, part]} for key, part in inner.items()}
        return {**schema, "properties": filled, "required": list(filled), "additionalProperties": False}
    if isinstance(schema.get("items"), dict):
        return {**schema, "items": _nullable_where_optional(schema["items"])}
    for keyword in ("anyOf", "oneOf"):
        if keyword in schema:
            return {**schema, keyword: [_nullable_where_optional(part) for part in schema[keyword]]}
    return schema


def _wired(schema: Schema) -> Schema:
    """The part of a schema that Claude's structured output takes."""
    wired = {key: value for key, value in schema.items() if key in _WIRE_KEYWORDS}
    if "oneOf" in schema:
        wired["anyOf"] = schema["oneOf"]
    if wired.get("format") not in _WIRE_FORMATS:
        wired.pop("format", None)
    if "properties" in wired:
        wired["properties"] = {key: _wired(part) for key, part in wired["properties"].items()}
    if "items" in wired:
        wired["items"] = _wired(wired["items"])
    if "anyOf" in wired:
        wired["anyOf"] = [_wired(part) for part in wired["anyOf"]]
    return wired
