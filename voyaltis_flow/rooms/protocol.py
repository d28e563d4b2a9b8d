"""What goes over the wire between the agent and the app: topics, RPC names, and the texts on them.

Words and the agent's state are LiveKit's own (`lk.transcription`, `lk.agent.state`). The shapes are in `schemas/`, and
docs/rooms.md tells them to the authors of apps.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

from voyaltis_flow.rooms.troubles import Trouble
from voyaltis_flow.rooms.untrusted import UnreadableError, misfits, read_json

PROGRESS = "voyaltis.progress"
"""Topic of a text stream to the app after each turn."""
REPORT = "voyaltis.report"
"""Topic of the report's text stream, and name of the RPC to the app that announces it."""
ERROR = "voyaltis.error"
"""Topic of a text stream to the app: why the agent can't serve."""
END = "voyaltis.end"
"""RPC to the agent: the app ends the conversation."""
CORRECT = "voyaltis.correct"
"""RPC to the agent: the app corrects a value."""
OK = "ok"
"""The answer to `voyaltis.report` and to `voyaltis.end`."""
REFUSED = 400
"""Code of the RPC error that refuses a call; its message is in words."""

RPC_BYTES = 15_000
"""The largest payload of an RPC that every LiveKit SDK takes."""


class CallRefusedError(ValueError):
    """An RPC's payload is not what it should be; the message tells the caller, and holds nothing of the payload."""


@dataclass(frozen=True, slots=True)
class Announcement:
    """Which report was sent: it names the conversation and the hash of the bytes, so that either may come first."""

    conversation: str
    sha256: str

    @classmethod
    def of(cls, conversation: str, report: bytes) -> Announcement:
        """The announcement of a report, as it lies in the store."""
        return cls(conversation, sha256(report).hexdigest())

    @classmethod
    def read(cls, payload: str) -> Announcement:
        """The announcement of an RPC's payload. Raises CallRefusedError."""
        return cls(**_call("announcement", payload))

    @property
    def attributes(self) -> dict[str, str]:
        """The attributes of the report's text stream."""
        return asdict(self)

    @property
    def payload(self) -> str:
        """The payload of the RPC."""
        return _text(asdict(self))


@dataclass(frozen=True, slots=True)
class Correction:
    """A value as the app wants it; None removes it."""

    point: str
    key: str | None
    value: Any

    @classmethod
    def read(cls, payload: str) -> Correction:
        """The correction of an RPC's payload. Raises CallRefusedError."""
        data = _call("correction", payload)
        return cls(data["point"], data.get("key"), data["value"])

    @property
    def payload(self) -> str:
        """The payload of the RPC."""
        return _text(asdict(self))


def read_end(payload: str) -> None:
    """Checks the payload of `voyaltis.end`: `{}`, or nothing. Raises CallRefusedError."""
    _call("end", payload or "{}")


def progress_text(progress: Mapping[str, Any]) -> str:
    """The text of `voyaltis.progress`, from `Conversation.progress()`."""
    return _text(progress)


def error_text(trouble: Trouble) -> str:
    """The text of `voyaltis.error`."""
    return _text(asdict(trouble))


def report_bytes(report: Mapping[str, Any]) -> bytes:
    """A report as it is stored, hashed and sent, byte for byte."""
    return _text(report).encode()


def _text(data: Mapping[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _call(schema: Any, payload: str) -> dict[str, Any]:
    try:
        data = read_json(payload, RPC_BYTES)
    except UnreadableError as error:
        raise CallRefusedError(f"The payload is not the JSON it should be: {error}.") from error
    if found := misfits(schema, data):
        raise CallRefusedError(f"The payload does not fit: {'; '.join(found)}.")
    assert isinstance(data, dict)
    return data
