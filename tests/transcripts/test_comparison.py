"""Two readings of the same words: nothing that differs is left out, nothing that is the same is told."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voyaltis_flow.transcripts.comparison import Change, compare


def value(point: str, key: str | None, what: Any, *quotes: str, turn: int = 0) -> dict[str, Any]:
    said = [{"turn": turn, "text": text} for text in quotes]
    return {"point": point, "key": key, "value": what, "quotes": said, "derivation": "said" if quotes else "assumed"}


def mention(words: str, *candidates: str, quantity: int | None = 1) -> dict[str, Any]:
    return {"mention": words, "category": None, "quantity": quantity, "candidates": list(candidates), "turn": 0}


def row(*evidence: dict[str, Any], unresolved: Any = (), outside: Any = ()) -> dict[str, Any]:
    return {"evidence": list(evidence), "unresolved": list(unresolved), "outside_catalog": list(outside)}


def told(changes: list[Change]) -> list[tuple[str, str | None, Any, Any]]:
    return [
        (change.kind, change.point, change.before and change.before.value, change.after and change.after.value)
        for change in changes
    ]


S25 = value("sales", "ph-s25", 2, "deux S25")
RING = value("sales", "bg-ring", 1, "une Ring")
CALM = value("mood", None, "calm")
FRIDGE = mention("un frigo", "fr-a", "fr-b")


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (row(S25), row(S25), []),
        (row(S25), row(value("sales", "ph-s25", 2, "deux")), []),
        (row(), row(S25), [("appears", "sales", None, 2)]),
        (row(S25, RING), row(RING), [("vanishes", "sales", 2, None)]),
        (row(S25), row(value("sales", "ph-s25", 3, "trois")), [("changes", "sales", 2, 3)]),
        (row(S25), row(value("sales", "ph-s26", 2, "deux S25")), [("changes", "sales", 2, 2)]),
        (row(S25), row(value("facings", "ph-s25", 2, "deux S25")), [("changes", "facings", 2, 2)]),
        (row(CALM), row(value("mood", None, "happy", "ravi")), [("changes", "mood", "calm", "happy")]),
        (row(unresolved=[FRIDGE]), row(value("sales", "fr-a", 1, "frigo")), [("appears", "sales", 1, 1)]),
        (row(value("sales", "fr-a", 1, "un frigo")), row(outside=[mention("frigo")]), [("vanishes", "sales", 1, 1)]),
        (row(unresolved=[FRIDGE]), row(outside=[mention("un frigo")]), [("unsettled", None, 1, 1)]),
    ],
    ids=[
        "the same",
        "the same from other words",
        "appears",
        "vanishes",
        "another number",
        "another product from the same words",
        "another point",
        "said where it was assumed",
        "settled",
        "no longer in the catalog",
        "unclear for another reason",
    ],
)  # fmt: skip
def test_what_becomes_of_a_value(before: Any, after: Any, expected: Any) -> None:
    assert told(compare(before, after)) == expected


def test_items_of_a_list_are_told_by_their_words_and_not_by_their_place() -> None:
    before = row(
        value("notes", None, "rupture de S25", "rupture de S25"), value("notes", None, "trop cher", "trop cher")
    )
    after = row(
        value("notes", None, "en rupture de S25", "en rupture de S25"), value("notes", None, "retard", "retard")
    )
    assert sorted(told(compare(before, after)), key=str) == [
        ("appears", "notes", None, "retard"),
        ("changes", "notes", "rupture de S25", "en rupture de S25"),
        ("vanishes", "notes", "trop cher", None),
    ]


def test_changes_come_in_the_order_of_the_words() -> None:
    late, early = value("sales", "a", 1, "un A", turn=3), value("sales", "b", 1, "un B", turn=1)
    assert [change.turn for change in compare(row(late), row(early, value("mood", None, "ok")))][:2] == [1, 3]


WORDS = st.sampled_from(["deux S25", "S25", "une Ring", "trois", "ravi"])
VALUES = st.builds(
    lambda point, key, what, text, turn: value(point, key if point == "sales" else None, what, text, turn=turn),
    st.sampled_from(["sales", "notes"]), st.sampled_from(["a", "b"]), st.integers(1, 3), WORDS, st.integers(0, 2),
)  # fmt: skip
MENTIONS = st.lists(st.builds(mention, WORDS, st.sampled_from(["a", "b"])), max_size=2)
ROWS = st.builds(lambda values, open_, out: row(*values, unresolved=open_, outside=out),
                 st.lists(VALUES, max_size=4), MENTIONS, MENTIONS)  # fmt: skip


@given(ROWS)
def test_a_reading_does_not_differ_from_itself(one: Any) -> None:
    assert compare(one, one) == []


@given(ROWS, ROWS)
def test_the_other_way_round_what_appeared_vanishes(one: Any, other: Any) -> None:
    counts = [Counter(change.kind for change in compare(*pair)) for pair in ((one, other), (other, one))]
    assert counts[0]["appears"] - counts[0]["vanishes"] == counts[1]["vanishes"] - counts[1]["appears"]


@given(ROWS, ROWS)
def test_the_changes_lead_from_the_one_reading_to_the_other(one: Any, other: Any) -> None:
    def held(reading: Any) -> Counter[Any]:
        return Counter((entry["point"], entry["key"], entry["value"]) for entry in reading["evidence"])

    changes = compare(one, other)
    gone = Counter((c.before.point, c.before.key, c.before.value) for c in changes if c.before and c.before.counts)
    come = Counter((c.after.point, c.after.key, c.after.value) for c in changes if c.after and c.after.counts)
    before = held(one)
    assert not gone - before
    assert before - gone + come == held(other)
