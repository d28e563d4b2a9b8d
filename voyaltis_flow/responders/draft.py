"""A reply while it is being written: whether it can still become the JSON that was asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jiter import from_json

from voyaltis_flow.runtime.protocols import ResponderError

FIRST_LOOK = 16


class Draft:
    """Collects a reply's text and raises an `invalid` failure once it is no JSON, or ends as another JSON than asked.

    It looks each time that the text has doubled, so that all looks together cost no more than two. Only the reply's
    outer shape counts here: a wrong value deep in it is the engine's to leave out, and the rest is kept.
    """

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self._required = frozenset(schema.get("required", ()))
        self._parts: list[str] = []
        self._length = 0
        self._next_look = FIRST_LOOK

    def feed(self, text: str) -> None:
        """More of the reply."""
        self._parts.append(text)
        self._length += len(text)
        if self._length >= self._next_look:
            self._next_look = 2 * self._length
            self._parse(whole=False)

    def finish(self) -> None:
        """The reply is over."""
        reply = self._parse(whole=True)
        if not isinstance(reply, dict) or not self._required <= reply.keys():
            raise ResponderError("invalid", "the reply is not the JSON object that was asked for")
        if not isinstance(reply.get("nextMessage"), str):
            raise ResponderError("invalid", "the reply says nothing")

    def _parse(self, *, whole: bool) -> Any:
        try:
            return from_json("".join(self._parts).encode(), partial_mode="off" if whole else "trailing-strings")
        except ValueError:
            raise ResponderError("invalid", "the reply is not JSON") from None
