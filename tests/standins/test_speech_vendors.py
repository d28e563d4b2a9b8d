"""The stand-ins refuse what the real services refuse, and keep silent where those do."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import aiohttp
import pytest

from tests.standins.deepgram import Deepgram, Pace, tokens
from tests.standins.deepgram_lines import KEY_TERM_TOKENS
from tests.standins.elevenlabs import ElevenLabs
from voyaltis_flow.speech import pico

SAID = "Voilà deux S25 de plus."
SOUND = pico.speak(SAID, "fr").trimmed().content
RATE = 16_000
NOVA = {"model": "nova-3", "language": "fr", "sample_rate": RATE, "punctuate": "true"}
FLUX = {"model": "flux-general-multi", "sample_rate": RATE}
PACE = Pace(final_ms=300.0, pause_ms=300.0)


async def told(api: Deepgram, path: str, options: dict[str, Any]) -> list[dict[str, Any]]:
    """All that comes back when something is said and the line is closed after it."""
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"{api.base_url}{path}", params=options, headers={"Authorization": "Token any"}) as line,
    ):
        await line.send_bytes(SOUND + bytes(RATE))
        await line.send_str(json.dumps({"type": "CloseStream"}))
        return [json.loads(message.data) async for message in line]


@pytest.mark.parametrize(
    ("path", "options", "key", "status"),
    [
        ("/v1/listen", NOVA, "", 401),
        ("/v1/listen", NOVA, "Bearer any", 401),
        ("/v1/listen", NOVA, "Token wrong", 401),
        ("/v1/listen", FLUX, "Token right", 400),
        ("/v2/listen", NOVA, "Token right", 400),
        ("/v1/listen", {**NOVA, "keywords": "S25"}, "Token right", 400),
        ("/v2/listen", {"model": "flux-general-en", "language_hint": "fr"}, "Token right", 400),
    ],
)
async def test_deepgram_refuses_another_key_and_options_of_another_model(
    path: str, options: dict[str, Any], key: str, status: int
) -> None:
    async with Deepgram([SAID], key="right") as api, aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await session.ws_connect(f"{api.base_url}{path}", params=options, headers={"Authorization": key})
        assert refused.value.status == status


async def test_nova_writes_marks_only_where_that_was_asked_for() -> None:
    async with Deepgram([SAID, SAID], PACE) as api:
        for punctuate, text in (("true", SAID), ("false", "voilà deux s25 de plus")):
            final = (await told(api, "/v1/listen", {**NOVA, "punctuate": punctuate}))[-1]
            assert final["channel"]["alternatives"][0]["transcript"] == text


async def test_flux_tells_turns() -> None:
    async with Deepgram([SAID], PACE) as api:
        events = [message["event"] for message in (await told(api, "/v2/listen", FLUX))[1:]]
    assert (events[0], events[-1]) == ("StartOfTurn", "EndOfTurn")


async def test_what_is_said_can_be_made_of_the_sound() -> None:
    async def lasting(sound: bytes, rate: int) -> str:
        return f"{len(sound) / 2 / rate:.0f}"

    async with Deepgram(lasting, PACE) as api:
        final = (await told(api, "/v1/listen", NOVA))[-1]
    assert final["channel"]["alternatives"][0]["transcript"] == f"{len(SOUND) / 2 / RATE:.0f}"


@pytest.mark.parametrize(("path", "options"), [("/v1/listen", NOVA), ("/v2/listen", FLUX)])
async def test_too_many_key_terms_and_nothing_is_transcribed_without_an_error(
    path: str, options: dict[str, Any]
) -> None:
    terms = ["Galaxy S25"] * (KEY_TERM_TOKENS // tokens(["Galaxy S25"]))
    async with Deepgram([SAID, SAID], PACE) as api:
        assert await told(api, path, {**options, "keyterm": terms})
        assert await told(api, path, {**options, "keyterm": [*terms, *terms]}) == []


async def spoken(api: ElevenLabs, *messages: dict[str, Any]) -> list[dict[str, Any]]:
    """What comes back, up to the end of the context."""
    path = "/v1/text-to-speech/anna/multi-stream-input?output_format=pcm_16000&language_code=fr"
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"{api.base_url}{path}", headers={"xi-api-key": "any"}) as line,
        asyncio.timeout(3),
    ):
        for message in messages:
            await line.send_json({"context_id": "c", **message})
        answers = []
        async for answer in line:
            answers.append(json.loads(answer.data))
            if answers[-1].get("isFinal"):
                break
        return answers


async def test_elevenlabs_aligns_each_character_with_its_sound() -> None:
    async with ElevenLabs() as api:
        answers = await spoken(api, {"text": "Bonjour. "}, {"text": "Merci. "}, {"close_context": True})
    alignments = [answer["alignment"] for answer in answers if answer.get("alignment")]
    assert "".join(char for alignment in alignments for char in alignment["chars"]) == "Bonjour. Merci. "
    starts = [start for alignment in alignments for start in alignment["charStartTimesMs"]]
    assert starts == sorted(starts)


async def test_elevenlabs_tells_of_settings_that_it_does_not_know() -> None:
    async with ElevenLabs() as api:
        answers = await spoken(api, {"text": " ", "voice_settings": {"warmth": 1}}, {"close_context": True})
    assert answers[0]["error"] == "voice_settings: unknown warmth"


@pytest.mark.parametrize(("key", "path", "status"), [("", "pcm_16000", 401), ("right", "mp3_22050_32", 400)])
async def test_elevenlabs_refuses_another_key_and_what_it_can_not_speak(key: str, path: str, status: int) -> None:
    async with ElevenLabs(key="right") as api, aiohttp.ClientSession() as session:
        url = f"{api.base_url}/v1/text-to-speech/anna/multi-stream-input?output_format={path}"
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await session.ws_connect(url, headers={"xi-api-key": key})
        assert refused.value.status == status
