"""The check on a model: what it claims of a turn, re-read in the rep's own words.

The quote must have been said, the mention must be in it (or be what was spoken of), the number must be joined to the
product by the same rules that read the rep, and a clause that does not count makes no sale whatever the model says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise
from typing import Any

from voyaltis_flow.catalog.resolution import Ambiguous, Match, Unknown
from voyaltis_flow.language.numbers import find_numbers
from voyaltis_flow.language.tokens import fold, tokenize
from voyaltis_flow.reading.counts import asks_for, frames_for
from voyaltis_flow.reading.frames import Frame, counting
from voyaltis_flow.reading.items import Item, items
from voyaltis_flow.reading.model import Claim, Derivation, Fact, Quote, Reading, Refusal
from voyaltis_flow.reading.quotes import all_said, find_verbatim, share_said
from voyaltis_flow.reading.turn import Turn
from voyaltis_flow.reading.values import find_date
from voyaltis_flow.script.models import Point

_ENOUGH_SAID = 0.6
"""A text of a schema of one's own of which less than this was said is refused."""


def bear_out(claim: Claim, turn: Turn, reading: Reading) -> Fact | Refusal:
    """The Fact that the turn's words bear out, or why they do not."""
    point = turn.flow.point(claim.point)
    if point is None:
        return Refusal("wrong_type", f"the flow has no point {claim.point}")
    quote = find_verbatim(claim.quote, turn.scene.text)
    if quote is None:
        return Refusal("quote_not_said", "the quote is not in what the rep said in this turn")
    if _ordered(turn, quote):
        return Refusal("not_counted", "the rep was giving orders, not telling what happened")
    return _CHECKS[point.type](claim, point, quote, turn, reading)


def _ordered(turn: Turn, quote: str) -> bool:
    """Whether all that the quote covers stands under an order to the agent."""
    start = turn.scene.text.find(quote)
    covered = [
        frame
        for frame, span in zip(turn.frames, _spans(turn), strict=True)
        if span[0] < start + len(quote) and start < span[1]
    ]
    return bool(covered) and all(frame.why == "order" for frame in covered)


def _spans(turn: Turn) -> Iterator[tuple[int, int]]:
    for segment in turn.scene.segments:
        first, last = turn.scene.elements[segment.first], turn.scene.elements[segment.last - 1]
        yield turn.scene.tokens[first.first].start, turn.scene.tokens[last.last - 1].end


# --- points that hold products


def _product(claim: Claim, turn: Turn, quote: str) -> Match | Refusal:
    """The product that a claim names, if the rep named it too."""
    mention = claim.mention or ""
    found = turn.index.resolve(mention, turn.language)
    if isinstance(found, Unknown):
        return Refusal("unknown_product", f"no product of the catalog: {found.reason}")
    if isinstance(found, Ambiguous):
        return Refusal("ambiguous_product", f"several products fit: {found.reason}")
    if find_verbatim(mention, quote) is None and found.product not in _spoken_of(turn):
        return Refusal("mention_not_in_quote", "the product is not in the quote, nor was it spoken of before")
    return found


def _spoken_of(turn: Turn) -> set[str]:
    """The products that a number alone may be about: those named in this turn, held, asked for, or last spoken of."""
    named = {
        element.spot.resolution.product
        for element in turn.scene.elements
        if element.spot and isinstance(element.spot.resolution, Match)
    }
    context = turn.context
    held = {product for values in context.held.values() for product in values}
    focus = {product for entry in context.focus.values() for product in entry.get("candidates", ())}
    opened = {product for mention in context.open for product in mention.candidates}
    return named | held | focus | opened | {missing.product for missing in context.missing}


def _quantity(claim: Claim, point: Point, quote: str, turn: Turn, reading: Reading) -> Fact | Refusal:
    found = _product(claim, turn, quote)
    if isinstance(found, Refusal):
        return found
    read = next((fact for fact in reading.facts if fact.point == point.id and fact.key == found.product), None)
    if read is not None:
        return _agreeing(claim, read)
    held = turn.context.held.get(point.id, {}).get(found.product)
    if claim.op == "remove":
        return _removal(claim, point, found, quote, turn, held)
    if claim.quantity is None:
        return Refusal("number_not_in_quote", "no number was given")
    refusal = _joined(claim.quantity, found.product, point, quote, turn)
    if refusal:
        return refusal
    total = (held or 0) + claim.quantity if claim.op == "add" else claim.quantity
    derivation: Derivation = "sum" if claim.op == "add" and held else "corrected" if held is not None else "said"
    return Fact(
        point.id,
        found.product,
        claim.op,
        _whole(total),
        (turn.quote(quote),),
        derivation,
        claim.quantity,
        found.how,
        found.score,
        found.confirm,
    )


