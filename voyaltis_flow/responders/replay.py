"""Records what a responder writes, and plays it back, so that a run with a model can be a test without one.

A file holds one JSON object a line, a reply each: `key`, `words`, `turn`, `responder`, `stream`, and `failure` where it
failed. `stream` lists what came and when, in milliseconds: text, or `{"usage": …}`, or `{"restart": …}`. It holds what
was said, so it is made for its owner's eyes only (mode 0600).

A reply is found by `key`, a hash of all that the responder was shown. Where no key fits, the reply to the same words of
the rep at the same turn serves, so that a changed prompt does not void a recording; a rep who says something else does.
Of several replies to one request each is played in turn, and the last one again after that.
"""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections import defaultdict
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping
from contextlib import aclosing
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, get_args

from voyaltis_flow.engine.request import Request
from voyaltis_flow.runtime.protocols import Failure, Responder, ResponderError, Restart, Usage

Item = str | Usage | Restart


class RecordingError(ValueError):
    """A recording can't be played. The message says where and what, for people."""


class Recorder:
    """Passes a responder's replies on and keeps each in a file. One that is let go before its end is not kept."""

    def __init__(self, responder: Responder, path: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._responder = responder
        self._path = path
        self._clock = clock

    @property
    def name(self) -> str:
        """The name of the responder that is recorded."""
        return self._responder.name

    async def prepare(self) -> None:
        """Prepares the responder that is recorded."""
        await self._responder.prepare()

    async def respond(self, request: Request) -> AsyncGenerator[Item, None]:
        """The responder's reply, unchanged."""
        started = self._clock()
        stream: list[list[Any]] = []
        failure: ResponderError | None = None
        try:
            async with aclosing(self._responder.respond(request)) as items:
                async for item in items:
                    stream.append([round((self._clock() - started) * 1000), _packed(item)])
                    yield item
        except ResponderError as error:
            failure = error
        self._keep(request, stream, failure)
        if failure:
            raise failure

    async def aclose(self) -> None:
        """Closes the responder that is recorded."""
        await self._responder.aclose()

    def _keep(self, request: Request, stream: list[list[Any]], failure: ResponderError | None) -> None:
        line: dict[str, Any] = {"key": request_key(request), "words": words_key(request), "turn": request.turn}
        line |= {"responder": self.name, "stream": stream}
        if failure:
            line["failure"] = {"failure": failure.failure, "message": str(failure)}
        written = json.dumps(line, ensure_ascii=False) + "\n"
        with open(os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a", encoding="utf-8") as file:
            file.write(written)


@dataclass(frozen=True, slots=True)
class _Reply:
    key: str
    words: str
    stream: tuple[tuple[float, Item], ...]
    failure: Failure | None
    message: str


class Replay:
    """Plays a recording. `paced` keeps the times between its parts, as when a person is to hear it."""

    name = "replay"

    def __init__(self, path: Path, *, paced: bool = False) -> None:
        self._path = path
        self._paced = paced
        self._by_key: dict[str, list[_Reply]] = defaultdict(list)
        self._by_words: dict[str, list[_Reply]] = defaultdict(list)
        for reply in _read(path):
            self._by_key[reply.key].append(reply)
            self._by_words[reply.words].append(reply)

    async def prepare(self) -> None:
        """Nothing: the file was read when this was made."""

    async def respond(self, request: Request) -> AsyncGenerator[Item, None]:
        """The recorded reply, its failure included. Raises `unavailable` where the recording has none."""
        reply = self._find(request)
        gone = 0.0
        for at, item in reply.stream:
            if self._paced:
                await asyncio.sleep(at - gone)
                gone = at
            yield item
        if reply.failure:
            raise ResponderError(reply.failure, reply.message)

    async def aclose(self) -> None:
        """Nothing is held open."""

    def _find(self, request: Request) -> _Reply:
        replies = self._by_key.get(request_key(request)) or self._by_words.get(words_key(request))
        if not replies:
            told = f"{self._path} has no reply for turn {request.turn}: the rep says something else than was recorded"
            raise ResponderError("unavailable", f"{told}. Record it anew with --responder record:FILE.")
        return replies.pop(0) if len(replies) > 1 else replies[0]


def request_key(request: Request) -> str:
    """A hash of all that a responder is shown, the conversation's name apart."""
    shown = asdict(request)
    del shown["conversation"], shown["plan"]
    return _hash(shown)


def words_key(request: Request) -> str:
    """A hash of the turn and of what the rep has said up to it."""
    return _hash([request.turn, [message.text for message in request.messages if message.role == "user"]])


def _hash(content: Any) -> str:
    return sha256(json.dumps(content, sort_keys=True, ensure_ascii=False, default=dict).encode()).hexdigest()[:32]


def _packed(item: Item) -> Any:
    match item:
        case Usage():
            return {"usage": asdict(item)}
        case Restart():
            return {"restart": asdict(item)}
    return item


def _unpacked(packed: Any) -> Item:
    match packed:
        case str():
            return packed
        case {"usage": Mapping() as usage}:
            return Usage(**usage)
        case {"restart": Mapping() as restart}:
            return Restart(**restart)
    raise ValueError("a part that is neither text, usage nor restart")


def _read(path: Path) -> Iterator[_Reply]:
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                yield _parsed(json.loads(line))
            except (ValueError, TypeError, KeyError) as error:
                raise RecordingError(f"{path}:{number}: not a recorded reply: {error}") from None


def _parsed(line: Mapping[str, Any]) -> _Reply:
    stream = tuple((float(at) / 1000, _unpacked(packed)) for at, packed in line["stream"])
    failed = line.get("failure")
    if failed and failed["failure"] not in get_args(Failure):
        raise ValueError(f"unknown failure {failed['failure']!r}")
    return _Reply(
        key=line["key"],
        words=line["words"],
        stream=stream,
        failure=failed["failure"] if failed else None,
        message=failed["message"] if failed else "",
    )
