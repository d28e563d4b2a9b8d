"""What the agent's ears and voices have in common: whom they report to, and how a vendor's failure is named."""

from __future__ import annotations

import asyncio
from typing import Literal, NamedTuple, Protocol

from livekit.agents import APIConnectionError, APIConnectOptions, APIError, APIStatusError, APITimeoutError

from voyaltis_flow.runtime.protocols import Failure

Stage = Literal["stt", "tts"]
Unit = Literal["seconds", "characters"]

OFFLINE = "offline"
"""The vendor's name of speech on this machine."""

AT_ONCE = APIConnectOptions(max_retry=0, timeout=3.0)
"""A vendor is asked once and not waited for: whoever stands behind it takes over."""

_BY_STATUS: dict[int, Failure] = {
    400: "invalid",
    401: "unauthorized",
    402: "unauthorized",
    403: "unauthorized",
    408: "timeout",
    413: "too_long",
    422: "invalid",
    429: "rate_limited",
    503: "overloaded",
    504: "timeout",
}


class Observer(Protocol):
    """Is told how the vendors do. No call holds a rep's words; each returns at once and raises nothing."""

    def failed(self, stage: Stage, vendor: str, failure: Failure) -> None:
        """A vendor failed."""

    def took_over(self, stage: Stage, vendor: str) -> None:
        """This vendor goes on where another one failed."""

    def recognised(self, vendor: str, seconds: float) -> None:
        """The rep's words were known so long after the last of them."""

    def first_byte(self, vendor: str, seconds: float) -> None:
        """A sentence's first sound came so long after the sentence was given to the voice."""

    def used(self, vendor: str, kind: Unit, amount: float) -> None:
        """A vendor listened for so many seconds, or spoke so many characters."""


class Unobserved:
    """An observer that keeps nothing."""

    def failed(self, stage: Stage, vendor: str, failure: Failure) -> None: ...

    def took_over(self, stage: Stage, vendor: str) -> None: ...

    def recognised(self, vendor: str, seconds: float) -> None: ...

    def first_byte(self, vendor: str, seconds: float) -> None: ...

    def used(self, vendor: str, kind: Unit, amount: float) -> None: ...


class Choice(NamedTuple):
    """Whose ears or voice it is, and why, to be told at start-up."""

    name: str
    reason: str


class SpeechChoiceError(ValueError):
    """A setting of the agent's ears or voice has a value that means nothing. The message is for people."""


class SpeechUnavailableError(Exception):
    """The environment lacks what these ears or this voice need. The message says what, and the way out."""


def failure_of(error: BaseException) -> Failure:
    """What a vendor's error amounts to. Its own words are not passed on: they may hold what was said."""
    match error:
        case APIStatusError(status_code=status) if status > 0:
            return _BY_STATUS.get(status, "cut" if 1000 <= status < 5000 else "unavailable")
        case APITimeoutError() | asyncio.TimeoutError():
            return "timeout"
        case APIConnectionError():
            return "network"
        case APIError():
            return "cut"
    return "invalid"
