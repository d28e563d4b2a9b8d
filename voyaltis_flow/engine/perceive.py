"""What the engine makes of a rep's words before any model is asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from voyaltis_flow.engine import merge
from voyaltis_flow.engine.compiled import CompiledScript
from voyaltis_flow.engine.decide import asked_point
from voyaltis_flow.engine.events import (
    Confirmed,
    Event,
    GaveUp,
    Heard,
    LanguageChanged,
    OutsideCatalog,
    Refused,
    Removed,
    Understood,
)
from voyaltis_flow.engine.hooks import all_judged
from voyaltis_flow.engine.state import State
from voyaltis_flow.engine.values import held
from voyaltis_flow.reading.model import Context, Fact, Missing, OpenMention, Reading


@dataclass(frozen=True, slots=True)
class Perception:
    """A turn's words, what they were read against, and what they say."""

    heard: Heard
    context: Context
    reading: Reading
    language: str
    """The language that the conversation goes on in."""
    refused: tuple[Refused, ...] = ()
    """What the flow's own hooks did not take of it."""


def perceive(script: CompiledScript, state: State, text: str, at: float, asked: str | None = None) -> Perception:
    """What the words say. `asked` overrides what the agent's last question was about."""
    text = text.encode("utf-8", "replace").decode()
    heard = Heard(at=at, turn=state.turns, text=text, asked=asked or _asked(state))
    context = Context(
        state.turns,
        heard.asked,
        state.language or None,
        held(script.flow, state.records),
        state.open,
        state.missing,
        state.focus,
        date.fromisoformat(state.today) if state.today else None,
    )
    reading, refused = _judged(script, context, script.reader.read(text, context))
    return Perception(heard, context, reading, script.language(reading.language), refused)


def recorded(
    script: CompiledScript,
    state: State,
    perception: Perception,
    facts: Iterable[Fact],
    standing: tuple[tuple[OpenMention, ...], tuple[Missing, ...]],
) -> Iterator[Event]:
    """What the turn changes, in the order in which it happened. `standing` is what stays open and missing."""
    heard, reading = perception.heard, perception.reading
    yield heard
    yield Understood(
        turn=heard.turn,
        language=reading.language,
        signals=tuple(sorted(reading.signals)),
        answers=_answered(script, perception),
        open=None if standing[0] == state.open else standing[0],
        missing=None if standing[1] == state.missing else standing[1],
        focus=reading.focus,
    )
    if perception.language != state.language:
        yield LanguageChanged(language=perception.language)
    facts = tuple(facts)
    yield from _read_back(state, perception, facts)
    yield from merge.events(script, state, facts, heard.turn)
    yield from perception.refused
    for outside in reading.outside:
        yield OutsideCatalog(turn=heard.turn, outside=outside)
    for declined in reading.declined:
        about = asked_point(script, declined.about) or declined.about
        yield GaveUp(turn=heard.turn, about=about, reason=declined.reason)


def _judged(script: CompiledScript, context: Context, reading: Reading) -> tuple[Reading, tuple[Refused, ...]]:
    """The reading as the flow's hooks leave it. What they do not take is no answer, so that it may be asked again."""
    if not script.hooks:
        return reading, ()
    facts, refused = all_judged(script.hooks, reading.facts, reading.language, script.misfit_as_said)
    point = asked_point(script, context.asked)
    answered_by, left = ({fact.point for fact in some} for some in (reading.facts, facts))
    answered = reading.answered and not (point in answered_by and point not in left)
    return replace(reading, facts=facts, answered=answered), refused


def _asked(state: State) -> str | None:
    """What the last question was about, as reading names it."""
    if state.pending is None:
        return None
    return state.pending.point if state.pending.about.startswith("confirm:") else state.pending.about


def _answered(script: CompiledScript, perception: Perception) -> str | None:
    """The point whose question these words answer, be it with a product that is unclear or unknown."""
    reading = perception.reading
    point = asked_point(script, perception.context.asked)
    touched = {fact.point for fact in reading.facts} | {outside.point for outside in reading.outside}
    touched |= {mention.point for mention in reading.open if mention not in perception.context.open}
    touched |= {missing.point for missing in reading.missing if missing not in perception.context.missing}
    return point if reading.answered or point in touched else None


def _read_back(state: State, perception: Perception, facts: tuple[Fact, ...]) -> Iterator[Event]:
    """The answer to "is that right?": yes, no, or another value in its place."""
    asked = state.pending
    if asked is None or not asked.about.startswith("confirm:") or asked.point is None:
        return
    product, turn = asked.about.removeprefix("confirm:"), perception.heard.turn
    if any((fact.point, fact.key) == (asked.point, product) for fact in facts):
        return
    if "yes" in perception.reading.signals:
        yield Confirmed(turn=turn, point=asked.point, key=product)
    elif "no" in perception.reading.signals:
        yield Removed(turn=turn, point=asked.point, key=product)
