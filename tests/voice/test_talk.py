"""Turn taking: what leaves no trace, what is kept at once, and what has happened when a turn has settled."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.scene import begin, kinds, opened, reply, sale
from tests.responders.scripted import Scripted
from voyaltis_flow.engine.conversation import Conversation
from voyaltis_flow.engine.events import Event
from voyaltis_flow.engine.request import Request
from voyaltis_flow.engine.state import replay
from voyaltis_flow.engine.turn import Turn
from voyaltis_flow.reading.model import Refusal
from voyaltis_flow.responders.rules import Rules
from voyaltis_flow.runtime.protocols import Responder, Usage
from voyaltis_flow.voice.reply import Reply
from voyaltis_flow.voice.talk import Talk


class Kept:
    """Keeps in memory, in the order of the writes."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.held: list[str] = []
        self.writes = True

    def hold(self, words: str, at: float) -> None:
        self.held.append(words)

    async def append(self, events: Sequence[Event]) -> bool:
        await asyncio.sleep(0)
        self.events += events if self.writes else ()
        return self.writes


class Endless:
    """A responder that begins well and never ends."""

    name = "endless"
    asked = 0

    async def prepare(self) -> None: ...

    async def respond(self, request: Request) -> AsyncGenerator[str | Usage, None]:
        self.asked += 1
        yield Usage("endless", cost=0.01)
        yield '{"nextMessage": "Well. '
        await asyncio.sleep(3600)

    async def aclose(self) -> None: ...


def talk(conversation: Conversation | None = None, responder: Responder | None = None) -> tuple[Talk, Kept]:
    kept, ticks = Kept(), count(10)
    return Talk(conversation or opened(), responder or Rules(), kept, lambda: float(next(ticks))), kept


async def words(answer: Reply | None) -> list[str]:
    assert answer is not None
    return [say.text async for say in answer.says()]


async def turn(talking: Talk, key: str, said: str, heard: str | None = None) -> list[str]:
    """A turn as the framework takes it: asked for, confirmed, spoken, and heard (None: all of it)."""
    answer = await talking.answer(key, said)
    talking.confirm(key, said)
    spoken = await words(answer)
    if heard != "":
        talking.heard(heard or " ".join(spoken), interrupted=heard is not None)
    await talking.settle()
    return spoken


async def test_a_turn_is_answered_and_then_has_happened() -> None:
    talking, kept = talk()
    spoken = await turn(talking, "a", "2 s25")
    assert spoken[-1] == "What did customers say?"
    assert talking.conversation.report()["sales"] == {"s25": 2}
    assert kept.held == ["2 s25"]
    assert replay(kept.events, opened().state) == talking.conversation.state


async def test_candidates_leave_no_trace() -> None:
    talking, kept = talk()
    before = talking.conversation.state
    await words(await talking.answer("a", "2 s25"))
    await words(await talking.answer("b", "2 s25 ; 9 fold"))
    talking.leave("a")
    assert (talking.conversation.state, kept.events, kept.held) == (before, [], [])
    await turn(talking, "c", "1 s25")
    assert talking.conversation.report()["sales"] == {"s25": 1}


async def test_what_a_candidate_cost_is_paid_though_it_never_happened() -> None:
    talking, kept = talk(responder=Scripted([Usage("claude", cost=0.02), reply("Fine.")]))
    await words(await talking.answer("a", "2 s25"))
    talking.leave("a")
    await talking.end("app")
    assert sum(event.cost for event in kept.events if event.kind == "usage_charged") == pytest.approx(0.02)


async def test_the_same_reply_is_spoken_whether_it_is_asked_for_before_or_after_it_is_confirmed() -> None:
    early, _ = talk()
    late, _ = talk()
    first = await turn(early, "a", "2 s25")
    late.confirm("a", "2 s25")
    assert await words(await late.answer("a", "2 s25")) == first


async def test_an_interrupted_reply_has_what_was_heard_and_all_that_was_understood() -> None:
    answer = reply("Good. Anything else?", "insights", sales=[sale("s25", 2)], feedback=None)
    talking, _ = talk(responder=Scripted([answer[:40], 0.05, answer[40:]]))
    asked = await talking.answer("a", "2 s25")
    assert asked is not None
    talking.confirm("a", "2 s25")
    said = asked.says()
    first = (await anext(said)).text
    await said.aclose()
    talking.leave("a")
    talking.heard(first[:6], interrupted=True)
    await talking.settle()
    line = talking.conversation.state.transcript[-1]
    assert (line.text, line.interrupted) == (first[:6], True)
    assert talking.conversation.report()["sales"] == {"s25": 2}
    assert talking.conversation.state.spent == 1


