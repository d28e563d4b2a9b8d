"""What the relay asks of a recogniser: to listen, with what it is to expect; and where it stands with its vendor."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from livekit.agents.stt import STT

from voyaltis_flow.runtime.circuit import Circuit

Terms = Callable[[int], Sequence[str]]
"""The key terms that are worth most, for a budget in tokens."""


def no_terms(budget: int) -> Sequence[str]:
    """No key terms."""
    return ()


@dataclass(frozen=True, slots=True)
class Tuning:
    """What is to be expected of a rep: the languages that may be spoken, the likeliest first, and names. `aliases` are
    what else people call things: not worth a vendor's tokens, and good to recognise a name by.
    """

    languages: tuple[str, ...]
    terms: Terms = no_terms
    aliases: Sequence[str] = ()


class Recogniser(ABC):
    """A speech-to-text vendor, or our own, as the relay sees it.

    `patience` is how long, in seconds, it may take for the words after the last of them was said.
    """

    vendor: str
    patience: float = 2.0
    certain = False
    """Whether its end of speech says that it has told all the words that it will find."""

    def __init__(self) -> None:
        self.circuit = Circuit()

    @property
    @abstractmethod
    def stt(self) -> STT[Any]:
        """What a new stream is opened from. It is tuned."""

    @abstractmethod
    def tune(self, tuning: Tuning) -> bool:
        """Takes a tuning for streams to come. False where streams that are open keep the last one, and are to be
        replaced.
        """
