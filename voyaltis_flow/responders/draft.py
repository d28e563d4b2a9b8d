"""A reply while it is being written: whether it can still become the JSON that was asked for."""

from __future__ import annotations

from voyaltis_flow.engine.stream import ReplyParser
from voyaltis_flow.runtime.protocols import ResponderError


class Draft:
    """Reads a reply along and raises an `invalid` failure once it is no JSON, or ends as another JSON than asked.

    It looks each time that the text has doubled, so that all looks together cost no more than two. Only the reply's
    outer shape counts here: a wrong value deep in it is the engine's to leave out, and the rest is kept.
    """

    def __init__(self) -> None:
        self._parser = ReplyParser()
        self._waiting: list[str] = []
        self._read = self._unread = 0

    def feed(self, text: str) -> None:
        """More of the reply."""
        self._waiting.append(text)
        self._unread += len(text)
        if self._unread >= self._read:
            self._look()

    def finish(self) -> None:
        """The reply is over."""
        self._look()
        if not self._parser.complete:
            raise ResponderError("invalid", "the reply is not the JSON object that was asked for")

    def _look(self) -> None:
        self._parser.feed("".join(self._waiting))
        self._read, self._unread = self._read + self._unread, 0
        self._waiting.clear()
        if self._parser.broken:
            raise ResponderError("invalid", "the reply is not JSON")
