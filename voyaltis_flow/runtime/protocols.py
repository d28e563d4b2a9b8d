"""What the runtime asks of its parts: a responder writes a turn's JSON, a journal keeps its events."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from voyaltis_flow.engine.events import Event
from voyaltis_flow.engine.request import Request

Failure = Literal[
    "timeout",
    "stalled",
    "cut",
    "overloaded",
    "rate_limited",
    "unauthorized",
    "refused",
    "too_long",
    "invalid",
    "network",
    "unavailable",
]


@dataclass(frozen=True, slots=True)
class Usage:
    """What a reply used and cost (dollars, by the price file); comes after the text, once per request to a vendor."""

    responder: str
    model: str | None = None
    input_tokens: int = 0
    cached_tokens: int = 0
    cache_write_tokens: int = 0
    output_tokens: int = 0
    cost: float = 0.0
    first_token_ms: float | None = None


@dataclass(frozen=True, slots=True)
class Restart:
    """What was written so far ends here, and another responder begins the same turn anew (`Turn.restart`)."""

    failure: Failure
    responder: str


class ResponderError(Exception):
    """A responder could not finish a turn. `failure` is greppable; the message is for people, without a rep's words."""

    def __init__(self, failure: Failure, message: str) -> None:
        super().__init__(message)
        self.failure = failure


class NotYet(Exception):  # noqa: N818 - nothing is wrong
    """The reply comes later. Whoever asked lets the turn go, and makes it anew when the responder was told to fetch."""


class Responder(Protocol):
    """Writes a turn's JSON as a stream of text, in any chunking."""

    @property
    def name(self) -> str: ...

    async def prepare(self) -> None:
        """Makes ready for a first reply: connects, loads what is heavy. Optional to call; never fails."""
        ...

    def respond(self, request: Request) -> AsyncGenerator[str | Usage | Restart, None]:
        """The reply to a request. Raises `ResponderError`, and `NotYet` where it says so; may be closed early."""
        ...

    async def aclose(self) -> None:
        """Lets go of connections. The responder is not used after."""
        ...


class Journal(Protocol):
    """Keeps a conversation's events, in order, before the next turn begins."""

    async def append(self, conversation: str, events: Sequence[Event]) -> None: ...
