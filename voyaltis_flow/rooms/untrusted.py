"""Text from strangers as data: JSON with limits, held against the schemas. What is told of it holds none of it."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Literal

import jiter
from jsonschema import Draft202012Validator, ValidationError
from referencing import Registry, Resource

SchemaName = Literal["job", "participant", "progress", "announcement", "correction", "end", "error", "report"]

_FOLDERS = {"report": "voyaltis_flow.engine.schemas"}
_SHARED: tuple[SchemaName, ...] = ("job", "report")
"""Schemas that others refer to."""
_WORDS = {
    "type": "is of the wrong type",
    "pattern": "is not written as it should be",
    "not": "holds what has no place in it",
    "maxLength": "is too long",
    "minLength": "is empty",
    "additionalProperties": "has unknown keys",
    "enum": "is none of the known words",
}


class UnreadableError(ValueError):
    """Text that is not the JSON it should be; the message is safe to log."""


def read_json(text: str, limit: int) -> Any:
    """The data of a JSON text: `limit` bytes at most, no duplicate keys, no NaN, no depth. Raises UnreadableError."""
    try:
        content = text[: limit + 1].encode()
    except UnicodeEncodeError as error:
        raise UnreadableError("half of a surrogate pair") from error
    if len(content) > limit:
        raise UnreadableError(f"more than {limit} bytes")
    try:
        return jiter.from_json(content, allow_inf_nan=False, catch_duplicate_keys=True)
    except ValueError as error:
        where = re.search(r"line \d+ column \d+$", str(error))
        raise UnreadableError(f"no JSON{f' at {where[0]}' if where else ''}") from error


def misfits(schema: SchemaName, data: Any) -> tuple[str, ...]:
    """Where data does not fit a schema, as `rep.name is too long`; empty when it fits."""
    return tuple(_told(error) for error in validator(schema).iter_errors(data))


@cache
def validator(name: SchemaName) -> Draft202012Validator:
    """The validator of a schema that ships."""
    shared = [(f"{name}.schema.json", Resource.from_contents(schema(name))) for name in _SHARED]
    registry: Registry[Any] = Registry().with_resources(shared)
    return Draft202012Validator(schema(name), registry=registry)


def schema(name: SchemaName) -> Any:
    """A schema as data."""
    return json.loads(_file(name).read_text("utf-8"))


def _file(name: SchemaName) -> Traversable:
    return files(_FOLDERS.get(name, "voyaltis_flow.rooms.schemas")) / f"{name}.schema.json"


def _told(error: ValidationError) -> str:
    """The place and what is wrong there. Places are keys that the schema names, so none is a stranger's."""
    where = ".".join(str(part) for part in error.absolute_path) or "it"
    if error.validator == "required":
        return f"{where}: {error.message}"
    return f"{where} {_WORDS.get(str(error.validator), 'is wrong')}"
