"""The two faces of a conversation in the terminal: sentences on a pipe, or a dialogue with its record beside it."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import AsyncIterator
from typing import Protocol

from rich.console import Console, RenderableType
from rich.live import Live
from rich.table import Table
from rich.text import Text

from voyaltis_flow.engine.conversation import Conversation
from voyaltis_flow.engine.sentences import split
from voyaltis_flow.engine.speech import Say
from voyaltis_flow.engine.turn import Output
from voyaltis_flow.runtime.loop import Committed

from .margin import Margin
from .prose import Prose

Outputs = AsyncIterator[Output | Committed]

NARROW = 72
"""Columns below which the record stands under the words rather than beside them."""
AGENT, REP = "‹ ", "› "


class Face(Protocol):
    """What talks with the rep."""

    async def show(self, outputs: Outputs) -> None:
        """Shows a turn as it becomes certain."""
        ...

    def listen(self) -> str:
        """The rep's next words; EOFError when there are no more."""
        ...


class Plain:
    """A line in is a turn, a line out is a sentence, and nothing else is written."""

    async def show(self, outputs: Outputs) -> None:
        async for output in outputs:
            if isinstance(output, Say):
                sys.stdout.writelines(f"{sentence}\n" for sentence in split(output.text))
                sys.stdout.flush()

    def listen(self) -> str:
        line = sys.stdin.readline() if sys.stdin else ""
        if not line:
            raise EOFError
        return line.rstrip("\r\n")


class Dialogue:
    """The agent's words as they come; beside them what they recorded, what is open, and the budget."""

    def __init__(self, conversation: Conversation, console: Console) -> None:
        self._conversation, self._console = conversation, console
        with contextlib.suppress(ImportError):
            import readline  # noqa: F401, PLC0415 - gives `input` its line editing where there is one

    async def show(self, outputs: Outputs) -> None:
        said: list[str] = []
        with Live(self._block(["…"], Text()), console=self._console, auto_refresh=False) as live:
            async for output in outputs:
                if isinstance(output, Say):
                    said.append(output.text)
                done = self._margin(output) if isinstance(output, Committed) else Text()
                live.update(self._block(said or ["…"], done), refresh=True)
        if not self._console.is_terminal:
            self._console.print()

    def listen(self) -> str:
        """Asks again after an empty line, which is no turn here."""
        while True:
            line = input(REP)
            if not sys.stdin.isatty():
                self._console.print(line, markup=False)
            if line.strip():
                self._console.print()
                return line

    def _margin(self, committed: Committed) -> RenderableType:
        conversation = self._conversation
        margin = Margin(conversation.script, conversation.state.language)
        rows = margin.of_events(committed.events)
        return margin.column(rows, None if conversation.ended else conversation.progress())

    def _block(self, said: list[str], beside: RenderableType) -> RenderableType:
        mark, words = Text(AGENT.strip(), "magenta"), Prose("\n".join(said))
        wide = self._console.width >= NARROW
        table = Table.grid(padding=(0, 1))
        table.width = self._console.width - len("^C")  # which the terminal writes behind the last line when it is typed
        table.add_column(width=1)
        table.add_column(ratio=3)
        if not wide:
            table.add_row(mark, words)
            table.add_row("", beside)
            return table
        table.add_column(ratio=2)
        table.add_row(mark, words, beside)
        return table
