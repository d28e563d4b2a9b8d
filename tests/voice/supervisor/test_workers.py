"""When a worker's process is started again, and when it is taken for frozen."""

from __future__ import annotations

import asyncio
import os
import socket
import threading
from collections.abc import Awaitable
from itertools import pairwise
from typing import cast

import pytest

from tests.voice.supervisor.conftest import until
from voyaltis_flow.voice.supervisor import process, workers
from voyaltis_flow.voice.supervisor.link import Beat
from voyaltis_flow.voice.supervisor.process import WorkerProcess
from voyaltis_flow.voice.supervisor.workers import Worker


class Scripted:
    """A process that dies when it is told to."""

    def __init__(self) -> None:
        self.pid, self.began, self.beat = 1, asyncio.get_running_loop().time(), None
        self.registered = asyncio.Event()
        self.dead = asyncio.Event()
        self.stuck = asyncio.Event()
        self.left = self.killed = 0

    async def ended(self) -> int:
        await self.dead.wait()
        return 0

    async def frozen(self) -> None:
        await self.stuck.wait()

    def leave(self) -> None:
        self.left += 1

    async def kill(self) -> None:
        self.killed += 1


class Stage:
    """A worker, and the processes that it had."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.processes: list[Scripted] = []
        self.times: list[float] = []
        self.worker = Worker(3, self._start)

    async def _start(self, name: str) -> WorkerProcess:
        self.names.append(name)
        self.times.append(asyncio.get_running_loop().time())
        self.processes.append(Scripted())
        return cast("WorkerProcess", self.processes[-1])

    async def after(self, count: int) -> Scripted:
        """The process that is the so-manieth."""
        await until(lambda: len(self.processes) == count, 5)
        return self.processes[-1]


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "FIRST_PAUSE", 0.2)


async def test_a_process_that_ended_or_froze_is_started_again_at_once_under_a_new_name() -> None:
    stage = Stage()
    keeping = asyncio.create_task(stage.worker.keep())
    first = await stage.after(1)
    first.began -= 100
    first.dead.set()
    second = await stage.after(2)
    second.began -= 100
    second.stuck.set()
    await stage.after(3)
    assert stage.times[2] - stage.times[0] < 0.5
    assert stage.names == ["worker-3-0", "worker-3-1", "worker-3-2"]
    assert (first.killed, second.killed) == (1, 1)
    assert stage.worker.seen().restarts == 2
    keeping.cancel()


@pytest.mark.usefixtures("quick")
async def test_processes_that_die_young_are_started_again_later_and_later() -> None:
    stage = Stage()
    keeping = asyncio.create_task(stage.worker.keep())
    for count in range(1, 5):
        (await stage.after(count)).dead.set()
    await stage.after(5)
    pauses = [later - earlier for earlier, later in pairwise(stage.times)]
    assert pauses[0] < 0.2
    assert all(pause >= wanted - 0.01 for pause, wanted in zip(pauses[1:], (0.2, 0.4, 0.8), strict=True))
    (await stage.after(5)).began -= 100
    stage.processes[-1].dead.set()
    await stage.after(6)
    assert stage.times[5] - stage.times[4] < 0.2
    keeping.cancel()


@pytest.mark.usefixtures("quick")
async def test_told_to_leave_it_is_not_started_again_even_from_a_pause() -> None:
    stage = Stage()
    keeping = asyncio.create_task(stage.worker.keep())
    for count in (1, 2):
        (await stage.after(count)).dead.set()
    await until(lambda: stage.worker.seen().state == "gone", 1)
    stage.worker.leave()
    await asyncio.wait_for(keeping, 0.15)
    assert len(stage.processes) == 2


async def test_told_to_leave_the_process_is_told_and_waited_for() -> None:
    stage = Stage()
    keeping = asyncio.create_task(stage.worker.keep())
    process = await stage.after(1)
    stage.worker.leave()
    assert (process.left, stage.worker.seen().state) == (1, "leaving")
    process.dead.set()
    await asyncio.wait_for(keeping, 1)
    assert len(stage.processes) == 1


async def test_a_worker_that_is_cancelled_leaves_no_process() -> None:
    stage = Stage()
    keeping = asyncio.create_task(stage.worker.keep())
    process = await stage.after(1)
    keeping.cancel()
    await asyncio.wait({keeping})
    assert process.killed == 1


class Silent:
    """The rest of a process that only beats."""

    pid = os.getpid()


@pytest.fixture
def fast(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "BEAT_SECONDS", 0.05)
    monkeypatch.setattr(process, "SILENT_SECONDS", 0.3)
    monkeypatch.setattr(process, "STARTING_SECONDS", 0.8)


def beating() -> tuple[WorkerProcess, socket.socket]:
    ours, theirs = socket.socketpair()
    return WorkerProcess(cast("asyncio.subprocess.Process", Silent()), ours), theirs


async def seconds(wait: Awaitable[None]) -> float:
    began = asyncio.get_running_loop().time()
    await wait
    return asyncio.get_running_loop().time() - began


@pytest.mark.usefixtures("fast")
async def test_silence_means_frozen_and_takes_longer_before_the_first_sign_of_life() -> None:
    watched, line = beating()
    assert 0.75 < await seconds(watched.frozen()) < 1.5
    line.send(Beat(7, registered=True, conversations=2).line())
    await until(lambda: watched.beat, 1)
    assert watched.beat == Beat(7, registered=True, conversations=2)
    assert watched.registered.is_set()
    assert 0.25 < await seconds(watched.frozen()) < 0.7
    line.close()


@pytest.mark.usefixtures("fast")
async def test_a_supervisor_that_was_stopped_itself_blames_nobody() -> None:
    watched, line = beating()
    line.send(Beat(7, registered=True, conversations=0).line())
    await until(lambda: watched.beat, 1)
    freezing = asyncio.create_task(watched.frozen())
    await asyncio.sleep(0.1)
    for _ in range(3):
        threading.Event().wait(0.5)
        line.send(Beat(7, registered=True, conversations=0).line())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    assert not freezing.done()
    freezing.cancel()
    line.close()


async def test_beats_that_came_together_count_by_the_last_and_a_cut_one_is_a_sign_of_life() -> None:
    watched, line = beating()
    line.send(
        Beat(7, registered=False, conversations=1).line() + Beat(7, registered=True, conversations=4).line() + b'{"reg'
    )
    await until(lambda: watched.beat, 1)
    assert watched.beat == Beat(7, registered=True, conversations=4)
    line.close()
