"""What a responder is given for a turn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Message:
    """One message of the dialogue as the model sees it."""

    role: Literal["user", "assistant"]
    text: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What the engine decided for this turn, for a responder that needs no model (`rules`) and for tests.

    `say` are the style's sentences for this turn in the turn's language, in order: acknowledgement (unless already
    said), bridge, question or closing; `asks_about` is what the question is about (`asksAbout` of the contracts), and
    `question` the one of `say` that asks it.
    """

    say: tuple[str, ...]
    asks_about: str | None
    extracted: Mapping[str, Any]
    complete: bool
    question: str | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """Messages and schema for whichever responder.

    `stable` is the part of the prompt that is the same all conversation long (cached by vendors), `turn_text` what
    changes; both are system text.
    """

    conversation: str
    turn: int
    language: str
    stable: str
    turn_text: str
    messages: tuple[Message, ...]
    schema: Mapping[str, Any]
    """The flow's wire schema; the same object at every turn."""
    plan: Plan
    already_said: tuple[str, ...] = ()
    """Sentences of this turn that the rep has heard: the acknowledgement, or what came before a restart."""
    without_model: bool = False
    """The budget's dollars are spent: only a responder that costs nothing may answer."""
