"""What the ears do in need and in pauses: where all fail, where nobody finds words, where they are tuned."""

from __future__ import annotations

import asyncio
import logging

import numpy as np
import pytest
from livekit.agents import stt

from tests.standins.deepgram import Deepgram, Line
from tests.voice.hearing.scene import AFTER, AFTER_SOUND, LINES, RATE, SAID, SOUND, ears, heard
from tests.voice.observer import Observed
from voyaltis_flow.speech import pico
from voyaltis_flow.speech.pcm import Pcm
from voyaltis_flow.voice.hearing.recogniser import Tuning
from voyaltis_flow.voice.hearing.relay import Ears

ONE_WORD = pico.speak("Deux.", "fr").trimmed()


def errors_of(relay: Ears) -> list[stt.STTError]:
    told: list[stt.STTError] = []
    relay.on("error", told.append)
    return told


async def test_where_all_fail_it_is_told_and_what_was_said_is_heard_when_one_works_again() -> None:
    async with (
        Deepgram(LINES, fault="dropped") as api,
        Deepgram(LINES, fault="server_error") as other,
        ears(api, other) as (relay, hearing),
    ):
        errors = errors_of(relay)
        await hearing.say(SOUND, 0.3)
        assert "nobody can listen" in str(errors[0].error)
        api.fault = other.fault = None
        await hearing.until(1)
        assert hearing.finals == [SAID]


async def test_a_stream_that_follows_on_one_that_broke_hears_what_that_one_did_not_understand() -> None:
    async with Deepgram(LINES, fault="mute") as api, ears(api) as (relay, hearing):
        await hearing.say(SOUND, 0.2)
        await hearing.stream.aclose()
        api.fault = None
        async with heard(relay) as following:
            await following.until(1)
        assert (hearing.finals, following.finals) == ([], [SAID])


@pytest.mark.parametrize("flux", [False, True])
async def test_a_word_that_nobody_understands_is_told_once_and_blamed_on_nobody(flux: bool) -> None:
    unheard: list[None] = []
    observed = Observed()
    async with (
        Deepgram(LINES, fault="wordless") as api,
        Deepgram(LINES, fault="wordless") as other,
        ears(api, other, observed, flux=flux, unheard=lambda: unheard.append(None)) as (_, hearing),
    ):
        await hearing.say(ONE_WORD, 0.3)
        await hearing.until_it_is(lambda: bool(unheard))
        await hearing.say(None, 2.5)
        assert (len(unheard), hearing.finals, observed.failures) == (1, [], [])
        api.fault = other.fault = None
        await hearing.say(SOUND, 0.3)
        await hearing.until(1)
        assert hearing.finals == [SAID]


async def test_words_that_come_after_they_were_given_up_are_told_all_the_same() -> None:
    unheard: list[None] = []
    async with (
        Deepgram([Line("Deux.", ONE_WORD.seconds)], fault="slow") as api,
        ears(api, unheard=lambda: unheard.append(None)) as (relay, hearing),
    ):
        await hearing.say(ONE_WORD, 0.3)
        assert relay.hears
        await hearing.until_it_is(lambda: bool(unheard))
        assert hearing.finals == []
        await hearing.until(1)
        assert hearing.finals == ["Deux."]
        assert not relay.hears


async def test_an_answer_of_one_word_is_not_lost_either() -> None:
    said = [Line("Deux.", ONE_WORD.seconds)]
    async with Deepgram(said, fault="mute") as api, Deepgram(said) as other, ears(api, other) as (_, hearing):
        await hearing.say(None, 0.5)
        await hearing.say(ONE_WORD, 0.3)
        await hearing.until(1)
        assert hearing.finals == ["Deux."]


async def test_noise_is_no_speech_and_nobody_is_late_with_words_for_it() -> None:
    noise = np.random.default_rng(1).normal(scale=3000, size=RATE).astype(np.int16)
    observed = Observed()
    async with Deepgram([], fault="mute") as api, Deepgram([]) as other, ears(api, other, observed) as (_, hearing):
        await hearing.say(Pcm(noise, RATE), 3.0)
        assert (other.connections, observed.failures, observed.takeovers, hearing.finals) == ([], [], [], [])


async def test_a_microphone_that_is_switched_off_after_the_last_word_does_not_hold_it_back() -> None:
    async with Deepgram(LINES) as api, ears(api) as (_, hearing):
        await hearing.say(SOUND)
        async with asyncio.timeout(3):
            while not hearing.finals:
                await asyncio.sleep(0.05)
        assert hearing.finals == [SAID]


async def test_a_long_speech_is_not_waited_for_to_its_end_by_one_that_hears_nothing() -> None:
    words = "Alors aujourd'hui j'ai vendu deux frigos, trois téléphones et une télé. Les clients étaient contents."
    long = pico.speak(words, "fr").trimmed()
    said = [Line(words, long.seconds)]
    async with Deepgram(said, fault="mute") as api, Deepgram(said) as other, ears(api, other) as (_, hearing):
        speaking = asyncio.create_task(hearing.say(long, 0.3))
        async with asyncio.timeout(long.seconds):
            while not other.connections:
                await asyncio.sleep(0.05)
        assert not speaking.done()
        await speaking
        await hearing.until(1)
        assert hearing.finals == [words]


async def test_another_tuning_waits_for_the_end_of_what_is_being_said() -> None:
    async with Deepgram(LINES) as api, ears(api) as (relay, hearing):
        speaking = asyncio.create_task(hearing.say(SOUND, 0.2))
        await asyncio.sleep(0.5)
        relay.tune(Tuning(("en",)))
        await speaking
        assert len(api.connections) == 1
        await hearing.until(1)
        await hearing.until_it_is(lambda: len(api.connections) == 2)
        await hearing.say(AFTER_SOUND, 0.3)
        await hearing.until(2)
        assert hearing.finals == [SAID, AFTER]
        assert api.connections[-1].option("language") == "en"


async def test_flux_is_tuned_over_the_open_line_even_in_mid_word() -> None:
    async with Deepgram(LINES) as api, ears(api, flux=True) as (relay, hearing):
        speaking = asyncio.create_task(hearing.say(SOUND, 0.2))
        await asyncio.sleep(0.5)
        relay.tune(Tuning(("en",), lambda budget: ["S25"]))
        await speaking
        await hearing.until(1)
        assert hearing.finals == [SAID]
        assert [(line.hints, line.terms) for line in api.connections] == [(["en"], ["S25"])]


async def test_the_log_of_a_failure_holds_neither_words_nor_the_key(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    async with (
        Deepgram(LINES, fault="no_final") as api,
        Deepgram(LINES) as other,
        ears(api, other, key="dg-secret") as (_, hearing),
    ):
        await hearing.say(SOUND, 0.3)
        await hearing.until(1)
    assert "recogniser_failed: deepgram: stalled" in caplog.text
    assert "recogniser_taken_over: deepgram by behind" in caplog.text
    assert not [word for word in ("dg-secret", "S25", "Frame") if word in caplog.text]
