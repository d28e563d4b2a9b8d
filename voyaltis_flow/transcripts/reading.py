"""A transcript read through the engine, as if it were being said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from voyaltis_flow.engine.compiled import CompiledScript
from voyaltis_flow.engine.conversation import Conversation
from voyaltis_flow.engine.turn import Turn
from voyaltis_flow.runtime.loop import perform
from voyaltis_flow.runtime.protocols import Responder
from voyaltis_flow.transcripts.lines import Transcript

NO_TIME = 0.0
"""Nobody knows when a transcript's words were said, so its minutes do not run out."""

FAILURES = "failures"
"""The key of a row whose reader failed in between."""

_KEPT = ("unresolved", "outside_catalog", "gaps", "evidence")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a transcript says: `row` has each point and what is not settled; `asked` is what each turn answered.

    `cost` is what the responder asked for it, in dollars.
    """

    row: dict[str, Any]
    asked: tuple[str, ...]
    cost: float


async def read(script: CompiledScript, transcript: Transcript, responder: Responder | None = None) -> Reading:
    """What a transcript says. Nothing of the agent's is heard, so nothing is spent, and nothing ends too early.

    Without a responder it is what `rules` would leave, sooner: nothing is phrased that nobody hears.
    """
    conversation = Conversation(script, str(transcript.id), language=transcript.lang)
    turn, asked = None, []
    for said in transcript.turns:
        asked.append(said.asked or _asked_next(turn))
        turn = conversation.hear(said.says, NO_TIME, asked=asked[-1])
        if responder is not None:
            async for _ in perform(conversation, turn, responder):
                pass
        conversation.commit(turn, at=NO_TIME, heard="")
    return Reading(_row(conversation), tuple(asked), conversation.state.cost)


def as_asked(transcript: Transcript, asked: Sequence[str]) -> Transcript:
    """The transcript with what its agent had asked before each turn."""
    turns = tuple(replace(said, asked=about) for said, about in zip(transcript.turns, asked, strict=True))
    return replace(transcript, turns=turns)


def _asked_next(turn: Turn | None) -> str:
    """What the engine would have asked after a turn."""
    return "opening" if turn is None else turn.plan.asks_about or "anything_else"


def _row(conversation: Conversation) -> dict[str, Any]:
    conversation.end("end_of_input", NO_TIME)
    report = conversation.report()
    kept = {key: report[key] for key in _KEPT}
    row = {**report["points"], **kept, "wants_to_stop": conversation.state.wants_to_stop}
    return row | ({FAILURES: list(conversation.state.failures)} if conversation.state.failures else {})
