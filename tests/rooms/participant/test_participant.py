"""A rep in a room of a real server: hears and speaks, collects what is sent, leaves and comes back."""

from __future__ import annotations

import asyncio
import json
import wave
from pathlib import Path
from time import time

import numpy as np
import pytest
from livekit import rtc

from tests.rooms.participant.scripted import SOON, ScriptedAgent, meeting, token, tone
from voyaltis_flow.rooms.livekit import Livekit
from voyaltis_flow.rooms.participant import Denied, HungUp, Participant
from voyaltis_flow.rooms.protocol import Announcement


async def heard(rep: Participant, number: int) -> None:
    """Waits until this many voices have been heard to their end."""
    voices = rep.ear.voices
    await rep.until(lambda: len(voices) == number and voices[-1].ended, SOON, f"no voice {number}")


async def test_an_agent_is_heard_from_its_first_sound_to_its_last(livekit: Livekit) -> None:
    async with meeting(livekit) as met:
        agent = await met.agent()
        began = time()
        await agent.speaks(0.6)
        await heard(met.rep, 1)
        (voice,) = met.rep.ear.voices
        assert voice.speaker == "agent-1"
        assert voice.ended is not None
        assert voice.ended - voice.began == pytest.approx(0.6, abs=0.4)
        assert began <= voice.began < time()
        assert not met.rep.ear.hears
        await met.rep.until(lambda: met.rep.agent and met.rep.agent.state == "listening", SOON, "no state")


async def test_what_is_said_is_marked_from_its_first_audible_sample_to_its_last(livekit: Livekit) -> None:
    async with meeting(livekit) as met:
        silence = np.zeros(24_000, np.int16)
        padded = type(tone(0))(np.concatenate([silence, tone(0.5).samples, silence]), 48_000)
        said = met.rep.say(padded, "Deux S25.")
        ended = await met.rep.until(lambda: said.ended, SOON, "it is not said")
        assert said.began is not None
        assert said.seconds == pytest.approx(0.5, abs=0.03)
        assert ended - said.began >= 0.4
        assert said.share == 1.0


async def test_words_are_said_one_after_the_other_and_broken_off(livekit: Livekit) -> None:
    async with meeting(livekit) as met:
        first, second = await met.rep.say_text("Deux S25.", "fr"), met.rep.say(tone(30), "and so on")
        await met.rep.until(lambda: second.began, SOON, "the second is not begun")
        assert first.ended is not None
        assert second.began is not None
        assert second.began >= first.ended
        met.rep.hush()
        assert second.ended is not None
        assert second.ended - second.began < 5


async def test_the_words_of_both_sides_are_collected_as_they_change(livekit: Livekit) -> None:
    async with meeting(livekit) as met:
        agent, words = await met.agent(), met.rep.streams.words
        await agent.says("s1", ["Bonjour ", "Thomas ", "!"])
        await agent.hears("rep", "u1", ["deux", "deux est", "Deux S25."])
        await agent.hears("rep", "u2", ["Voilà."])
        await met.rep.until(lambda: len(words) == 3 and all(word.final for word in words), SOON, "words are missing")
        assert [(word.side, word.text) for word in words] == [
            ("agent", "Bonjour Thomas !"),
            ("rep", "Deux S25."),
            ("rep", "Voilà."),
        ]


async def test_progress_and_errors_are_collected(livekit: Livekit) -> None:
    async with meeting(livekit) as met:
        agent, streams = await met.agent(), met.rep.streams
        await agent.sends("voyaltis.progress", {"asked": "sales", "open": ["sales"]})
        await agent.sends("voyaltis.error", {"code": "flow_unknown", "message": "Ce débrief n'existe pas."})
        await met.rep.until(lambda: streams.progress and streams.errors, SOON, "something is missing")
        assert streams.progress[0].asked == "sales"
        assert (streams.errors[0].code, streams.errors[0].message) == ("flow_unknown", "Ce débrief n'existe pas.")


REPORT = json.dumps({"sales": {"ph-s25": 2}, "feedback": "adoré « l'écran »" * 3000}, ensure_ascii=False)
ANNOUNCED = Announcement.of("c1", REPORT.encode())


@pytest.mark.parametrize("report_first", [True, False])
async def test_a_report_is_acknowledged_in_whichever_order_it_comes(livekit: Livekit, report_first: bool) -> None:
    async with meeting(livekit) as met:
        agent = await met.agent()
        if report_first:
            await agent.reports(REPORT, ANNOUNCED)
            assert await agent.announces("rep", ANNOUNCED) == "ok"
        else:
            asking = asyncio.create_task(agent.announces("rep", ANNOUNCED))
            await asyncio.wait({asking}, timeout=0.2)
            await agent.reports(REPORT, ANNOUNCED)
            assert await asking == "ok"
        report = met.rep.streams.report
        assert report is not None
        assert (report.text, report.announced) == (REPORT, ANNOUNCED)


