"""The points with one plain value: a number, a yes or no, a date."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from voyaltis_flow.language.lexicon import language_data
from voyaltis_flow.language.tokens import fold
from voyaltis_flow.reading.model import Derivation, Fact
from voyaltis_flow.reading.scene import Element, Segment
from voyaltis_flow.reading.turn import Turn
from voyaltis_flow.script.models import Point

_SHORT_ANSWER = 4
"""Elements of an answer in which a number needs no unit."""


def spoken_of(turn: Turn, point: Point) -> Iterator[Segment]:
    """The segments that may hold a point's value: all of an answer to it, else those with words of its own."""
    own = turn.books.counts.get(point.id) or turn.books.listens[point.id]
    for segment in turn.scene.segments:
        if turn.frame_of(segment).why == "order":
            continue
        if turn.asked == point.id or own.find(turn.scene.elements[segment.first : segment.last]):
            yield segment


def read_number(turn: Turn, point: Point) -> Iterator[Fact]:
    """The number said for a point, with its unit where it has one: asked, the unit may be left out."""
    unit = turn.books.units[point.id]
    for segment in spoken_of(turn, point):
        for at in range(segment.first, segment.last):
            number = turn.scene.elements[at].number
            if number is None or number.kind not in ("cardinal", "collective", "none", "article"):
                continue
            has_unit = any(cue.first == 0 for cue in unit.find(turn.scene.elements[at + 1 : at + 4]))
            short = segment.last - segment.first <= _SHORT_ANSWER or not point.unit.words()
            bare = number.kind != "article" and at + 1 == segment.last and short
            if (has_unit or (turn.asked == point.id and bare)) and _within(point, number.value):
                value = int(number.value) if number.value.is_integer() else number.value
                yield _fact(turn, point, value, segment)
                return


def _within(point: Point, value: float) -> bool:
    low, high = point.minimum, point.maximum
    return (low is None or value >= low) and (high is None or value <= high)


def read_yes_no(turn: Turn, point: Point) -> Iterator[Fact]:
    """Yes or no, as an answer or where the point's words are said or denied."""
    for segment in spoken_of(turn, point):
        if turn.asked == point.id and segment.has("yes", "no"):
            yield _fact(turn, point, not segment.has("no"), segment)
            return
        own = turn.books.listens[point.id].find(turn.scene.elements[segment.first : segment.last])
        if own:
            denied = any(
                turn.lexis.is_a(e.word, "negation") or (e.number is not None and e.number.kind == "none")
                for e in turn.scene.elements[segment.first : segment.last]
            )
            yield _fact(turn, point, not denied, segment)
            return


def read_date(turn: Turn, point: Point) -> Iterator[Fact]:
    """The date said for a point, as ISO text; left out when the context does not say what day today is."""
    for segment in spoken_of(turn, point):
        elements = turn.scene.elements[segment.first : segment.last]
        if found := find_date(elements, turn.language, turn.context.today):
            yield _fact(turn, point, found.isoformat(), segment)
            return


def find_date(elements: Sequence[Element], language: str, today: date | None) -> date | None:
    """The first date in some elements: "le 14 mars", "mardi prochain", "dans quinze jours", "demain", "12/03"."""
    if today is None:
        return None
    words = language_data(language, "dates")
    folded = [element.word for element in elements]
    weekdays = [fold(day) for day in words["weekdays"]]
    months = [fold(month) for month in words["months"]]
    return (
        _day_and_month(elements, folded, months, today)
        or _so_many_days_on(elements, folded, words, today)
        or _named_day(folded, words, today)
        or _weekday(folded, weekdays, words, today)
    )


def _day_and_month(
    elements: Sequence[Element], folded: Sequence[str], months: Sequence[str], today: date
) -> date | None:
    for at, word in enumerate(folded):
        if word not in months:
            continue
        for near in (at - 1, at + 1, at - 2):
            number = elements[near].number if 0 <= near < len(elements) else None
            if number and 1 <= number.value <= 31:
                return _coming(today, months.index(word) + 1, int(number.value))
    for one, two in pairwise(elements):
        if (
            one.number
            and two.number
            and one.last == two.first
            and two.number.value <= 12
            and one.number.kind == "cardinal"
        ):
            return (
                _coming(today, int(two.number.value), int(one.number.value)) if two.number.kind == "cardinal" else None
            )
    return None


def _coming(today: date, month: int, day: int) -> date | None:
    """That day of this year, or of the next one when it is long gone."""
    for year in (today.year, today.year + 1):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if (today - found).days < 60:
            return found
    return None


def _so_many_days_on(
    elements: Sequence[Element], folded: Sequence[str], words: Mapping[str, Any], today: date
) -> date | None:
    units = words["units"]
    for at in range(1, len(folded)):
        number = elements[at - 1].number
        if number and folded[at] in units:
            return today + timedelta(days=min(int(number.value) * int(units[folded[at]]), 3660))
    return None


def _named_day(folded: Sequence[str], words: Mapping[str, Any], today: date) -> date | None:
    said = " ".join(folded)
    days = words["days"]
    named = sorted(days, key=len, reverse=True)
    return next((today + timedelta(days=int(days[name])) for name in named if f" {fold(name)} " in f" {said} "), None)


def _weekday(folded: Sequence[str], weekdays: Sequence[str], words: Mapping[str, Any], today: date) -> date | None:
    for word in folded:
        if word in weekdays:
            ahead = (weekdays.index(word) - today.weekday() - 1) % 7 + 1
            return today + timedelta(days=ahead)
    return None


def _fact(turn: Turn, point: Point, value: object, segment: Segment) -> Fact:
    held = turn.context.held.get(point.id, {}).get("")
    words = turn.scene.said(segment.first, segment.last)
    derivation: Derivation = "corrected" if held is not None and held != value else "said"
    return Fact(point.id, None, "set", value, (turn.quote(words),), derivation)
