"""Whose turn it is to listen: the best recogniser that can be relied on, and when a better one is tried again."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from voyaltis_flow.voice.hearing.recogniser import Recogniser


class Roster:
    """Recognisers, the best first."""

    def __init__(self, recognisers: Sequence[Recogniser]) -> None:
        if not recognisers:
            raise ValueError("a relay needs a recogniser")
        self._recognisers = tuple(recognisers)

    def __iter__(self) -> Iterator[Recogniser]:
        return iter(self._recognisers)

    def next(self, but: Collection[Recogniser] = ()) -> Recogniser | None:
        """The best one, but for these, that does not keep failing; the best one at all where they all do."""
        left = [recogniser for recogniser in self._recognisers if recogniser not in but]
        for recogniser in left:
            if recogniser.circuit.advice() != "skip":
                return recogniser
        return left[0] if left else None

    def better(self, than: Recogniser) -> Recogniser | None:
        """A better one whose time has come to be tried."""
        for recogniser in self._recognisers[: self._recognisers.index(than)]:
            if recogniser.circuit.advice() != "skip":
                return recogniser
        return None