async def test_a_report_that_was_changed_on_the_way_is_none(livekit: Livekit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("voyaltis_flow.rooms.participant.streams.REPORT_SECONDS", 0.3)
    async with meeting(livekit) as met:
        agent = await met.agent()
        await agent.reports(REPORT + " ", ANNOUNCED)
        with pytest.raises(rtc.RpcError, match="No such report came"):
            await agent.announces("rep", ANNOUNCED)
        assert len(met.rep.streams.reports) == 1
        assert met.rep.streams.report is None


async def test_the_agent_is_asked_to_end_and_to_correct(livekit: Livekit) -> None:
    async with meeting(livekit) as met:
        with pytest.raises(Denied, match="no agent is there"):
            await met.rep.end()
        agent = await met.agent()
        agent.answers("voyaltis.end", "ok")
        agent.answers("voyaltis.correct", json.dumps({"points": {"sales": {"ph-s25": 3}}}))
        await met.rep.end()
        assert await met.rep.correct("sales", "ph-s25", 3) == {"points": {"sales": {"ph-s25": 3}}}
        correction = {"point": "sales", "key": "ph-s25", "value": 3}
        assert [(method, json.loads(payload)) for method, payload in agent.asked] == [
            ("voyaltis.end", {}),
            ("voyaltis.correct", correction),
        ]
        agent.answers("voyaltis.correct", rtc.RpcError(400, "There is no such point."))
        with pytest.raises(Denied, match=r"There is no such point\."):
            await met.rep.correct("sails", None, 3)


async def test_an_agent_that_is_replaced_is_told_apart_from_the_next_one(livekit: Livekit) -> None:
    async with meeting(livekit) as met:
        first = await met.agent()
        await first.begins(5.0)
        await met.rep.until(lambda: met.rep.ear.hears, SOON, "the first is not heard")
        await first.is_removed()
        await met.rep.until(lambda: met.rep.agent is None, SOON, "the first is still there")
        assert not met.rep.ear.hears
        second = await met.agent("agent-2")
        await second.speaks(0.4)
        await heard(met.rep, 2)
        assert [voice.speaker for voice in met.rep.ear.voices] == ["agent-1", "agent-2"]
        assert met.rep.ear.voices[0].ended is not None
        assert [agent.left is None for agent in met.rep.agents] == [False, True]


async def test_a_rep_who_comes_back_hears_speaks_and_keeps_what_was_there(livekit: Livekit, tmp_path: Path) -> None:
    async with meeting(livekit, record=tmp_path / "call.wav") as met:
        agent = await met.agent()
        await agent.speaks(0.3)
        await heard(met.rep, 1)
        await met.rep.leave()
        await met.rep.enter()
        await met.rep.until(lambda: met.rep.agent, SOON, "the agent is not there again")
        await agent.speaks(0.3)
        await heard(met.rep, 2)
        said = met.rep.say(tone(0.3))
        await met.rep.until(lambda: said.ended, SOON, "it is not said")
        await agent.says("s1", ["Te revoilà."])
        await met.rep.until(lambda: met.rep.streams.words, SOON, "no words")
    with wave.open(str(tmp_path / "call.wav")) as file:
        sides = np.frombuffer(file.readframes(file.getnframes()), np.int16).reshape(-1, 2).T
    left, right = (np.flatnonzero(np.abs(side) > 200) for side in sides)
    assert len(left) / 16_000 == pytest.approx(0.3, abs=0.1)
    assert len(right) / 16_000 == pytest.approx(0.6, abs=0.3)
    assert left[0] > right[-1] - 16_000


async def test_waiting_ends_when_the_room_is_closed(livekit: Livekit) -> None:
    async with meeting(livekit) as met:
        waiting = asyncio.create_task(met.rep.until(lambda: met.rep.streams.report, SOON, "no report"))
        agent = ScriptedAgent(livekit, met.room, "rep")
        await agent.joins()  # under the same identity, which puts the first one out
        with pytest.raises(HungUp, match="duplicate_identity"):
            await waiting
        await agent.leaves()


async def test_a_rep_without_a_microphone_hears_and_can_say_nothing(livekit: Livekit) -> None:
    rep = await Participant.connect(livekit.url, token(livekit, "mute", "rep"), with_microphone=False)
    with pytest.raises(RuntimeError, match="no microphone"):
        rep.say(tone(0.1))
    await rep.leave()


async def test_a_token_that_is_none_is_told(livekit: Livekit) -> None:
    with pytest.raises(HungUp, match="no room could be entered at ws://127"):
        await Participant.connect(livekit.url, "not-a-token")
