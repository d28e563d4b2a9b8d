"""An exception as it may be shown: what it is and where it went through, without its message."""

from __future__ import annotations

from types import TracebackType
from typing import TypedDict

from voyaltis_flow.voice.observe.sources import place_of


class Fault(TypedDict):
    """`through` begins where the exception was caught, and ends where it was raised."""

    type: str
    through: list[str]


def fault_of(kind: type[BaseException], trace: TracebackType | None) -> Fault:
    """What may be shown of an exception."""
    through = []
    while trace is not None:
        through.append(place_of(trace.tb_frame.f_code.co_filename, trace.tb_lineno))
        trace = trace.tb_next
    return {"type": f"{kind.__module__}.{kind.__qualname__}", "through": through}