def _agreeing(claim: Claim, read: Fact) -> Fact | Refusal:
    """What the words plainly say wins; a claim that says the same is the same fact."""
    same = claim.op == "remove" if read.value is None else claim.quantity in (read.value, read.amount)
    return read if same else Refusal("contradicts", "the words plainly say another number")


def _removal(claim: Claim, point: Point, found: Match, quote: str, turn: Turn, held: Any) -> Fact | Refusal:
    taken_back = any(segment.has("retract", "not_sold", "abandoned") for segment in turn.scene.segments)
    if held is None or not taken_back:
        return Refusal("said_otherwise", "the rep did not take it back")
    left = None if claim.quantity is None or claim.quantity >= held else held - claim.quantity
    return Fact(point.id, found.product, "remove", left, (turn.quote(quote),), "corrected", claim.quantity, found.how)


def _joined(quantity: float, product: str, point: Point, quote: str, turn: Turn) -> Refusal | None:
    """Why a number is not this product's number in the turn's words; None when it is."""
    start = turn.scene.text.find(quote)
    numbers = {number.value for number in find_numbers(tokenize(quote), turn.language)}
    if quantity not in numbers and quantity != 1:
        return Refusal("number_not_in_quote", "the number is not in the quote")
    for item in items(turn.scene, turn.lexis, turn.books.measures):
        if not _inside(turn, item, start, start + len(quote)) or not _about(item, product):
            continue
        frame = turn.frames[item.segment]
        if not counting(frame, asks_for(turn, point)) or item.complement:
            why = frame.why or "it is only spoken of"
            return Refusal("not_counted", f"the words do not say that it counts ({why})")
        if _says(item, quantity, frame.status == "counts"):
            return None
    return Refusal("number_not_in_quote", "the number in the quote is not said of this product")


def _inside(turn: Turn, item: Item, start: int, end: int) -> bool:
    tokens, elements = turn.scene.tokens, turn.scene.elements
    return tokens[elements[item.last - 1].last - 1].end > start and tokens[elements[item.first].first].start < end


def _about(item: Item, product: str) -> bool:
    """Whether an item may be of this product: it names it, may mean it, or is a number alone."""
    if item.spot is None:
        return True
    match item.spot.resolution:
        case Match() as found:
            return found.product == product
        case Ambiguous() as found:
            return product in found.candidates
    return False


def _says(item: Item, quantity: float, counts: bool) -> bool:
    if item.quantity is None:
        return (item.per_head or 1.0) == quantity and counts
    halved = item.quantity.kind == "collective" and item.quantity.value / 2 == quantity
    return item.quantity.value == quantity or halved


def _of_products(claim: Claim, point: Point, quote: str, turn: Turn, reading: Reading) -> Fact | Refusal:
    found = _product(claim, turn, quote)
    if isinstance(found, Refusal):
        return found
    if not any(counting(frame, asks_for(turn, point)) for frame in _frames_naming(turn, point, found.product)):
        return Refusal("not_counted", "the words do not say it of this product, or deny it")
    return _named(claim, point, found, turn.quote(quote), True)


def _amount(claim: Claim, point: Point, quote: str, turn: Turn, reading: Reading) -> Fact | Refusal:
    found = _product(claim, turn, quote)
    if isinstance(found, Refusal):
        return found
    read = next((fact for fact in reading.facts if fact.point == point.id and fact.key == found.product), None)
    if read is not None:
        return _agreeing(claim, read)
    if claim.quantity not in _amounts_in(quote, turn.language):
        return Refusal("number_not_in_quote", "the amount is not in the quote")
    if all(frame.status == "void" for frame in _frames_naming(turn, point, found.product)):
        return Refusal("not_counted", "the words do not say it of this product, or deny it")
    return _named(claim, point, found, turn.quote(quote), claim.quantity)


def _frames_naming(turn: Turn, point: Point, product: str) -> Iterator[Frame]:
    """The frames, as the point sees them, of the segments that name a product."""
    seen = frames_for(turn, point)
    for item in items(turn.scene, turn.lexis, turn.books.measures):
        if item.spot is not None and _about(item, product) and not item.complement:
            yield seen[item.segment]


def _named(claim: Claim, point: Point, found: Match, quote: Quote, value: float | bool | None) -> Fact:
    """A claim about a product as a Fact; one that takes it back leaves nothing."""
    left = None if claim.op == "remove" else value
    return Fact(
        point.id, found.product, claim.op, left, (quote,), "said", claim.quantity, found.how, found.score, found.confirm
    )


def _amounts_in(quote: str, language: str) -> set[float]:
    """The numbers of a quote, and those that two of them make: "deux euros cinquante" is 2.5."""
    values = [number.value for number in find_numbers(tokenize(quote), language)]
    cents = {round(one + two / 100, 2) for one, two in pairwise(values) if two < 100}
    return {*values, *cents}


