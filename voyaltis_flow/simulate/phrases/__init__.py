"""A rep's own words, by language, and how they are put together.

They come from the files in this folder and from the scenarios, and from nothing else: neither `language` nor `reading`
is asked, or a simulation would only measure whether the product knows its own lists.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from random import Random
from typing import Any

from voyaltis_flow.script.document import SMALL
from voyaltis_flow.script.load import open_document
from voyaltis_flow.script.scenarios import SLOT

_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_BLANKS = re.compile(r"\s+")
_BEFORE_MARKS = re.compile(r"\s+([,.…])")


class Phrases:
    """What a rep says in one language."""

    def __init__(self, language: str, words: Mapping[str, Any]) -> None:
        self.language, self._words = language, words

    def __getitem__(self, name: str) -> Sequence[Any]:
        found: Sequence[Any] = self._words[name]
        return found

    def say(self, chance: Random, name: str, **slots: str) -> str:
        """One of the phrases of a name, with its slots filled."""
        return put(chance, chance.choice(self[name]), **slots)

    def number(self, chance: Random, number: float) -> str:
        """A number as it may be said: in words, now and then in digits, as recognisers write it."""
        if number == 1:
            return str(chance.choice(self["one"]))
        spelled = self["numbers"]
        if number != int(number) or number >= len(spelled) or chance.random() < 0.2:
            return self.digits(number)
        return str(spelled[int(number)])

    def digits(self, number: float) -> str:
        """A number in digits, as they are written in the language."""
        return f"{number:g}".replace(".", self["decimal"][0])

    def row(self, chance: Random, items: Sequence[str]) -> str:
        """Things in a row."""
        said = items[0] if items else ""
        for place, item in enumerate(items[1:], 1):
            said += self.say(chance, "last" if place == len(items) - 1 else "next", item=item)
        return said


def put(chance: Random, phrase: str, **slots: str) -> str:
    """A phrase with one of each of its alternatives, and its slots filled; a blank at an end of it stays."""
    while _CHOICE.search(phrase):
        phrase = _CHOICE.sub(lambda found: chance.choice(found[1].split("|")), phrase)
    filled = SLOT.sub(lambda found: slots.get(found[1], found[0]), phrase)
    return _BEFORE_MARKS.sub(r"\1", _BLANKS.sub(" ", filled))


@lru_cache
def phrases_of(language: str) -> Phrases:
    """The phrases of a language; LookupError where there are none."""
    file = files(__package__) / f"{language}.yaml"
    if not file.is_file():
        raise LookupError(f"no rep can be made up who speaks {language!r}")
    return Phrases(language, open_document(file.name, file.read_bytes(), SMALL).data)
