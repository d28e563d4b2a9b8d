"""One conversation as a machine: fed words, it returns what to say and what happened. No await, no clock, no environ.

    conversation = Conversation(script, "c1", language="fr")
    turn = conversation.open(at)                       # or resume(at), silence(at)
    turn = conversation.hear("deux S25 et trois frigos", at)
    turn.acknowledgement                               # may be said at once
    for chunk in stream(turn.request):                 # any chunking; no stream at all is fine, too
        turn.feed(chunk)                               # → Say, Recorded, Refused, … as they become certain
    turn.finish()                                      # → what the stream left to be said
    events = conversation.commit(turn, at=at)          # now it has happened; the events go to the journal

Times are seconds since 1970, and the caller's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import partial
from typing import Any

from voyaltis_flow.engine import correct, report, utterance
from voyaltis_flow.engine.compiled import CompiledScript
from voyaltis_flow.engine.decide import asked_point
from voyaltis_flow.engine.events import (
    NOBODY,
    Asked,
    Ended,
    EndReason,
    Event,
    Evidence,
    Opened,
    Person,
    Recorded,
    Resumed,
    Silence,
    UsageCharged,
)
from voyaltis_flow.engine.perceive import perceive
from voyaltis_flow.engine.state import State, replay
from voyaltis_flow.engine.turn import Turn
from voyaltis_flow.reading.model import Refusal

OwnWords = Callable[[CompiledScript, float, State, Sequence[Evidence]], utterance.Utterance]


class OutOfTurn(RuntimeError):  # noqa: N818 - it names what happened, in a sentence
    """A call that the conversation's state does not allow: our own fault, never the rep's. Nothing has changed."""


class Conversation:
    """Holds the state; everything else is in the turns. Not for two threads at once."""

    def __init__(
        self,
        script: CompiledScript,
        conversation_id: str,
        *,
        rep: Person = NOBODY,
        event: Person = NOBODY,
        language: str | None = None,
        today: date | None = None,
        state: State | None = None,
    ) -> None:
        """`today` is the rep's day, for "mardi prochain"; without it such a date is not understood."""
        self.script = script
        self.state = state or State()
        self._id, self._rep, self._event, self._today = conversation_id, rep, event, today
        self._language = script.language(language)
        self._stable: dict[str, str] = {}
        self._commits = 0

    @classmethod
    def replayed(cls, script: CompiledScript, events: Iterable[Event]) -> Conversation:
        """The conversation that a journal tells of, as it was after the last event.

        What it tells of points that the flow does not have any more is left out.
        """
        state = replay(event for event in events if _point_of(event) in (None, *script.points))
        return cls(script, state.conversation, rep=state.rep, event=state.event, language=state.language, state=state)

    @property
    def ended(self) -> bool:
        """Whether it is over; then only `report`, `progress` and `correct` are left."""
        return self.state.ended is not None

    @property
    def language(self) -> str:
        """The language that is spoken; before the opening, the one that it will be in."""
        return self.state.language or self._language

    def open(self, at: float) -> Turn:
        """The opening. Without it, the first `hear` begins the conversation."""
        if self.state.started is not None:
            raise OutOfTurn("the conversation is open already")
        return self._own(utterance.opening, self._beginning(at), at)

    def resume(self, at: float) -> Turn:
        """A word on the break, and the last question again, for free."""
        return self._own(utterance.resumed, [*self._beginning(at), Resumed(at=at)], at)

    def silence(self, at: float) -> Turn:
        """The rep has said nothing for a while."""
        return self._own(utterance.silence, [*self._beginning(at), Silence(at=at)], at)

    def hear(self, text: str, at: float, asked: str | None = None, *, resumes: bool = False) -> Turn:
        """A turn in which the rep said this. A candidate: nothing changes before `commit`.

        `asked` tells what somebody else had asked (a recorded transcript's agent), in place of the last question. One
        that `resumes` answers words that were said before a break, and begins with a word on it.
        """
        prelude = [*self._beginning(at), *([Resumed(at=at)] if resumes else [])]
        if asked is not None:
            prelude.append(Asked(about=asked, point=asked_point(self.script, asked), cost=0))
        before = self._before(prelude)
        perception = perceive(self.script, before, text, at, asked)
        compose = partial(utterance.reply, self.script, at, perception, resumes)
        return Turn(self.script, before, compose, prelude, self._stable, self._commits, perception)

    def commit(self, turn: Turn, *, at: float, heard: str | None = None) -> tuple[Event, ...]:
        """Makes a turn happen; its events, for the journal.

        `heard` is what the rep heard of it: None for all, a part where they interrupted, "" for nothing. A question of
        which nothing was heard is not charged, and an end that was not heard to the end is none.
        """
        if turn.based_on != self._commits:
            raise OutOfTurn("the turn was made before another one was committed")
        self._commits += 1
        return self._happened(tuple(turn.events(heard, at)))

    def charge(self, usage: UsageCharged) -> tuple[Event, ...]:
        """A request to a vendor was paid for, be its turn committed or not."""
        return self._happened((usage,))

    def correct(self, point: str, key: str | None, value: Any, at: float) -> tuple[Event, ...] | Refusal:
        """The app's correction of a value (None removes it), or why it can't be."""
        found = correct.correction(self.script, self.state, point, key, value)
        return found if isinstance(found, Refusal) else self._happened(found)

    def end(self, because: EndReason, at: float) -> tuple[Event, ...]:
        """It is over, without another word. Nothing happens when it was over before."""
        if self.ended:
            return ()
        return self._happened((*self._beginning(at), Ended(at=at, because=because)))

    def report(self) -> dict[str, Any]:
        """The report, valid at any moment."""
        return report.report(self.script, self.state)

    def progress(self, at: float | None = None) -> dict[str, Any]:
        """What the app is shown after each turn."""
        return report.progress(self.script, self.state, at)

    def _own(self, compose: OwnWords, prelude: list[Event], at: float) -> Turn:
        before = self._before(prelude)
        return Turn(self.script, before, partial(compose, self.script, at), prelude, self._stable, self._commits)

    def _before(self, prelude: Iterable[Event]) -> State:
        if self.ended:
            raise OutOfTurn("the conversation is over")
        return replay(prelude, self.state)

    def _beginning(self, at: float) -> list[Event]:
        if self.state.started is not None:
            return []
        opened = Opened(
            at=at,
            conversation=self._id,
            flow=self.script.flow.flow,
            flow_hash=self.script.hash,
            style=self.script.style.style,
            language=self._language,
            rep=self._rep,
            event=self._event,
            today=self._today.isoformat() if self._today else None,
        )
        return [opened]

    def _happened(self, events: tuple[Event, ...]) -> tuple[Event, ...]:
        self.state = replay(events, self.state)
        return events


def _point_of(event: Event) -> str | None:
    """The point that an event is about, if it is about one."""
    if isinstance(event, Recorded):
        return event.evidence.point
    return getattr(event, "point", None)
