"""Facts into what is held: a correction replaces, "two more" adds, a retraction removes, a list grows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from voyaltis_flow.engine.compiled import CompiledScript
from voyaltis_flow.engine.events import Event, Evidence, Recorded, Removed
from voyaltis_flow.engine.state import State, apply
from voyaltis_flow.reading.model import Fact, Missing, OpenMention, Quote

IN_THE_REPS_WORDS = frozenset({"text", "list", "choice"})
"""The types of point whose wording a model may choose better than reading; the words stay the rep's."""


def combined(script: CompiledScript, read: Iterable[Fact], claimed: Iterable[Fact]) -> tuple[Fact, ...]:
    """One turn's facts out of reading's and those of a model's claims that were borne out.

    A model's text, list or choice stands in place of reading's own of the same words; anything else stands beside it.
    """
    claimed = tuple(claimed)
    kept = [fact for fact in read if not any(_says_it_better(script, claim, fact) for claim in claimed)]
    return (*kept, *(fact for fact in claimed if fact not in kept and not _is_poorer(script, fact, kept)))


def _says_it_better(script: CompiledScript, claim: Fact, fact: Fact) -> bool:
    """Whether a claim stands in place of what reading found: for the same point, out of as many of the rep's words."""
    if claim.point != fact.point or script.points[fact.point].type not in IN_THE_REPS_WORDS:
        return False
    if script.points[fact.point].type == "choice":
        return True
    said = _quoted(claim)
    return _overlap(claim, fact) and len(said) >= len(_quoted(fact)) / 2


def _is_poorer(script: CompiledScript, claim: Fact, kept: Iterable[Fact]) -> bool:
    """Whether a claim only repeats a part of what is kept."""
    kind = script.points[claim.point].type
    if kind not in IN_THE_REPS_WORDS or kind == "choice":
        return False
    return any(fact.point == claim.point and _overlap(claim, fact) for fact in kept)


def _overlap(one: Fact, other: Fact) -> bool:
    first, second = _quoted(one), _quoted(other)
    return first in second or second in first


def _quoted(fact: Fact) -> str:
    return " ".join(quote.text for quote in fact.quotes)


def left_open(
    open_: Iterable[OpenMention], missing: Iterable[Missing], claimed: Iterable[Fact]
) -> tuple[tuple[OpenMention, ...], tuple[Missing, ...]]:
    """What still stands open and missing once a model's claims have settled some of it."""
    claimed = tuple(claimed)
    settled = {(fact.point, fact.key) for fact in claimed}
    return (
        tuple(mention for mention in open_ if not any(_settles(fact, mention) for fact in claimed)),
        tuple(entry for entry in missing if (entry.point, entry.product) not in settled),
    )


def events(script: CompiledScript, state: State, facts: Iterable[Fact], turn: int) -> Iterator[Event]:
    """What the facts change of what is held; a fact that changes nothing is no event."""
    for fact in facts:
        for event in _events(script, state, fact, turn):
            state = apply(state, event)
            yield event


def _events(script: CompiledScript, state: State, fact: Fact, turn: int) -> Iterator[Event]:
    if script.points[fact.point].type == "list":
        yield from _item(script, state, fact, turn)
        return
    before = state.record(fact.point, fact.key)
    if fact.value is None:
        if before is not None:
            yield Removed(turn=turn, point=fact.point, key=fact.key, quotes=fact.quotes)
    elif before is None or before.value != fact.value or (not before.counts and not fact.confirm):
        yield Recorded(turn=turn, evidence=_evidence(fact, before))


def _item(script: CompiledScript, state: State, fact: Fact, turn: int) -> Iterator[Event]:
    items = [record for record in state.records if record.point == fact.point]
    limit = script.points[fact.point].max_items
    new = all(record.value != fact.value for record in items)
    if new and fact.value is not None and (limit is None or len(items) < limit):
        yield Recorded(turn=turn, evidence=_evidence(fact, None), item=True)


def _evidence(fact: Fact, before: Evidence | None) -> Evidence:
    """What is added to rests on the words for what was there as well; a product that is sure already stays sure."""
    earlier: tuple[Quote, ...] = before.quotes if before is not None and (fact.op != "set") else ()
    return Evidence(
        fact.point,
        fact.key,
        _plain(fact.value),
        tuple(dict.fromkeys((*earlier, *fact.quotes))),
        fact.derivation,
        fact.match,
        fact.score,
        confirm=fact.confirm and (before is None or not before.counts),
    )


def _plain(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _settles(fact: Fact, mention: OpenMention) -> bool:
    same_number = mention.quantity is None or fact.amount in (None, mention.quantity)
    return fact.point == mention.point and fact.key in mention.candidates and same_number
