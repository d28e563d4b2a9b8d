"""A conversation's events, the words that wait for an answer, and its report. In a transaction of the caller's."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, func, insert, select, update

from voyaltis_flow.engine.events import Event, decode, encode
from voyaltis_flow.reports import leases
from voyaltis_flow.reports.leases import Lease
from voyaltis_flow.reports.tables import EVENTS, REPORTS

log = logging.getLogger(__name__)


def hold(connection: Connection, lease: Lease, words: str, at: float, now: float) -> None:
    """Keeps the rep's words while a reply is made to them, in place of those kept before."""
    leases.write(connection, lease, now, unanswered={"words": words, "at": at})


def append(connection: Connection, lease: Lease, events: Sequence[Event], now: float) -> None:
    """Adds events, all or none. With them, the words that were held are answered."""
    leases.write(connection, lease, now, unanswered=None)
    first = _next(connection, lease.conversation)
    rows = [
        {
            "conversation": lease.conversation,
            "seq": seq,
            "epoch": lease.epoch,
            "kind": event.kind,
            "event": encode(event).encode(),
        }
        for seq, event in enumerate(events, first)
    ]
    if rows:
        connection.execute(insert(EVENTS), rows)


def events(connection: Connection, conversation: str) -> tuple[Event, ...]:
    """All that can be read, in order. A row that can't is left out, and an error in the log names it."""
    return tuple(_readable(connection, conversation))


def keep_report(connection: Connection, lease: Lease, report: bytes, now: float) -> None:
    """Keeps the report, in place of one kept before."""
    leases.write(connection, lease, now)
    mine = REPORTS.c.conversation == lease.conversation
    if connection.execute(update(REPORTS).where(mine).values(report=report)).rowcount == 0:
        connection.execute(insert(REPORTS).values(conversation=lease.conversation, report=report))


def report(connection: Connection, conversation: str) -> bytes | None:
    """The bytes of the report."""
    return connection.scalar(select(REPORTS.c.report).where(REPORTS.c.conversation == conversation))


def _next(connection: Connection, conversation: str) -> int:
    last = connection.scalar(select(func.max(EVENTS.c.seq)).where(EVENTS.c.conversation == conversation))
    return 0 if last is None else last + 1


def _readable(connection: Connection, conversation: str) -> Iterator[Event]:
    rows = connection.execute(
        select(EVENTS.c.seq, EVENTS.c.event).where(EVENTS.c.conversation == conversation).order_by(EVENTS.c.seq)
    )
    for row in rows:
        try:
            yield decode(row.event)
        except ValueError:  # whose text would show the rep's words
            log.error("journal_row_unreadable: event %d of conversation %s is left out", row.seq, conversation)
