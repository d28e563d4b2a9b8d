"""What a mention turned out to be: `Match | Ambiguous | Unknown`, and where it stood."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Match:
    """One product. `confirm` asks that it be confirmed before it counts: right more often than not, not certain."""

    product: str
    category: str
    score: float
    """0..1; 1 is a name or alias, word for word."""
    reason: str
    """In words, for the author of the catalog: what matched, and how."""
    how: Literal["name", "words", "sound", "points"]
    runner_up: str | None = None
    runner_up_score: float = 0.0
    confirm: bool = False


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """Several products fit. `category` is None when they span several; `candidates` come best first."""

    candidates: tuple[str, ...]
    category: str | None
    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """No product of the catalog. `why` tells a competitor or a near name from words that are no product at all."""

    reason: str
    why: Literal["competitor", "near_name", "accessory", "no_match"]
    score: float = 0.0
    near: str | None = None
    """The product it resembles, for a "did you mean" and for the lint; never recorded."""


Resolution = Match | Ambiguous | Unknown


@dataclass(frozen=True, slots=True)
class Spot:
    """A mention found in running text: `tokens[first:last]`, the article and the quantity before it left out."""

    first: int
    last: int
    resolution: Resolution
    by: Literal["name", "category", "line", "brand", "sound"]
    """name: names one product; category: a category's word; line: words shared by several; brand: a brand alone;
    sound: found only by its sound or after repairing letters."""
