"""What all conversations of a job process share, made ready before the first of them comes."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Self

from voyaltis_flow.project import Settings
from voyaltis_flow.reports import Store
from voyaltis_flow.responders.choose import choose
from voyaltis_flow.responders.prices import Prices, load_prices
from voyaltis_flow.runtime.protocols import Responder
from voyaltis_flow.voice.scripts import Scripts
from voyaltis_flow.voice.session import EndOfTurn


class EquipmentError(ValueError):
    """A setting of the agent has a value that means nothing. The message is for people."""


@dataclass(frozen=True)
class Equipment:
    """The store, the scripts and who answers. `recogniser` is the address of the offline recogniser, if one runs."""

    settings: Settings
    store: Store
    scripts: Scripts
    responder: Responder
    prices: Prices
    end_of_turn: EndOfTurn
    recogniser: str | None = None

    @classmethod
    def ready(cls, settings: Settings, scripts: Scripts, recogniser: str | None = None) -> Self:
        """Opens what has to be open. Raises what the store, the responder and the settings raise for people."""
        return cls(
            settings,
            Store.open(settings.store),
            scripts,
            choose(settings.responder, settings),
            load_prices(Path(settings.prices) if settings.prices else None),
            end_of_turn(settings),
            recogniser,
        )


def end_of_turn(settings: Settings) -> EndOfTurn:
    """How it is found out that a rep has finished; `auto` is the model on this machine, where it is installed."""
    if settings.end_of_turn == "auto":
        return "model" if find_spec("livekit.local_inference") else "vad"
    match settings.end_of_turn:
        case "model" | "vad" as named:
            return named
    raise EquipmentError(f"VOYALTIS_END_OF_TURN: {settings.end_of_turn!r} is none of auto, model, vad")
