"""The recogniser in its process: what it hears, and what becomes of those who ask when it dies."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator

import numpy as np
import pytest
import pytest_asyncio

from voyaltis_flow.speech import pico
from voyaltis_flow.speech.pcm import Pcm
from voyaltis_flow.speech.whisper.client import Recogniser, RecogniserGoneError
from voyaltis_flow.speech.whisper.process import RecogniserProcess
from voyaltis_flow.speech.whisper.wire import Answer, Request, WireError

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.xdist_group("recogniser")]

BOTH = ("fr", "en")
NAMES = ("SmartFridge", "Family Hub", "S25", "The Frame 55", "Jet 75")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def process() -> AsyncIterator[RecogniserProcess]:
    async with RecogniserProcess() as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def recogniser(process: RecogniserProcess) -> AsyncIterator[Recogniser]:
    client = Recogniser(process.path)
    yield client
    await client.aclose()


def noise(seconds: float, level: int) -> Pcm:
    return Pcm((np.random.default_rng(7).standard_normal(int(16_000 * seconds)) * level).astype(np.int16), 16_000)


async def test_french_and_english_are_told_apart(recogniser: Recogniser) -> None:
    french = await recogniser.recognise(pico.speak("Les clients ont adoré l'image.", "fr", 0.8), BOTH)
    english = await recogniser.recognise(pico.speak("The customers loved the picture.", "en", 0.8), BOTH)
    assert (french.language, english.language) == BOTH
    assert "clients" in french.text
    assert "customers" in english.text


async def test_names_that_may_come_up_are_heard(recogniser: Recogniser) -> None:
    sound = pico.speak("Trois Family Hub.", "fr", 0.8)
    assert "Family Hub" in (await recogniser.recognise(sound, ("fr",), NAMES)).text


async def test_a_name_that_was_written_otherwise_is_borne_out_by_the_sound(recogniser: Recogniser) -> None:
    sound = pico.speak("Deux Book 4.", "fr")
    assert "Book" not in (await recogniser.recognise(sound, ("fr",))).text
    assert "Book 4" in (await recogniser.recognise(sound, ("fr",), ("Book 4", "Buds FE"))).text


async def test_what_is_like_a_name_and_sounds_otherwise_stays(recogniser: Recogniser) -> None:
    sound = pico.speak("Les clients ont adoré l'image.", "fr", 0.8)
    assert "clients" in (await recogniser.recognise(sound, ("fr",), ("téléphone pliant",), ("pliant", "clean"))).text


async def test_silence_and_noise_say_nothing(recogniser: Recogniser) -> None:
    for sound in (noise(2.0, 0), noise(3.0, 600), noise(0.0, 0)):
        assert (await recogniser.recognise(sound, BOTH, NAMES)).text == ""


async def test_a_long_monologue_is_heard_to_its_end(recogniser: Recogniser) -> None:
    part = pico.speak("Les clients ont adoré l'image de la télévision.", "fr", 0.8)
    last = pico.speak("Et pour finir, on est en rupture de stock.", "fr", 0.8)
    whole = Pcm(np.concatenate([*[part.samples] * 9, last.samples]), part.rate)
    assert whole.seconds > 30
    assert "rupture" in (await recogniser.recognise(whole, ("fr",))).text


async def test_who_hangs_up_does_not_hold_up_the_others(process: RecogniserProcess, recogniser: Recogniser) -> None:
    sound = pico.speak("Les clients ont adoré l'image.", "fr", 0.8)
    impatient = [Recogniser(process.path) for _ in range(6)]
    tasks = [asyncio.create_task(client.recognise(sound, ("fr",))) for client in impatient]
    await asyncio.sleep(0.2)
    for task in tasks:
        task.cancel()
    async with asyncio.timeout(8):
        assert "clients" in (await recogniser.recognise(sound, ("fr",))).text
    await asyncio.gather(*tasks, *(client.aclose() for client in impatient), return_exceptions=True)


async def test_a_sound_that_was_lost_with_the_process_is_heard_by_the_next(
    process: RecogniserProcess, recogniser: Recogniser
) -> None:
    sound = pico.speak("Les clients ont adoré l'image.", "fr", 0.8)
    asking = asyncio.create_task(recogniser.recognise(sound, ("fr",)))
    await asyncio.sleep(0.05)
    killed = process.pid
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    assert "clients" in (await asyncio.wait_for(asking, 30)).text
    assert process.pid != killed


async def test_a_process_that_is_frozen_is_replaced_and_the_sound_is_heard_by_the_next(
    process: RecogniserProcess, recogniser: Recogniser
) -> None:
    frozen = process.pid
    assert frozen is not None
    os.kill(frozen, signal.SIGSTOP)
    heard = recogniser.recognise(pico.speak("Les clients ont adoré l'image.", "fr", 0.8), ("fr",))
    assert "clients" in (await asyncio.wait_for(heard, 40)).text
    assert process.pid != frozen


async def test_a_recogniser_that_is_nowhere_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("voyaltis_flow.speech.whisper.client.CONNECT_SECONDS", 0.2)
    with pytest.raises(RecogniserGoneError, match="/nowhere"):
        await Recogniser("/nowhere").recognise(noise(0.1, 0), BOTH)


async def test_what_is_no_request_is_refused_and_the_next_is_served(
    process: RecogniserProcess, recogniser: Recogniser
) -> None:
    reader, writer = await asyncio.open_unix_connection(process.path)
    writer.write(b'{"rate": "x"}\n')
    assert await reader.read() == b""
    assert (await recogniser.recognise(noise(1.0, 0), BOTH)).text == ""


async def test_a_request_comes_over_as_it_was_sent() -> None:
    reader = asyncio.StreamReader()
    sent = Request(noise(0.2, 900), BOTH, NAMES, ("frigo Elite",))
    reader.feed_data(sent.encoded() + Answer("Deux S25.", "fr", -0.2, 0.4).encoded())
    reader.feed_eof()
    received = await Request.read(reader)
    assert received is not None
    assert (received.languages, received.terms, received.aliases) == (sent.languages, sent.terms, sent.aliases)
    assert np.array_equal(received.sound.samples, sent.sound.samples)
    assert await Answer.read(reader) == Answer("Deux S25.", "fr", -0.2, 0.4)
    assert await Answer.read(reader) is None


@pytest.mark.parametrize(
    "line", [b"[]\n", b"nothing\n", b'{"rate": 16000, "bytes": -1, "languages": ["fr"], "terms": [], "aliases": []}\n']
)
async def test_what_is_no_request_is_told(line: bytes) -> None:
    reader = asyncio.StreamReader()
    reader.feed_data(line)
    reader.feed_eof()
    with pytest.raises(WireError):
        await Request.read(reader)


async def test_a_client_knows_nothing_of_the_model() -> None:
    heavy = "{'ctranslate2', 'faster_whisper'} & set(sys.modules)"
    seen = f"import sys, voyaltis_flow.speech.whisper.client; print(sorted({heavy}))"
    done = subprocess.run([sys.executable, "-c", seen], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
