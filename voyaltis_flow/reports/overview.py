"""What is in the store, a line a conversation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection, Row, func, select

from voyaltis_flow.engine.events import Ended, EndReason, Event, Opened, decode
from voyaltis_flow.reports.tables import CONVERSATIONS, EVENTS, REPORTS

State = Literal["waiting", "running", "cut_off", "over"]
"""`waiting`: no agent has come into the room yet; `running`: one has the conversation; `cut_off`: it was lost, and the
next one goes on."""


@dataclass(frozen=True, slots=True)
class Summary:
    """A conversation at a glance. What was not said yet is None; times are seconds since 1970.

    `touched` is the last sign of life: a `running` one that is long past has lost its agent, and nobody has noticed.
    """

    conversation: str
    flow: str | None
    style: str | None
    rep: str | None
    placed: float
    started: float | None
    ended: float | None
    ended_because: EndReason | None
    state: State
    reported: bool
    touched: float


def summaries(connection: Connection, limit: int, beginning: str) -> list[Summary]:
    """The newest conversations whose id begins so; before them the one whose whole id it is."""
    rows = connection.execute(
        select(CONVERSATIONS, REPORTS.c.conversation.is_not(None).label("reported"))
        .outerjoin(REPORTS)
        .where(func.substr(CONVERSATIONS.c.id, 1, len(beginning)) == beginning)
        .order_by(CONVERSATIONS.c.id != beginning, CONVERSATIONS.c.placed.desc(), CONVERSATIONS.c.id)
        .limit(limit)
    ).all()
    marks = _marks(connection, [row.id for row in rows])
    return [_summary(row, marks.get(row.id, ())) for row in rows]


def _marks(connection: Connection, ids: Sequence[str]) -> dict[str, list[Event]]:
    """How each of the conversations began and ended, as far as that can be read."""
    rows = connection.execute(
        select(EVENTS.c.conversation, EVENTS.c.event)
        .where(EVENTS.c.conversation.in_(ids), EVENTS.c.kind.in_(("opened", "ended")))
        .order_by(EVENTS.c.seq)
    )
    marks: dict[str, list[Event]] = {}
    for row in rows:
        marks.setdefault(row.conversation, []).extend(_decoded(row.event))
    return marks


def _decoded(event: bytes) -> list[Event]:
    try:
        return [decode(event)]
    except ValueError:
        return []  # reading the journal tells of it; here a gap in the line is enough


def _summary(row: Row[Any], marks: Iterable[Event]) -> Summary:
    opened = next((mark for mark in marks if isinstance(mark, Opened)), None)
    ended = next((mark for mark in marks if isinstance(mark, Ended)), None)
    return Summary(
        conversation=row.id,
        flow=opened.flow if opened else None,
        style=opened.style if opened else None,
        rep=opened.rep.name or opened.rep.id if opened else None,
        placed=row.placed,
        started=opened.at if opened else None,
        ended=ended.at if ended else None,
        ended_because=ended.because if ended else None,
        state=_state(row, begun=opened is not None),
        reported=row.reported,
        touched=row.touched,
    )


def _state(row: Row[Any], *, begun: bool) -> State:
    if row.closed:
        return "over"
    if row.holder is not None:
        return "running"
    return "cut_off" if begun else "waiting"