async def test_a_reply_of_which_nothing_was_heard_costs_no_question() -> None:
    talking, _ = talk()
    await turn(talking, "a", "2 s25", heard="")
    assert talking.conversation.state.spent == 1
    assert talking.conversation.state.transcript[-1].speaker == "rep"


async def test_the_next_words_wait_until_the_last_turn_has_settled() -> None:
    talking, _ = talk()
    await talking.answer("a", "2 s25")
    talking.confirm("a", "2 s25")
    following = asyncio.create_task(talking.answer("b", "+1 s25"))
    await asyncio.sleep(0.01)
    assert not following.done()
    await talking.settle()
    await following
    talking.confirm("b", "+1 s25")
    await talking.settle()
    assert talking.conversation.report()["sales"] == {"s25": 3}


async def test_words_that_are_confirmed_while_a_turn_is_on_are_answered_after_it() -> None:
    talking, _ = talk()
    await talking.answer("a", "2 s25")
    talking.confirm("a", "2 s25")
    talking.confirm("b", "1 a56")
    await talking.settle()
    assert await words(await talking.answer("b", "1 a56"))
    await talking.settle()
    assert talking.conversation.report()["sales"] == {"s25": 2, "a56": 1}


async def test_a_reply_that_never_ends_does_not_hold_up_the_next_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("voyaltis_flow.voice.talk.PATIENCE", 0.05)
    talking, _ = talk(responder=Endless())
    await talking.answer("a", "2 s25")
    talking.confirm("a", "2 s25")
    await asyncio.wait_for(talking.settle(), 2)
    assert talking.conversation.report()["sales"] == {"s25": 2}


async def test_a_fault_of_ours_is_no_silence() -> None:
    class Faulty(Endless):
        async def respond(self, request: Request) -> AsyncGenerator[str | Usage, None]:
            raise ZeroDivisionError
            yield ""

    talking, _ = talk(responder=Faulty())
    assert (await turn(talking, "a", "2 s25"))[-1] == "What did customers say?"


async def test_the_agent_speaks_unasked_only_where_nobody_speaks() -> None:
    talking, _ = talk()
    await talking.answer("a", "2 s25")
    assert talking.speak(talking.conversation.silence) is None
    talking.leave("a")
    assert talking.speak(talking.conversation.silence) is not None
    assert talking.speak(talking.conversation.silence) is None


async def test_a_conversation_begins_with_its_opening() -> None:
    talking, kept = talk(begin())
    opening = talking.speak(talking.conversation.open)
    assert (await words(opening))[-1] == "What did you sell?"
    talking.heard("Hi Ann! I take notes.", interrupted=True)
    await talking.settle()
    assert "asked" not in kinds(kept.events)
    assert talking.conversation.state.spent == 0


async def test_the_end_keeps_what_was_being_answered() -> None:
    talking, kept = talk()
    await talking.answer("a", "2 s25")
    talking.confirm("a", "2 s25")
    await talking.end("hung_up")
    assert talking.over.is_set()
    assert talking.conversation.state.ended_because == "hung_up"
    assert replay(kept.events, opened().state) == talking.conversation.state
    assert await talking.answer("b", "1 a56") is None


async def test_a_correction_is_kept_or_refused_in_words() -> None:
    talking, kept = talk()
    assert await talking.correct("sales", "s25", 4) is None
    assert kinds(kept.events) == ["recorded"]
    assert isinstance(await talking.correct("sales", "nothing", 4), Refusal)


async def test_a_reply_that_was_written_before_it_was_confirmed_is_the_one_that_counts() -> None:
    responder = Scripted([reply("First. What did customers say?", "feedback")], [reply("Second.", "feedback")])
    talking, _ = talk(responder=responder)
    spoken = await words(await talking.answer("a", "2 s25"))
    talking.confirm("a", "2 s25")
    talking.heard(" ".join(spoken), interrupted=False)
    await talking.settle()
    assert responder.asked == 1
    assert talking.conversation.state.transcript[-1].text == " ".join(spoken)


async def test_a_candidate_that_came_to_nothing_does_not_silence_the_agent() -> None:
    talking, _ = talk()
    await words(await talking.answer("a", "2 s25"))
    await asyncio.sleep(0.01)
    assert talking.speak(talking.conversation.silence) is not None


