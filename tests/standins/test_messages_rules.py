"""The stand-in refuses what the real service would."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest

from tests.standins.messages_api import least
from tests.standins.messages_rules import UNIONS, complaints, schema_complaints
from voyaltis_flow.project.loading import load_flow
from voyaltis_flow.script.schema import wire_schema

FINE: dict[str, Any] = {
    "model": "claude-haiku-5-5",
    "max_tokens": 100,
    "messages": [{"role": "user", "content": "Bonjour"}],
}


def test_a_plain_request_is_fine() -> None:
    assert not list(complaints(FINE))


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"max_tokens": "many"}, "max_tokens"),
        ({"messages": []}, "at least one message"),
        ({"messages": [{"role": "assistant", "content": "Salut"}, *FINE["messages"]]}, 'must use the "user" role'),
        ({"messages": [*FINE["messages"], {"role": "assistant", "content": "{"}]}, "prefill"),
        ({"messages": [{"role": "user", "content": ""}]}, "non-empty content"),
        ({"system": [{"type": "text", "text": " "}]}, "non-whitespace"),
        ({"temperature": 0.5}, "temperature"),
        ({"thinking": {"type": "enabled"}}, "not supported for this model"),
        ({"model": "claude-opus-5-5", "thinking": {"type": "disabled"}}, "not supported for this model"),
        ({"model": "claude-haiku-4-5", "output_config": {"effort": "low"}}, "effort parameter"),
        ({"output_config": {"effort": "turbo"}}, "output_config.effort"),
        ({"output_config": {"format": {"type": "json"}}}, "output_config.format.type"),
    ],
)
def test_a_request_that_the_service_would_refuse_is_refused(changed: dict[str, Any], told: str) -> None:
    assert any(told in complaint for complaint in complaints(FINE | changed))


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "object", "additionalProperties": {"type": "integer"}},
        {"type": "object", "properties": {}},
        {"type": "integer", "minimum": 0},
        {"type": "string", "maxLength": 5},
        {"type": "array", "items": {"type": "string"}, "minItems": 2},
        {"type": "string", "format": "phone"},
        {"oneOf": [{"type": "string"}]},
        {"type": "array", "items": {"description": "anything"}},
        {"anyOf": [{"type": "null"}, {"type": "number", "multipleOf": 2}]},
        {"$ref": "https://example.org/schema"},
    ],
)
def test_a_schema_outside_the_accepted_subset_is_refused(schema: dict[str, Any]) -> None:
    assert list(schema_complaints(schema))


def test_a_schema_with_more_alternatives_than_are_accepted_is_refused() -> None:
    properties = {f"p{number}": {"type": ["string", "null"]} for number in range(UNIONS + 1)}
    schema = {"type": "object", "properties": properties, "required": [*properties], "additionalProperties": False}
    output = {"format": {"type": "json_schema", "schema": schema}}
    assert any("union" in complaint for complaint in complaints(FINE | {"output_config": output}))


@pytest.mark.parametrize("flow", ["event_debrief", "shop_visit"])
def test_the_wire_schemas_of_the_shipped_flows_are_accepted_and_have_a_least_document(flow: str) -> None:
    schema = wire_schema(load_flow(flow).value)
    assert not list(complaints(FINE | {"output_config": {"format": {"type": "json_schema", "schema": schema}}}))
    jsonschema.validate(least(schema), schema)
