"""The `call` command as its user has it, with an agent on a real server that does what the test tells it."""

from __future__ import annotations

import asyncio
import json
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from livekit import rtc
from voyaltis_cli.exits import Code

from tests.cli.conftest import COMMAND, Run, environment
from tests.livekit_server import livekit  # noqa: F401
from tests.rooms.participant.scripted import SOON, ScriptedAgent, tone
from voyaltis_flow.engine.compiled import CompiledScript
from voyaltis_flow.engine.conversation import Conversation
from voyaltis_flow.project import load_script
from voyaltis_flow.reports import Store
from voyaltis_flow.rooms.livekit import Livekit
from voyaltis_flow.rooms.metadata import JobMetadata, parse_metadata
from voyaltis_flow.rooms.participant.changes import Changes
from voyaltis_flow.rooms.participant.ear import Ear
from voyaltis_flow.rooms.participant.participant import SPEED
from voyaltis_flow.rooms.protocol import Announcement, report_bytes
from voyaltis_flow.speech import pico
from voyaltis_flow.speech.pcm import Pcm, write_wav

WORD = 0.3
"""Seconds of each of the agent's sentences."""
START = 40.0
"""Seconds in which the command has started, on a machine that others use."""
NOBODY = {"LIVEKIT_URL": "ws://127.0.0.1:9", "LIVEKIT_API_KEY": "key-of-nobody", "LIVEKIT_API_SECRET": "s" * 32}


