"""Which names may have been meant by what was heard: those that it is written like, however it was cut into words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from rapidfuzz import fuzz, process

MOST_WORDS = 3
"""Words of a text that may be one name."""
SHORT_NAME = 4
"""Letters of a name below which likeness is chance more often than not."""
CHANCE = 10.0


def likest(text: str, names: Sequence[str], most: int) -> list[str]:
    """The names that are most like some part of a text, the likest first. None that says no more than others do."""
    stretches = list(dict.fromkeys(_stretches(_bare(text).split())))
    bare: dict[str, str] = {}
    for name in names:
        bare.setdefault(_bare(name).replace(" ", ""), name)
    if not stretches or not bare:
        return list(islice(_telling(bare.values()), most))
    likeness = process.cdist([*bare], stretches, scorer=fuzz.ratio).max(axis=1)
    scores = {
        name: score - (CHANCE if len(letters) < SHORT_NAME else 0.0)
        for (letters, name), score in zip(bare.items(), likeness, strict=True)
    }
    ranked = sorted(bare.values(), key=lambda name: -scores[name])
    return list(islice(_telling(ranked), most))


def _telling(names: Iterable[str]) -> Iterator[str]:
    """Those of which some word was not in the ones before: the same product by another name teaches nothing."""
    told: set[str] = set()
    for name in names:
        words = set(_bare(name).split())
        if words - told:
            told |= words
            yield name


def _stretches(words: list[str]) -> Iterator[str]:
    for length in range(1, MOST_WORDS + 1):
        for start in range(len(words) - length + 1):
            yield "".join(words[start : start + length])


def _bare(text: str) -> str:
    letters = unicodedata.normalize("NFD", text.casefold())
    return re.sub(r"[^a-z0-9 ]", "", letters)
