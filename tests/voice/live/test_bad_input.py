"""What no conversation can be made of: each has a clear word in the log and, where somebody is there, for the app."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import numpy as np
import pytest
import pytest_asyncio

from tests.voice.live.house import House, house
from tests.voice.live.side_by_side import Scenario, SideBySide, name, wanted
from tests.voice.live.talking import agent_words, opening, spoken
from voyaltis_flow.engine.events import Person
from voyaltis_flow.reports import ConversationOver, Order
from voyaltis_flow.rooms.dispatch import Dispatches
from voyaltis_flow.rooms.livekit import Livekit, LivekitError
from voyaltis_flow.rooms.participant import HungUp, Participant
from voyaltis_flow.rooms.tokens import rep_token
from voyaltis_flow.speech.pcm import Pcm

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.xdist_group("live")]

SALES = "J'ai vendu deux Galaxy S25 et trois Family Hub."
SOLD = {"ph-s25": 2, "fr-family-hub": 3}
BROKEN_FLOW = "version: 2\nflow: broken\nlanguages: [fr]\nopening: {fr: Bonjour}\npoints: [{id: sales, type: parrot}]\n"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def agent(livekit: Livekit, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """An agent in a project of its own, in which a flow is broken."""
    folder = tmp_path_factory.mktemp("project")
    (folder / "voyaltis.yaml").write_text("version: 1\n")
    (folder / "flows").mkdir()
    (folder / "flows" / "broken.yaml").write_text(BROKEN_FLOW)
    async with house(livekit, folder) as running:
        yield running


@asynccontextmanager
async def stranger(agent: House, metadata: str) -> AsyncIterator[tuple[Participant, str]]:
    """A rep whose token somebody else has made, with metadata of their own, and their room."""
    room = f"room-{uuid4().hex[:8]}"
    async with agent.livekit.api() as api:
        await Dispatches(api, agent.name).send(room, metadata)
    token = rep_token(agent.livekit, Order(uuid4().hex, room, agent.name, "{}"), Person())
    rep = await Participant.connect(agent.livekit.url, token)
    try:
        yield rep, room
    finally:
        await rep.leave()


async def told(agent: House, rep: Participant, room: str, code: str) -> str:
    """Waits until the agent has told why it can't serve, and has left; what it said."""
    error = await rep.until(lambda: next(iter(rep.streams.errors), None), 20, f"no {code} is told")
    assert error.code == code
    async with agent.livekit.api() as api, asyncio.timeout(10):
        while await Dispatches(api, agent.name).agents(room):
            await asyncio.sleep(0.25)
    assert not rep.ear.voices
    return error.message


async def metadata_that_means_nothing_is_refused(agent: House) -> None:
    deep = "[" * 7_000 + "]" * 7_000
    for metadata in ("", "{", deep, "null", '{"flow": ["event_debrief"]}', '{"flow": "../../etc/passwd"}'):
        async with stranger(agent, metadata) as (rep, room):
            assert await told(agent, rep, room, "metadata_invalid")


async def a_megabyte_of_metadata_is_refused(agent: House) -> None:
    """By the server; by the agent, as much of it as the server passes on."""
    with pytest.raises(LivekitError, match="size exceeds limits"):
        async with stranger(agent, named("x" * 1_000_000)):
            pass
    async with stranger(agent, named("x" * 60_000)) as (rep, room):
        await told(agent, rep, room, "metadata_invalid")
    assert all(len(json.dumps(entry)) < 1_000 for entry in agent.logged("metadata_refused"))


def named(name: str) -> str:
    """The metadata of a conversation with somebody of this name."""
    return json.dumps({"flow": "event_debrief", "rep": {"name": name}})


async def what_is_not_there_is_refused_by_its_name(agent: House) -> None:
    async with agent.rep("debrief_of_nobody") as (rep, opened):
        assert "Ce débrief n'existe pas ici" in await told(agent, rep, opened.room, "flow_unknown")
    lease = await agent.store.lease(opened.conversation)
    assert lease is not None
    assert lease.closed
    async with agent.rep(style="style_of_nobody", language="en") as (rep, opened):
        assert "There is no such style here" in await told(agent, rep, opened.room, "style_unknown")
    async with agent.rep(language="de") as (rep, opened):
        await told(agent, rep, opened.room, "language_unknown")


async def a_flow_with_mistakes_is_refused_and_the_log_has_them(agent: House) -> None:
    async with agent.rep("broken") as (rep, opened):
        assert "voyaltis-flow validate" in await told(agent, rep, opened.room, "flow_invalid")
    assert any("broken.yaml:5" in entry["reason"] for entry in agent.logged("content_error"))


