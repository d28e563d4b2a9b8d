"""What a conversation holds: the fold of its events. `apply` gives the next state, replaying a journal the last one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import Any, Literal

from pydantic import TypeAdapter

from voyaltis_flow.engine import events as happened
from voyaltis_flow.engine.events import NOBODY, Asked, EndReason, Event, Evidence, Person, UsageCharged
from voyaltis_flow.reading.model import Missing, OpenMention, Outside


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the transcript, as it was heard. `turn` is the rep's, None where the agent speaks."""

    speaker: Literal["agent", "rep"]
    text: str
    at: float
    turn: int | None = None
    interrupted: bool = False


@dataclass(frozen=True, slots=True)
class OutsideMention:
    """A product outside the catalog, and the turn that spoke of it."""

    turn: int
    outside: Outside


@dataclass(frozen=True, slots=True)
class State:
    """All that is known of a conversation. Empty before it has begun."""

    conversation: str = ""
    flow: str = ""
    flow_hash: str = ""
    style: str = ""
    language: str = ""
    rep: Person = NOBODY
    event: Person = NOBODY
    today: str | None = None
    started: float | None = None
    ended: float | None = None
    ended_because: EndReason | None = None
    last_at: float | None = None
    turns: int = 0
    """How many times the rep was heard; the number of the next turn."""
    transcript: tuple[Line, ...] = ()
    records: tuple[Evidence, ...] = ()
    """One for each value; for each item of a list."""
    open: tuple[OpenMention, ...] = ()
    missing: tuple[Missing, ...] = ()
    outside: tuple[OutsideMention, ...] = ()
    focus: Mapping[str, Any] = field(default_factory=dict)
    asked: tuple[Asked, ...] = ()
    pending: Asked | None = None
    """The question that the rep's next words are taken to answer."""
    answered: frozenset[str] = frozenset()
    """The points whose question was answered, be it with "nothing"."""
    given_up: Mapping[str, Literal["unknown_to_rep", "declined"]] = field(default_factory=dict)
    refused: frozenset[str] = frozenset()
    """The points of which a model claimed what the rep never said."""
    wants_to_stop: bool = False
    unheard: int = 0
    """How many times in a row the rep was heard without a word."""
    silences: int = 0
    """How many times in a row the rep said nothing."""
    lines: Mapping[str, int] = field(default_factory=dict)
    """How often each of the style's lines was used."""
    usage: tuple[UsageCharged, ...] = ()
    failures: tuple[str, ...] = ()

    @property
    def spent(self) -> int:
        """Questions spent so far."""
        return sum(asked.cost for asked in self.asked)

    @property
    def cost(self) -> float:
        """Dollars spent on models so far."""
        return sum(usage.cost for usage in self.usage)

    def record(self, point: str, key: str | None) -> Evidence | None:
        """The value that a point (and key) holds."""
        return next((record for record in self.records if (record.point, record.key) == (point, key)), None)

    def has_value(self, point: str) -> bool:
        """Whether the point holds any value."""
        return any(record.point == point for record in self.records)


def apply(state: State, event: Event) -> State:
    """The state after an event."""
    return _APPLY[type(event)](state, event)


def replay(events: Iterable[Event], state: State | None = None) -> State:
    """The state after these events; from nothing, or from a given one."""
    return reduce(apply, events, state or State())


def _opened(state: State, event: happened.Opened) -> State:
    return replace(
        state,
        conversation=event.conversation,
        flow=event.flow,
        flow_hash=event.flow_hash,
        style=event.style,
        language=event.language,
        rep=event.rep,
        event=event.event,
        today=event.today,
        started=event.at,
        last_at=event.at,
    )


def _resumed(state: State, event: happened.Resumed) -> State:
    return replace(state, last_at=event.at, silences=0, unheard=0)


def _heard(state: State, event: happened.Heard) -> State:
    line = Line("rep", event.text, event.at, event.turn)
    return replace(state, turns=event.turn + 1, transcript=(*state.transcript, line), last_at=event.at)


