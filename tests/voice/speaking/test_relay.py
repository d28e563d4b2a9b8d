"""The agent's voice, with ElevenLabs' plugin against a stand-in, and Pico behind it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from livekit.agents import APIConnectionError
from livekit.agents.utils import http_context

from tests.standins.elevenlabs import ElevenLabs, Fault, Pace
from tests.voice.observer import Observed
from voyaltis_flow.runtime.circuit import Circuit, CircuitSettings
from voyaltis_flow.script.models import Voice as Told
from voyaltis_flow.voice.speaking import elevenlabs
from voyaltis_flow.voice.speaking.kept import Kept
from voyaltis_flow.voice.speaking.offline import OfflineTTS
from voyaltis_flow.voice.speaking.relay import Voices
from voyaltis_flow.voice.speaking.voice import RATE, Voice
from voyaltis_flow.voice.vendors import OFFLINE, SpeechChoiceError

FIRST, SECOND = "Trois frigos, c'est noté.", "Et les clients, ils en ont dit quoi ?"


@asynccontextmanager
async def spoken_by(
    api: ElevenLabs, observed: Observed | None = None, *, alone: bool = False, circuit: Circuit | None = None
) -> AsyncIterator[Voices]:
    async with http_context.open():
        told = Told(id="anna", settings={"stability": 0.4, "speed": 1.1})
        first = elevenlabs.voice("any", told, "fr", api.base_url)
        voices = [replace(first, circuit=circuit or first.circuit)]
        if not alone:
            voices.append(Voice(OFFLINE, "pico fr", OfflineTTS("fr")))
        relay = Voices({"fr": voices}, observed)
        try:
            yield relay
        finally:
            await relay.aclose()


async def told(*sentences: str) -> AsyncIterator[str]:
    for sentence in sentences:
        yield sentence


async def seconds(voices: Voices, *sentences: str) -> float:
    """How long these sentences last, as they are spoken."""
    total = 0.0
    async for frame in voices.frames(told(*sentences), "fr"):
        assert (frame.sample_rate, frame.num_channels) == (RATE, 1)
        total += frame.duration
    return total


def asked(api: ElevenLabs) -> list[str]:
    """What was to be spoken, in order."""
    return [context.text for connection in api.connections for context in connection.contexts.values()]


async def test_each_sentence_is_spoken_once_in_its_order() -> None:
    async with ElevenLabs() as api, spoken_by(api) as voices:
        assert await seconds(voices, FIRST, SECOND) > 3
        assert asked(api) == [FIRST, SECOND]
        options = api.connections[0].options
        assert (api.connections[0].voice, options["model_id"], options["language_code"]) == (
            "anna",
            elevenlabs.MODEL,
            "fr",
        )
        settings = next(iter(api.connections[0].contexts.values())).settings
        assert (settings["stability"], settings["speed"]) == (0.4, 1.1)


async def test_a_sentence_does_not_wait_for_the_next_one() -> None:
    async with ElevenLabs() as api, spoken_by(api) as voices:
        following = asyncio.Event()

        async def slowly() -> AsyncIterator[str]:
            yield FIRST
            await following.wait()
            yield SECOND

        frames = voices.frames(slowly(), "fr")
        await asyncio.wait_for(anext(frames), 2)
        following.set()
        assert [frame async for frame in frames]


async def test_the_next_sentence_is_made_while_one_is_spoken() -> None:
    async with ElevenLabs() as api, spoken_by(api) as voices:
        frames = voices.frames(told(FIRST, SECOND, "Un troisième.", "Un quatrième."), "fr")
        await anext(frames)
        async with asyncio.timeout(2):
            while len(asked(api)) < 2:
                await asyncio.sleep(0.01)
        assert "Un troisième." not in asked(api)
        await frames.aclose()


async def test_what_was_said_before_is_said_again_at_once() -> None:
    async with ElevenLabs(pace=Pace(first_byte_ms=300)) as api, spoken_by(api) as voices:
        await voices.warm([FIRST], "fr")
        began = time.monotonic()
        assert await seconds(voices, FIRST) > 1
        assert time.monotonic() - began < 0.2
        assert asked(api) == [FIRST]


FAULTS: Sequence[Fault] = ("refused", "rate_limited", "server_error", "no_answer", "slow", "mute", "garbage")


@pytest.mark.parametrize("fault", FAULTS)
async def test_where_a_voice_fails_the_next_one_speaks(fault: Fault) -> None:
    observed = Observed()
    async with ElevenLabs(fault=fault, after=0.0) as api, spoken_by(api, observed) as voices:
        alone = await seconds(Voices({"fr": [Voice(OFFLINE, "pico", OfflineTTS("fr"))]}), FIRST, SECOND)
        began = time.monotonic()
        assert await seconds(voices, FIRST, SECOND) == pytest.approx(alone, rel=0.1)
        assert time.monotonic() - began < 6
        assert ("tts", OFFLINE) in observed.takeovers
        assert {vendor for _, vendor, _ in observed.failures} == {"elevenlabs"}


@pytest.mark.parametrize("fault", ["dropped", "stall", "garbage", "error_message"])
async def test_a_sentence_that_breaks_off_is_said_to_its_end(fault: Fault) -> None:
    observed = Observed()
    async with ElevenLabs(faults=[fault], after=0.5) as api, spoken_by(api, observed) as voices:
        whole = len(FIRST) * 0.06
        length = await seconds(voices, FIRST)
        rest = await seconds(Voices({"fr": [Voice(OFFLINE, "pico", OfflineTTS("fr"))]}), FIRST)
        assert whole * 0.4 < length < whole * 0.6 + rest
        assert asked(api)[0] == FIRST
        assert asked(api).count(FIRST) == 1
        assert observed.takeovers[0] == ("tts", OFFLINE)


async def test_a_voice_that_keeps_failing_is_left_alone() -> None:
    async with ElevenLabs(fault="server_error") as api, spoken_by(api) as voices:
        for _ in range(4):
            await seconds(voices, FIRST)
        tried = len(api.connections)
        assert await seconds(voices, SECOND) > 1
        assert len(api.connections) == tried


async def test_no_voice_at_all_is_an_error() -> None:
    async with ElevenLabs(fault="refused") as api, spoken_by(api, alone=True) as voices:
        with pytest.raises(APIConnectionError):
            await seconds(voices, FIRST)


async def test_one_who_stops_listening_leaves_at_once_and_leaves_nothing_behind() -> None:
    async with ElevenLabs(pace=Pace(times_real=1.0)) as api, spoken_by(api) as voices:
        for _ in range(3):
            frames = voices.frames(told(FIRST, SECOND), "fr")
            await anext(frames)
            began = time.monotonic()
            await frames.aclose()
            assert time.monotonic() - began < 0.3
            assert "sentence" not in {task.get_name() for task in asyncio.all_tasks()}


@pytest.mark.parametrize("interrupted", [False, True])
async def test_a_voice_that_failed_is_tried_again_whatever_was_said_since(interrupted: bool) -> None:
    """Also where its trial was of words that are kept, or was not heard to its end: neither tells how it does."""
    moment = [0.0]
    circuit = Circuit(CircuitSettings(failures=1, cool_down=10.0), clock=lambda: moment[0])
    async with ElevenLabs(pace=Pace(times_real=1.0)) as api, spoken_by(api, circuit=circuit) as voices:
        await voices.warm([FIRST], "fr")
        circuit.failed("network")
        assert await seconds(voices, SECOND) > 1
        assert asked(api) == [FIRST]
        moment[0] = 11.0
        if interrupted:
            frames = voices.frames(told("Une autre question."), "fr")
            await anext(frames)
            await frames.aclose()
        else:
            assert await seconds(voices, FIRST) > 1
        assert await seconds(voices, "Merci.") > 0.3
        assert asked(api)[-1] == "Merci."


async def test_a_voice_that_does_not_tell_its_end_holds_nobody_up() -> None:
    async with ElevenLabs(faults=["no_final"]) as api, spoken_by(api) as voices:
        began = time.monotonic()
        assert await seconds(voices, FIRST, SECOND) > 3
        assert time.monotonic() - began < 3
        assert asked(api) == [FIRST, SECOND]


async def test_the_framework_gets_a_text_as_a_whole() -> None:
    async with ElevenLabs() as api, spoken_by(api) as voices, voices.synthesize(FIRST) as spoken:
        length = sum([event.frame.duration async for event in spoken])
        assert length == pytest.approx(len(FIRST) * 0.06, abs=0.05)


def test_another_setting_is_another_sound() -> None:
    calm, lively = (elevenlabs.voice("any", Told(id="anna", settings={"stability": s}), "fr") for s in (0.9, 0.1))
    assert calm.key != lively.key


def test_a_setting_that_the_vendor_does_not_know_is_told() -> None:
    with pytest.raises(SpeechChoiceError, match="warmth"):
        elevenlabs.voice("any", Told(id="anna", settings={"warmth": 1}), "fr")


async def test_what_is_kept_has_a_bound() -> None:
    spoken = [frame async for frame in Voice(OFFLINE, "pico", OfflineTTS("fr")).speak(FIRST)]
    size = sum(len(frame.data) * 2 for frame in spoken)
    kept = Kept(most_bytes=int(2.5 * size))
    for text in ("a", "b", "a", "c"):
        kept.get(("pico", text))
        kept.put(("pico", text), spoken)
    assert kept.get(("pico", "a")) is not None
    assert kept.get(("pico", "b")) is None