class Called:
    """A running `call`, and its agent as soon as there is a room. What the rep says is taken for `words`."""

    def __init__(self, livekit: Livekit, folder: Path) -> None:  # noqa: F811
        self.livekit, self._url = livekit, f"sqlite:///{folder / 'store.db'}"
        self.settings = {
            "LIVEKIT_URL": livekit.url,
            "LIVEKIT_API_KEY": livekit.api_key,
            "LIVEKIT_API_SECRET": livekit.api_secret,
            "VOYALTIS_STORE": self._url,
        }
        self._folder, self._changes = folder, Changes()
        self._ear = Ear(self._changes)

    async def run(self, *flags: str, acts: Callable[[Called], Awaitable[None]]) -> tuple[int, str, str]:
        """Exit code and output of a call, during which the agent acts."""
        self.process = await asyncio.create_subprocess_exec(
            COMMAND,
            *("call", "event_debrief", "--say", "lines.txt", "--agent", "clerk", *flags),
            cwd=self._folder,
            env=environment(**self.settings),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            output, _ = await asyncio.wait_for(asyncio.gather(self.process.communicate(), acts(self)), 90)
        finally:
            await self._ear.close()
        return self.process.returncode or 0, *(part.decode() for part in output)

    async def agent(self) -> ScriptedAgent:
        """An agent that has come into the room, and hears the rep."""
        order = await self._order()
        self.identity = f"rep-{order.conversation}"
        self.metadata = parse_metadata(order.metadata)
        self.clerk = ScriptedAgent(self.livekit, order.room, "clerk-1")
        self.clerk.room.on("track_subscribed", lambda track, _, rep: self._ear.listen(track, rep.identity))
        await self.clerk.joins()
        return self.clerk

    async def was_said(self, number: int) -> None:
        """Waits until the rep has said so many lines."""
        voices = self._ear.voices
        await self._changes.until(
            lambda: len(voices) >= number and voices[number - 1].ended, 3 * SOON, f"no line {number}"
        )

    async def _order(self) -> Any:
        store = Store.open(self._url)
        try:
            async with asyncio.timeout(START):
                while not (leases := await store.leases("clerk")):
                    await asyncio.sleep(0.05)
            return leases[0].order
        finally:
            store.close()


@pytest.fixture
def called(livekit: Livekit, tmp_path: Path) -> Called:  # noqa: F811
    (tmp_path / "lines.txt").write_text("# before\n@sales: Deux S25.\n@customer_feedback: Ravis.\n", "utf-8")
    return Called(livekit, tmp_path)


async def debriefs(called: Called) -> None:
    """Holds a conversation with the engine; only its voice says no more than thanks."""
    clerk, script = await called.agent(), load_script("event_debrief")
    conversation = Conversation(CompiledScript.compile(script.flow, script.style, script.catalogs), "c1")
    turns = [conversation.open(1.0)]
    for place, words in enumerate(["Deux S25.", "Les clients étaient ravis.", ""]):
        turn = turns[-1]
        said = [output.text for output in turn.finish() if hasattr(output, "text")]
        conversation.commit(turn, at=2.0 + place)
        await clerk.says(f"s{place}", [f"{sentence} " for sentence in said])
        await clerk.speaks(pico.speak("Merci beaucoup.", "fr", SPEED))
        await clerk.sends("voyaltis.progress", conversation.progress())
        if words:
            await called.was_said(place + 1)
            await clerk.hears(called.identity, f"u{place}", [words])
            turns.append(conversation.hear(words, 3.0 + place))
    conversation.end("complete", 9.0)
    report = report_bytes(conversation.report())
    announced = Announcement.of("c1", report)
    await clerk.reports(report.decode(), announced)
    await clerk.announces(called.identity, announced)
    await clerk.leaves()


async def test_the_conversation_is_printed_as_it_goes_and_its_report_at_the_end(called: Called, tmp_path: Path) -> None:
    flags = ("--json", "call.json", "--record", "call.wav", "--transcribe")
    code, printed, complaints = await called.run(*flags, acts=debriefs)
    assert (code, complaints) == (0, "")
    lines = printed.splitlines()
    assert lines[0].startswith("‹ Bonjour !")
    assert "› Deux S25." in lines
    assert "  entendu: Les clients étaient ravis." in lines
    assert "  + 2 S25 « Deux S25 »" in lines
    assert "Débrief après un événement" in printed
    assert "« Deux S25 »" in printed.split("Débrief")[1].replace("\u00a0", " ")
    assert (tmp_path / "call.wav").stat().st_size > 16_000
    document = json.loads((tmp_path / "call.json").read_text("utf-8"))
    assert document["report"]["sales"] == {"ph-s25": 2}
    assert [(turn["asked"], turn["said"]) for turn in document["turns"]] == [
        (None, None),
        ("sales", "Deux S25."),
        ("customer_feedback", "Ravis."),
    ]
    assert all("merci" in turn["transcribed"].lower() for turn in document["turns"])
    assert document["turns"][2]["recognised"] == "Les clients étaient ravis."
    assert 0 < document["timings"]["opening"] < document["timings"]["report"]
    assert all(turn["seconds_to_first_sound"] > 0 for turn in document["turns"])


async def test_the_agent_is_told_what_the_flags_say(called: Called) -> None:
    async def refuses(called: Called) -> None:
        clerk = await called.agent()
        await clerk.sends("voyaltis.error", {"code": "style_unknown", "message": "Ce style n'existe pas ici."})
        await called.process.wait()
        await clerk.leaves()

    flags = ("--style", "casual_relaxed", "--lang", "en", "--rep", "Zoé", "--event", "Lyon", "--json", "call.json")
    code, _, complaints = await called.run(*flags, acts=refuses)
    assert (code, complaints) == (1, "voyaltis-flow: Ce style n'existe pas ici. (style_unknown)\n")
    told = called.metadata
    assert isinstance(told, JobMetadata)
    assert (told.flow, told.style, told.language) == ("event_debrief", "casual_relaxed", "en")
    assert (told.rep.name, told.event.name) == ("Zoé", "Lyon")


async def test_a_call_that_fails_in_the_middle_is_told_with_what_was_said_before(
    called: Called, tmp_path: Path
) -> None:
    async def asks_once(called: Called) -> None:
        clerk = await called.agent()
        await clerk.says("s0", ["Alors ?"])
        await asyncio.sleep(0.5)  # words and voice come by ways of their own
        await clerk.speaks(WORD)
        await called.was_said(1)
        await clerk.sends("voyaltis.error", {"code": "internal_fault", "message": "Quelque chose a cassé."})
        await called.process.wait()
        await clerk.leaves()

    code, printed, complaints = await called.run("--json", "call.json", acts=asks_once)
    assert (code, complaints) == (1, "voyaltis-flow: Quelque chose a cassé. (internal_fault)\n")
    assert printed.startswith("‹ Alors ?\n")
    document = json.loads((tmp_path / "call.json").read_text("utf-8"))
    assert document["report"] is None
    assert [turn["said"] for turn in document["turns"]] == [None, "Deux S25."]


@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGTERM])
async def test_an_interrupted_call_is_ended_for_the_agent_too(called: Called, kind: signal.Signals) -> None:
    async def is_left(called: Called) -> None:
        clerk = await called.agent()
        clerk.answers("voyaltis.end", "ok")
        await clerk.speaks(WORD)
        await called.was_said(1)
        called.process.send_signal(kind)
        await clerk.changes.until(lambda: clerk.asked, 3 * SOON, "the end is not asked for")
        await called.process.wait()
        await clerk.leaves()

    code, _, complaints = await called.run(acts=is_left)
    ours = [line for line in complaints.splitlines() if "livekit_ffi" not in line]  # its library may find it sudden
    assert (code, ours) == (Code.INTERRUPTED, [])


