"""The `agent` command as its operator has it: started, looked at, told to stop, killed."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import aiohttp
import psutil
import pytest
from voyaltis_cli.agent import agent as start
from voyaltis_cli.exits import Code, CommandError

from tests.cli.conftest import COMMAND, Run, environment
from voyaltis_flow.project.places import shipped
from voyaltis_flow.rooms.livekit import Livekit
from voyaltis_flow.rooms.server import running_server
from voyaltis_flow.voice.supervisor.process import CHILD

NOWHERE = {"LIVEKIT_URL": "ws://127.0.0.1:9", "LIVEKIT_API_KEY": "key-of-nobody", "LIVEKIT_API_SECRET": "s" * 32}
PATIENCE = 120.0


@pytest.mark.parametrize(
    ("environ", "code", "told"),
    [
        ({}, Code.LACKING, "LIVEKIT_URL is not set"),
        ({"LIVEKIT_URL": "ws://x"}, Code.LACKING, "LIVEKIT_API_KEY and LIVEKIT_API_SECRET must be set"),
        ({**NOWHERE, "VOYALTIS_END_OF_TURN": "guess"}, Code.MISUSE, "VOYALTIS_END_OF_TURN: 'guess' is none of"),
        ({**NOWHERE, "VOYALTIS_RESPONDER": "parrot"}, Code.MISUSE, "unknown responder 'parrot'"),
        ({**NOWHERE, "VOYALTIS_RESPONDER": "claude"}, Code.LACKING, "ANTHROPIC_API_KEY is not set"),
        ({**NOWHERE, "VOYALTIS_STT": "parrot"}, Code.MISUSE, "VOYALTIS_STT: 'parrot' is none of"),
        ({**NOWHERE, "VOYALTIS_TTS": "elevenlabs"}, Code.LACKING, "ELEVENLABS_API_KEY is not set"),
        ({**NOWHERE, "VOYALTIS_PRICES": "p.yaml"}, Code.MISUSE, "p.yaml: models: Field required"),
        ({**NOWHERE, "VOYALTIS_STORE": "carrier-pigeon"}, Code.MISUSE, "store"),
        ({**NOWHERE, "VOYALTIS_KEEP_DAYS": "some"}, Code.MISUSE, "keep_days"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_what_is_missing_or_means_nothing_is_told_before_anything_is_started(
    environ: dict[str, str], code: Code, told: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "p.yaml").write_text("as_of: 2026-11-01\n")
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith(("VOYALTIS_", "LIVEKIT_", "ANTHROPIC_"))]:
        monkeypatch.delenv(name)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(CommandError) as caught:
        start()
    assert caught.value.code == code
    assert told in str(caught.value)


def test_a_model_that_is_not_here_ends_it_with_the_way_out(flow: Run, tmp_path: Path) -> None:
    done = flow(
        "agent", "--port", "0", **NOWHERE, VOYALTIS_WHISPER="/nowhere", VOYALTIS_STORE=f"sqlite:///{tmp_path}/s.db"
    )
    assert done.returncode == 3
    assert "The model '/nowhere' is not on this machine" in done.stderr
    assert done.stdout == ""


def test_a_style_that_its_voice_would_not_take_is_told_at_once(flow: Run, tmp_path: Path) -> None:
    (tmp_path / "styles").mkdir()
    text = (shipped() / "styles" / "casual_relaxed.yaml").read_text("utf-8")
    mine = text.replace("casual_relaxed", "mine", 1).replace("{stability:", "{stabilty:", 1)
    (tmp_path / "styles" / "mine.yaml").write_text(mine, "utf-8")
    done = flow(
        "agent", "--port", "0", **NOWHERE, ELEVENLABS_API_KEY="any", VOYALTIS_STT="offline", VOYALTIS_WHISPER="/nowhere"
    )
    assert "mine: voice.fr.settings: ElevenLabs has no 'stabilty' (did you mean stability?)" in done.stderr


def test_a_port_that_is_taken_ends_it_with_words(flow: Run, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = flow("agent", "--port", str(port), **NOWHERE, VOYALTIS_STORE=f"sqlite:///{tmp_path}/s.db")
    assert done.returncode == 3
    assert f"Can't listen on 127.0.0.1:{port}" in done.stderr
    assert "--port" in done.stderr


def test_without_the_voice_packages_it_says_how_to_have_them(tmp_path: Path) -> None:
    program = "import sys; sys.modules['livekit'] = None; from voyaltis_cli.main import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program, "agent"],
        env=environment(),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3
    assert "pip install 'voyaltis-flow[voice]'" in done.stderr


class Running:
    """An agent that runs."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.lines: list[dict[str, Any]] = []
        self.url = ""
        self.reading = asyncio.create_task(self._read())

    def family(self) -> list[psutil.Process]:
        """Its processes."""
        supervisor = psutil.Process(self.process.pid)
        return [supervisor, *supervisor.children(recursive=True)]

    def workers(self) -> list[psutil.Process]:
        """Its workers' processes."""
        return [one for one in self.family() if one.cmdline()[1:3] == ["-m", CHILD]]

    async def event(self, name: str) -> dict[str, Any]:
        """Waits for a line of the log."""
        async with asyncio.timeout(PATIENCE):
            while True:
                if found := [line for line in self.lines if line["event"] == name]:
                    return found[0]
                assert not self.reading.done() or self.reading.exception() is None
                await asyncio.sleep(0.05)

    async def status(self) -> int:
        """What its health page answers."""
        async with aiohttp.ClientSession() as session, session.get(self.url) as answer:
            return answer.status

    async def _read(self) -> None:
        """Every line is an object."""
        assert self.process.stderr is not None
        async for line in self.process.stderr:
            self.lines.append(json.loads(line))
            if self.lines[-1]["event"] == "serving":
                self.url = self.lines[-1]["reason"].partition(",")[0]


