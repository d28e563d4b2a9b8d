"""One vendor's voice breaks off, another's goes on: from which word, how soon, and for how long."""

from __future__ import annotations

import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from livekit.agents.utils import http_context

from tests.standins.elevenlabs import ElevenLabs, Fault, Pace
from tests.voice.observer import Observed
from voyaltis_flow.runtime.circuit import Circuit, CircuitSettings
from voyaltis_flow.script.models import Voice as Told
from voyaltis_flow.voice.speaking import elevenlabs
from voyaltis_flow.voice.speaking.relay import Voices
from voyaltis_flow.voice.speaking.voice import BETWEEN_SECONDS

LONG = "Trois frigos, deux S25 et une barre de son, c'est noté pour aujourd'hui."
MIDWAY: tuple[Fault, ...] = ("dropped", "garbage", "error_message", "stall")


@asynccontextmanager
async def voices_of(
    first: ElevenLabs, second: ElevenLabs, observed: Observed | None = None, circuit: Circuit | None = None
) -> AsyncIterator[Voices]:
    async with http_context.open():
        one = elevenlabs.voice("el-secret", Told(id="anna"), "fr", first.base_url)
        other = replace(elevenlabs.voice("el-secret", Told(id="paul"), "fr", second.base_url), vendor="other")
        voices = Voices({"fr": [replace(one, circuit=circuit) if circuit else one, other]}, observed)
        try:
            yield voices
        finally:
            await voices.aclose()


async def said(voices: Voices, *sentences: str) -> float:
    """Has sentences spoken, and tells the longest silence that was heard: before the first sound, or between two."""

    async def told() -> AsyncIterator[str]:
        for sentence in sentences:
            yield sentence

    longest, heard_until = 0.0, time.monotonic()
    async for frame in voices.frames(told(), "fr"):
        now = time.monotonic()
        longest = max(longest, now - heard_until)
        heard_until = max(heard_until, now) + frame.duration
    return longest


@pytest.mark.parametrize("fault", MIDWAY)
@pytest.mark.parametrize("share", [0.2, 0.5, 0.8])
async def test_the_rest_begins_with_the_word_that_was_being_said(fault: Fault, share: float) -> None:
    async with (
        ElevenLabs(faults=[fault], after=share) as first,
        ElevenLabs() as second,
        voices_of(first, second) as voices,
    ):
        await said(voices, LONG)
    rest = second.spoken[0]
    broke_off = round(len(LONG) * share)
    begins = len(LONG) - len(rest)
    assert LONG.endswith(rest)
    assert begins <= broke_off
    assert " " not in LONG[begins:broke_off].strip()
    assert (len(first.spoken), len(second.spoken)) == (1, 1)


@pytest.mark.parametrize(("fault", "most"), [("dropped", 0.5), ("error_message", 0.5), ("stall", 1.6)])
async def test_the_gap_is_short(fault: Fault, most: float) -> None:
    pace = Pace(first_byte_ms=150, times_real=2.0)
    async with (
        ElevenLabs(pace=pace, faults=[fault]) as first,
        ElevenLabs(pace=pace) as second,
        voices_of(first, second) as voices,
    ):
        assert await said(voices, LONG) < most


async def test_a_pause_of_the_vendor_that_nobody_hears_is_no_failure() -> None:
    """All that a voice gave is still being heard while it is silent: it has not stalled, and nothing is left to say."""
    observed = Observed()
    async with (
        ElevenLabs(faults=["no_final"]) as first,
        ElevenLabs() as second,
        voices_of(first, second, observed) as voices,
    ):
        began = time.monotonic()
        await said(voices, LONG)
        assert time.monotonic() - began > 2 * BETWEEN_SECONDS
    assert second.spoken == []


async def test_after_a_failure_the_other_speaks_until_the_first_is_tried_again() -> None:
    moment = [0.0]
    circuit = Circuit(CircuitSettings(failures=1, cool_down=10.0), clock=lambda: moment[0])
    async with (
        ElevenLabs(faults=["dropped"]) as first,
        ElevenLabs() as second,
        voices_of(first, second, circuit=circuit) as voices,
    ):
        await said(voices, LONG)
        await said(voices, "Et ensuite ?", "Oui ?")
        moment[0] = 11.0
        await said(voices, "Merci !")
        await said(voices, "Au revoir.")
    assert first.spoken == [LONG, "Merci !", "Au revoir."]
    assert second.spoken[1:] == ["Et ensuite ?", "Oui ?"]


async def test_one_that_is_tried_again_may_not_be_waited_for_as_long() -> None:
    moment = [0.0]
    circuit = Circuit(CircuitSettings(failures=1, cool_down=10.0), clock=lambda: moment[0])
    async with (
        ElevenLabs(fault="mute") as first,
        ElevenLabs() as second,
        voices_of(first, second, circuit=circuit) as voices,
    ):
        assert 1.4 < await said(voices, LONG) < 2.2
        moment[0] = 11.0
        assert 0.7 < await said(voices, "Merci !") < 1.4
        assert await said(voices, "Au revoir.") < 0.5


async def test_what_the_first_has_said_before_is_said_in_its_voice_though_it_fails_now() -> None:
    async with ElevenLabs() as first, ElevenLabs() as second, voices_of(first, second) as voices:
        await voices.warm(["Merci ! "], "fr")
        first.fault = "mute"
        await said(voices, LONG)
        assert await said(voices, "Merci !") < 0.1
    assert second.spoken == [LONG]


async def test_each_use_is_told_once_and_what_is_kept_costs_nothing() -> None:
    observed = Observed()
    async with (
        ElevenLabs(faults=["dropped"]) as first,
        ElevenLabs() as second,
        voices_of(first, second, observed) as voices,
    ):
        await said(voices, LONG)
        await said(voices, "Merci !")
        await said(voices, "Merci !")
    rest = second.spoken[0]
    assert [use for use in observed.uses if use[1] == "characters"] == [
        ("elevenlabs", "characters", len(LONG)),
        ("other", "characters", len(rest)),
        ("other", "characters", len("Merci !")),
    ]
    assert [vendor for vendor, _ in observed.first_bytes] == ["elevenlabs", "other", "other"]


async def test_the_log_of_a_failure_holds_neither_words_nor_the_key(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    async with ElevenLabs(fault="refused") as first, ElevenLabs() as second, voices_of(first, second) as voices:
        await said(voices, LONG)
    assert "voice_failed: elevenlabs: unauthorized" in caplog.text
    assert not [word for word in ("el-secret", "frigos", "S25") if word in caplog.text]
