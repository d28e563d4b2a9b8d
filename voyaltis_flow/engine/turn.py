"""One turn: what the rep said, if anything, and what the agent says then. A candidate: nothing has changed yet.

Any number of turns may be made of the same state; one is committed, the others leave no trace.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import Any

from voyaltis_flow.engine import merge, prompt
from voyaltis_flow.engine.check import check
from voyaltis_flow.engine.compiled import CompiledScript
from voyaltis_flow.engine.events import Asked, Differed, Event, Evidence, FellBack, Recorded, Refused
from voyaltis_flow.engine.heard import heard_of
from voyaltis_flow.engine.perceive import Perception, recorded
from voyaltis_flow.engine.request import Plan, Request
from voyaltis_flow.engine.speech import Say, Speech
from voyaltis_flow.engine.state import State, replay
from voyaltis_flow.engine.stream import ReplyParser
from voyaltis_flow.engine.utterance import Utterance
from voyaltis_flow.reading.model import Fact

Output = Say | Event
Compose = Callable[[State, Sequence[Evidence]], Utterance]


class Turn:
    """What is to be said, and what will have happened. Made by `Conversation`; see there for the order of calls."""

    def __init__(
        self,
        script: CompiledScript,
        before: State,
        compose: Compose,
        prelude: Sequence[Event],
        stable: dict[str, str],
        based_on: int,
        perception: Perception | None = None,
    ) -> None:
        """`stable` keeps the prompts' constant part by language; `based_on` counts the turns committed before."""
        self.based_on = based_on
        self._script, self._before, self._compose = script, before, compose
        self._prelude, self._stable, self._perception = tuple(prelude), stable, perception
        self._parser = ReplyParser()
        self._fed = self._checked = self._over = False
        self._claimed: list[Fact] = []
        self._left_out: list[Refused | Differed] = []
        self._fallbacks: list[FellBack] = []

    @property
    def number(self) -> int:
        """The rep's turn, from 0; for the agent's own, the one that comes next."""
        return self._before.turns

    @property
    def text(self) -> str:
        """The rep's words, "" where the agent speaks on its own account."""
        return self._perception.heard.text if self._perception else ""

    @property
    def plan(self) -> Plan:
        """What the engine decided, in the style's own words."""
        return self._utterance.plan

    @property
    def language(self) -> str:
        """The language that is spoken in this turn."""
        return self._utterance.wording.language

    @property
    def acknowledgement(self) -> str | None:
        """What may be said back at once, None when nothing sure is to be said back. It is the turn's first sentence."""
        return self._utterance.acknowledgement

    @property
    def ends(self) -> bool:
        """Whether the conversation is over once this was heard."""
        return self._utterance.ends is not None

    @property
    def said(self) -> tuple[Say, ...]:
        """All that has been given out to be spoken, the acknowledgement included."""
        return tuple(self._speech.said)

    @property
    def request(self) -> Request | None:
        """What a responder is given; None where the words are the engine's own."""
        if not self._utterance.for_model or self._perception is None:
            return None
        said = tuple(say.text for say in self._speech.said)
        wording, budget = self._utterance.wording, self._script.flow.budget.dollars
        if wording.language not in self._stable:
            self._stable[wording.language] = prompt.stable(self._script, wording)
        reading = self._perception.reading
        return Request(
            self._before.conversation,
            self.number,
            self.language,
            self._stable[wording.language],
            prompt.turn_text(self._script, self._before, reading, self._new, self._utterance, said),
            prompt.messages(self._before, self.text),
            self._script.wire_schema,
            self.plan,
            said,
            budget is not None and self._before.cost >= budget,
        )

    def feed(self, chunk: str | bytes) -> list[Output]:
        """More of the reply: what became certain with it. Any chunking gives the same."""
        if self._over:
            return []
        self._fed = True
        self._parser.feed(chunk)
        return list(self._progress())

    def restart(self, failure: str, responder: str) -> list[Output]:
        """Another responder begins this turn anew. What was said is not said again, what was valid is kept."""
        event = FellBack(turn=self.number, failure=failure, responder=responder)
        self._fallbacks.append(event)
        outputs = [event, *self._salvage()]
        self._parser, self._fed, self._checked = ReplyParser(), False, False
        self._speech.restart()
        return outputs

    def finish(self) -> list[Output]:
        """The reply is over, or there is none: what it lacks is said in the plan's own words."""
        if self._over:
            return []
        outputs: list[Output] = []
        if self._fed and not self._parser.complete:
            failure = "invalid" if self._parser.broken or self._parser.closed else "cut"
            self._fallbacks.append(FellBack(turn=self.number, failure=failure, responder="plan"))
            outputs.append(self._fallbacks[-1])
        self._over = True
        return [*outputs, *self._salvage(), *self._speech.finish()]

    def events(self, heard: str | None, at: float) -> Iterator[Event]:
        """What will have happened once this turn is committed; `heard` as in `Conversation.commit`."""
        yield from self._prelude
        if self._perception is not None:
            reading = self._perception.reading
            facts = merge.combined(self._script, reading.facts, self._claimed)
            standing = merge.left_open(reading.open, reading.missing, self._claimed)
            yield from recorded(self._script, self._before, self._perception, facts, standing)
            yield from self._left_out
        yield from self._fallbacks
        if heard is None or heard.strip():
            yield from heard_of(self._utterance, self._speech.said, heard, at, self.number, self._free)

    # --- perception

    @cached_property
    def _understood(self) -> tuple[Event, ...]:
        """The turn's events as reading alone has them."""
        if self._perception is None:
            return ()
        reading = self._perception.reading
        standing = (reading.open, reading.missing)
        return tuple(recorded(self._script, self._before, self._perception, reading.facts, standing))

    @cached_property
    def _after(self) -> State:
        return replay(self._understood, self._before)

    @cached_property
    def _new(self) -> tuple[Evidence, ...]:
        """What reading recorded for sure."""
        found = [event.evidence for event in self._understood if isinstance(event, Recorded)]
        return tuple(evidence for evidence in found if evidence.counts)

    # --- speech

    @cached_property
    def _utterance(self) -> Utterance:
        return self._compose(self._after, self._new)

    @cached_property
    def _speech(self) -> Speech:
        return Speech(self.plan, self.acknowledgement)

    @property
    def _free(self) -> Asked | None:
        """The question that a responder's failure may make the agent ask again, for free, once."""
        last = self._before.pending
        return last if self._fallbacks and last is not None and last.cost > 0 else None

    def _progress(self) -> Iterator[Output]:
        for field in self._parser.fields:
            if field == "nextMessage":
                yield from self._speech.hear(self._parser.text, self._parser.has(field))
            elif field == "asksAbout" and self._parser.has(field):
                yield from self._speech.gate(self._parser.get(field))
            elif field == "extractedData" and self._parser.has(field):
                yield from self._check(self._parser.get(field))

    def _salvage(self) -> list[Output]:
        return list(self._check(self._parser.salvaged())) if self._fed else []

    def _check(self, data: Any) -> Iterator[Output]:
        """What the model claims; once for each reply."""
        if self._checked or self._perception is None:
            return
        self._checked = True
        for result in check(self._script, self._perception, data):
            if isinstance(result, Fact):
                self._claimed.append(result)
                yield from merge.events(self._script, self._after, (result,), self.number)
            else:
                self._left_out.append(result)
                yield result