@asynccontextmanager
async def agent(livekit: Livekit, store: Path, *flags: str) -> AsyncIterator[Running]:
    """The command, on a port of its own."""
    named = {
        "LIVEKIT_URL": livekit.url,
        "LIVEKIT_API_KEY": livekit.api_key,
        "LIVEKIT_API_SECRET": livekit.api_secret,
        "VOYALTIS_STORE": f"sqlite:///{store}",
        "VOYALTIS_END_OF_TURN": "vad",
        "LIVEKIT_AGENTS_PRELOAD_LOCAL_INFERENCE": "0",
    }
    process = await asyncio.create_subprocess_exec(
        *(COMMAND, "agent", "--port", "0", *flags), env=environment(**named), stderr=asyncio.subprocess.PIPE
    )
    running = Running(process)
    try:
        yield running
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        await running.reading


async def ended(processes: list[psutil.Process]) -> None:
    """Waits until none of them runs."""
    async with asyncio.timeout(5):
        while [one for one in processes if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]:
            await asyncio.sleep(0.05)


async def test_it_says_what_it_chose_brings_workers_back_and_ends_well_when_it_is_told_to(tmp_path: Path) -> None:
    async with running_server() as server, agent(server.livekit, tmp_path / "s.db", "--name", "marie") as it:
        await it.event("ready")
        assert await it.status() == 200
        assert (await it.event("agent"))["reason"] == f"marie, for LiveKit at {server.livekit.url}"
        assert (await it.event("responder"))["reason"] == "rules, since ANTHROPIC_API_KEY is not set"
        os.kill(it.workers()[0].pid, signal.SIGKILL)
        print(f"\nSIGKILL of a lone worker: {(await it.event('worker_back'))['reason']}")
        family = it.family()
        it.process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(20):
            assert await it.process.wait() == 0
        await ended(family)
        assert (await it.event("stopped"))["reason"] == "drained"


async def test_when_it_is_killed_nothing_of_it_stays_be_it_frozen(tmp_path: Path) -> None:
    async with running_server() as server, agent(server.livekit, tmp_path / "s.db") as it:
        await it.event("ready")
        family = it.family()
        os.kill(it.workers()[0].pid, signal.SIGSTOP)
        it.process.kill()
        await ended(family)
