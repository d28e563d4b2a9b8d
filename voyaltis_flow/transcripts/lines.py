"""Recorded transcripts, as people hand them in: JSON Lines, each line checked, a bad one told with its number."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from voyaltis_flow.engine.events import Event, Heard, Opened


@dataclass(frozen=True, slots=True)
class Said:
    """A recorded turn of a rep. `asked` is what the agent had just asked, None where the transcript does not tell."""

    says: str
    asked: str | None = None


@dataclass(frozen=True, slots=True)
class Transcript:
    """A recorded conversation; `source` is its line to the byte, so that a changed line is another reading."""

    id: str | int
    lang: str | None
    turns: tuple[Said, ...]
    source: bytes


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that holds no transcript, and why."""

    number: int
    why: str


@dataclass(frozen=True, slots=True)
class Line:
    """What a line of the input holds, and its length in bytes, by which progress is told."""

    holds: Transcript | BadLine | None
    size: int


def read_transcripts(path: Path) -> Iterator[Line]:
    """The lines of a file, one by one; the second of two equal ids is a bad line, a blank one holds nothing."""
    first_seen: dict[str | int, int] = {}
    with path.open("rb") as lines:
        for number, raw in enumerate(lines, 1):
            holds = _transcript(raw, number)
            if isinstance(holds, Transcript) and first_seen.setdefault(holds.id, number) != number:
                holds = BadLine(number, f"the id {holds.id!r} was there before, in line {first_seen[holds.id]}")
            yield Line(holds, len(raw))


def line_of(journal: Iterable[Event]) -> dict[str, Any]:
    """What the rep said in a conversation, and after which questions, as a line of such a file holds it."""
    line: dict[str, Any] = {"id": "", "turns": []}
    for event in journal:
        if isinstance(event, Opened):
            line |= {"id": event.conversation, "lang": event.language}
        elif isinstance(event, Heard):
            asked = {"asked": event.asked} if event.asked else {}
            line["turns"].append({**asked, "says": event.text})
    return line


def _transcript(raw: bytes, number: int) -> Transcript | BadLine | None:
    source = raw.removeprefix(b"\xef\xbb\xbf").strip()
    if not source:
        return None
    try:
        written = json.loads(source.decode("utf-8"))
        return _checked(written, source)
    except UnicodeDecodeError as error:
        return BadLine(number, f"not UTF-8: byte {error.start + 1} of the line")
    except json.JSONDecodeError as error:
        return BadLine(number, f"no JSON: {error.msg} at column {error.colno}")
    except RecursionError:
        return BadLine(number, "nested too deeply")
    except ValueError as error:
        return BadLine(number, str(error))


def _checked(written: Any, source: bytes) -> Transcript:
    if not isinstance(written, Mapping):
        raise ValueError("not an object such as {“id”: …, “turns”: […]}")
    name, lang, turns = written.get("id"), written.get("lang"), written.get("turns")
    if isinstance(name, bool) or not isinstance(name, str | int) or name == "":
        raise ValueError("`id` is missing: a text or a number that no other line has")
    if lang is not None and not isinstance(lang, str):
        raise ValueError("`lang` is a language such as “fr”")
    if not isinstance(turns, list):
        raise ValueError("`turns` is missing: a list such as [{“says”: “deux S25”}]")
    said = tuple(_said(turn, position) for position, turn in enumerate(turns))
    return Transcript(_whole(name) if isinstance(name, str) else name, lang, said, source)


def _said(turn: Any, position: int) -> Said:
    says = turn.get("says") if isinstance(turn, Mapping) else None
    asked = turn.get("asked") if isinstance(turn, Mapping) else None
    if not isinstance(says, str):
        raise ValueError(f"turn {position} has no text in `says`")
    if asked is not None and not isinstance(asked, str):
        raise ValueError(f"turn {position}: `asked` is no text")
    return Said(_whole(says), asked)


def _whole(text: str) -> str:
    """Halves of characters, which JSON can hold and UTF-8 cannot, become "?"."""
    return text.encode("utf-8", "replace").decode("utf-8")