def _understood(state: State, event: happened.Understood) -> State:
    nothing = "empty" in event.signals
    answers = {event.answers} if event.answers else frozenset()
    return replace(
        state,
        answered=state.answered | answers,
        open=state.open if event.open is None else event.open,
        missing=state.missing if event.missing is None else event.missing,
        focus=event.focus,
        unheard=state.unheard + 1 if nothing else 0,
        silences=state.silences if nothing else 0,
        wants_to_stop=state.wants_to_stop or "stop" in event.signals,
    )


def _language_changed(state: State, event: happened.LanguageChanged) -> State:
    return replace(state, language=event.language)


def _recorded(state: State, event: happened.Recorded) -> State:
    new = event.evidence
    if event.item or state.record(new.point, new.key) is None:
        return replace(state, records=(*state.records, new))
    same = [new if (old.point, old.key) == (new.point, new.key) else old for old in state.records]
    return replace(state, records=tuple(same))


def _removed(state: State, event: happened.Removed) -> State:
    left = [record for record in state.records if (record.point, record.key) != (event.point, event.key)]
    return replace(state, records=tuple(left))


def _confirmed(state: State, event: happened.Confirmed) -> State:
    sure = [
        replace(record, confirmed=True) if (record.point, record.key) == (event.point, event.key) else record
        for record in state.records
    ]
    return replace(state, records=tuple(sure))


def _outside_catalog(state: State, event: happened.OutsideCatalog) -> State:
    return replace(state, outside=(*state.outside, OutsideMention(event.turn, event.outside)))


def _gave_up(state: State, event: happened.GaveUp) -> State:
    return replace(state, given_up={**state.given_up, event.about: event.reason})


def _refused(state: State, event: happened.Refused) -> State:
    return replace(state, refused=state.refused | {event.point})


def _spoken(state: State, event: happened.Spoken) -> State:
    line = Line("agent", event.text, event.at, interrupted=event.interrupted)
    lines = {**state.lines, **{name: state.lines.get(name, 0) + 1 for name in event.lines}}
    return replace(state, transcript=(*state.transcript, line), last_at=event.at, lines=lines)


def _asked(state: State, event: Asked) -> State:
    return replace(state, asked=(*state.asked, event), pending=event)


def _silence(state: State, event: happened.Silence) -> State:
    return replace(state, silences=state.silences + 1, last_at=event.at)


def _usage_charged(state: State, event: UsageCharged) -> State:
    return replace(state, usage=(*state.usage, event))


def _fell_back(state: State, event: happened.FellBack) -> State:
    return replace(state, failures=(*state.failures, event.failure))


def _ended(state: State, event: happened.Ended) -> State:
    return replace(state, ended=event.at, ended_because=event.because, last_at=event.at, pending=None)


def _unchanged(state: State, event: Event) -> State:
    return state


_APPLY: Mapping[type, Callable[[State, Any], State]] = {
    happened.Opened: _opened,
    happened.Resumed: _resumed,
    happened.Heard: _heard,
    happened.Understood: _understood,
    happened.LanguageChanged: _language_changed,
    happened.Recorded: _recorded,
    happened.Removed: _removed,
    happened.Confirmed: _confirmed,
    happened.OutsideCatalog: _outside_catalog,
    happened.GaveUp: _gave_up,
    happened.Refused: _refused,
    happened.Differed: _unchanged,
    happened.Spoken: _spoken,
    happened.Asked: _asked,
    happened.Repeated: _unchanged,
    happened.Silence: _silence,
    happened.UsageCharged: _usage_charged,
    happened.FellBack: _fell_back,
    happened.Ended: _ended,
}

_STATE = TypeAdapter(State)


def encode_state(state: State) -> str:
    """A state as JSON."""
    return _STATE.dump_json(state).decode()


def decode_state(text: str | bytes) -> State:
    """The state that `encode_state` wrote; ValueError for anything else."""
    return _STATE.validate_json(text)
