"""Numbers as people say them, in digits or in words, with offsets: "quatre-vingt-dix" → 90, "une bonne quinzaine" → 15.

The words and their values are data (`<language>/numbers.yaml`); the grammar that joins them is here, once for all languages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from voyaltis_flow.language.tokens import Token

Kind = Literal["cardinal", "ordinal", "article", "collective", "fraction", "none"]


@dataclass(frozen=True, slots=True)
class Number:
    """A number at `tokens[first:last]`.

    `article` is un/une/a/an (1, or no number at all: the reader decides); `collective` a noun that counts (dizaine,
    douzaine, dozen, paire, couple: `value` is what one of them holds, "deux douzaines" being one Number of 24);
    `fraction` has a `value` below one (moitié, half: .5; un tiers: 1/3); `none` is aucun, zéro, zero, no.
    """

    first: int
    last: int
    value: float
    kind: Kind
    noun: str = ""
    """The collective's own word (folded), "" otherwise."""


def find_numbers(tokens: Sequence[Token], language: str) -> tuple[Number, ...]:
    """Every number in the tokens, left to right, none overlapping; the longest reading of each. Never raises."""
    raise NotImplementedError
