"""The process tree on a real LiveKit server: what dies comes back, what it says of itself is true, and it ends well."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import re
import signal
import socket
import time

import psutil
import pytest

from tests.voice.observe.collector import collecting
from tests.voice.supervisor.conftest import AGENT, BARE, PATIENCE, Agent, running, until
from voyaltis_flow.project import Settings
from voyaltis_flow.reports import Store, StoreError
from voyaltis_flow.rooms.server import LocalServer
from voyaltis_flow.speech.whisper.process import RecogniserProcess
from voyaltis_flow.voice.observe.tracing import ENDPOINT
from voyaltis_flow.voice.supervisor.health import PortTakenError
from voyaltis_flow.voice.supervisor.link import Orders
from voyaltis_flow.voice.supervisor.process import CHILD
from voyaltis_flow.voice.supervisor.supervisor import Duty, Supervisor
from voyaltis_flow.voice.supervisor.workers import State


def gone(*processes: psutil.Process) -> bool:
    """Whether they have all ended; a zombie has."""
    return not any(process.is_running() and process.status() != psutil.STATUS_ZOMBIE for process in processes)


async def health(agent: Agent) -> dict[str, object]:
    body: dict[str, object] = json.loads((await agent.get())[1])
    return body


async def sample(agent: Agent, name: str) -> float:
    """What the metrics page says."""
    found = re.search(rf"^{re.escape(name)} (\S+)$", (await agent.get("/metrics"))[1], re.MULTILINE)
    return float(found[1]) if found else 0.0


def worker_is(agent: Agent, state: State) -> bool:
    return agent.supervisor.seen()[0].state == state


def changes(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What was told of whether it takes conversations."""
    events = [message.partition(":")[0] for message in caplog.messages]
    return [event for event in events if event in ("ready", "not_ready")]


async def busy(agent: Agent, conversations: int = 1) -> None:
    """Waits until it says that so many go on."""
    async with asyncio.timeout(PATIENCE):
        while (await health(agent))["conversations"] != conversations:
            await asyncio.sleep(0.05)


