"""Replies that come later: the same reading as if they had come at once, in as many rounds as there are turns."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterable

import pytest

from voyaltis_flow.engine.compiled import CompiledScript
from voyaltis_flow.engine.request import Request
from voyaltis_flow.project import load_script
from voyaltis_flow.responders.rules import Rules
from voyaltis_flow.runtime.protocols import NotYet
from voyaltis_flow.transcripts.lines import Said, Transcript
from voyaltis_flow.transcripts.reading import Reading, read
from voyaltis_flow.transcripts.rounds import read_in_rounds


class Later(Rules):
    """The rules, who answer nothing before they were told to fetch it."""

    def __init__(self) -> None:
        self.rounds: list[int] = []
        self._wanted: set[str] = set()
        self._there: set[str] = set()

    async def respond(self, request: Request) -> AsyncGenerator[str, None]:
        key = f"{request.conversation} {request.turn}"
        if key not in self._there:
            self._wanted.add(key)
            raise NotYet(key)
        async for chunk in super().respond(request):
            yield chunk

    async def fetch(self) -> None:
        self.rounds.append(len(self._wanted))
        self._there |= self._wanted
        self._wanted = set()


def transcript(name: str, *said: str) -> Transcript:
    return Transcript(name, "fr", tuple(map(Said, said)), name.encode())


MONTH = [
    transcript("long", "Deux S25 et un frigo.", "Le Family Hub.", "Ils ont adoré l'image."),
    transcript("empty"),
    transcript("short", "Trois The Frame en 55."),
]


@pytest.fixture(scope="module")
def script() -> CompiledScript:
    loaded = load_script("event_debrief")
    return CompiledScript.compile(loaded.flow, loaded.style, loaded.catalogs)


async def gathered(script: CompiledScript, responder: Later, month: Iterable[Transcript]) -> dict[str, Reading]:
    return {str(each.id): reading async for each, reading in read_in_rounds(script, month, responder)}


async def test_rounds_read_what_reading_at_once_reads(script: CompiledScript) -> None:
    read_later = await gathered(script, Later(), MONTH)
    assert read_later == {str(each.id): await read(script, each, Rules()) for each in MONTH}


async def test_there_is_a_round_for_each_turn_and_a_transcript_is_done_when_its_replies_have_come(
    script: CompiledScript,
) -> None:
    responder = Later()
    read_later = await gathered(script, responder, MONTH)
    assert responder.rounds == [2, 1, 1]
    assert list(read_later) == ["empty", "short", "long"]
