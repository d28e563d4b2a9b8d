"""What the Messages API refuses with a 400, as far as this project's requests could come near it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from aiohttp import web

EFFORTS = ("low", "medium", "high", "xhigh", "max")
FORMATS = ("date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid")
UNIONS = 16
UNSUPPORTED = (
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    *("minLength", "maxLength", "maxItems", "uniqueItems", "contains", "prefixItems"),
    *("oneOf", "not", "if", "then", "else", "patternProperties", "propertyNames", "minProperties", "maxProperties"),
)
KEYS = ("model", "max_tokens", "messages", "system", "stream", "output_config", "thinking", "metadata", "cache_control")
GONE = ("temperature", "top_p", "top_k")

_THINKING = {
    "claude-haiku-5-5": ("adaptive", "disabled"),
    "claude-sonnet-5-5": ("adaptive", "between_tools"),
    "claude-opus-5-5": ("adaptive",),
    "claude-haiku-4-5": ("enabled", "disabled"),
}


def unwelcome(http: web.Request) -> web.Response | None:
    """The answer to a request that says neither who it is from nor which version it wants."""
    if not (http.headers.get("x-api-key") or http.headers.get("authorization", "").startswith("Bearer ")):
        return error_response(401, "authentication_error", "an API key is required, as x-api-key or a bearer token")
    if not http.headers.get("anthropic-version"):
        return error_response(400, "invalid_request_error", "anthropic-version: header is required")
    return None


def error_response(status: int, kind: str, message: str, headers: Mapping[str, str] | None = None) -> web.Response:
    """An error as the API tells it."""
    return web.json_response(error(kind, message), status=status, headers={"request-id": "req_1", **(headers or {})})


def error(kind: str, message: str) -> dict[str, Any]:
    """The body of an error."""
    return {"type": "error", "error": {"type": kind, "message": message}, "request_id": "req_1"}


def complaints(body: Any) -> Iterator[str]:
    """Every reason to refuse a request, in the API's manner; the first is what it would answer."""
    if not isinstance(body, dict):
        yield "body: Input should be a valid dictionary"
        return
    for key in ("model", "max_tokens", "messages"):
        if key not in body:
            yield f"{key}: Field required"
    for key in body:
        if key not in KEYS:
            yield f"{key}: Extra inputs are not permitted" + (" for this model" if key in GONE else "")
    yield from _of_numbers(body)
    yield from _of_system(body.get("system", []))
    yield from _of_messages(body.get("messages", []))
    yield from _of_thinking(body)
    yield from _of_output(body)


def thinks(body: Mapping[str, Any]) -> bool:
    """Whether the model thinks before it answers this request: the newer ones do unless they are told not to."""
    told = body.get("thinking", {}).get("type")
    return told not in ("disabled", "between_tools") and "adaptive" in _THINKING.get(body["model"], ())


def _of_numbers(body: Mapping[str, Any]) -> Iterator[str]:
    tokens = body.get("max_tokens")
    if tokens is not None and (not isinstance(tokens, int) or tokens < 0):
        yield "max_tokens: Input should be a valid integer, greater than or equal to 0"
    if not isinstance(body.get("model", ""), str):
        yield "model: Input should be a valid string"


def _of_system(system: Any) -> Iterator[str]:
    if isinstance(system, str):
        return
    for index, block in enumerate(system):
        if block.get("type") != "text":
            yield f"system.{index}.type: Input should be 'text'"
        elif not block.get("text", "").strip():
            yield f"system.{index}: text content blocks must contain non-whitespace text"
        if block.get("cache_control", {}).get("type", "ephemeral") != "ephemeral":
            yield f"system.{index}.cache_control.type: Input should be 'ephemeral'"


def _of_messages(messages: Any) -> Iterator[str]:
    if not isinstance(messages, list) or not messages:
        yield "messages: at least one message is required"
        return
    for index, message in enumerate(messages):
        if message.get("role") not in ("user", "assistant"):
            yield f"messages.{index}.role: Input should be 'user' or 'assistant'"
        if not message.get("content"):
            yield f"messages.{index}: all messages must have non-empty content"
    if messages[0].get("role") != "user":
        yield 'messages: first message must use the "user" role'
    if messages[-1].get("role") != "user":
        yield "messages: this model does not support assistant message prefill"


def _of_thinking(body: Mapping[str, Any]) -> Iterator[str]:
    kind = body.get("thinking", {}).get("type")
    if kind and kind not in _THINKING.get(str(body.get("model")), ("adaptive", "disabled")):
        yield f'"thinking.type.{kind}" is not supported for this model.'
    if kind == "disabled" and body.get("output_config", {}).get("effort") in ("xhigh", "max"):
        yield '"thinking.type.disabled" is not supported at this effort.'


def _of_output(body: Mapping[str, Any]) -> Iterator[str]:
    output = body.get("output_config", {})
    effort = output.get("effort")
    if effort is not None and effort not in EFFORTS:
        yield f"output_config.effort: Input should be one of {', '.join(EFFORTS)}"
    if effort is not None and str(body.get("model")).startswith("claude-haiku-4-5"):
        yield "output_config.effort: This model does not support the effort parameter"
    if "format" in output:
        if output["format"].get("type") != "json_schema":
            yield "output_config.format.type: Input should be 'json_schema'"
        schema = output["format"].get("schema", {})
        yield from schema_complaints(schema, "output_config.format.schema")
        if _unions(schema) > UNIONS:
            yield f"output_config.format.schema: too many parameters with union types (limit: {UNIONS})"


def schema_complaints(schema: Any, where: str = "schema") -> Iterator[str]:
    """Why a JSON Schema is outside the subset that structured output accepts."""
    if not isinstance(schema, dict):
        yield f"{where}: Input should be a valid dictionary"
        return
    kind = schema.get("type")
    for keyword in UNSUPPORTED:
        if keyword in schema:
            yield f"{where}: For '{kind}' type, property '{keyword}' is not supported"
    if schema.get("minItems", 0) not in (0, 1):
        yield f"{where}: For 'array' type, 'minItems' values other than 0 or 1 are not supported"
    if schema.get("format", "date") not in FORMATS:
        yield f"{where}: For 'string' type, format '{schema['format']}' is not supported"
    if kind == "object" and schema.get("additionalProperties") is not False:
        yield f"{where}: For 'object' type, 'additionalProperties' must be explicitly set to false"
    if not {"type", "anyOf", "allOf", "$ref", "enum", "const"} & schema.keys():
        yield f"{where}: Schema must have a type"
    if any(isinstance(value, dict | list) for value in schema.get("enum", [])):
        yield f"{where}: enum values must be primitives"
    if not str(schema.get("$ref", "#")).startswith("#"):
        yield f"{where}: external $ref is not supported"
    for name, child in _children(schema):
        yield from schema_complaints(child, f"{where}.{name}")


def _unions(schema: Any) -> int:
    own = "anyOf" in schema or isinstance(schema.get("type"), list)
    return own + sum(_unions(child) for _, child in _children(schema))


def _children(schema: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for keyword in ("properties", "$defs", "definitions"):
        yield from schema.get(keyword, {}).items()
    if "items" in schema:
        yield "items", schema["items"]
    for keyword in ("anyOf", "allOf"):
        yield from ((f"{keyword}.{index}", child) for index, child in enumerate(schema.get(keyword, [])))