async def test_a_killed_worker_takes_its_conversations_along_and_is_back_at_once(
    server: LocalServer, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with running(server, store) as agent:
        await agent.ready()
        await agent.conversation("killed")
        await busy(agent)
        worker = agent.worker()
        family = [worker, *worker.children(recursive=True)]
        assert len(family) > 2
        before = await sample(agent, 'voyaltis_worker_restarts_total{reason="exited"}')
        os.kill(worker.pid, signal.SIGKILL)
        await until(lambda: gone(*family), 5)
        await agent.unready()
        await agent.ready()
        assert (await health(agent))["conversations"] == 0
        assert await sample(agent, 'voyaltis_worker_restarts_total{reason="exited"}') == before + 1
    told = re.search(r"worker_back: worker 1, ([\d.]+) s", caplog.text)
    assert told
    print(f"\na lone worker is registered again {told[1]} s after SIGKILL")


async def test_a_frozen_worker_is_killed_after_three_seconds_with_all_that_it_started(
    server: LocalServer, store: Store
) -> None:
    async with running(server, store) as agent:
        await agent.ready()
        await agent.conversation("frozen")
        worker = agent.worker()
        family = [worker, *worker.children(recursive=True)]
        began = time.monotonic()
        for process in family:
            os.kill(process.pid, signal.SIGSTOP)
        await until(lambda: gone(*family), 8)
        assert 2.5 < time.monotonic() - began < 6
        await agent.unready()
        await agent.ready()


async def test_health_is_about_being_registered_and_not_about_running(
    server: LocalServer, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    server.stop()
    try:
        async with running(server, store) as agent:
            await until(lambda: worker_is(agent, "unregistered"))
            status, body = await agent.get()
            assert status == 503
            assert json.loads(body)["problems"] == [f"no worker is registered with LiveKit at {server.livekit.url}"]
            assert await sample(agent, "voyaltis_ready") == 0
            await asyncio.to_thread(server.start)
            await until(lambda: changes(caplog) == ["not_ready", "ready"])
            assert (await agent.get())[0] == 200
            await asyncio.to_thread(server.stop)
            await until(lambda: changes(caplog) == ["not_ready", "ready", "not_ready"])
            assert (await agent.get())[0] == 503
            await asyncio.to_thread(server.start)
            await until(lambda: changes(caplog) == ["not_ready", "ready", "not_ready", "ready"])
    finally:
        server.stop()
        server.start()


async def test_a_store_that_does_not_answer_is_a_problem_and_is_named(
    server: LocalServer, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(agent: str) -> None:
        raise StoreError("the disk is full")

    async with running(server, store) as agent:
        await agent.ready()
        monkeypatch.setattr(store, "leases", fails)
        assert (await health(agent))["problems"] == ["the store does not answer: the disk is full"]
        assert (await agent.get())[0] == 503


async def test_a_store_that_hangs_is_asked_once_and_not_again(
    server: LocalServer, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    async def hangs(agent: str) -> None:
        asked.append(agent)
        await asyncio.Event().wait()

    monkeypatch.setattr("voyaltis_flow.voice.supervisor.supervisor.STORE_SECONDS", 0.2)
    async with running(server, store) as agent:
        await agent.ready()
        monkeypatch.setattr(store, "leases", hangs)
        for _ in range(3):
            assert (await health(agent))["problems"] == ["the store did not answer within 0.2 s"]
    assert len(asked) == 1


DEAF = "the recogniser on this machine does not run; it is being started"


async def test_an_agent_that_is_deaf_says_so_and_one_with_a_vendors_ears_is_not(
    server: LocalServer, store: Store
) -> None:
    ears = RecogniserProcess()
    async with running(server, store, ears=ears) as agent:
        await agent.ready()
        assert ears.pid is not None
        os.kill(ears.pid, signal.SIGKILL)
        async with asyncio.timeout(PATIENCE):
            while (await health(agent))["problems"] != [DEAF]:
                await asyncio.sleep(0.01)
        await agent.ready()
    unstarted = RecogniserProcess()
    duty = Duty(Orders(BARE, Settings(deepgram_api_key="key", agent=AGENT), server.livekit))
    assert DEAF not in (await Supervisor(duty, store, ears=unstarted).look()).problems
    duty = Duty(Orders(BARE, Settings(agent=AGENT), server.livekit))
    assert DEAF in (await Supervisor(duty, store, ears=unstarted).look()).problems


async def test_told_to_stop_it_takes_no_more_and_ends_when_its_conversations_are_over(
    server: LocalServer, store: Store
) -> None:
    async with running(server, store, workers=2) as agent:
        await agent.ready()
        await agent.conversation("last")
        await until(lambda: all(sight.pid for sight in agent.supervisor.seen()))
        workers = [psutil.Process(sight.pid) for sight in agent.supervisor.seen()]
        os.kill(os.getpid(), signal.SIGTERM)
        await agent.unready()
        assert (await health(agent))["status"] == "draining"
        await until(lambda: len([worker for worker in workers if gone(worker)]) == 1)
        assert not agent.task.done()
        await agent.hang_up("last")
        async with asyncio.timeout(20):
            assert await agent.task is True
        assert gone(*workers)


async def test_a_conversation_that_never_ends_is_cut_when_draining_has_taken_long_enough(
    server: LocalServer, store: Store
) -> None:
    async with running(server, store, drain_seconds=1) as agent:
        await agent.ready()
        await agent.conversation("endless")
        agent.supervisor.stop()
        async with asyncio.timeout(20):
            assert await agent.task is True
        await agent.hang_up("endless")


async def test_jobs_are_measured_traced_and_logged_and_their_words_stay_with_them(
    server: LocalServer, store: Store, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with collecting() as collector:
        monkeypatch.setenv(ENDPOINT, collector.url)
        async with running(server, store) as agent:
            await agent.ready()
            await agent.conversation("seen", "zinfandel")
            await busy(agent, 1)
            assert await sample(agent, 'voyaltis_turns_total{flow="small"}') == 1
            await agent.hang_up("seen")
            await busy(agent, 0)
            os.kill(agent.worker().pid, signal.SIGKILL)
            await agent.unready()
            assert await sample(agent, 'voyaltis_turns_total{flow="small"}') == 1
            assert await sample(agent, 'voyaltis_conversations_ended_total{flow="small",reason="app"}') == 1
        assert {"conversation", "turn"} <= {span.name for span in collector.spans}
    printed = capfd.readouterr().err
    assert "zinfandel" not in printed
    lines = {line["event"]: line for line in map(json.loads, printed.splitlines())}
    assert lines["staying"]["reason"] == "seen"
    for event in ("staying", "library"):
        assert lines[event].items() >= {"conversation": "of-seen", "room": "seen"}.items()
        assert lines[event]["job"].startswith("AJ_")


async def test_told_twice_it_ends_at_once(server: LocalServer, store: Store) -> None:
    async with running(server, store) as agent:
        await agent.ready()
        await agent.conversation("cut")
        worker = agent.worker()
        family = [worker, *worker.children(recursive=True)]
        agent.supervisor.stop()
        agent.supervisor.stop()
        async with asyncio.timeout(3):
            assert await agent.task is False
        await until(lambda: gone(*family), 3)


async def test_nobody_else_is_listened_to_but_this_machine(server: LocalServer, store: Store) -> None:
    async with running(server, store) as agent:
        await agent.ready()
        worker = agent.worker()
        listening = [
            connection.laddr.ip
            for process in (psutil.Process(), worker, *worker.children(recursive=True))
            for connection in process.net_connections("inet")
            if connection.status == psutil.CONN_LISTEN
        ]
    assert set(listening) == {"127.0.0.1"}
    assert len(listening) == 2


async def test_a_port_that_is_taken_is_told_before_anything_is_started(server: LocalServer, store: Store) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        supervisor = Supervisor(Duty(Orders(BARE, Settings(agent=AGENT), server.livekit), 1, port=port), store)
        with pytest.raises(PortTakenError, match=f"Can't listen on 127.0.0.1:{port}: .* --port"):
            await supervisor.run()
    assert all(CHILD not in process.cmdline() for process in psutil.Process().children(recursive=True))


async def test_a_chore_that_fails_is_told_and_begun_again(
    server: LocalServer, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    begun = []

    async def chore() -> None:
        begun.append(1)
        raise ValueError("what a rep said")

    async with running(server, store, chores=[chore]) as agent:
        await until(lambda: len(begun) == 2)
        assert not agent.task.done()
    assert "chore_failed: ValueError" in caplog.messages
