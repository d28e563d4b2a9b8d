"""When to leave a failing responder, recogniser or voice alone, and when to try it again."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from voyaltis_flow.runtime.protocols import Failure

Advice = Literal["ask", "skip", "probe"]

OF_THE_TURN: frozenset[Failure] = frozenset({"refused", "too_long"})
"""Failures that tell of what was said, and nothing of the health of whoever was asked."""

FOR_GOOD: frozenset[Failure] = frozenset({"unauthorized"})
"""Failures that will not pass by waiting a little."""


@dataclass(frozen=True, slots=True)
class CircuitSettings:
    """How many failures in a row are too many, and how long to stay away after them (doubling), in seconds."""

    failures: int = 3
    cool_down: float = 15.0
    longest: float = 300.0


class Circuit:
    """Counts failures in a row. After too many it advises to skip; after the cool-down, one probe at a time."""

    def __init__(self, settings: CircuitSettings | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._settings = settings or CircuitSettings()
        self._clock = clock
        self._in_row = 0
        self._opened = 0
        self._closed_until: float | None = None
        self._probing = False

    def advice(self) -> Advice:
        """What to do with the next request. After "probe", one of the three below must be told."""
        if self._closed_until is None:
            return "ask"
        if self._probing or self._clock() < self._closed_until:
            return "skip"
        self._probing = True
        return "probe"

    def succeeded(self) -> None:
        """It answered well: all is forgotten."""
        self._in_row = self._opened = 0
        self._closed_until = None
        self._probing = False

    def failed(self, failure: Failure) -> None:
        """It failed; a failed probe doubles the time until the next one.

        What was begun before it was left alone, and fails after, tells nothing new.
        """
        probed, self._probing = self._probing, False
        if failure in OF_THE_TURN or (self._closed_until is not None and not probed):
            return
        self._in_row += 1
        if probed or failure in FOR_GOOD or self._in_row >= self._settings.failures:
            self._open(for_good=failure in FOR_GOOD)

    def left(self) -> None:
        """Nobody waited for the end of its answer: nothing was learnt."""
        self._probing = False

    def _open(self, *, for_good: bool) -> None:
        cool_down = self._settings.longest if for_good else self._settings.cool_down * 2.0**self._opened
        self._closed_until = self._clock() + min(cool_down, self._settings.longest)
        self._opened += 1