async def test_without_an_agent_it_is_told_how_to_start_one(called: Called) -> None:
    async def nobody(_: Called) -> None:
        return

    code, _, complaints = await called.run(acts=nobody)
    assert code == Code.LACKING
    assert "no agent came within 10 s: is `voyaltis-flow agent` running with --name clerk?" in complaints


@pytest.mark.parametrize(
    ("flags", "environ", "code", "told"),
    [
        ((), {}, Code.LACKING, "LIVEKIT_URL is not set"),
        ((), {"LIVEKIT_URL": "ws://x"}, Code.LACKING, "LIVEKIT_API_KEY and LIVEKIT_API_SECRET must be set"),
        ((), NOBODY, Code.LACKING, "Is a LiveKit server running there?"),
        ((), {**NOBODY, "VOYALTIS_STORE": "carrier-pigeon"}, Code.MISUSE, "store"),
        (("--say", "nothing.txt"), NOBODY, Code.MISUSE, "nothing.txt: No such file"),
        (("--say", "empty.txt"), NOBODY, Code.MISUSE, "empty.txt: there is no line in it"),
        (("--say", "folder"), NOBODY, Code.MISUSE, "broken.wav is no WAV file"),
        (("--lang", "de"), NOBODY, Code.MISUSE, "--lang is one of fr, en"),
        (("--json", "nowhere/call.json"), NOBODY, Code.MISUSE, "--json nowhere/call.json: a file in a folder"),
        (("--record", "folder"), NOBODY, Code.MISUSE, "--record folder: a file in a folder"),
        (("--style", "casual relaxed"), NOBODY, Code.MISUSE, "casual relaxed"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_is_missing_or_means_nothing_is_told(
    flow: Run, tmp_path: Path, flags: tuple[str, ...], environ: dict[str, str], code: Code, told: str
) -> None:
    (tmp_path / "lines.txt").write_text("Deux S25.")
    (tmp_path / "empty.txt").write_text("")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "broken.wav").write_bytes(b"RIFF")
    store = {"VOYALTIS_STORE": f"sqlite:///{tmp_path / 'store.db'}"}
    done = flow("call", "event_debrief", "--say", "lines.txt", *flags, **{**store, **environ})
    assert done.returncode == code
    assert told in done.stderr


def test_a_flow_that_no_agent_could_find_is_told(flow: Run, tmp_path: Path) -> None:
    (tmp_path / "lines.txt").write_text("Deux S25.")
    (tmp_path / "mine.yaml").write_text(
        'version: 2\nflow: mine\ncatalog: grocery\nopening: "Bonjour !"\n'
        "points: [{id: sales, type: quantities, collect: Sales, ask: Quoi ?}]\n",
        "utf-8",
    )
    done = flow("call", "./mine.yaml", "--say", "lines.txt", **NOBODY)
    assert done.returncode == Code.MISUSE
    assert "put it into flows/ where the agent runs, and say `mine`" in done.stderr


async def test_recordings_are_said_as_they_are(called: Called, tmp_path: Path) -> None:
    write_wav(tmp_path / "one.wav", tone(0.4))
    silence = np.zeros(8000, np.int16)
    write_wav(tmp_path / "two.wav", Pcm(np.concatenate([silence, tone(0.4).at(8000).samples]), 8000))

    async def listens(called: Called) -> None:
        clerk = await called.agent()
        for place in range(3):
            await clerk.speaks(WORD)
            if place < 2:
                await called.was_said(place + 1)
        clerk.answers("voyaltis.end", rtc.RpcError(400, "No."))
        await clerk.sends("voyaltis.error", {"code": "internal_fault", "message": "Voilà."})
        await called.process.wait()
        await clerk.leaves()

    code, printed, _ = await called.run("--say", ".", acts=listens)
    assert code == Code.FAILED
    assert [line for line in printed.splitlines() if line.startswith("›")] == ["› one", "› two"]