async def a_conversation_that_has_ended_is_not_begun_again(agent: House) -> None:
    async with agent.rep() as (rep, opened):
        await opening(rep)
        await rep.end()
        await rep.until(lambda: rep.streams.report, 10, "no report")
        await rep.until(lambda: rep.agent is None, 10, "the agent stays in the room")
    with pytest.raises(ConversationOver):
        await agent.open(conversation=opened.conversation)
    again = json.dumps({"flow": "event_debrief", "conversation": opened.conversation})
    async with stranger(agent, again) as (late, room):
        await told(agent, late, room, "conversation_over")


async def a_second_rep_is_told_that_the_place_is_taken(agent: House) -> None:
    async with agent.rep() as (rep, opened):
        await opening(rep)
        order = Order(opened.conversation, opened.room, agent.name, "{}")
        second = await Participant.connect(opened.url, rep_token(agent.livekit, order, Person(id="second")))
        try:
            error = await second.until(lambda: second.streams.errors, 10, "the second rep is told nothing")
            assert error[0].code == "too_many_reps"
            await spoken(rep, SALES)
            assert rep.streams.progress[-1].document["points"]["sales"] == SOLD
            assert not rep.streams.errors
        finally:
            await second.leave()


async def a_rep_without_a_microphone_is_told_so(agent: House) -> None:
    opened = await agent.open()
    rep = await Participant.connect(opened.url, opened.token, with_microphone=False)
    try:
        error = await rep.until(lambda: rep.streams.errors, 30, "nothing is told")
        assert error[0].code == "no_microphone"
    finally:
        await rep.leave()


async def music_is_no_answer_and_nothing_is_recorded_of_it(agent: House) -> None:
    async with agent.rep() as (rep, _):
        await opening(rep)
        played = rep.say(music(10.0), "music")
        await rep.until(lambda: played.ended, 20, "it is not played")
        await spoken(rep, SALES)
        progress = rep.streams.progress[-1].document
        assert progress["points"]["sales"] == SOLD
        assert not progress["points"].get("key_insights")
        assert len(agent_words(rep)) <= 4


def music(seconds: float, rate: int = 48_000) -> Pcm:
    """Chords with a beat, as a stand plays them."""
    at = np.arange(int(seconds * rate)) / rate
    notes = 220.0 * 2.0 ** (np.array([0, 4, 7, 12])[:, None] / 12.0) * 2.0 ** (np.floor(at)[None, :] % 4 / 12.0)
    chords = np.sin(2 * np.pi * np.cumsum(notes, axis=1) / rate).mean(axis=0) * (1.0 - 0.7 * (2 * at % 1))
    drums = np.random.default_rng(7).normal(size=at.size) * np.exp(-30 * (2 * at % 1)) * 0.3
    return Pcm(((chords + drums) * 8_000).clip(-32_000, 32_000).astype(np.int16), rate)


async def where_nobody_comes_the_agent_leaves_and_comes_again_with_the_rep(agent: House) -> None:
    opened = await agent.open()
    async with agent.livekit.api() as api:
        dispatches = Dispatches(api, agent.name)
        await dispatches.send(opened.room, named("Thomas"))
        async with asyncio.timeout(90):
            while not any(entry.get("room") == opened.room for entry in agent.logged("nobody_came")):
                await asyncio.sleep(0.25)
        async with asyncio.timeout(10):
            while opened.room in await dispatches.rooms():
                await asyncio.sleep(0.25)
    rep = await Participant.connect(opened.url, opened.token)
    await opening(rep)
    await rep.leave()


async def a_token_of_another_room_lets_nobody_in(agent: House) -> None:
    mine = await agent.open()
    forged = rep_token(
        Livekit(agent.livekit.url, agent.livekit.api_key, "another-secret-of-thirty-two-letters"),
        Order(mine.conversation, mine.room, agent.name, "{}"),
        Person(),
    )
    with pytest.raises(HungUp, match="no room could be entered"):
        await Participant.connect(mine.url, forged)


SCENARIOS: tuple[Scenario[House], ...] = (
    where_nobody_comes_the_agent_leaves_and_comes_again_with_the_rep,
    metadata_that_means_nothing_is_refused,
    a_megabyte_of_metadata_is_refused,
    what_is_not_there_is_refused_by_its_name,
    a_flow_with_mistakes_is_refused_and_the_log_has_them,
    a_conversation_that_has_ended_is_not_begun_again,
    a_second_rep_is_told_that_the_place_is_taken,
    a_rep_without_a_microphone_is_told_so,
    music_is_no_answer_and_nothing_is_recorded_of_it,
    a_token_of_another_room_lets_nobody_in,
)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def side_by_side(agent: House, request: pytest.FixtureRequest) -> SideBySide[House]:
    """Those that are to be tested, begun."""
    return SideBySide(agent, wanted(request), at_a_time=4)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=name)
async def test_bad_input(side_by_side: SideBySide[House], scenario: Scenario[House]) -> None:
    await side_by_side.outcome(scenario)
