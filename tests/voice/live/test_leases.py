"""A conversation outlives its agent: killed or frozen, its process or its worker, another one goes on with the same."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from itertools import product
from pathlib import Path

import psutil
import pytest
import pytest_asyncio

from tests.voice.live.house import House, house
from tests.voice.live.side_by_side import SideBySide
from tests.voice.live.talking import answered, listening, opening, spoken
from voyaltis_flow.engine.state import replay
from voyaltis_flow.rooms.livekit import Livekit
from voyaltis_flow.rooms.participant import Participant
from voyaltis_flow.rooms.server import running_server

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.xdist_group("live")]

SALES = "J'ai vendu deux Galaxy S25."
SOLD = {"ph-s25": 2}
HEARD_AGAIN_SECONDS = 8.0
"""Five on a machine that has nothing else to do."""
AGENT_SECONDS = 20.0

Harm = Callable[[House, psutil.Process], None]
Moment = Callable[[Participant], Awaitable[None]]


def kill_job(agent: House, job: psutil.Process) -> None:
    os.kill(job.pid, signal.SIGKILL)


def freeze_job(agent: House, job: psutil.Process) -> None:
    os.kill(job.pid, signal.SIGSTOP)


def kill_worker(agent: House, job: psutil.Process) -> None:
    mine = next(worker for worker in agent.workers() if job in worker.children(recursive=True))
    os.killpg(os.getpgid(mine.pid), signal.SIGKILL)


async def while_the_rep_speaks(rep: Participant) -> None:
    said = await rep.say_text(SALES, "fr")
    await rep.until(lambda: said.share > 0.3, 15, "it was not said")


async def while_the_agent_answers(rep: Participant) -> None:
    await answered(rep, SALES)


async def between_two_turns(rep: Participant) -> None:
    await spoken(rep, SALES)


async def heard_again(rep: Participant, agent: House, conversation: str, harm: Harm) -> float:
    """Seconds until another agent is heard, after harm was done to the one that is there."""
    holder = rep.agent
    assert holder is not None
    began = time.time()
    harm(agent, agent.holder(conversation))
    await rep.until(lambda: rep.agent and rep.agent.identity != holder.identity, AGENT_SECONDS, "no other agent comes")
    assert rep.agent is not None
    joined = rep.agent.joined
    voice = await rep.until(lambda: rep.ear.first_since(joined), AGENT_SECONDS, "the other agent is not heard")
    return voice.began - began


async def survives(agent: House, harm: Harm, moment: Moment) -> None:
    """A conversation in which the agent is harmed once."""
    async with agent.rep() as (rep, opened):
        await opening(rep)
        await moment(rep)
        job, before = agent.holder(opened.conversation), rep.streams.progress[-1].document
        waited = await heard_again(rep, agent, opened.conversation, harm)
        print(f"{harm.__name__} {moment.__name__}: heard again after {waited:.1f} s")
        assert waited < HEARD_AGAIN_SECONDS
        if harm is freeze_job:
            os.kill(job.pid, signal.SIGCONT)
        await listening(rep)
        if moment is while_the_rep_speaks:
            await spoken(rep, SALES)
        await rep.until(lambda: rep.streams.progress[-1].document["turn"] == 1, 30, "the turn does not settle")
        after = rep.streams.progress[-1].document
        assert after["points"]["sales"] == SOLD
        if moment is between_two_turns:
            assert (after["points"], after["budget"]["questions"]) == (before["points"], before["budget"]["questions"])
        await rep.end()
        report = await rep.until(lambda: rep.streams.report, 10, "no report")
    assert report.document["sales"] == SOLD
    await gone(job)
    events = await agent.store.events(opened.conversation)
    assert sum(event.kind == "heard" for event in events) == 1
    assert replay(events).turns == 1


async def gone(job: psutil.Process) -> None:
    """Waits until a process has ended: one that was frozen finds that it has lost the conversation."""
    async with asyncio.timeout(AGENT_SECONDS):
        while job.is_running() and job.status() != psutil.STATUS_ZOMBIE:
            await asyncio.sleep(0.1)


HARMS = [*product((kill_job, freeze_job), (while_the_rep_speaks, while_the_agent_answers, between_two_turns))]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pair(livekit: Livekit, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """Two workers, so that one of them is idle."""
    async with house(livekit, tmp_path_factory.mktemp("pair"), workers=2) as agent:
        async with asyncio.timeout(60):
            while len(agent.logged("worker_registered")) < 2:
                await asyncio.sleep(0.1)
        yield agent


async def test_another_agent_goes_on_with_the_same_whenever_one_is_killed_or_frozen(pair: House) -> None:
    """Two at a time: the time until one is heard again is measured."""
    scenarios = [partial(survives, harm=harm, moment=moment) for harm, moment in HARMS]
    side_by_side = SideBySide(pair, scenarios, at_a_time=2)
    outcomes = await asyncio.gather(*map(side_by_side.outcome, scenarios), return_exceptions=True)
    for (harm, moment), outcome in zip(HARMS, outcomes, strict=True):
        if isinstance(outcome, BaseException):
            raise AssertionError(f"{harm.__name__} {moment.__name__}") from outcome


async def test_another_worker_goes_on_where_one_is_killed(pair: House) -> None:
    await survives(pair, kill_worker, between_two_turns)


@dataclass(frozen=True)
class Ground:
    """Where agents may be started that a test ends."""

    livekit: Livekit
    folder: Path


async def a_lone_worker_is_restarted_and_a_dispatch_that_found_none_is_served(ground: Ground) -> None:
    async with house(ground.livekit, ground.folder) as agent:
        began = time.time()
        os.killpg(os.getpgid(agent.workers()[0].pid), signal.SIGKILL)
        async with agent.rep() as (rep, _):
            await rep.until(lambda: rep.agent, 60, "no agent comes")
            there = time.time() - began
            print(
                f"a lone worker: in the room {there:.1f} s after its death; {agent.logged('worker_back')[0]['reason']}"
            )
            await opening(rep)


async def an_agent_that_is_told_to_stop_ends_its_conversations_first(ground: Ground) -> None:
    async with house(ground.livekit, ground.folder) as agent, agent.rep() as (rep, _):
        await opening(rep)
        agent.process.send_signal(signal.SIGTERM)
        await spoken(rep, SALES)
        await rep.end()
        report = await rep.until(lambda: rep.streams.report, 10, "no report")
        assert report.document["sales"] == SOLD
        assert await asyncio.wait_for(agent.process.wait(), 60) == 0


async def a_server_that_comes_back_finds_its_conversation_again(ground: Ground) -> None:
    async with (
        running_server() as server,
        house(server.livekit, ground.folder) as agent,
        agent.rep() as (rep, _),
    ):
        await opening(rep)
        await spoken(rep, SALES)
        await asyncio.to_thread(server.stop)
        await asyncio.to_thread(server.start)
        back = time.time()
        voice = await rep.until(lambda: rep.ear.first_since(back), 60, "the agent is not heard again")
        print(f"heard again {voice.began - back:.1f} s after the server was back")
        await listening(rep)
        await spoken(rep, "Les clients ont adoré l'image.")
        told = rep.streams.progress
        await rep.until(lambda: "customer_feedback" in told[-1].document["points"], 15, "the words are not noted")
        assert told[-1].document["points"]["sales"] == SOLD


ALONE = (
    a_server_that_comes_back_finds_its_conversation_again,
    an_agent_that_is_told_to_stop_ends_its_conversations_first,
    a_lone_worker_is_restarted_and_a_dispatch_that_found_none_is_served,
)


async def test_agents_and_servers_that_are_ended(livekit: Livekit, tmp_path: Path) -> None:
    """Side by side, each with an agent of its own."""

    async def outcome(scenario: Callable[[Ground], Awaitable[None]]) -> None:
        folder = tmp_path / scenario.__name__
        folder.mkdir()
        await scenario(Ground(livekit, folder))

    outcomes = await asyncio.gather(*map(outcome, ALONE), return_exceptions=True)
    if failed := [outcome for outcome in outcomes if isinstance(outcome, BaseException)]:
        raise BaseExceptionGroup("agents and servers", failed)
