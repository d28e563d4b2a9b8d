"""The points that hold products: quantities, products, amounts. Each item of a turn goes to the point it is said of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from voyaltis_flow.reading.books import sells
from voyaltis_flow.reading.fold import Fold
from voyaltis_flow.reading.frames import OPEN, Frame
from voyaltis_flow.reading.items import Item, items
from voyaltis_flow.reading.ledger import Ledger
from voyaltis_flow.reading.model import Fact, Missing, OpenMention, Outside
from voyaltis_flow.reading.named import read_amounts, read_products
from voyaltis_flow.reading.scene import Segment
from voyaltis_flow.reading.stage import Stage
from voyaltis_flow.reading.turn import Turn
from voyaltis_flow.script.models import Point

_OPEN_QUESTIONS = (None, "opening", "anything_else")


@dataclass(frozen=True)
class Counted:
    """What a turn changed in the points that hold products."""

    facts: tuple[Fact, ...] = ()
    open: tuple[OpenMention, ...] = ()
    missing: tuple[Missing, ...] = ()
    outside: tuple[Outside, ...] = ()
    focus: Mapping[str, Any] = field(default_factory=dict)
    answers: bool = False
    told: frozenset[int] = frozenset()
    """The sentences that changed one of these points: they are no text of another."""


def read_counts(turn: Turn) -> Counted:
    """Every catalog point's changes in this turn."""
    points = list(turn.points("quantities", "products", "amounts"))
    if not points:
        return Counted()
    found = items(turn.scene, turn.lexis, turn.books.measures)
    homes = _homes(turn, points)
    parts = [_read_point(turn, point, found, homes) for point in points]
    facts = tuple(fact for part in parts for fact in part.facts)
    opened = tuple(mention for part in parts for mention in part.open)
    missing = tuple(entry for part in parts for entry in part.missing)
    outside = tuple(entry for part in parts for entry in part.outside)
    focus = {point: kept for part in parts for point, kept in part.focus.items()}
    changed = (
        bool(facts or outside) or set(opened) != set(turn.context.open) or set(missing) != set(turn.context.missing)
    )
    told = frozenset(sentence for part in parts for sentence in part.told)
    return Counted(facts, opened, missing, outside, focus, changed or _has_none(turn, points), told)


def _has_none(turn: Turn, points: Sequence[Point]) -> bool:
    """Whether a question is answered with that there are none: "pas de rupture"."""
    asked = next((point for point in points if point.id == turn.asked), None)
    return asked is not None and any(_denied(turn, asked, segment) for segment in turn.scene.segments)


def _homes(turn: Turn, points: Sequence[Point]) -> list[Point]:
    """The point that each segment speaks of: its own words say, else the question, else what was spoken of before."""
    asked = next((point for point in points if _asks(turn.asked, point)), None)
    current = asked or points[0]
    homes = []
    for segment in turn.scene.segments:
        named = max(points, key=lambda point: _naming(turn, point, segment))
        if _naming(turn, named, segment):
            current = asked if asked and _naming(turn, asked, segment) else named
        elif segment.starts_sentence and asked:
            current = asked
        homes.append(current)
    return homes


def _naming(turn: Turn, point: Point, segment: Segment) -> int:
    """How plainly a segment's words name a point: by the longest of its cues, most by an amount in its unit."""
    elements = turn.scene.elements[segment.first : segment.last]
    if point.type == "amounts" and any(
        cue.first and elements[cue.first - 1].number for cue in turn.books.units[point.id].find(elements)
    ):
        return len(elements) + 1
    if point.id in turn.books.counts:
        return max((cue.last - cue.first for cue in turn.books.counts[point.id].find(elements)), default=0)
    return int(sells(point) and segment.has("sell", "buy", "go"))


def _asks(asked: str | None, point: Point) -> bool:
    if asked == point.id:
        return True
    return bool(asked) and str(asked).startswith(("quantity:", "which:")) and point.type == "quantities"


