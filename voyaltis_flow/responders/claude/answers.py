"""The answers of batches, kept in a file until all of a run is read: a stopped run pays for nothing twice."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from voyaltis_flow.runtime.protocols import Failure, Usage


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a request: its text, or why there is none. Where there is `usage`, it was paid for."""

    text: str = ""
    usage: Usage | None = None
    failure: Failure | None = None
    message: str = ""
    passing: bool = False
    """Whether asking again may help."""


class Answers:
    """A file of what was sent and of what came, one JSON object a line; it holds what was said, so its mode is 0600.

    A line is a batch that was sent (`batch`, `requests`), an answer (`request`, `text`, `usage`) or a batch that is
    `over`. Failures are not kept: the next run asks again. A torn line is left out.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: dict[str, Answer] = {}
        self._under_way: dict[str, frozenset[str]] = {}
        for line in _lines(path):
            self._take(line)

    def get(self, request: str) -> Answer | None:
        """The answer to a request, None where none has come."""
        return self._known.get(request)

    def under_way(self, requests: Iterable[str]) -> dict[str, frozenset[str]]:
        """The batches that hold any of these requests, and which of them."""
        asked = frozenset(requests)
        return {batch: common for batch, sent in self._under_way.items() if (common := sent & asked)}

    def sent(self, batch: str, requests: Iterable[str]) -> None:
        """A batch is under way."""
        self._write([{"batch": batch, "requests": [*requests]}])

    def came(self, batch: str, answers: Mapping[str, Answer]) -> None:
        """A batch is over, with these answers; with none where it is gone."""
        good = {key: answer for key, answer in answers.items() if answer.failure is None}
        lines = [
            {"request": key, "text": answer.text, "usage": answer.usage and asdict(answer.usage)}
            for key, answer in good.items()
        ]
        self._write([*lines, {"over": batch}])

    def forget(self) -> None:
        """Everything was used: the file goes."""
        self._path.unlink(missing_ok=True)

    def _write(self, lines: list[dict[str, Any]]) -> None:
        written = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
        with open(os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8") as file:
            file.write(written)
        for line in lines:
            self._take(line)

    def _take(self, line: Mapping[str, Any]) -> None:
        match line:
            case {"batch": str() as batch, "requests": list() as requests}:
                self._under_way[batch] = frozenset(requests)
            case {"request": str() as request, "text": str() as text, "usage": usage}:
                self._known[request] = Answer(text, Usage(**usage) if usage else None)
            case {"over": str() as batch}:
                self._under_way.pop(batch, None)


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    if not path.exists():
        return
    with path.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            try:
                yield json.loads(line)
            except ValueError:
                continue
