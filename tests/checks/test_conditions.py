from __future__ import annotations

from typing import Any

import pytest

from voyaltis_flow.checks import check
from voyaltis_flow.script.models import Flow

POINTS: list[dict[str, Any]] = [
    {"id": "sales", "type": "quantities"},
    {"id": "mood", "type": "choice", "options": ["happy", "sad"]},
    {"id": "days", "type": "number", "minimum": 0, "maximum": 60},
    {"id": "visitors", "type": "number"},
    {"id": "stay", "type": "number", "minimum": 33, "maximum": 34},
    {"id": "promo", "type": "yes_no"},
    {"id": "note", "type": "text"},
    {"id": "remarks", "type": "list", "max_items": 5},
    {"id": "missing", "type": "products"},
    {"id": "visit", "type": "date"},
    {"id": "contact", "type": "schema", "schema": {"type": "object", "properties": {"name": {"type": "string"}}}},
]


def codes(when: str, **changed: Any) -> list[str]:
    points = [{"collect": "x", "ask": "x?", **point} for point in POINTS]
    points.append({"id": "last", "type": "text", "collect": "x", "ask": "x?", "when": when})
    written = {
        **{"version": 2, "flow": "x", "notice": "x", "opening": "x?", "catalog": "x", "points": points},
        **{"budget": {"questions": 20, "minutes": 10}},
        **changed,
    }
    return [found.code.name for found in check(Flow.model_validate(written))]


@pytest.mark.parametrize(
    "when",
    [
        "sales",
        "not sales",
        "sales and not missing",
        "mood == 'sad' or mood == 'happy'",
        "mood in ['sad', 'angry']",
        "days > 59",
        "days == 0 and sales",
        "2 < days < 3",
        "visitors > 100000 and visitors < 100002",
        "visitors + days > 70",
        "visitors is even",
        "promo == false",
        "promo is defined and not promo",
        "note|length > 20",
        "note|lower == 'oui'",
        "'rupture' in note",
        "'a' in remarks and 'b' in remarks",
        "remarks|length == 5",
        "sales|length > 12",
        "sales['ph-s25'] > 3",
        "sales.foo == 2 and not sales.bar",
        "'ph-s25' in missing",
        "visit > '2026-11-24'",
        "visit == 'mardi'",
        "points.days > 3 and points['mood'] == 'sad'",
        "budget.questions.left > 15",
        "budget.minutes.left < 2",
        "budget.minutes.spent > 9",
        "contact.name == 'Ann'",
        "note|first == 'a'",
        "points|length > 2",
        "mood == note",
        "note|int == 512",
        "days == visitors",
        "stay == visitors and stay == sales|length",
        "visit|length > 30",
        "sales['a'] + sales['b'] == 7",
        "sales['a'] > 1 and sales['b'] == 1",
        "sales|length > 2 and 'a' in sales",
        "sales|length >= 2 and sales['a'] >= 2",
        "note|length > 200",
        "note|length > 20 and 'heavy' in note",
        "note|int > 3",
        "remarks[3] == 'x'",
        "days - visitors == 21",
    ],
)
def test_a_condition_that_can_hold_is_left_alone(when: str) -> None:
    assert codes(when) == []


@pytest.mark.parametrize(
    "when",
    [
        "mood == 'angry'",
        "mood == 3",
        "mood == 'sad' and mood == 'happy'",
        "sales and not sales",
        "days > 60",
        "days < 0",
        "visitors > 5 and visitors < 4",
        "promo == 'yes'",
        "sales > 3",
        "remarks|length > 5",
        "budget.questions.left > 20",
        "budget.minutes.left > 10",
        "false",
        "1 > 2",
        "last",
        "last == 'x' or points.last",
    ],
)
def test_a_condition_that_nothing_makes_true_is_told(when: str) -> None:
    assert codes(when) == ["VF325"]


def test_without_minutes_none_are_left() -> None:
    assert codes("budget.minutes.left > 1", budget={"questions": 20}) == ["VF325"]


def test_a_condition_with_too_many_values_to_try_is_taken_on_trust() -> None:
    both = " and ".join(f"visitors != {number} and days != {number}" for number in range(40))
    assert codes(f"{both} and mood == 'angry'") == []


def test_the_word_that_can_not_be_is_pointed_at_and_mended() -> None:
    (found,) = check_flow("sales and mood == 'hapy'")
    assert found.finding.path == ("points", 1, "when")
    assert (found.finding.at, found.finding.hint) == (18, "Did you mean `happy`?")


def check_flow(when: str) -> list[Any]:
    points = [
        {"id": "mood", "type": "choice", "options": ["happy", "flat"], "collect": "x", "ask": "never"},
        {"id": "reason", "type": "text", "collect": "x", "ask": "x?", "when": when},
        {"id": "sales", "type": "text", "collect": "x"},
    ]
    flow = {"version": 2, "flow": "x", "notice": "x", "opening": "x?", "points": points}
    return list(check(Flow.model_validate(flow)))


def test_what_is_never_asked_is_not_asked_later() -> None:
    assert [found.code.name for found in check_flow("sales")] == []
