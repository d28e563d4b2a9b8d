"""Rules over the JSON Schemas of a flow: those that its author writes, and those that come out of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from voyaltis_flow.checks.rules import RuleBook
from voyaltis_flow.checks.surroundings import Surroundings
from voyaltis_flow.script.models import Flow
from voyaltis_flow.script.problems import Finding, Path, did_you_mean
from voyaltis_flow.script.schema import MAX_ALTERNATIVES, alternatives, wire_schema

SCHEMA_RULES: RuleBook[Flow] = RuleBook()

_NO_WIRE = {
    "$ref": "A reference can't be followed from here.",
    "allOf": "`allOf` can't be told to the model.",
    "not": "`not` can't be told to the model.",
    "if": "`if` can't be told to the model.",
    "patternProperties": "Keys of any name can't be told to the model.",
    "prefixItems": "`prefixItems` can't be told to the model.",
}


@SCHEMA_RULES.rule("VF316", "More alternatives than Claude takes", "warning", reads=("points.type",))
def too_many_alternatives(flow: Flow, known: Surroundings) -> Iterator[Finding]:
    if _own_faults(flow):
        return
    count = alternatives(wire_schema(flow))
    if count > MAX_ALTERNATIVES:
        message = f"{count} values of this flow may be absent from an answer; Claude takes at most {MAX_ALTERNATIVES}."
        yield Finding(("points",), message, "Split the flow, or make some points of type `list`.", at_key=True)


@SCHEMA_RULES.rule("VF317", "A JSON Schema that is none")
def no_json_schema(flow: Flow, known: Surroundings) -> Iterator[Finding]:
    for index, point in enumerate(flow.points):
        if point.schema_ is not None:
            for path, message in _meta_errors(point.schema_):
                yield Finding(("points", index, "schema", *path), f"This is no JSON Schema: {message}.")


@SCHEMA_RULES.rule("VF318", "A JSON Schema that the model can't be given")
def schema_beyond_wire(flow: Flow, known: Surroundings) -> Iterator[Finding]:
    for index, point in enumerate(flow.points):
        if point.schema_ is not None and not list(_meta_errors(point.schema_)):
            for path, message in _beyond_wire(point.schema_, ()):
                yield Finding(("points", index, "schema", *path), message, "Name the keys; write the parts out.")


@SCHEMA_RULES.rule("VF319", "A required part that the schema does not have")
def required_beyond_properties(flow: Flow, known: Surroundings) -> Iterator[Finding]:
    for index, point in enumerate(flow.points):
        if point.schema_ is not None and not list(_meta_errors(point.schema_)):
            for path, name, properties in _undescribed(point.schema_, ()):
                message = f"`{point.id}` requires `{name}`, which `properties` does not describe: it can't be filled."
                hint = did_you_mean(name, properties, "Describe it under `properties:`.")
                yield Finding(("points", index, "schema", *path), message, hint)


def _own_faults(flow: Flow) -> bool:
    written = [point.schema_ for point in flow.points if point.schema_ is not None]
    return any(list(_meta_errors(schema)) or list(_beyond_wire(schema, ())) for schema in written)


def _meta_errors(schema: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    from jsonschema import Draft202012Validator  # noqa: PLC0415 - slow to import, and few flows have such a schema

    metaschema = Draft202012Validator(
        Draft202012Validator.META_SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER
    )
    for error in metaschema.iter_errors(schema):
        yield tuple(error.absolute_path), error.message


def _undescribed(schema: Any, path: Path) -> Iterator[tuple[Path, str, Collection[str]]]:
    """The keys that mappings require and do not describe, with those that they do."""
    if isinstance(schema, Mapping):
        properties = schema.get("properties", {})
        for index, name in enumerate(schema.get("required", ()) if "properties" in schema else ()):
            if name not in properties:
                yield (*path, "required", index), name, properties
    parts = schema.items() if isinstance(schema, Mapping) else enumerate(schema if isinstance(schema, list) else ())
    for step, inner in parts:
        yield from _undescribed(inner, (*path, step))


def _beyond_wire(schema: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if not isinstance(schema, Mapping):
        yield path, "A schema says of which `type` it is."
        return
    for key, message in _NO_WIRE.items():
        if key in schema:
            yield (*path, key), message
    if schema.get("type") == "object" and (not schema.get("properties") or schema.get("additionalProperties")):
        yield path, "A mapping with keys of any name can't be told to the model."
    for name, inner in schema.get("properties", {}).items():
        yield from _beyond_wire(inner, (*path, "properties", name))
    if "items" in schema:
        yield from _beyond_wire(schema["items"], (*path, "items"))
    for keyword in ("anyOf", "oneOf"):
        for index, inner in enumerate(schema.get(keyword, ())):
            yield from _beyond_wire(inner, (*path, keyword, index))
