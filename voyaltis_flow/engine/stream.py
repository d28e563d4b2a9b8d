"""A reply while it is being written: which of its fields are closed, and whether it is still JSON.

Only what is closed can be trusted: a number that is cut looks like a number. The one exception is `nextMessage`, whose
text is read as it grows. Nothing here depends on how the text was cut into chunks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from json import JSONDecoder
from typing import Any, Literal

from jiter import from_json

FIELDS = ("nextMessage", "asksAbout", "extractedData", "isComplete", "reasoning")
MAX_REPLY = 100_000
"""Bytes of a reply that are read; a longer one is broken."""

_STRUCTURE = re.compile(rb'"(?:[^"\\]|\\.)*(?:"|\\?\Z)|[{}\[\]]', re.DOTALL)
_DECODER = JSONDecoder()
_CLOSER = {b"{": b"}", b"[": b"]"}


class ReplyParser:
    """Fed a reply's text in any chunks. Never raises: `broken` says that it is not JSON, or too long."""

    def __init__(self) -> None:
        self._buffer = b""
        self._value: Mapping[str, Any] = {}
        self._sure: set[str] = set()
        self.broken = False
        self.closed = False
        """The whole object is there; what follows it is ignored."""

    def feed(self, chunk: str | bytes) -> None:
        """More of the reply; what comes before its first brace is ignored. What was closed when it broke stays."""
        new = chunk if isinstance(chunk, bytes) else chunk.encode("utf-8", "replace")
        if not self._buffer:
            new = new[new.find(b"{") :] if b"{" in new else b""
        if self.broken or self.closed or not new:
            return
        if not self._read(new):
            self._read(new[: self._valid(new)])
            self.broken = not self.closed

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that have begun, in the order in which they were written."""
        return tuple(self._value)

    @property
    def text(self) -> str:
        """The `nextMessage` so far."""
        text = self._value.get("nextMessage")
        return text if isinstance(text, str) else ""

    def has(self, field: str) -> bool:
        """Whether a field is closed."""
        if field not in self._sure and field in self._value and self._is_closed(field):
            self._sure.add(field)
        return field in self._sure

    def _is_closed(self, field: str) -> bool:
        if self.closed or self.fields[-1] != field:
            return True
        whole = _parsed(self._buffer, "on") or {}
        return field in whole and isinstance(whole[field], str | bool | None)

    def get(self, field: str) -> Any:
        """The value of a field that is closed, None for any other."""
        return self._value.get(field) if self.has(field) else None

    @property
    def complete(self) -> bool:
        """Whether the reply is whole: all of its fields, and something to say."""
        return self.closed and all(field in self._value for field in FIELDS) and isinstance(self._value[FIELDS[0]], str)

    def salvaged(self) -> Any:
        """Of an `extractedData` that was cut: what was closed of it."""
        if self.has("extractedData"):
            return self._value["extractedData"]
        return _last_closed(self._buffer).get("extractedData")

    def _read(self, new: bytes) -> bool:
        """Whether the reply may go on like this; if so the bytes are kept."""
        buffer = self._buffer + new
        value = _parsed(buffer, "trailing-strings")
        if value is None or len(buffer) > MAX_REPLY:
            return False
        self._buffer, self._value = buffer, value
        if b"}" in new and (whole := _whole(buffer)) is not None:
            self._value, self.closed = whole, True
        return True

    def _valid(self, new: bytes) -> int:
        """How many of these bytes may still be part of a reply."""
        low, high = 0, len(new)
        while low < high:
            middle = (low + high + 1) // 2
            buffer = self._buffer + new[:middle]
            fits = len(buffer) <= MAX_REPLY and _parsed(buffer, "trailing-strings") is not None
            low, high = (middle, high) if fits else (low, middle - 1)
        return low


def _parsed(buffer: bytes, mode: Literal["off", "on", "trailing-strings"]) -> dict[str, Any] | None:
    """The object that these bytes begin (all of it in mode "off"), or None when they can't."""
    if not buffer.strip():
        return None if mode == "off" else {}
    try:
        value = from_json(buffer, partial_mode=mode, allow_inf_nan=False, catch_duplicate_keys=True)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _whole(buffer: bytes) -> dict[str, Any] | None:
    """The object, if it is all there. (jiter, asked for a part, does not tell; and it ignores what follows.)"""
    try:
        text = buffer.decode("utf-8", "ignore")
        _, end = _DECODER.raw_decode(text)
    except ValueError:
        return None
    return _parsed(text[:end].encode(), "off")


def _last_closed(buffer: bytes) -> Mapping[str, Any]:
    """What a cut object holds up to the last list or object in it that was closed."""
    stack: list[bytes] = []
    end, closers = 0, b""
    for mark in _STRUCTURE.finditer(buffer):
        if (closer := _CLOSER.get(mark.group())) is not None:
            stack.append(closer)
        elif stack and mark.group() == stack[-1]:
            stack.pop()
            end, closers = mark.end(), b"".join(reversed(stack))
    return _parsed(buffer[:end] + closers, "off") or {}
