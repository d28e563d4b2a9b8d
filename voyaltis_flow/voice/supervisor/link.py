"""What a supervisor and a worker tell each other, over a socket: orders and beats, and at last that it is to leave."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Self

from voyaltis_flow.project import Settings
from voyaltis_flow.rooms.livekit import Livekit

BEAT_SECONDS = 0.5
LEAVE = b"leave"
"""To a worker: take no more conversations, and end when those that you have are over."""


@dataclass(frozen=True, slots=True)
class Orders:
    """What a worker is to do; pickled. `server` names the function that builds it, as `module:function`."""

    server: str
    settings: Settings = field(repr=False)
    livekit: Livekit
    recogniser: str | None = None
    drain_seconds: int = 600
    log_level: int = 20


@dataclass(frozen=True, slots=True)
class Beat:
    """A sign of life. `registered`: LiveKit gives this worker conversations, as far as the worker knows."""

    pid: int
    registered: bool
    conversations: int

    def line(self) -> bytes:
        """The beat as it is sent."""
        return json.dumps(asdict(self)).encode() + b"\n"

    @classmethod
    def read(cls, line: bytes) -> Self:
        """The beat of a line that `line` made."""
        return cls(**json.loads(line))
