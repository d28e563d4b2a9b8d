"""A conversation outlives its agent: killed or frozen, its process or its worker, another one goes on with the same."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import time
from collections.abc import AsyncIterator, Callable

import psutil
import pytest
import pytest_asyncio

from tests.voice.live.house import House, house
from tests.voice.live.talking import noted, opening, spoken
from voyaltis_flow.engine.state import replay
from voyaltis_flow.rooms.livekit import Livekit
from voyaltis_flow.rooms.participant import Participant
from voyaltis_flow.rooms.server import running_server

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.xdist_group("live")]

SAID = "J'ai vendu deux Galaxy S25 et trois Family Hub."
SOLD = {"ph-s25": 2, "fr-family-hub": 3}
HEARD_AGAIN_SECONDS = 8.0
"""Five on a machine that has nothing else to do."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pair(livekit: Livekit, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """Two workers, so that one of them is idle."""
    async with house(livekit, tmp_path_factory.mktemp("pair"), workers=2) as agent:
        async with asyncio.timeout(60):
            while len(agent.logged("worker_registered")) < 2:
                await asyncio.sleep(0.1)
        yield agent


def kill_job(agent: House, job: psutil.Process) -> None:
    os.kill(job.pid, signal.SIGKILL)


def freeze_job(agent: House, job: psutil.Process) -> None:
    os.kill(job.pid, signal.SIGSTOP)


def kill_worker(agent: House, job: psutil.Process) -> None:
    mine = next(worker for worker in agent.workers() if job in worker.children(recursive=True))
    os.killpg(os.getpgid(mine.pid), signal.SIGKILL)


async def heard_again(
    rep: Participant, agent: House, room: str, harm: Callable[[House, psutil.Process], None]
) -> float:
    """Seconds until a new agent is heard, after harm was done to the one that is there."""
    holder = rep.agent
    assert holder is not None
    job = agent.holder(room)
    began = time.time()
    harm(agent, job)
    await rep.until(lambda: rep.agent and rep.agent.identity != holder.identity, 20, "no other agent comes")
    assert rep.agent is not None
    joined = rep.agent.joined
    voice = await rep.until(lambda: rep.ear.first_since(joined), 20, "the other agent is not heard")
    return voice.began - began


@pytest.mark.parametrize("harm", [kill_job, freeze_job, kill_worker])
async def test_between_two_turns_another_agent_goes_on_with_the_same(
    pair: House, harm: Callable[[House, psutil.Process], None]
) -> None:
    async with pair.rep() as (rep, opened):
        await opening(rep)
        await spoken(rep, SAID)
        before = rep.streams.progress[-1].document
        job = pair.holder(opened.conversation)
        waited = await heard_again(rep, pair, opened.conversation, harm)
        print(f"heard again after {harm.__name__}: {waited:.1f} s")
        await noted(rep, time.time() - waited)
        after = rep.streams.progress[-1].document
        assert waited < HEARD_AGAIN_SECONDS
        assert (after["points"], before["points"]["sales"]) == (before["points"], SOLD)
        assert after["budget"]["questions"] == before["budget"]["questions"]
        if harm is freeze_job:
            kept = len(await pair.store.events(opened.conversation))
            os.kill(job.pid, signal.SIGCONT)
            await asyncio.sleep(2)
            assert len(await pair.store.events(opened.conversation)) == kept
        await rep.end()
        report = await rep.until(lambda: rep.streams.report, 10, "no report")
        assert json.loads(report.text)["sales"] == SOLD


async def test_words_that_were_being_answered_are_answered_by_the_next_agent(pair: House) -> None:
    async with pair.rep() as (rep, opened):
        await opening(rep)
        said = await rep.say_text(SAID, "fr")
        ended = await rep.until(lambda: said.ended, 15, "it was not said")
        await rep.until(lambda: rep.ear.first_since(ended), 20, "no answer")
        waited = await heard_again(rep, pair, opened.conversation, kill_job)
        await rep.until(lambda: rep.streams.progress[-1].document["turn"] == 1, 30, "the turn does not settle")
        print(f"heard again in mid-answer: {waited:.1f} s")
        assert rep.streams.progress[-1].document["points"]["sales"] == SOLD
        events = await pair.store.events(opened.conversation)
        assert sum(event.kind == "heard" for event in events) == 1
        assert replay(events).turns == 1
        await rep.end()
        await rep.until(lambda: rep.streams.report, 10, "no report")


async def test_a_lone_worker_is_restarted_and_a_lost_dispatch_is_served(
    livekit: Livekit, tmp_path_factory: pytest.TempPathFactory
) -> None:
    async with house(livekit, tmp_path_factory.mktemp("lone")) as agent:
        began = time.time()
        os.killpg(os.getpgid(agent.workers()[0].pid), signal.SIGKILL)
        async with agent.rep() as (rep, _):
            await rep.until(lambda: rep.agent, 60, "no agent comes")
            back = agent.logged("worker_back")
            print(f"a lone worker is back and in the room after {time.time() - began:.1f} s: {back}")
            await opening(rep)


async def test_an_agent_that_is_told_to_stop_ends_its_conversations_first(
    livekit: Livekit, tmp_path_factory: pytest.TempPathFactory
) -> None:
    async with house(livekit, tmp_path_factory.mktemp("drain")) as agent, agent.rep() as (rep, _):
        await opening(rep)
        agent.process.send_signal(signal.SIGTERM)
        await spoken(rep, SAID)
        await rep.end()
        report = await rep.until(lambda: rep.streams.report, 10, "no report")
        assert json.loads(report.text)["sales"] == SOLD
        assert await asyncio.wait_for(agent.process.wait(), 40) == 0


async def test_a_server_that_comes_back_finds_its_conversation_again(tmp_path_factory: pytest.TempPathFactory) -> None:
    async with (
        running_server() as server,
        house(server.livekit, tmp_path_factory.mktemp("server")) as agent,
        agent.rep() as (rep, opened),
    ):
        await opening(rep)
        await spoken(rep, SAID)
        await asyncio.to_thread(server.stop)
        await asyncio.sleep(1)
        await asyncio.to_thread(server.start)
        await asyncio.sleep(8)
        said = await rep.say_text("Les clients ont adoré l'image.", "fr")
        ended = await rep.until(lambda: said.ended, 20, "it was not said")
        await rep.until(lambda: rep.ear.first_since(ended), 40, "no answer after the server came back")
        events = await agent.store.events(opened.conversation)
        assert replay(events).records[0].value == 2
