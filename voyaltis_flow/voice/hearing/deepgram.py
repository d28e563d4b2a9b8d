"""Deepgram's ears: nova-3, and Flux, which tells by itself when a turn is over."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from livekit.agents.stt import STT
from livekit.plugins import deepgram

from voyaltis_flow.voice.hearing.recogniser import Recogniser, Tuning

HOST = "https://api.deepgram.com"
KEY_TERM_TOKENS = 450
"""Of 500, beyond which Deepgram transcribes nothing any more and gives no error: their count is not ours."""
KEY_TERMS = 100
"""As many as Deepgram advises."""
_TOKEN = re.compile(r"[^\W\d_]{1,2}|\S")
"""Two letters, a digit or a mark: codes make more tokens than words do."""
END_MS = 200
"""Silence after which nova-3 finalises what was said."""


class Deepgram(Recogniser):
    """One of Deepgram's models. nova-3 needs a new line for a new tuning, Flux is told of it over the open one."""

    vendor = "deepgram"

    def __init__(
        self, key: str, languages: tuple[str, ...], base_url: str | None = None, *, flux: bool = False
    ) -> None:
        super().__init__()
        self._key, self._host, self._flux = key, (base_url or HOST).rstrip("/"), flux
        self._tuned: tuple[tuple[str, ...], tuple[str, ...]] = (languages, ())
        self._stt = self._made(languages, ())

    @property
    def stt(self) -> STT[Any]:
        return self._stt

    def tune(self, tuning: Tuning) -> bool:
        tuned = (tuple(sorted(tuning.languages)), tuple(_accepted(tuning.terms(KEY_TERM_TOKENS))))
        if tuned == self._tuned:
            return True
        self._tuned = tuned
        if isinstance(self._stt, deepgram.STTv2):
            self._stt.update_options(language_hint=list(tuned[0]), keyterm=list(tuned[1]))
            return True
        self._stt = self._made(*tuned)
        return False

    def _made(self, languages: tuple[str, ...], terms: tuple[str, ...]) -> STT[Any]:
        if self._flux:
            return deepgram.STTv2(
                model="flux-general-multi",
                language_hint=list(languages),
                keyterm=list(terms),
                api_key=self._key,
                base_url=f"{self._host.replace('http', 'ws', 1)}/v2/listen",
                mip_opt_out=True,
            )
        return deepgram.STT(
            model="nova-3",
            language=languages[0] if len(languages) == 1 else "multi",
            keyterm=list(terms),
            punctuate=True,
            interim_results=True,
            no_delay=True,
            endpointing_ms=END_MS,
            filler_words=False,
            api_key=self._key,
            base_url=f"{self._host}/v1/listen",
            mip_opt_out=True,
        )


def _accepted(terms: Iterable[str]) -> Iterator[str]:
    """As many of the terms, from the first one on, as Deepgram surely takes."""
    left = KEY_TERM_TOKENS
    for term in islice(terms, KEY_TERMS):
        left -= len(_TOKEN.findall(term))
        if left < 0:
            return
        yield term
