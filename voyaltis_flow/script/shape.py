"""Data → typed parts of the language, with every mistake of its shape told in plain words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from voyaltis_flow.script import codes
from voyaltis_flow.script.document import Document
from voyaltis_flow.script.hooks import PATTERN as HOOK
from voyaltis_flow.script.mending import mended
from voyaltis_flow.script.model_schema import Schema, schema_at, schema_of
from voyaltis_flow.script.problems import Coded, Finding, Path, closest, did_you_mean, listing

Model = TypeVar("Model", bound=BaseModel)
Wording = Callable[[ErrorDetails, Path, Schema], Coded]

_WORDINGS: dict[str, Wording] = {}


@dataclass(frozen=True)
class Shaped(Generic[Model]):
    """Data as a model: `value` when their shape is right; else what is wrong, and a `draft` of what could be read.

    A draft has placeholders at the paths in `doubtful`; it is there so that the rest can be checked at once.
    """

    value: Model | None
    found: tuple[Coded, ...] = ()
    draft: Model | None = None
    doubtful: tuple[Path, ...] = ()


def shape(model: type[Model], document: Document, *, partial: bool = False) -> Shaped[Model]:
    """The model that a document's data make, or all that is wrong with their shape.

    With `partial`, missing keys are no mistake: they may come from a parent that could not be read.
    """
    try:
        return Shaped(model.model_validate(document.data))
    except ValidationError as error:
        errors = _own(error.errors(include_url=False))
    draft, doubtful = mended(model, document, errors)
    return Shaped(None, tuple(_told(errors, model, document, partial)), draft, doubtful)


def _told(errors: list[ErrorDetails], model: type[BaseModel], document: Document, partial: bool) -> Iterator[Coded]:
    whole = schema_of(model)
    meant = {path for error in errors if (path := _meant(error, whole))}
    for error in errors:
        loc = error["loc"]
        if error["type"] != "missing" or not (partial or loc in meant):
            wording = _WORDINGS.get(error["type"], _wrong_type)
            yield wording(error, document.written(loc), schema_at(whole, loc))


def _own(errors: list[ErrorDetails]) -> list[ErrorDetails]:
    """The errors but for a list that is “too short” because its faulty items, told themselves, are not counted."""
    deeper = {error["loc"][:depth] for error in errors for depth in range(len(error["loc"]))}
    return [error for error in errors if error["type"] != "too_short" or error["loc"] not in deeper]


def _meant(error: ErrorDetails, whole: Schema) -> Path | None:
    """The key that an unknown key was probably meant to be; it needs no problem of its own for being missing."""
    *parents, key = error["loc"]
    if error["type"] != "extra_forbidden":
        return None
    close = closest(str(key), schema_at(whole, tuple(parents)).get("properties", ()))
    return (*parents, close) if close else None


def _wording(*kinds: str) -> Callable[[Wording], Wording]:
    def enter(function: Wording) -> Wording:
        _WORDINGS.update(dict.fromkeys(kinds, function))
        return function

    return enter


@_wording("extra_forbidden")
def _unknown_key(error: ErrorDetails, path: Path, schema: Schema) -> Coded:
    key, known = str(error["loc"][-1]), list(schema.get("siblings", ()))
    hint = did_you_mean(key, known, f"Known here: {listing(known)}.")
    return Coded(codes.UNKNOWN_KEY, Finding(path, f"`{key}` is not a key that is known here.", hint, at_key=True))


@_wording("missing")
def _missing_key(error: ErrorDetails, path: Path, schema: Schema) -> Coded:
    key = error["loc"][-1]
    return Coded(codes.MISSING_KEY, Finding(path, f"`{key}` is missing.", f"It wants {_wants(schema)}.", at_key=True))


@_wording("literal_error")
def _not_one_of(error: ErrorDetails, path: Path, schema: Schema) -> Coded:
    allowed = [str(value) for value in schema.get("enum", [schema.get("const")])]
    if error["loc"] == ("version",):
        message = f"{_name(path)} is {allowed[0]} so far; {_this_is(error['input'])}."
        return Coded(codes.VERSION, Finding(path, message, f"Write `version: {allowed[0]}`."))
    message = f"{_name(path)} is one of {listing(allowed)}; {_this_is(error['input'])}."
    return Coded(codes.NOT_ONE_OF, Finding(path, message, did_you_mean(str(error["input"]), allowed)))


@_wording("string_pattern_mismatch")
def _bad_name(error: ErrorDetails, path: Path, schema: Schema) -> Coded:
    written = error["input"]
    if "a-z]{2}" in error["ctx"]["pattern"]:
        message, hint = f"`{written}` is not a language.", "Languages are written with two letters: `fr`, `en`."
    elif error["ctx"]["pattern"] == HOOK:
        message, hint = f"`{str(written)[:60]}` names no function.", "Write `module:function`."
    else:
        message = f"`{str(written)[:60]}` can't be a name."
        hint = "A name has up to 64 letters, digits, `_`, `-` or `.`, and no spaces."
    return Coded(codes.BAD_NAME, Finding(path, message, hint, at_key=error["loc"][-1] == "[key]"))


@_wording("greater_than", "greater_than_equal", "less_than", "less_than_equal", "finite_number")
def _out_of_range(error: ErrorDetails, path: Path, schema: Schema) -> Coded:
    return Coded(codes.OUT_OF_RANGE, Finding(path, _wants_but(error, path, schema)))


@_wording("too_short", "too_long", "string_too_short", "string_too_long")
def _out_of_count(error: ErrorDetails, path: Path, schema: Schema) -> Coded:
    limits = error["ctx"]
    bound = f"at least {limits['min_length']}" if "min_length" in limits else f"at most {limits['max_length']}"
    return Coded(codes.OUT_OF_RANGE, Finding(path, f"{_name(path)} wants {bound}; here are {limits['actual_length']}."))


def _wrong_type(error: ErrorDetails, path: Path, schema: Schema) -> Coded:
    return Coded(codes.WRONG_TYPE, Finding(path, _wants_but(error, path, schema), _way_out(error["input"], schema)))


def _wants_but(error: ErrorDetails, path: Path, schema: Schema) -> str:
    return f"{_name(path)} wants {_wants(schema)}; {_this_is(error['input'])}."


def _way_out(written: Any, schema: Schema) -> str:
    wanted = schema.get("type")
    if isinstance(written, dict) and wanted == "string":
        return "A text that holds `: ` needs quotes."
    if wanted == "string" and isinstance(written, int | float):
        return f'Put it in quotes: "{str(written).lower() if isinstance(written, bool) else written}".'
    if wanted == "array" and isinstance(written, str) and len(written) < 40:
        return f"Write `[{written}]`."
    if wanted == "boolean":
        return "Write `true` or `false`."
    if wanted in ("integer", "number") and isinstance(written, str):
        return "Write it in digits, without quotes."
    return ""


def _name(path: Path) -> str:
    keys = [step for step in path if isinstance(step, str)]
    name = f"`{keys[-1]}`" if keys else "The file"
    return f"Item {int(path[-1]) + 1} of {name}" if path and isinstance(path[-1], int) else name


def _this_is(written: Any) -> str:
    match written:
        case None:
            return "nothing stands here"
        case bool():
            return f"this is `{str(written).lower()}`"
        case int() | float():
            return f"this is the number {written}"
        case str():
            return f"this is the text `{written if len(written) <= 40 else written[:39] + '…'}`"
        case dict():
            return "this is a mapping (`key: value`)"
    return "this is a list"


_TYPES = {
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "`true` or `false`",
    "object": "a mapping (`key: value`)",
    "null": "nothing",
}

_TITLED = {
    "Text": "a text, or texts by language (`{fr: …, en: …}`)",
    "Variants": "a text, or a list of texts",
    "Option": "a name, or a mapping with `id`",
}


def _wants(schema: Schema) -> str:
    """A schema in words: “a whole number, 0 or more”."""
    if schema.get("title") in _TITLED:
        return _TITLED[schema["title"]]
    if "enum" in schema:
        return "one of " + listing(schema["enum"])
    if "const" in schema:
        return f"`{schema['const']}`"
    if schema.get("type") == "array":
        item = _TYPES.get(schema.get("items", {}).get("type", ""), "")
        return f"a list of {item.removeprefix('a ')}s" if item == "a text" else "a list"
    return _TYPES.get(str(schema.get("type")), "another kind of value") + _limits(schema)


def _limits(schema: Schema) -> str:
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is not None and high is not None:
        return f" from {low} to {high}"
    if low is not None:
        return f", {low} or more"
    above = schema.get("exclusiveMinimum")
    bound = f" above {above}" if above is not None else ""
    return bound + (f"{' and' if bound else ''} up to {high}" if high is not None else "")
