"""Logs: one JSON object a line, on standard error. No line holds a secret or a rep's words, at any level.

Our own records say what happened, in the manner of `event_name: reason`; whoever writes one leaves words out of it, and
the values of secret settings are blotted out. Records of libraries can't be trusted so far: at DEBUG they hold
transcripts, prompts and keys, in their messages, arguments, extra fields and exceptions. Of those a line has only what
stands in the library's source (`sources`): place, level, and the message where it is a constant. A job's records reach
its worker formatted; their place in the source is still there, and the same rule holds.

Text that is printed past the log (by a native library, or by Python where it handles a fault of logging) has no rule to
obey: in a worker and in all that it starts, it goes nowhere.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from livekit.agents import get_job_context

from voyaltis_flow.voice.observe.faults import Fault, fault_of
from voyaltis_flow.voice.observe.sources import place_of, said_at

OURS = ("voyaltis_flow", "voyaltis_cli")
LONGEST_REASON = 500
BLOT = "***"
SHORTEST_SECRET = 4

log = logging.getLogger(__name__)


class JsonLines(logging.Formatter):
    """A record as one line: `time`, `level`, `logger`, `event`, `reason`, and the conversation that it belongs to."""

    def __init__(self, secrets: Collection[str] = ()) -> None:
        super().__init__()
        self._secrets = sorted((secret for secret in secrets if len(secret) >= SHORTEST_SECRET), key=len, reverse=True)

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
        }
        line |= self._own(record) if record.name.partition(".")[0] in OURS else _foreign(record)
        if marks := _marks(record):
            line |= {key: self._clean(value) for key, value in marks.where.items()}
        line["process"] = record.process
        if fault := _fault(record):
            line["fault"] = fault
        return json.dumps(line, ensure_ascii=False)

    def _own(self, record: logging.LogRecord) -> dict[str, Any]:
        event, _, reason = self._clean(record.getMessage()).partition(": ")
        return {"event": event, **({"reason": reason[:LONGEST_REASON]} if reason else {})}

    def _clean(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, BLOT)
        return text


class Stamp(logging.Filter):
    """Marks a job's records before they go to its worker: where they belong, and of a fault what may be shown."""

    def __init__(self) -> None:
        super().__init__()
        self.where: dict[str, str] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Lets every record pass, marked. Its exception stays: written into the message, it would tell its own."""
        if "job" not in self.where and (context := get_job_context(required=False)) is not None:
            self.where |= {"job": context.job.id, "room": context.job.room.name}
        record.voyaltis = _Marks(dict(self.where), _fault(record))
        record.exc_info = record.exc_text = None
        return True


@dataclass(frozen=True, slots=True)
class _Marks:
    """What we put on a record. It is told from a library's own extra fields, which are never read, by its type."""

    where: dict[str, str]
    fault: Fault | None


_stamp = Stamp()


def log_process(level: int, secrets: Collection[str] = (), *, alone: bool = False) -> None:
    """From here on, this process logs in lines of JSON; libraries do from ERROR on, or at DEBUG all of it.

    `alone`: nothing else that this process or its children print reaches standard output or standard error.
    """
    handler = logging.StreamHandler(_apart() if alone else sys.stderr)
    handler.setFormatter(JsonLines(secrets))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level if level <= logging.DEBUG else logging.ERROR)
    for name in OURS:
        logging.getLogger(name).setLevel(level)
    logging.captureWarnings(True)
    _log_faults()


def log_job() -> None:
    """The same in a job's process, whose records go to its worker."""
    for handler in logging.getLogger().handlers:
        handler.addFilter(_stamp)
    _log_faults()


def stamp(*, conversation: str | None = None, room: str | None = None, job: str | None = None) -> None:
    """From here on, this process's records say where they belong. What is not given stays; a job's are known."""
    told = {"conversation": conversation, "room": room, "job": job}
    _stamp.where |= {key: value for key, value in told.items() if value is not None}


def _apart() -> Any:
    """Standard error under another number, which no child inherits; output and error themselves lead nowhere."""
    kept = os.fdopen(os.dup(sys.stderr.fileno()), "w", buffering=1, encoding="utf-8", errors="replace")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for standard in (1, 2):
        os.dup2(nowhere, standard)
    os.close(nowhere)
    return kept


def _log_faults() -> None:
    """What nobody caught becomes a record: Python would print its message, and the words in it."""
    sys.excepthook = lambda kind, fault, trace: log.critical("fault", exc_info=(kind, fault, trace))
    threading.excepthook = lambda told: log.error("fault_in_thread", exc_info=_info(told))
    sys.unraisablehook = lambda told: log.error("fault_passed_over", exc_info=_info(told))


def _info(told: Any) -> Any:
    return told.exc_type, told.exc_value or told.exc_type(), told.exc_traceback


def _foreign(record: logging.LogRecord) -> Mapping[str, Any]:
    said = said_at(record.pathname, record.lineno)
    return {"event": "library", "at": place_of(record.pathname, record.lineno), **({"reason": said} if said else {})}


def _marks(record: logging.LogRecord) -> _Marks | None:
    marks = getattr(record, "voyaltis", None)
    return marks if isinstance(marks, _Marks) else None


def _fault(record: logging.LogRecord) -> Fault | None:
    if record.exc_info and record.exc_info[0] is not None:
        return fault_of(record.exc_info[0], record.exc_info[2])
    marks = _marks(record)
    return marks.fault if marks else None
