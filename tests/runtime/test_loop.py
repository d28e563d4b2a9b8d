"""Engine, responder and journal, joined."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from itertools import count

import pytest

from tests.engine.scene import begin, kinds, make_script, reply, sale
from tests.responders.scripted import Item, Scripted
from voyaltis_flow.engine.conversation import Conversation
from voyaltis_flow.engine.events import Event
from voyaltis_flow.engine.speech import Say
from voyaltis_flow.engine.state import replay
from voyaltis_flow.responders.fallback import Fallback
from voyaltis_flow.responders.rules import Rules
from voyaltis_flow.runtime.loop import Committed, Session
from voyaltis_flow.runtime.protocols import Responder, ResponderError, Usage


class Kept:
    """A journal in memory."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    async def append(self, conversation: str, events: Sequence[Event]) -> None:
        assert conversation == "c1"
        self.events += events


def session(*steps: Item | float | ResponderError, conversation: Conversation | None = None) -> tuple[Session, Kept]:
    kept, ticks = Kept(), count(1)
    responder: Responder = Scripted([*steps]) if steps else Rules()
    return Session(conversation or begin(), responder, kept, lambda: float(next(ticks))), kept


async def outcome(outputs: AsyncGenerator[object, None]) -> list[str]:
    return [output.text async for output in outputs if isinstance(output, Say)]


async def test_a_whole_conversation_with_rules() -> None:
    running, kept = session()
    assert (await outcome(running.open()))[-1] == "What did you sell?"
    assert (await outcome(running.hear("2 s25")))[-1] == "What did customers say?"
    assert (await outcome(running.hear("fb good; in lidl")))[-2:] == ["Thanks Ann.", "Bye!"]
    assert running.conversation.ended
    assert replay(kept.events) == running.conversation.state


async def test_the_journal_is_written_before_the_turn_is_told_to_be_over() -> None:
    running, kept = session()
    async for output in running.hear("2 s25"):
        if isinstance(output, Committed):
            assert "recorded" in kinds(kept.events)
            assert tuple(kept.events) == output.events


async def test_what_a_request_cost_is_journalled() -> None:
    usage = Usage("claude", "m", 10, 5, 0, 7, 0.05)
    running, kept = session(reply("Nice. And customers?", "feedback"), usage)
    await outcome(running.hear("2 s25"))
    assert running.conversation.state.cost == 0.05
    assert replay(kept.events) == running.conversation.state


async def test_past_the_dollars_the_model_is_not_asked() -> None:
    usage = Usage("claude", cost=0.2)
    conversation = begin()
    responder = Scripted([reply("Nice. And customers?", "feedback"), usage])
    running = Session(conversation, responder, None, lambda: 1.0)
    assert (await outcome(running.hear("2 s25")))[-1] == "And customers?"
    assert (await outcome(running.hear("3 s25")))[-1] == "What did customers say?"
    assert responder.asked == 1


@pytest.mark.parametrize(
    "start", ["", '{"nextMessage": "Nice. And', reply("Nice.", "feedback", sales=[sale("a56", 1)])[:-40]]
)
async def test_a_responder_that_fails_leaves_no_silence_and_loses_nothing(start: str) -> None:
    running, kept = session(start, ResponderError("timeout", "too slow"))
    said = await outcome(running.hear("2 s25; hm 1 a56"))
    assert said[-1] == "What did customers say?"
    assert len(said) == len(set(said))
    assert "fell_back" in kinds(kept.events)
    assert running.conversation.report()["sales"]["s25"] == 2


async def test_the_fallback_takes_the_turn_over() -> None:
    conversation = begin()
    failing = Scripted(['{"nextMessage": "Nice. And', ResponderError("cut", "cut")])
    running = Session(conversation, Fallback(failing, Rules()), None, lambda: 1.0)
    said = await outcome(running.hear("2 s25"))
    assert said[1:] == ["Nice.", "What did customers say?"]


async def test_who_leaves_in_mid_turn_loses_no_words() -> None:
    running, kept = session(reply("Nice. And customers?", "feedback"))
    turn = running.hear("2 s25")
    assert isinstance(await anext(turn), Say)
    await turn.aclose()
    assert running.conversation.report()["sales"] == {"s25": 2}
    assert (running.conversation.state.spent, kinds(kept.events)[-1]) == (0, "spoken")


async def test_a_turn_that_is_cancelled_loses_no_words() -> None:
    running, kept = session('{"nextMessage": "Nice. A', 60.0)
    task = asyncio.create_task(outcome(running.hear("2 s25")))
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert "recorded" in kinds(kept.events)


async def test_silence_and_a_break_are_turns_too() -> None:
    running, _ = session(conversation=begin(make_script()))
    await outcome(running.open())
    assert await outcome(running.silence()) == ["Still there?"]
    assert await outcome(running.resume()) == ["We were cut off.", "What did you sell?"]
