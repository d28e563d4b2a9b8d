from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from voyaltis_flow.project.places import content_files
from voyaltis_flow.script.load import read
from voyaltis_flow.script.models import Flow
from voyaltis_flow.script.schema import MAX_ALTERNATIVES, alternatives, check_schema, data_schema, wire_schema

ALL_TYPES = """
version: 1
flow: all_types
opening: x
points:
  - {id: sales, type: quantities, collect: x}
  - {id: outs, type: products, collect: x}
  - {id: prices, type: amounts, collect: x, minimum: 0}
  - {id: note, type: text, collect: x}
  - {id: mood, type: choice, collect: x, options: [good, bad]}
  - {id: ideas, type: list, collect: x, max: 3}
  - {id: days, type: number, collect: x, minimum: 1, maximum: 5}
  - {id: promo, type: yes_no, collect: x}
  - {id: next.visit, type: date, collect: x}
  - id: free
    type: schema
    collect: x
    schema:
      type: object
      required: [who]
      properties:
        who: {type: string, maxLength: 3, format: odd}
        tags: {type: array, minItems: 2, items: {oneOf: [{type: string}, {type: integer, maximum: 9}]}}
"""
KEYS = ["nextMessage", "asksAbout", "extractedData", "isComplete", "reasoning"]
TAKEN = {
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


def flow() -> Flow:
    found = read(Flow, "x.yaml", ALL_TYPES)
    assert found.value, found.found
    return found.value


SCALARS: dict[str, st.SearchStrategy[Any]] = {
    "string": st.text(max_size=20),
    "integer": st.integers(),
    "number": st.floats(allow_nan=False, allow_infinity=False),
    "boolean": st.booleans(),
    "null": st.none(),
}
FLOW = flow()
CHECK = Draft202012Validator(check_schema(FLOW))
WIRE = Draft202012Validator(wire_schema(FLOW))
DATA = Draft202012Validator(data_schema(FLOW))


def records(schema: Any) -> list[dict[str, Any]]:
    if isinstance(schema, dict):
        own = [schema] if schema.get("type") == "object" else []
        return own + [record for inner in schema.values() for record in records(inner)]
    return [record for inner in schema for record in records(inner)] if isinstance(schema, list) else []


def keywords(schema: Any) -> set[str]:
    if not isinstance(schema, dict):
        return set()
    inner = [*schema.get("properties", {}).values(), *schema.get("anyOf", []), schema.get("items")]
    return set(schema).union(*map(keywords, inner))


def instances(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Replies that follow a wire schema: a small subset, so a small generator does."""
    if "anyOf" in schema:
        return st.one_of([instances(part) for part in schema["anyOf"]])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    return st.one_of([_of(kind, schema) for kind in kinds])


def _of(kind: str, schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    if kind == "object":
        return st.fixed_dictionaries({key: instances(part) for key, part in schema["properties"].items()})
    if kind == "array":
        return st.lists(instances(schema["items"]), max_size=3)
    return SCALARS[kind]


def reply(**extracted: Any) -> dict[str, Any]:
    nothing: dict[str, Any] = {
        p.id: [] if p.type in ("quantities", "products", "amounts", "list") else None for p in FLOW.points
    }
    return {
        "nextMessage": "",
        "asksAbout": None,
        "extractedData": nothing | extracted,
        "isComplete": False,
        "reasoning": "",
    }


@pytest.mark.parametrize("validator", [CHECK, WIRE, DATA])
def test_the_schemas_are_schemas(validator: Draft202012Validator) -> None:
    Draft202012Validator.check_schema(validator.schema)


def test_a_reply_has_its_keys_in_the_order_of_speech() -> None:
    for schema in (check_schema(FLOW), wire_schema(FLOW)):
        assert list(schema["properties"]) == schema["required"] == KEYS


def test_the_wire_schema_keeps_to_what_claude_takes() -> None:
    schema = wire_schema(FLOW)
    assert keywords(schema) <= TAKEN
    assert alternatives(schema) <= MAX_ALTERNATIVES
    for record in records(schema):
        assert record["additionalProperties"] is False
        assert record["required"] == list(record["properties"])


def test_the_wire_schema_of_a_flow_is_constant() -> None:
    assert json.dumps(wire_schema(FLOW)) == json.dumps(wire_schema(flow()))


@settings(max_examples=60, deadline=None)
@given(instances(wire_schema(FLOW)))
def test_what_fails_the_check_fails_by_a_limit_and_not_by_its_shape(made: dict[str, Any]) -> None:
    assert WIRE.is_valid(made)
    limits = {"minimum", "maximum", "minLength", "maxLength", "pattern", "minItems", "maxItems", "oneOf", "anyOf"}
    assert {error.validator for error in CHECK.iter_errors(made)} <= limits


def test_a_turn_that_changes_nothing_passes() -> None:
    assert CHECK.is_valid(reply())
    assert WIRE.is_valid(reply())


@pytest.mark.parametrize(
    ("point", "change"),
    [
        ("sales", [{"mention": "S25", "quantity": None, "op": "add", "quote": "un S25"}]),
        ("outs", [{"mention": "S25", "op": "remove", "quote": "plus de S25"}]),
        ("prices", [{"mention": "S25", "amount": 9.5, "unit": "euro", "op": "set", "quote": "neuf cinquante"}]),
        ("note", {"value": "x", "quote": "x"}),
        ("mood", {"value": "bad", "quote": "x"}),
        ("ideas", [{"value": "x", "quote": "x"}]),
        ("days", {"value": 5, "quote": "x"}),
        ("promo", {"value": False, "quote": "x"}),
        ("next.visit", {"value": "2026-11-24", "quote": "x"}),
        ("free", {"value": {"who": "zoé", "tags": None}, "quote": "x"}),
    ],
)
def test_each_type_has_its_change(point: str, change: Any) -> None:
    assert CHECK.is_valid(reply(**{point: change}))
    assert WIRE.is_valid(reply(**{point: change}))


@pytest.mark.parametrize(
    ("point", "change"),
    [
        ("sales", [{"mention": "S25", "quantity": -1, "op": "add", "quote": "x"}]),
        ("sales", [{"mention": "S25", "quantity": 1, "op": "add", "quote": ""}]),
        ("sales", {"s25": 1}),
        ("mood", {"value": "fine", "quote": "x"}),
        ("days", {"value": 6, "quote": "x"}),
        ("next.visit", {"value": "demain", "quote": "x"}),
        ("free", {"value": {"who": "Hector", "tags": None}, "quote": "x"}),
        ("prices", [{"mention": "S25", "amount": -1, "unit": "euro", "op": "set", "quote": "x"}]),
    ],
)
def test_what_is_beyond_a_limit_does_not_pass_the_check(point: str, change: Any) -> None:
    assert not CHECK.is_valid(reply(**{point: change}))


@pytest.mark.parametrize(
    ("about", "valid"),
    [
        (None, True),
        ("sales", True),
        ("next.visit", True),
        ("which:tv", True),
        ("quantity:s25", True),
        ("nextxvisit", False),
        ("which:", False),
        ("x", False),
    ],
)
def test_a_question_is_about_something_of_the_flow(about: str | None, valid: bool) -> None:
    assert CHECK.is_valid(reply() | {"asksAbout": about}) is valid
    assert WIRE.is_valid(reply() | {"asksAbout": about})


def test_collected_data_have_one_key_per_point() -> None:
    collected = {
        "sales": {"s25": 2},
        "outs": ["s25"],
        "prices": {"s25": 9.5},
        "note": None,
        "mood": "good",
        "ideas": ["a"],
    }
    rest = {"days": 3, "promo": True, "next.visit": "2026-11-24", "free": {"who": "zoé"}}
    assert DATA.is_valid(collected | rest)
    assert not DATA.is_valid(collected)
    assert not DATA.is_valid(collected | rest | {"mood": "fine"})


def test_shipped_flows_compile(pytestconfig: pytest.Config) -> None:
    for path in content_files(Path(pytestconfig.rootpath, "flows")):
        found = read(Flow, path.name, path.read_bytes())
        assert found.value
        assert keywords(wire_schema(found.value)) <= TAKEN