async def test_what_goes_wrong_while_the_app_is_told_does_not_stop_the_conversation() -> None:
    async def fails(_: object) -> None:
        raise ZeroDivisionError

    talking, _ = talk()
    talking.on_settled = fails
    await turn(talking, "a", "2 s25")
    await turn(talking, "b", "fb good")
    await talking.told()
    assert talking.conversation.report()["sales"] == {"s25": 2}


async def test_a_correction_in_mid_answer_stands_and_loses_no_words() -> None:
    talking, kept = talk()
    await turn(talking, "a", "2 s25")
    await talking.answer("b", "+1 s25")
    talking.confirm("b", "+1 s25")
    assert await talking.correct("sales", "s25", 5) is None
    assert kept.held[-1] == "+1 s25"
    await talking.settle()
    assert talking.conversation.report()["sales"] == {"s25": 5}
    assert replay(kept.events, opened().state) == talking.conversation.state


async def test_a_correction_stands_though_a_candidate_was_made_before_it() -> None:
    talking, kept = talk()
    await turn(talking, "a", "2 s25")
    await words(await talking.answer("b", "+1 s25"))
    assert await talking.correct("sales", "s25", 5) is None
    talking.confirm("b", "+1 s25")
    await talking.settle()
    assert talking.conversation.report()["sales"] == {"s25": 5}
    assert replay(kept.events, opened().state) == talking.conversation.state


async def test_what_is_said_after_a_correction_counts_for_more() -> None:
    talking, _ = talk()
    await talking.answer("a", "2 s25")
    assert await talking.correct("sales", "s25", 5) is None
    talking.leave("a")
    await turn(talking, "b", "3 s25")
    assert talking.conversation.report()["sales"] == {"s25": 3}


async def test_all_that_was_confirmed_and_has_not_happened_is_held() -> None:
    talking, kept = talk()
    await talking.answer("a", "2 s25")
    talking.confirm("a", "2 s25")
    talking.confirm("b", "1 a56")
    assert kept.held[-1] == "2 s25 1 a56"
    await talking.settle()
    assert kept.held[-1] == "1 a56"


async def test_words_that_were_a_candidate_when_it_ended_count() -> None:
    talking, kept = talk()
    await words(await talking.answer("a", "2"))
    await words(await talking.answer("b", "2 s25"))
    await talking.end("app")
    assert talking.conversation.report()["sales"] == {"s25": 2}
    assert kept.held == ["2 s25"]


async def test_all_that_is_kept_is_told_what_was_paid_for_included() -> None:
    talking, kept = talk(responder=Endless())
    told: list[Event] = []
    talking.on_happened = told.extend
    await talking.answer("a", "2 s25")
    talking.confirm("a", "2 s25")
    await talking.end("hung_up")
    assert told == kept.events
    assert "usage_charged" in kinds(told)


async def test_the_app_is_told_of_nothing_that_is_not_kept() -> None:
    talking, kept = talk()
    told: list[Turn] = []

    async def tell(turn: Turn) -> None:
        told.append(turn)

    talking.on_settled = tell
    await turn(talking, "a", "2 s25")
    kept.writes = False
    await turn(talking, "b", "1 a56")
    await talking.told()
    assert [turn.text for turn in told] == ["2 s25"]


async def test_one_who_waits_for_the_next_turn_has_it_when_it_begins() -> None:
    talking, _ = talk()
    await talking.answer("a", "2 s25")
    talking.confirm("a", "2 s25")
    waiting = asyncio.create_task(talking.answer("b", "1 a56"))
    await asyncio.sleep(0)
    talking.confirm("b", "1 a56")
    await asyncio.gather(talking.settle(), talking.settle())
    answer = await asyncio.wait_for(waiting, 1)
    assert answer is not None
    assert talking.turn is answer.turn


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["2 s25", "+1 s25", "1 a56", "fb good", "- s25", "in lidl"]),
            st.lists(st.sampled_from(["9 s25", "fb bad", "1"]), max_size=2),
            st.sampled_from([None, "", "Got"]),
        ),
        max_size=6,
    )
)
def test_whatever_was_speculated_and_interrupted_the_journal_tells_the_state(
    turns: list[tuple[str, list[str], str | None]],
) -> None:
    async def go() -> None:
        talking, kept = talk()
        for number, (said, candidates, heard) in enumerate(turns):
            if talking.conversation.ended:
                break
            for candidate in candidates:
                await talking.answer(f"{number}-{candidate}", candidate)
            await turn(talking, str(number), said, heard)
        assert replay(kept.events, opened().state) == talking.conversation.state
        assert [line.text for line in talking.conversation.state.transcript if line.speaker == "rep"] == kept.held

    asyncio.run(go())
