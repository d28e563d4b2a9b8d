"""What all models are made of: nodes that know their keys, keys that explain themselves, names, and texts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    RootModel,
    model_validator,
)
from pydantic_core import CoreSchema, PydanticKnownError, core_schema

Id = Annotated[str, Field(pattern=r"^[\w][\w.-]{0,63}$")]
LanguageCode = Annotated[str, Field(pattern=r"^[a-z]{2}$")]
Whole = Annotated[int, Field(strict=True)]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
ANY_LANGUAGE = "*"


def doc(says: str, *examples: Any) -> Any:
    """What an editor tells of a key: what it says, and how it may be written. Every key has both."""
    return Field(description=says, examples=list(examples))


def _no_boolean(written: Any) -> Any:
    if isinstance(written, bool):
        raise PydanticKnownError("literal_error", {"expected": "a number"})
    return written


NoBoolean = BeforeValidator(_no_boolean)
"""Marks a number of which Python would think that `true` is one."""


class Node(BaseModel):
    """A part of the language: frozen, and no key but the ones it names."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class OneOrMore:
    """Marks a list that may be written as its only item, where that is of one of these types.

    With `times`, the item stands for so many of its kind: `3` for a range is `[3, 3]`.
    """

    def __init__(self, *lone: type, times: int = 1) -> None:
        self._lone, self._times = lone, times

    def _listed(self, written: Any) -> Any:
        alone = isinstance(written, self._lone) and not isinstance(written, bool)
        return [written] * self._times if alone else written

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(self._listed, handler(source))

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        listed = handler(core)
        return {"anyOf": [listed, listed["items"] if "items" in listed else listed["prefixItems"][0]]}


def also_written(definition: dict[str, Any], *shorter: Mapping[str, Any]) -> None:
    """Adds the shorter ways to write a value to the JSON Schema of its full form, which stays the first."""
    full = dict(definition)
    definition.clear()
    definition["anyOf"] = [full, *shorter]


Variants = Annotated[tuple[str, ...], OneOrMore(str)]


class Text(RootModel[Mapping[Annotated[str, Field(pattern=r"^([a-z]{2}|\*)$")], Variants]]):
    """Wording: one text or several variants, alike for all languages (`"*"`) or told apart by language.

    Written as `"text"`, `[a, b]`, `{fr: "text", en: [a, b]}`. Also used for lists of words.
    """

    model_config = ConfigDict(frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _as_map(cls, written: Any) -> Any:
        return {ANY_LANGUAGE: written} if isinstance(written, str | list | tuple) else written

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        named = handler(core)
        variants = {"type": "array", "items": {"type": "string"}}
        also_written(handler.resolve_ref_schema(named), {"type": "string"}, variants)
        return named

    def variants(self, language: str) -> tuple[str, ...]:
        """The variants for a language; else those for any language; else those of the first language written."""
        found = self.root.get(language) or self.root.get(ANY_LANGUAGE)
        return found or next(iter(self.root.values()), ())

    def words(self, *languages: str) -> tuple[str, ...]:
        """All variants for these languages (all of them when none is named), without repeats, in order."""
        chosen = [v for k, v in self.root.items() if not languages or k in languages or k == ANY_LANGUAGE]
        return tuple(dict.fromkeys(word for variants in chosen for word in variants))


NO_TEXT = Text({})

Names = Annotated[tuple[str, ...], OneOrMore(str)]
Meta = Annotated[
    Mapping[str, Any],
    doc("Anything of your own: kept, and never read.", {"owner": "Sales France", "ticket": 1204}),
]
NO_META: Mapping[str, Any] = {}
