"""Which names may have been meant by what was heard: those that it is written like, however it was cut into words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from rapidfuzz import fuzz, process

MOST_WORDS = 3
"""Words of a text that may be one name."""
SHORT_NAME = 4
"""Letters of a name below which likeness is chance more often than not."""
CHANCE = 10.0


def likest(text: str, names: Sequence[str], most: int) -> list[str]:
    """The names that are most like some part of a text, the likest first."""
    stretches = list(dict.fromkeys(_stretches(_bare(text).split())))
    if not stretches or not names:
        return list(names[:most])
    bare = [_bare(name).replace(" ", "") for name in names]
    likeness = process.cdist(bare, stretches, scorer=fuzz.ratio).max(axis=1)
    scores = [score - (CHANCE if len(name) < SHORT_NAME else 0.0) for name, score in zip(bare, likeness, strict=True)]
    ranked = sorted(range(len(names)), key=lambda place: (-scores[place], place))
    return [names[place] for place in ranked[:most]]


def _stretches(words: list[str]) -> Iterator[str]:
    for length in range(1, MOST_WORDS + 1):
        for start in range(len(words) - length + 1):
            yield "".join(words[start : start + length])


def _bare(text: str) -> str:
    letters = unicodedata.normalize("NFD", text.casefold())
    return re.sub(r"[^a-z0-9 ]", "", letters)
