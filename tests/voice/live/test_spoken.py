"""`talk --voice`: all of it on one machine, started by one command, gone with it."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path

import psutil
import pytest

from tests.voice.live.house import COMMAND

pytestmark = pytest.mark.xdist_group("live")

FLOW = """\
version: 2
flow: short
languages: [fr]
catalog: electronics
opening: {fr: "Qu'est-ce qui a été vendu ?"}
closing: {fr: "Merci, au revoir."}
points:
  - id: sales
    type: quantities
    collect: {fr: Les ventes}
    ask: {fr: "Qu'est-ce qui a été vendu ?"}
"""
PATIENCE = 120.0
GOING_SECONDS = 10.0


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A manager's folder: a flow of one question, and what a rep says to it."""
    (tmp_path / "flows").mkdir()
    (tmp_path / "flows" / "short.yaml").write_text(FLOW, "utf-8")
    (tmp_path / "flows" / "short.fr.txt").write_text("J'ai vendu deux Galaxy S25.\n", "utf-8")
    return tmp_path


@asynccontextmanager
async def spoken(project: Path, *flags: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """The command, in a group of its own as from a shell."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "XDG_CACHE_HOME") if name in os.environ}
    process = await asyncio.create_subprocess_exec(
        COMMAND,
        *("talk", "short", "--voice", *flags),
        cwd=project,
        env={**kept, "LANG": "C.UTF-8", "VOYALTIS_STORE": f"sqlite:///{project / 'store.db'}"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),  # a shell's background jobs ignore it
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            process.kill()


async def test_a_debrief_is_spoken_from_nothing_and_leaves_nothing_running(project: Path) -> None:
    async with spoken(project, "--save", "report.json") as process:
        assert process.stdout is not None
        opening = await asyncio.wait_for(process.stdout.readline(), PATIENCE)
        started = psutil.Process(process.pid).children(recursive=True)
        printed, complaints = await asyncio.wait_for(process.communicate(), PATIENCE)
    assert process.returncode == 0, complaints.decode()
    assert opening.decode() == "‹ Qu'est-ce qui a été vendu ?\n"
    assert "› J'ai vendu deux Galaxy S25." in printed.decode()
    report = json.loads((project / "report.json").read_text("utf-8"))
    assert report["points"]["sales"] == {"ph-s25": 2}, report["transcript"]
    assert len(started) > 4
    assert not await gone(started)


@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGKILL])
async def test_whatever_ends_it_ends_all_that_it_started(project: Path, kind: signal.Signals) -> None:
    async with spoken(project) as process:
        assert process.stdout is not None
        await asyncio.wait_for(process.stdout.readline(), PATIENCE)
        started = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(kind)
        code = await asyncio.wait_for(process.wait(), GOING_SECONDS)
    assert code == (130 if kind is signal.SIGINT else -signal.SIGKILL)
    assert len(started) > 4
    assert not await gone(started)


async def gone(processes: list[psutil.Process]) -> list[psutil.Process]:
    """Those that are still there in the end."""
    _, left = await asyncio.to_thread(psutil.wait_procs, processes, GOING_SECONDS)
    return [process for process in left if process.status() != psutil.STATUS_ZOMBIE]
