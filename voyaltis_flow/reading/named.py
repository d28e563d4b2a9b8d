"""Products that are only named (`products`), and amounts in a unit that are said of a product (`amounts`)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from voyaltis_flow.catalog.resolution import Match
from voyaltis_flow.reading.frames import Frame, counting
from voyaltis_flow.reading.items import Item
from voyaltis_flow.reading.model import Fact
from voyaltis_flow.reading.scene import Segment
from voyaltis_flow.reading.turn import Turn
from voyaltis_flow.script.models import Point


def read_products(
    turn: Turn, point: Point, found: Sequence[Item], seen: Sequence[Frame], asked: bool
) -> Iterator[Fact]:
    """The products that a turn names for a point; one that is taken back is removed."""
    held = turn.context.held.get(point.id, {})
    named: set[str] = set()
    found_now: list[Fact] = []
    last = 0
    for item in found:
        match = _match(item)
        segment = turn.scene.segments[item.segment]
        if match is None or item.complement or match.product in named:
            continue
        since = turn.scene.segments[last : item.segment + 1] if found_now else ()
        if any(between.has("correct") for between in since):
            found_now.pop()
        last = item.segment + 1
        quote = turn.quote(turn.scene.said(segment.first, segment.last))
        if match.product in held:
            if segment.has("retract", "correct"):
                removed = Fact(
                    point.id, match.product, "remove", None, (quote,), "corrected", None, match.how, match.score
                )
                found_now.append(removed)
        elif counting(seen[item.segment], asked):
            named.add(match.product)
            found_now.append(_fact(point, match, True, None, quote_text=quote.text, turn=turn))
    yield from found_now


def read_amounts(
    turn: Turn, point: Point, homes: Sequence[Point], seen: Sequence[Frame], asked: bool
) -> Iterator[Fact]:
    """The amounts of a turn, each with the product named last before it, or right after it."""
    match: Match | None = None
    for at, segment in enumerate(turn.scene.segments):
        if homes[at] is not point or not counting(seen[at], asked):
            continue
        for product, amount in _amounts(turn, point, segment, match):
            match = product
            if amount is not None and product is not None:
                quote = turn.scene.said(*_span(turn, segment, product))
                yield _fact(point, product, amount, amount, quote_text=quote, turn=turn)


def _amounts(
    turn: Turn, point: Point, segment: Segment, before: Match | None
) -> Iterator[tuple[Match | None, float | None]]:
    """The products and amounts of a segment, paired as they come."""
    elements = turn.scene.elements
    product, waiting = before, None
    at = segment.first
    while at < segment.last:
        element = elements[at]
        if element.spot:
            product = element.spot.resolution if isinstance(element.spot.resolution, Match) else None
            yield product, waiting
            waiting = None
        elif element.number and (amount := _amount(turn, point, at, segment.last)):
            value, at = amount
            if product is not None:
                yield product, value
            else:
                waiting = value
            continue
        at += 1


def _amount(turn: Turn, point: Point, at: int, last: int) -> tuple[float, int] | None:
    """The amount at an element and where it ends: "1,49 euro", "deux euros cinquante"; None without its unit."""
    elements = turn.scene.elements
    number = elements[at].number
    if number is None or number.kind not in ("cardinal", "article"):
        return None
    units = turn.books.units[point.id]
    if not any(cue.first == 0 for cue in units.find(elements[at + 1 : min(last, at + 3)])):
        priced = at and turn.lexis.is_a(elements[at - 1].word, "given_to")
        return (number.value, at + 1) if turn.asked == point.id and priced else None
    cents = elements[at + 2].number if at + 2 < last and not elements[at + 2].mark else None
    if cents and cents.kind == "cardinal" and cents.value < 100:
        return round(number.value + cents.value / 100, 2), at + 3
    return number.value, at + 2


def _span(turn: Turn, segment: Segment, product: Match) -> tuple[int, int]:
    """From the product's own words, where they stand before, to the end of the segment: the quote must hold both."""
    first = segment.first
    for at in range(segment.last - 1, -1, -1):
        spot = turn.scene.elements[at].spot
        if spot and spot.resolution == product:
            first = min(first, at)
            break
    return first, segment.last


def _match(item: Item) -> Match | None:
    return item.spot.resolution if item.spot and isinstance(item.spot.resolution, Match) else None


def _fact(point: Point, match: Match, value: object, amount: float | None, *, quote_text: str, turn: Turn) -> Fact:
    held = turn.context.held.get(point.id, {}).get(match.product)
    return Fact(
        point.id,
        match.product,
        "set",
        value,
        (turn.quote(quote_text),),
        "said" if held is None or held == value else "corrected",
        amount,
        match.how,
        match.score,
        match.confirm,
    )
