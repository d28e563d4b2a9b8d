"""Brings a database up to date. Alembic is imported only where there is something to do: it weighs 12 MB."""

from __future__ import annotations

import threading
from pathlib import Path

from sqlalchemy import Column, Connection, MetaData, Table, Text, func, inspect, select

from voyaltis_flow.reports.faults import StoreError

MIGRATIONS = Path(__file__).parent / "migrations"

_LOCK = 0x564F_5941
"""A number of our own among a PostgreSQL database's advisory locks."""
_ONE_AT_A_TIME = threading.Lock()  # Alembic's context is the process's
_VERSION = Table("alembic_version", MetaData(), Column("version_num", Text))


def is_current(connection: Connection) -> bool:
    """Whether the database is as this version wants it. Raises StoreError where a newer version has been at it."""
    if not inspect(connection).has_table(_VERSION.name):
        return False
    revision, known = connection.scalar(select(_VERSION)), _revisions()
    if revision is not None and revision not in known:
        told = f"it was changed by a newer version of voyaltis-flow (revision {revision}, this one knows {known[-1]})"
        raise StoreError(f"The store can't be used: {told}. Use that version, or another store.")
    return revision == known[-1]


def upgrade(connection: Connection) -> None:
    """Runs what migrations are missing, in the transaction of the caller's. Others who come meanwhile wait."""
    from alembic import command  # noqa: PLC0415 - see above
    from alembic.config import Config  # noqa: PLC0415

    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    with _ONE_AT_A_TIME:
        command.upgrade(config, "head")


def _revisions() -> list[str]:
    """The migrations' ids, oldest first: each is the number that its file's name begins with."""
    return sorted(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*_*.py"))
