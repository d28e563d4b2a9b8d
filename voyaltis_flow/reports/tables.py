"""The tables, as the newest migration leaves them. Nothing in them is for one kind of database alone."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Double, ForeignKey, Index, Integer, LargeBinary, MetaData, Table, Text

METADATA = MetaData()


def _conversation() -> Column[str]:
    """The conversation that a row belongs to, and with which it is forgotten."""
    return Column("conversation", Text, ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True)


CONVERSATIONS = Table(
    "conversations",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("room", Text, nullable=False),
    Column("agent", Text, nullable=False),
    Column("metadata", Text, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("holder", Text),
    Column("beats", Integer, nullable=False),
    Column("closed", Boolean, nullable=False),
    Column("unanswered", JSON(none_as_null=True)),
    Column("placed", Double, nullable=False),
    Column("touched", Double, nullable=False),
    Index("conversations_of_agent", "agent", "closed"),
    Index("conversations_in_room", "room"),
    Index("conversations_by_age", "placed"),
)
"""A row is a conversation with its lease. `placed` and `touched` are seconds since 1970, by the writer's clock."""

EVENTS = Table(
    "events",
    METADATA,
    _conversation(),
    Column("seq", Integer, primary_key=True),
    Column("epoch", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("event", LargeBinary, nullable=False),
)
"""The journal, a row an event. The event is bytes, so that a torn one can be read around."""

REPORTS = Table("reports", METADATA, _conversation(), Column("report", LargeBinary, nullable=False))
"""The reports, as the bytes that were sent."""
