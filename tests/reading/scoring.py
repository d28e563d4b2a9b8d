"""How well readings match labelled debriefs: the figures by which the project judges itself.

A gold line is `{id, lang, turns: [{asked, says}], gold: {sales, customer_feedback, emotional_context, unknown, …}}`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from voyaltis_flow.language.tokens import tokenize

COVERED = 0.6
"""A gold quote of which this share of words was noted counts as found."""

Record = Mapping[str, Any]


@dataclass(frozen=True)
class Score:
    """Ratios, 0..1, but for `words`: how many words of feedback were noted for one in the gold quotes."""

    f1: float
    wrong_product: float
    exact: float
    mood: float
    feedback: float
    words: float


def read_gold(path: Path) -> list[dict[str, Any]]:
    """The labelled debriefs of a file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def score(pairs: Iterable[tuple[Record, Record]]) -> Score:
    """The score of predictions `{sales, customer_feedback, emotional_context}` beside their gold."""
    counts = [_count(gold["gold"], predicted) for gold, predicted in pairs]
    total = {name: sum(count[name] for count in counts) for name in counts[0]}
    return Score(
        2 * total["right"] / max(1, total["predicted"] + total["gold"]),
        total["wrong"] / max(1, total["predicted"]),
        total["exact"] / len(counts),
        total["mood"] / len(counts),
        total["covered"] / max(1, total["quotes"]),
        total["said_words"] / max(1, total["quote_words"]),
    )


def _count(gold: Record, predicted: Record) -> dict[str, int]:
    ignored = {about.partition(":")[2] for about in gold["unknown"] if about.startswith("quantity:")}
    sales = {product: number for product, number in predicted["sales"].items() if number and product not in ignored}
    said = _words(predicted["customer_feedback"] or "")
    quotes = [_words(quote["quote"]) for quote in gold["customer_feedback"]]
    return {
        "predicted": len(sales),
        "gold": len(gold["sales"]),
        "right": sum(gold["sales"].get(product) == number for product, number in sales.items()),
        "wrong": sum(product not in gold["sales"] for product in sales),
        "exact": sales == gold["sales"],
        "mood": predicted["emotional_context"] == gold["emotional_context"],
        "quotes": len(quotes),
        "covered": sum(sum(word in said for word in quote) >= COVERED * len(quote) for quote in quotes),
        "quote_words": sum(map(len, quotes)),
        "said_words": len(said),
    }


def _words(text: str) -> list[str]:
    return [token.norm for token in tokenize(text)]