# --- points that hold one value


def _text(claim: Claim, point: Point, quote: str, turn: Turn, reading: Reading) -> Fact | Refusal:
    said = str(claim.value or "").strip()
    value = said if said and "<" not in said and all_said(said, quote) else quote
    if point.type == "list":
        return Fact(point.id, None, "add", value, (turn.quote(quote),))
    held = turn.context.held.get(point.id, {}).get("")
    if held and value in str(held):
        return Refusal("said_otherwise", "it is noted already")
    joined = f"{held} {value}" if held else value
    return Fact(point.id, None, "add" if held else "set", joined, (turn.quote(quote),))


def _choice(claim: Claim, point: Point, quote: str, turn: Turn, reading: Reading) -> Fact | Refusal:
    if claim.value not in [option.id for option in point.options]:
        return Refusal("not_an_option", f"{claim.value!r} is none of the options")
    read = next((fact for fact in reading.facts if fact.point == point.id), None)
    if read is not None:
        return read if read.value == claim.value else Refusal("contradicts", f"the words plainly say {read.value}")
    if not _means(turn, point, str(claim.value), quote):
        return Refusal("said_otherwise", "the words do not say it")
    return Fact(point.id, None, "set", claim.value, (turn.quote(quote),))


def _means(turn: Turn, point: Point, option: str, quote: str) -> bool:
    """Whether a quote has a word of an option, or answers the very question in words of its own."""
    start = turn.scene.text.find(quote)
    words = [e for e in turn.scene.elements if start <= turn.scene.tokens[e.first].start < start + len(quote)]
    named = {name.partition(":")[2] for cue in turn.books.choices[point.id].book.find(words) for name in cue.classes}
    return option in named or (turn.asked == point.id and not named)


def _number(claim: Claim, point: Point, quote: str, turn: Turn, reading: Reading) -> Fact | Refusal:
    if not isinstance(claim.value, int | float) or claim.value not in _amounts_in(quote, turn.language):
        return Refusal("number_not_in_quote", "the number is not in the quote")
    return _single(claim, point, quote, turn, reading)


def _single(claim: Claim, point: Point, quote: str, turn: Turn, reading: Reading) -> Fact | Refusal:
    read = next((fact for fact in reading.facts if fact.point == point.id), None)
    if read is not None and read.value != claim.value:
        return Refusal("contradicts", f"the words plainly say {read.value}")
    return read or Fact(point.id, None, "set", claim.value, (turn.quote(quote),))


def _yes_no(claim: Claim, point: Point, quote: str, turn: Turn, reading: Reading) -> Fact | Refusal:
    if not isinstance(claim.value, bool):
        return Refusal("wrong_type", "a yes or no is true or false")
    if not any(fact.point == point.id for fact in reading.facts):
        return Refusal("said_otherwise", "the words say neither yes nor no to it")
    return _single(claim, point, quote, turn, reading)


def _date(claim: Claim, point: Point, quote: str, turn: Turn, reading: Reading) -> Fact | Refusal:
    start = turn.scene.text.find(quote)
    within = [e for e in turn.scene.elements if start <= turn.scene.tokens[e.first].start < start + len(quote)]
    found = find_date(within, turn.language, turn.context.today)
    if found is None or found.isoformat() != claim.value:
        return Refusal("said_otherwise", "the words do not say that date")
    return _single(claim, point, quote, turn, reading)


def _custom(claim: Claim, point: Point, quote: str, turn: Turn, reading: Reading) -> Fact | Refusal:
    """A value of a schema of one's own: each of its numbers and texts must have been said."""
    numbers = _amounts_in(quote, turn.language)
    for leaf in _leaves(claim.value):
        if isinstance(leaf, str) and fold(leaf) not in fold(quote) and share_said(leaf, quote) < _ENOUGH_SAID:
            return Refusal("said_otherwise", "part of it is not in the quote")
        if isinstance(leaf, int | float) and not isinstance(leaf, bool) and leaf not in numbers:
            return Refusal("number_not_in_quote", "a number of it is not in the quote")
    return _single(claim, point, quote, turn, reading)


def _leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, Mapping):
        for part in value.values():
            yield from _leaves(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _leaves(part)
    elif value is not None:
        yield value


def _whole(number: float) -> float | int:
    return int(number) if float(number).is_integer() else number


_Check = Callable[[Claim, Point, str, Turn, Reading], Fact | Refusal]
_CHECKS: Mapping[str, _Check] = {
    "quantities": _quantity,
    "products": _of_products,
    "amounts": _amount,
    "text": _text,
    "list": _text,
    "choice": _choice,
    "number": _number,
    "yes_no": _yes_no,
    "date": _date,
    "schema": _custom,
}
