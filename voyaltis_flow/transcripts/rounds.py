"""Many transcripts read by a responder whose replies come later, all of a round together."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable
from typing import Protocol

from voyaltis_flow.engine.compiled import CompiledScript
from voyaltis_flow.runtime.protocols import NotYet, Responder
from voyaltis_flow.transcripts.lines import Transcript
from voyaltis_flow.transcripts.reading import Reading, read


class Gathering(Responder, Protocol):
    """Raises `NotYet` for a reply that it does not have."""

    async def fetch(self) -> None:
        """Gets the replies that were asked for."""
        ...


async def read_in_rounds(
    script: CompiledScript, transcripts: Iterable[Transcript], responder: Gathering
) -> AsyncGenerator[tuple[Transcript, Reading], None]:
    """What each transcript says, as soon as all its replies have come.

    A turn's request holds what the replies before it recorded, so there is a round for each turn of the longest
    transcript. Each round reads from the beginning: what has come is at hand, and nothing else needs to be remembered.
    """
    waiting = list(transcripts)
    while waiting:
        left = []
        for transcript in waiting:
            try:
                yield transcript, await read(script, transcript, responder)
            except NotYet:
                left.append(transcript)
        if left:
            await responder.fetch()
        waiting = left
