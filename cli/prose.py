"""Text that is broken where French allows it: never before `?`, `!`, `:`, `;` or inside quotation marks' blanks."""

from __future__ import annotations

import re
from textwrap import wrap

from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
from rich.style import StyleType
from rich.text import Text

_WOULD_BREAK = re.compile(r" (?=[?!:;»])|(?<=«) ")
_NARROWEST = 8


class Prose:
    """Lines of text in one style, wrapped to the width there is. Rich by itself would break at no-break spaces."""

    def __init__(self, text: str, style: StyleType = "") -> None:
        self._lines = _WOULD_BREAK.sub("\u00a0", text).split("\n")
        self._style = style

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        wrapped = (part for line in self._lines for part in wrap(line, max(options.max_width, _NARROWEST)) or [""])
        yield Text("\n".join(wrapped), self._style)

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        widest = max(map(len, self._lines))
        return Measurement(min(_NARROWEST, widest), widest).with_maximum(options.max_width)
