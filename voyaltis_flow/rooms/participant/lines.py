"""What a rep is going to say: the lines of a text file, or a folder of recordings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from voyaltis_flow.speech.pcm import Pcm, SoundFileError, read_wav

_ADDRESSED = re.compile(r"@(\S+):\s+(.+)")


class LinesError(Exception):
    """There is nothing that could be said. The message is for people: where, what, the way out."""


@dataclass(frozen=True, slots=True)
class Line:
    """One turn of the rep: words for a voice, or a recording of them, and the question that it answers, if told."""

    text: str
    point: str | None = None
    """A point, `which:<category>` or `quantity:<product>`."""
    sound: Pcm | None = None


def read_lines(path: Path) -> tuple[Line, ...]:
    """The lines of a text file (a turn each; blank ones and those with `#` left out), or a folder's WAVs by name.

    `@point: words` are kept for when that point is asked. Raises `LinesError`, and OSError where nothing can be read.
    """
    lines = _recordings(path) if path.is_dir() else _written(path)
    if not lines:
        what = "no .wav in it" if path.is_dir() else "no line in it"
        raise LinesError(f"{path}: there is {what}, so nothing to say")
    return lines


def due(lines: Sequence[Line], asked: str | None) -> Line:
    """The line to be said next: the one for what is asked, else the next one for no point, else the next."""
    meant = [line for line in lines if line.point is not None and line.point == asked]
    free = [line for line in lines if line.point is None]
    return [*meant, *free, *lines][0]


def _recordings(folder: Path) -> tuple[Line, ...]:
    paths = sorted(path for path in folder.iterdir() if path.suffix.lower() == ".wav")
    try:
        return tuple(Line(path.stem, sound=read_wav(path)) for path in paths)
    except SoundFileError as error:
        raise LinesError(str(error)) from error


def _written(path: Path) -> tuple[Line, ...]:
    try:
        written = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise LinesError(f"{path}: this is no UTF-8 text (byte {error.start}); save it as UTF-8") from None
    numbered = enumerate((line.strip() for line in written.splitlines()), 1)
    return tuple(_line(f"{path}:{number}", text) for number, text in numbered if text and not text.startswith("#"))


def _line(place: str, text: str) -> Line:
    addressed = _ADDRESSED.fullmatch(text) if text.startswith("@") else None
    if text.startswith("@") and addressed is None:
        raise LinesError(f"{place}: a line for one question begins with its name, as in `@sales: Deux S25.`")
    line = Line(text) if addressed is None else Line(addressed[2], addressed[1])
    if not any(map(str.isalnum, line.text)):
        raise LinesError(f"{place}: there is no word in it that a voice could say")
    return line
