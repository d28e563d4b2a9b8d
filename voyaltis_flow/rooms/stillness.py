"""For how long things have stood still, by this machine's own clock: no two machines' clocks are ever compared."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Mapping


class Stillness:
    """Remembers what each thing looked like, and since when it has looked like that."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._since: dict[str, tuple[Hashable, float]] = {}

    def seen(self, marks: Mapping[str, Hashable]) -> dict[str, float]:
        """Seconds since each thing changed its mark, or was first seen; what is not among them is forgotten."""
        now = self._clock()
        known = self._since
        self._since = {
            key: known[key] if key in known and known[key][0] == mark else (mark, now) for key, mark in marks.items()
        }
        return {key: now - since for key, (_, since) in self._since.items()}

    def forget(self) -> None:
        """Begins anew: what is seen next was never seen before."""
        self._since = {}
