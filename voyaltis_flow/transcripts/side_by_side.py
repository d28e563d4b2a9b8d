"""Many transcripts read twice, by an old script and by a new one, on all the cores there are."""

from __future__ import annotations

import asyncio
import os
import signal
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass

from voyaltis_flow.engine.compiled import CompiledScript
from voyaltis_flow.engine.hooks import HooksByPoint
from voyaltis_flow.script.models import Catalog, Flow, Style
from voyaltis_flow.transcripts.comparison import Change, compare
from voyaltis_flow.transcripts.lines import Transcript
from voyaltis_flow.transcripts.reading import as_asked, read

Parts = tuple[Flow, Style, tuple[Catalog, ...], HooksByPoint]

_FEW = 64
"""Transcripts that are read before other processes would have been made ready."""
_AT_ONCE = 16


@dataclass(frozen=True, slots=True)
class Pair:
    """An old script and a new one, ready to read."""

    old: CompiledScript
    new: CompiledScript

    @classmethod
    def compile(cls, old: Parts, new: Parts) -> Pair:
        """With large catalogs this takes its time."""
        return cls(CompiledScript.compile(*old), CompiledScript.compile(*new))

    def changes(self, transcript: Transcript) -> list[Change]:
        """What the new one makes of a transcript, against the old one. Both are told that the old one had asked."""
        return asyncio.run(self._changes(transcript))

    async def _changes(self, transcript: Transcript) -> list[Change]:
        before = await read(self.old, transcript)
        after = await read(self.new, as_asked(transcript, before.asked))
        return compare(before.row, after.row)


def changes_of(old: Parts, new: Parts, transcripts: Sequence[Transcript]) -> Iterator[list[Change]]:
    """The changes of each transcript, in their order."""
    if len(transcripts) < _FEW:
        yield from map(Pair.compile(old, new).changes, transcripts)
        return
    processes = os.cpu_count() or 1
    with ProcessPoolExecutor(processes, initializer=_make_ready, initargs=(old, new)) as pool:
        under_way: deque[Future[list[list[Change]]]] = deque()
        for first in range(0, len(transcripts), _AT_ONCE):
            under_way.append(pool.submit(_changes, transcripts[first : first + _AT_ONCE]))
            if len(under_way) > 2 * processes:  # no more than that is to be waited for when all is stopped
                yield from under_way.popleft().result()
        while under_way:
            yield from under_way.popleft().result()


_pairs: list[Pair] = []
"""That of this process, where it is one of a pool."""


def _make_ready(old: Parts, new: Parts) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all of them; the first one ends the others
    _pairs.append(Pair.compile(old, new))


def _changes(transcripts: Sequence[Transcript]) -> list[list[Change]]:
    return [_pairs[0].changes(transcript) for transcript in transcripts]
