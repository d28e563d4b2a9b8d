"""Labelled debriefs, read whole: the figures that a change must not lower.

The bars stand a little below what was measured. `python -m tests.reading.test_debriefs` prints the figures.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.reading.conftest import Debrief
from tests.reading.scoring import Score, read_gold, score
from voyaltis_flow.catalog.index import CatalogIndex
from voyaltis_flow.project import load_catalog, load_flow
from voyaltis_flow.reading.reader import Reader

DEBRIEFS = Path(__file__).parents[1] / "data" / "debriefs"
BARS = {
    "first-author": Score(f1=0.93, wrong_product=0.01, exact=0.88, mood=0.92, feedback=0.94, words=2.2),
    "second-author-fr": Score(f1=0.90, wrong_product=0.02, exact=0.85, mood=0.90, feedback=0.94, words=2.2),
    "third-author": Score(f1=0.90, wrong_product=0.01, exact=0.85, mood=0.95, feedback=0.94, words=2.2),
    "fifth-author": Score(f1=0.92, wrong_product=0.01, exact=0.84, mood=0.95, feedback=0.94, words=2.2),
    "fourth-author": Score(f1=0.90, wrong_product=0.02, exact=0.84, mood=0.95, feedback=0.94, words=2.2),
    "second-author-en": Score(f1=0.90, wrong_product=0.04, exact=0.70, mood=0.85, feedback=0.90, words=2.4),
}


def predict(reader: Reader, gold: dict[str, Any]) -> dict[str, Any]:
    """What is held after all turns of a debrief."""
    said = Debrief(reader, gold["lang"])
    for turn in gold["turns"]:
        said.hear(turn["asked"], turn["says"])
    return {
        "sales": said.sales,
        "customer_feedback": said.held.get("customer_feedback", {}).get("", ""),
        "emotional_context": said.held.get("emotional_context", {}).get("", "neutre"),
    }


def measured(reader: Reader, corpus: str) -> Score:
    """The score of a corpus."""
    gold = read_gold(DEBRIEFS / f"{corpus}.jsonl")
    return score([(one, predict(reader, one)) for one in gold])


@pytest.mark.parametrize("corpus", BARS)
def test_labelled_debriefs_are_read_at_least_as_well_as_the_bar(reader, corpus):
    got, bar = measured(reader, corpus), BARS[corpus]
    assert got.f1 >= bar.f1
    assert got.wrong_product <= bar.wrong_product
    assert got.exact >= bar.exact
    assert got.mood >= bar.mood
    assert got.feedback >= bar.feedback
    assert got.words <= bar.words


if __name__ == "__main__":
    whole = Reader(load_flow("event_debrief").value, CatalogIndex([load_catalog("electronics").value]))
    for name in BARS:
        print(f"{name:18}", measured(whole, name))
