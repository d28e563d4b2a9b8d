"""The points that hold no products: text, list, choice, number, yes or no, date."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from voyaltis_flow.reading.counts import Counted
from voyaltis_flow.reading.model import Fact
from voyaltis_flow.reading.moods import OWN_MOOD, choose
from voyaltis_flow.reading.remarks import answer, volunteered
from voyaltis_flow.reading.turn import Turn
from voyaltis_flow.reading.values import read_date, read_number, read_yes_no
from voyaltis_flow.script.models import Point

CUSTOMER = "customer_opinion"


@dataclass(frozen=True)
class Answers:
    """The facts of a turn, and whether one of them answers what was asked."""

    facts: tuple[Fact, ...] = ()
    answers: bool = False


def read_answers(turn: Turn, counted: Counted) -> Answers:
    """Every other point's facts in this turn."""
    turn = replace(turn, told=counted.told)
    facts = tuple(fact for point in turn.flow.points for fact in _READERS.get(point.type, _nothing)(turn, point))
    return Answers(facts, any(fact.point == turn.asked for fact in facts))


def _nothing(turn: Turn, point: Point) -> Iterator[Fact]:
    return iter(())


def _held(turn: Turn, point: Point) -> object:
    return turn.context.held.get(point.id, {}).get("")


def _text(turn: Turn, point: Point) -> Iterator[Fact]:
    """The words themselves; what was said before stays."""
    said = _remarks(turn, point)
    before = _held(turn, point)
    said = [words for words in said if not (isinstance(before, str) and words in before)]
    if said:
        joined = _joined([before, *said] if isinstance(before, str) and before else said)
        yield Fact(point.id, None, "add" if before else "set", joined, tuple(turn.quote(words) for words in said))


def _joined(said: Sequence[str]) -> str:
    """Sentences in a row, a stop between those that were noted without one."""
    *before, last = said
    return " ".join([*(f"{words}." if words[-1:].isalnum() else words for words in before), last])


def _list(turn: Turn, point: Point) -> Iterator[Fact]:
    for words in _remarks(turn, point):
        yield Fact(point.id, None, "add", words, (turn.quote(words),))


def _remarks(turn: Turn, point: Point) -> list[str]:
    book = turn.books.listens[point.id]
    if turn.asked == point.id:
        return answer(turn.scene, turn.frames, book, turn.told)
    if not point.listens_for:
        return []
    return volunteered(turn.scene, turn.frames, book, needs_customer=CUSTOMER in point.listens_for)


def _choice(turn: Turn, point: Point) -> Iterator[Fact]:
    own = None
    if OWN_MOOD not in point.listens_for and not turn.books.choices[point.id].mood_of:
        book = turn.books.listens[point.id]
        own = frozenset(s.first for s in turn.scene.segments if book.find(turn.scene.elements[s.first : s.last]))
    chosen = choose(turn.scene, turn.books.choices[point.id], turn.lexis, turn.asked == point.id, own)
    if chosen is None or chosen.option == _held(turn, point):
        return
    if _held(turn, point) and turn.asked != point.id and chosen.is_neutral:
        return
    words = turn.scene.said(chosen.segment.first, chosen.segment.last)
    yield Fact(
        point.id, None, "set", chosen.option, (turn.quote(words),), "corrected" if _held(turn, point) else "said"
    )


_READERS = {
    "text": _text,
    "list": _list,
    "choice": _choice,
    "number": read_number,
    "yes_no": read_yes_no,
    "date": read_date,
}
