"""How long conversations are kept."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, and_, delete, select

from voyaltis_flow.reports.database import Database
from voyaltis_flow.reports.tables import CONVERSATIONS

BATCH = 50
"""Conversations deleted in one transaction: agents that renew their leases wait no longer than that takes."""

ALIVE = 3600.0
"""Seconds after its last sign within which an open conversation is spared, whatever the moment."""


def forget(database: Database, moment: float, now: float) -> int:
    """Deletes what was last touched before the moment, with events and reports, beyond recovery. How many they were."""
    old = _old(moment, now)
    forgotten = 0
    while batch := database.write(lambda connection: _delete(connection, old)):
        forgotten += batch
    if forgotten:
        database.scrub()
    return forgotten


def _old(moment: float, now: float) -> ColumnElement[bool]:
    alive = and_(~CONVERSATIONS.c.closed, CONVERSATIONS.c.touched >= now - ALIVE)
    return and_(CONVERSATIONS.c.touched < moment, ~alive)


def _delete(connection: Connection, old: ColumnElement[bool]) -> int:
    ids = connection.scalars(select(CONVERSATIONS.c.id).where(old).limit(BATCH)).all()
    return connection.execute(delete(CONVERSATIONS).where(CONVERSATIONS.c.id.in_(ids), old)).rowcount
