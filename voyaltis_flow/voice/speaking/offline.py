"""A voice on this machine: Pico, as the voice framework wants one."""

from __future__ import annotations

import asyncio
from typing import Any

from livekit.agents import DEFAULT_API_CONNECT_OPTIONS, APIConnectOptions, tts, utils

from voyaltis_flow.speech import pico
from voyaltis_flow.voice.vendors import OFFLINE


class OfflineTTS(tts.TTS[Any]):
    """Speaks a text at a time, whole within some 30 ms."""

    def __init__(self, language: str) -> None:
        super().__init__(capabilities=tts.TTSCapabilities(streaming=False), sample_rate=pico.RATE, num_channels=1)
        self.language = language

    @property
    def model(self) -> str:
        return "pico"

    @property
    def provider(self) -> str:
        return OFFLINE

    def update_options(self, *, language: str) -> None:
        """The language of the texts to come."""
        self.language = language

    def synthesize(
        self, text: str, *, conn_options: APIConnectOptions = DEFAULT_API_CONNECT_OPTIONS
    ) -> tts.ChunkedStream:
        return _Spoken(self, text, conn_options, self.language)


class _Spoken(tts.ChunkedStream):
    def __init__(self, voice: OfflineTTS, text: str, conn_options: APIConnectOptions, language: str) -> None:
        super().__init__(tts=voice, input_text=text, conn_options=conn_options)
        self._language = language

    async def _run(self, output: tts.AudioEmitter) -> None:
        output.initialize(
            request_id=utils.shortuuid(), sample_rate=pico.RATE, num_channels=1, mime_type="audio/pcm", stream=False
        )
        pcm = await asyncio.to_thread(pico.speak, self._input_text, self._language)
        output.push(pcm.content)
        output.flush()
