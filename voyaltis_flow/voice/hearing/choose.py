"""Whose ears a conversation has: the vendor's whose key is set, those on this machine behind them."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

from livekit.agents.stt import STT

from voyaltis_flow.project import Settings
from voyaltis_flow.speech.whisper.models import has_model
from voyaltis_flow.voice.hearing.deepgram import Deepgram
from voyaltis_flow.voice.hearing.offline import OfflineSTT
from voyaltis_flow.voice.hearing.recogniser import Recogniser, Tuning
from voyaltis_flow.voice.hearing.relay import Ears
from voyaltis_flow.voice.vendors import OFFLINE, Choice, Observer, SpeechChoiceError, SpeechUnavailableError

NAMES = ("auto", "deepgram", "deepgram:flux", OFFLINE)
GET_ONE = "pip install 'voyaltis-flow[offline]', or set DEEPGRAM_API_KEY."
OFFLINE_TOKENS = 5_000
"""Our recogniser picks the few names that it shows its model, by what it has heard at first."""


class Offline(Recogniser):
    """The ears on this machine. Slower than a vendor's where the machine is busy."""

    vendor = OFFLINE
    patience = 10.0
    certain = True

    def __init__(self, path: str, languages: tuple[str, ...]) -> None:
        super().__init__()
        self._ears = OfflineSTT(path, languages)

    @property
    def stt(self) -> STT[Any]:
        return self._ears

    def tune(self, tuning: Tuning) -> bool:
        terms = tuning.terms(OFFLINE_TOKENS)
        self._ears.update_options(languages=tuning.languages, terms=terms, aliases=tuning.aliases)
        return True


def chosen(settings: Settings) -> Choice:
    """Which ears the settings name, and why where nobody chose. Raises what says that they can't be had."""
    if settings.stt not in NAMES:
        raise SpeechChoiceError(f"VOYALTIS_STT: {settings.stt!r} is none of {', '.join(NAMES)}")
    choice = _automatic(settings) if settings.stt == "auto" else Choice(settings.stt, "VOYALTIS_STT is set")
    if choice.name.startswith("deepgram") and not settings.deepgram_api_key:
        raise SpeechUnavailableError(f"VOYALTIS_STT is {choice.name}, and DEEPGRAM_API_KEY is not set.")
    if choice.name == OFFLINE and not _has_whisper():
        raise SpeechUnavailableError(f"No recogniser is on this machine ({choice.reason}): {GET_ONE}")
    return choice


def needs_recogniser(settings: Settings) -> bool:
    """Whether the recogniser on this machine is needed, or can stand behind a vendor's."""
    return chosen(settings).name == OFFLINE or (_has_whisper() and has_model(settings.whisper))


def _automatic(settings: Settings) -> Choice:
    if settings.deepgram_api_key:
        return Choice("deepgram", "DEEPGRAM_API_KEY is set")
    return Choice(OFFLINE, "DEEPGRAM_API_KEY is not set")


def _has_whisper() -> bool:
    return find_spec("faster_whisper") is not None


def ears(settings: Settings, languages: tuple[str, ...], recogniser: str | None, observer: Observer) -> Ears:
    """The ears for a conversation; `recogniser` is the socket of the one on this machine, where it runs."""
    return Ears(list(_recognisers(settings, languages, recogniser)), observer)


def _recognisers(settings: Settings, languages: tuple[str, ...], recogniser: str | None) -> Iterator[Recogniser]:
    name = chosen(settings).name
    if name.startswith("deepgram"):
        flux = name.endswith("flux")
        yield Deepgram(settings.deepgram_api_key or "", languages, settings.deepgram_base_url, flux=flux)
    if recogniser is not None:
        yield Offline(recogniser, languages)
    elif name == OFFLINE:
        raise SpeechUnavailableError("No recogniser runs on this machine.")