def _read_point(turn: Turn, point: Point, found: Sequence[Item], homes: Sequence[Point]) -> Counted:
    """One point's changes, from the items that are said of it."""
    asked_for_it = asks_for(turn, point)
    seen = frames_for(turn, point)
    own = [item for item in found if homes[item.segment] is point]
    if point.type == "products":
        return Counted(tuple(read_products(turn, point, own, seen, asked_for_it)))
    if point.type == "amounts":
        return Counted(tuple(read_amounts(turn, point, homes, seen, asked_for_it)))
    ledger = Ledger.begin(point.id, turn.context)
    Fold(Stage(turn.scene, turn.lexis, turn.index, ledger, turn.asked, asked_for_it), seen).run(own)
    focus = {point.id: dict(ledger.focus())} if ledger.focus() else {}
    told = frozenset(entry.sentence for entry in ledger.entries)
    return Counted(ledger.facts(), tuple(ledger.open), tuple(ledger.missing), tuple(ledger.outside), focus, told=told)


def _denied(turn: Turn, point: Point, segment: Segment) -> bool:
    """Whether the words that make a quantity count are denied: "pas de rupture", "aucune rupture"."""
    elements = turn.scene.elements[segment.first : segment.last]
    cues = turn.books.counts[point.id].find(elements) if point.id in turn.books.counts else ()
    before = [element for cue in cues for element in elements[max(0, cue.first - 2) : cue.first]]
    return any(
        turn.lexis.is_a(element.word, "negation") or (element.number is not None and element.number.kind == "none")
        for element in before
    )


def asks_for(turn: Turn, point: Point) -> bool:
    """Whether the question was about this point's quantities."""
    main = sells(point) or point is _main_point(turn)
    return _asks(turn.asked, point) or (turn.asked in _OPEN_QUESTIONS and main)


def asks_for_products(turn: Turn) -> bool:
    """Whether a product and its number answer the question."""
    return turn.asked in _OPEN_QUESTIONS or any(
        _asks(turn.asked, point) for point in turn.points("quantities", "products", "amounts")
    )


def asks_for_sales(turn: Turn) -> bool:
    """Whether the question was about a point that holds products, or about all."""
    return turn.asked == "opening" or any(point.id == turn.asked for point in turn.points("quantities", "products"))


def _main_point(turn: Turn) -> Point | None:
    """The catalog point of most worth: what an open question is about."""
    return next(turn.points("quantities", "products", "amounts"), None)


OPINION = Frame("void", "opinion")
_STILL_VOID = ("order", "other_day", "future", "not_sold", "colleague")
"""What voids a quantity whatever its point counts on."""


def frames_for(turn: Turn, point: Point) -> tuple[Frame, ...]:
    """The frames as a point sees them. Where it has words of its own, those count; what voids a sale alone is open."""
    if sells(point):
        pairs = zip(turn.scene.segments, turn.frames, strict=True)
        return tuple(OPINION if _is_opinion(turn, segment, frame) else frame for segment, frame in pairs)
    return tuple(_seen_by(turn, point, *pair) for pair in zip(turn.scene.segments, turn.frames, strict=True))


def _is_opinion(turn: Turn, segment: Segment, frame: Frame) -> bool:
    """Whether a segment tells what customers think of a product, and neither that it was sold nor how many."""
    elements = turn.scene.elements[segment.first : segment.last]
    if frame.status != "open" or any(element.number for element in elements):
        return False
    texts = (point for point in turn.points("text") if point.listens_for)
    return any(turn.books.listens[point.id].find(elements) for point in texts)


def _seen_by(turn: Turn, point: Point, segment: Segment, frame: Frame) -> Frame:
    if _denied(turn, point, segment):
        return Frame("void", "denied")
    if frame.why in _STILL_VOID:
        return frame
    return Frame("counts", verb=True) if _naming(turn, point, segment) else OPEN
