"""What is said in a call, while it is said: in a terminal with the record beside it, on a pipe line by line."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

from voyaltis_flow.engine.compiled import CompiledScript
from voyaltis_flow.rooms.participant import Participant, Progress, Said, Words

from .margin import Margin, Row
from .prose import Prose
from .terminal import AGENT, NARROW, REP

REFRESH_SECONDS = 0.1
HEARD = {"fr": "entendu", "en": "heard"}


@dataclass(slots=True)
class Scene:
    """A line of the rep's, what was made of it, and the agent's answer. The opening has no line."""

    since: float
    said: Said | None = None
    words: list[Words] = field(default_factory=list)
    progress: list[Progress] = field(default_factory=list)
    seconds_to_first_sound: float | None = None

    def spoken(self, side: Literal["rep", "agent"]) -> str:
        """What a side is known to have said."""
        return " ".join(words.text.strip() for words in self.words if words.side == side)


def scenes(rep: Participant) -> list[Scene]:
    """A call so far, in scenes."""
    begun = [said for said in rep.said if said.began is not None]
    found = [Scene(rep.entered or 0.0), *(Scene(said.ended or float("inf"), said) for said in begun)]
    starts = [0.0, *(said.began or 0.0 for said in begun)]
    ends = [*starts[1:], float("inf")]
    for scene, start, end in zip(found, starts, ends, strict=True):
        scene.words = [words for words in rep.streams.words if start <= words.began < end]
        scene.progress = [progress for progress in rep.streams.progress if start <= progress.at < end]
        voice = rep.ear.first_since(scene.since)
        if voice is not None and voice.began < end:
            scene.seconds_to_first_sound = voice.began - scene.since
    return found


class Captions:
    """Shows a call. Scenes that are over stay as they are; in a terminal the last one grows."""

    def __init__(self, script: CompiledScript, language: str, console: Console) -> None:
        self._margin, self._heard, self._console = Margin(script, language), HEARD.get(language, HEARD["en"]), console
        self._live = Live(console=console, auto_refresh=False) if console.is_terminal else None
        self._over = 0
        self._noted: Mapping[str, Any] = {}

    async def follow(self, rep: Participant) -> None:
        """Shows it as it goes on, until this is cancelled; then the last scene is over as well."""
        if self._live is not None:
            self._live.start()
        try:
            while True:
                await rep.changes.next()
                await asyncio.sleep(REFRESH_SECONDS)  # what changes meanwhile is shown with it
                *over, growing = scenes(rep)
                self._finish(over)
                self._grow(growing)
        finally:
            self._finish(scenes(rep))
            if self._live is not None:
                self._live.update("", refresh=True)
                self._live.stop()

    def _finish(self, over: Sequence[Scene]) -> None:
        for scene in over[self._over :]:
            if self._live is not None:
                self._console.print(self._block(scene))
            else:
                for line in self._lines(scene):
                    self._console.print(line, markup=False, soft_wrap=True)
            self._noted = self._after(scene)
        self._over = max(self._over, len(over))

    def _grow(self, scene: Scene) -> None:
        if self._live is not None:
            self._live.update(self._block(scene), refresh=True)

    def _lines(self, scene: Scene) -> Iterator[str]:
        if scene.said is not None:
            yield f"{REP}{scene.said.text}"
            if recognised := scene.spoken("rep"):
                yield f"  {self._heard}: {recognised}"
        yield f"{AGENT}{scene.spoken('agent')}"
        for row in self._rows(scene):
            yield "  " + " ".join([row.mark, row.what, *(f"« {quote} »" for quote in row.quotes)])
        yield "  " + " · ".join(self._foot(scene))

    def _block(self, scene: Scene) -> RenderableType:
        answer = scene.spoken("agent")
        beside = self._margin.column(self._rows(scene), None)
        foot = Prose("\n".join(self._foot(scene)), "dim")
        parts = [*self._rep(scene), self._answer(answer, Group(beside, foot))] if answer else [*self._rep(scene)]
        return Group(*parts, Text())

    def _rep(self, scene: Scene) -> Iterator[RenderableType]:
        if scene.said is None:
            return
        yield Prose(REP + _so_far(scene.said), "cyan")
        if recognised := scene.spoken("rep"):
            yield Prose(f"  {self._heard}: {recognised}", "dim italic")
        yield Text()

    def _answer(self, words: str, beside: RenderableType) -> RenderableType:
        table = Table.grid(padding=(0, 1), expand=True)
        table.add_column(width=1)
        table.add_column(ratio=3)
        mark = Text(AGENT.strip(), "magenta")
        if self._console.width < NARROW:
            table.add_row(mark, Prose(words))
            table.add_row("", beside)
            return table
        table.add_column(ratio=2)
        table.add_row(mark, Prose(words), beside)
        return table

    def _rows(self, scene: Scene) -> Iterator[Row]:
        return self._margin.of_progress(self._noted, self._after(scene)) if scene.progress else iter(())

    def _foot(self, scene: Scene) -> Iterator[str]:
        if scene.seconds_to_first_sound is not None:
            yield f"{scene.seconds_to_first_sound:.2f} s"
        if scene.progress:
            yield from self._margin.foot(self._after(scene))

    def _after(self, scene: Scene) -> Mapping[str, Any]:
        """What is noted at the end of a scene."""
        return scene.progress[-1].document if scene.progress else self._noted


def _so_far(said: Said) -> str:
    """The words that are out, as far as time tells."""
    return said.text[: round(len(said.text) * said.share)].rsplit(" ", 1)[0] if said.ended is None else said.text
