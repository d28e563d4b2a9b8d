"""How the recogniser's process and its clients talk: over a Unix socket, a line of JSON, and sound behind it.

A request is `{"rate", "bytes", "languages", "terms", "aliases"}` and so many bytes of 16-bit samples; an answer is one
line, the words or an error. A connection carries one request at a time; who hangs up is not answered any more.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from voyaltis_flow.speech.pcm import Pcm

LONGEST_LINE = 1 << 20
MOST_BYTES = 64 << 20
"""Of sound: more than half an hour of it."""


class WireError(ValueError):
    """What came over the line is not what it should be."""


@dataclass(frozen=True, slots=True)
class Request:
    """A sound to be recognised, the languages that it may be in, names that may come up in it, and what else they are
    called.
    """

    sound: Pcm
    languages: tuple[str, ...]
    terms: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()

    def encoded(self) -> bytes:
        """As it is sent."""
        content = self.sound.content
        told = {"languages": self.languages, "terms": self.terms, "aliases": self.aliases}
        return _line({"rate": self.sound.rate, "bytes": len(content), **told}) + content

    @classmethod
    async def read(cls, reader: asyncio.StreamReader) -> Request | None:
        """The next request; None when the client has hung up."""
        told = await _read_line(reader)
        if told is None:
            return None
        try:
            rate, size = int(told["rate"]), int(told["bytes"])
            words = (tuple(map(str, told[key])) for key in ("languages", "terms", "aliases"))
            languages, terms, aliases = words
        except (KeyError, TypeError, ValueError) as error:
            raise WireError("not a request") from error
        if not languages or not 0 <= size <= MOST_BYTES or not 8_000 <= rate <= 192_000:
            raise WireError("not a request that can be served")
        return cls(Pcm.of(await reader.readexactly(size), rate), languages, terms, aliases)


@dataclass(frozen=True, slots=True)
class Answer:
    """The words, their language, how likely they are, and how many seconds it took; or what went wrong."""

    text: str = ""
    language: str = ""
    likelihood: float = 0.0
    seconds: float = 0.0
    error: str | None = None

    def encoded(self) -> bytes:
        """As it is sent."""
        return _line(asdict(self))

    @classmethod
    async def read(cls, reader: asyncio.StreamReader) -> Answer | None:
        """The answer; None when the recogniser is gone."""
        told = await _read_line(reader)
        return None if told is None else cls(**told)


def _line(told: Mapping[str, Any]) -> bytes:
    return json.dumps(told, ensure_ascii=False).encode() + b"\n"


async def _read_line(reader: asyncio.StreamReader) -> dict[str, Any] | None:
    line = await reader.readline()
    if not line.endswith(b"\n"):
        return None
    try:
        told = json.loads(line)
    except ValueError as error:
        raise WireError("not JSON") from error
    if not isinstance(told, dict):
        raise WireError("not an object")
    return told
