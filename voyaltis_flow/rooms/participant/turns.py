"""How a scripted call went, turn by turn, as data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Any, Literal

import numpy as np

from voyaltis_flow.rooms.participant import ear
from voyaltis_flow.rooms.participant.participant import Participant
from voyaltis_flow.rooms.participant.script import Exchange
from voyaltis_flow.speech.pcm import Pcm
from voyaltis_flow.speech.whisper.client import Recogniser


@dataclass(frozen=True, slots=True)
class Turn:
    """A line and its answer; the opening is a turn in which nothing was said."""

    asked: str | None
    """What the rep was being asked."""
    said: str | None
    recognised: str
    """What the agent made of it."""
    heard: str
    """What the agent said, by its own transcription."""
    sound: Pcm
    """The same as it was heard."""
    seconds_to_first_sound: float | None


def turns(rep: Participant, exchanges: Sequence[Exchange]) -> list[Turn]:
    """The opening, and a turn for each line that was said."""
    ends = [*(exchange.began for exchange in exchanges[1:]), float("inf")]
    return [_turn(rep, exchange, end) for exchange, end in zip(exchanges, ends, strict=False)]


async def transcribed(found: Sequence[Turn], recogniser: Recogniser, language: str) -> list[str]:
    """What the offline recogniser hears in each answer: whether the voice said what the agent claims to have said."""
    heard = [(await recogniser.recognise(turn.sound, [language])).text if turn.sound.seconds else "" for turn in found]
    return [text.strip() for text in heard]


def timings(rep: Participant, exchanges: Sequence[Exchange]) -> dict[str, Any]:
    """Seconds from entering the room until agent, opening and report were there; and from a line to its answer."""
    began = exchanges[0].since if exchanges else 0.0
    moments = {
        "agent": rep.agents[0].joined if rep.agents else None,
        "opening": rep.ear.voices[0].began if rep.ear.voices else None,
        "report": rep.streams.report.at if rep.streams.report else None,
    }
    waits = [wait for exchange in exchanges[1:] if (wait := exchange.seconds_to_first_sound) is not None]
    return {
        **{name: None if moment is None else round(moment - began, 3) for name, moment in moments.items()},
        "first_sound": {"p50": round(median(waits), 3), "p95": round(_p95(waits), 3)} if waits else None,
    }


def _turn(rep: Participant, exchange: Exchange, end: float) -> Turn:
    def words(side: Literal["rep", "agent"]) -> str:
        spoken = (words for words in rep.streams.words if words.side == side and exchange.began <= words.began < end)
        return " ".join(words.text.strip() for words in spoken)

    heard = [voice.samples for voice in rep.ear.voices if exchange.began <= voice.began < end]
    return Turn(
        asked=exchange.asked,
        said=exchange.line.text if exchange.line else None,
        recognised=words("rep"),
        heard=words("agent"),
        sound=Pcm(np.concatenate([np.zeros(0, np.int16), *heard]), ear.RATE),
        seconds_to_first_sound=exchange.seconds_to_first_sound,
    )


def _p95(values: Sequence[float]) -> float:
    return values[0] if len(values) == 1 else quantiles(values, n=20, method="inclusive")[-1]
