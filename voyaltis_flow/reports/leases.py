"""Who may write a conversation: the lease, and the one statement that every write begins with.

A lease has an epoch, which grows whenever it changes hands. A write names the epoch that its holder was given, so a
frozen agent that wakes up after its conversation was passed on finds no row to write. Nobody compares the clocks of two
machines: whoever watches remembers `epoch` and `beats`, and by its own clock how long they have stood still.

These functions run in a transaction of the caller's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, insert, select, update

from voyaltis_flow.reports.faults import ConversationOver, LeaseHeld, LeaseLost
from voyaltis_flow.reports.tables import CONVERSATIONS

_OPEN = ~CONVERSATIONS.c.closed
_FREE = CONVERSATIONS.c.holder.is_(None)


@dataclass(frozen=True, slots=True)
class Order:
    """What a room was started for. `metadata` is the job's JSON as dispatched, so that it can be dispatched again."""

    conversation: str
    room: str
    agent: str
    metadata: str


@dataclass(frozen=True, slots=True)
class Lease:
    """A lease as it was read; what `take` returned is the holder's to write with.

    `unanswered` are the rep's words that a reply was being made to, said at `unanswered_at` (seconds since 1970).
    """

    order: Order
    epoch: int
    holder: str | None
    beats: int
    closed: bool
    unanswered: str | None = None
    unanswered_at: float | None = None

    @property
    def conversation(self) -> str:
        """The id of the conversation."""
        return self.order.conversation


def place(connection: Connection, order: Order, now: float) -> Lease:
    """The lease of a room that is being started. While nobody holds the conversation, the newest order stands."""
    _put(connection, order, now)
    lease = _known(connection, order.conversation)
    if lease.closed:
        raise ConversationOver(order.conversation)
    return lease


def take(connection: Connection, order: Order, holder: str, now: float) -> Lease:
    """The lease in the hands of `holder`, if it was free or new."""
    _put(connection, order, now)
    won = _changed(
        connection,
        and_(CONVERSATIONS.c.id == order.conversation, _OPEN, _FREE),
        {"epoch": CONVERSATIONS.c.epoch + 1, "holder": holder, "touched": now},
    )
    lease = _known(connection, order.conversation)
    if won:
        return lease
    raise ConversationOver(order.conversation) if lease.closed else LeaseHeld(order.conversation)


def write(connection: Connection, lease: Lease, now: float, **changes: Any) -> None:
    """Changes the conversation's row for the lease's holder. First in each transaction that writes for one.

    It locks the row until the transaction ends, so that what follows is fenced, too. Raises LeaseLost.
    """
    ours = and_(CONVERSATIONS.c.id == lease.conversation, CONVERSATIONS.c.epoch == lease.epoch, _OPEN)
    if not _changed(connection, ours, {"touched": now, **changes}):
        raise LeaseLost(lease.conversation)


def renew(connection: Connection, lease: Lease, now: float) -> None:
    """A sign of life."""
    write(connection, lease, now, beats=CONVERSATIONS.c.beats + 1)


def hand_back(connection: Connection, lease: Lease, now: float) -> None:
    """Frees the lease that its holder has no use for."""
    write(connection, lease, now, epoch=CONVERSATIONS.c.epoch + 1, holder=None)


def evict(connection: Connection, seen: Lease) -> bool:
    """Frees a lease, unless it has moved since it was seen. True for one caller alone."""
    unmoved = and_(
        CONVERSATIONS.c.id == seen.conversation,
        CONVERSATIONS.c.epoch == seen.epoch,
        CONVERSATIONS.c.beats == seen.beats,
        _OPEN,
    )
    return _changed(connection, unmoved, {"epoch": CONVERSATIONS.c.epoch + 1, "holder": None})


def of_agent(connection: Connection, agent: str) -> list[Lease]:
    """The open leases of an agent's name, oldest first."""
    return _leases(connection, and_(CONVERSATIONS.c.agent == agent, _OPEN))


def of_conversation(connection: Connection, conversation: str) -> Lease | None:
    """The lease of a conversation, open or not."""
    return next(iter(_leases(connection, CONVERSATIONS.c.id == conversation)), None)


def in_room(connection: Connection, room: str, agent: str) -> Lease | None:
    """The open lease of an agent's name in a room, the newest if there are several."""
    there = and_(CONVERSATIONS.c.room == room, CONVERSATIONS.c.agent == agent, _OPEN)
    return next(reversed(_leases(connection, there)), None)


def _put(connection: Connection, order: Order, now: float) -> None:
    """Makes the row, or brings its order up to date where nobody holds it."""
    told = {"room": order.room, "agent": order.agent, "metadata": order.metadata}
    if of_conversation(connection, order.conversation) is not None:
        _changed(connection, and_(CONVERSATIONS.c.id == order.conversation, _OPEN, _FREE), told)
        return
    fresh = {"epoch": 0, "beats": 0, "closed": False, "placed": now, "touched": now}
    connection.execute(insert(CONVERSATIONS).values(id=order.conversation, **told, **fresh))


def _changed(connection: Connection, where: ColumnElement[bool], values: dict[str, Any]) -> bool:
    return connection.execute(update(CONVERSATIONS).where(where).values(values)).rowcount == 1


def _known(connection: Connection, conversation: str) -> Lease:
    return _leases(connection, CONVERSATIONS.c.id == conversation)[0]


def _leases(connection: Connection, where: ColumnElement[bool]) -> list[Lease]:
    rows: Sequence[Row[Any]] = connection.execute(
        select(CONVERSATIONS).where(where).order_by(CONVERSATIONS.c.placed, CONVERSATIONS.c.id)
    ).all()
    return [_lease(row) for row in rows]


def _lease(row: Row[Any]) -> Lease:
    unanswered = row.unanswered or {}
    return Lease(
        order=Order(row.id, row.room, row.agent, row.metadata),
        epoch=row.epoch,
        holder=row.holder,
        beats=row.beats,
        closed=row.closed,
        unanswered=unanswered.get("words"),
        unanswered_at=unanswered.get("at"),
    )
