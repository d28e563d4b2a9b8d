"""What `extract` writes: a line for each transcript, in a file that a stopped run can be gone on with."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

from voyaltis_flow.transcripts.lines import Transcript
from voyaltis_flow.transcripts.reading import FAILURES

KEY = "reading"
"""The key of a line that tells which reading it is, of what, by whom: lines of two readings are never taken for one."""

_BEGINNING = b'{"id":'
_FAILED = ".failed"
"""Behind the key of a line whose reader failed in between: it is read again by the next run."""


class ForeignFileError(Exception):
    """A file that holds something else; it is left as it is. The message is for people."""


class Readings:
    """The lines of one reader, a context manager. Each is written at once.

    What a former run left is kept where the same reader read the same transcript, and dropped where not: a torn line,
    another flow, a changed transcript, a reading that failed. In the end the lines are in the order of the transcripts.
    """

    def __init__(self, path: Path, reader: str) -> None:
        self._path = path.resolve()
        self._reader = _digest(reader.encode())
        self._written: list[str] = []
        self._wanted: dict[str, None] = {}
        self._known: set[str] = set()
        self._file: BinaryIO | None = None

    def __enter__(self) -> Self:
        if self._path.is_file():
            self._refuse_others()
            self._written = self._rewrite(lambda key: key.startswith(self._reader) and not key.endswith(_FAILED))
        self._known = set(self._written)
        self._file = self._path.open("ab")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._file:
            self._file.close()
        written = set(self._written)
        order = [key for wanted in self._wanted for key in (wanted, wanted + _FAILED) if key in written]
        if kind is None and self._written != order and self._path.is_file():
            self._rewrite(set(order).__contains__, order)

    def has(self, transcript: Transcript) -> bool:
        """Whether a former run read this transcript. It has its place among the lines from now on."""
        key = self._key(transcript)
        self._wanted[key] = None
        return key in self._known

    def add(self, transcript: Transcript, row: Mapping[str, Any]) -> None:
        """Writes the line of a transcript."""
        assert self._file, "Readings is a context manager"
        key = self._key(transcript)
        self._wanted[key] = None
        key += _FAILED if row.get(FAILURES) else ""
        line = json.dumps({"id": transcript.id, **row, KEY: key}, ensure_ascii=False)
        self._file.write(line.encode("utf-8", "replace") + b"\n")
        self._file.flush()
        self._written.append(key)

    def _key(self, transcript: Transcript) -> str:
        return f"{self._reader}.{_digest(transcript.source)}"

    def _refuse_others(self) -> None:
        """What has no line of ours, nor the torn beginning of one, is nothing to go on with."""
        with self._path.open("rb") as file:
            begins = file.read(len(_BEGINNING))
        if begins and begins != _BEGINNING and next(_lines(self._path), None) is None:
            raise ForeignFileError(f"{self._path.name} holds something else than readings; name another file")

    def _rewrite(self, keep: Callable[[str], bool], order: Iterable[str] | None = None) -> list[str]:
        """Leaves the lines to keep, in order; their keys. The file is replaced at once or not at all."""
        lines = {key: line for key, line in _lines(self._path) if keep(key)}
        keys = [key for key in (order or lines) if key in lines]
        kept = b"".join(lines[key] for key in keys)
        if kept != self._path.read_bytes():
            fresh = self._path.with_name(self._path.name + ".new")
            fresh.write_bytes(kept)
            os.replace(fresh, self._path)
        return keys


def _lines(path: Path) -> Iterator[tuple[str, bytes]]:
    with path.open("rb") as lines:
        for line in lines:
            try:
                row = json.loads(line) if line.endswith(b"\n") else None
            except (ValueError, RecursionError):
                continue
            if isinstance(row, dict) and isinstance(row.get(KEY), str):
                yield row[KEY], line


def _digest(content: bytes) -> str:
    return sha256(content).hexdigest()[:12]
