"""SQLite as a store: a file for its owner's eyes, many readers beside one writer, and deleted words that are gone."""

from __future__ import annotations

import logging
import os
import sqlite3
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from platformdirs import user_data_path
from sqlalchemy import URL, Connection, Engine, QueuePool, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor

from voyaltis_flow.reports.faults import StoreError

log = logging.getLogger(__name__)

WRITING = {"voyaltis_begin": "BEGIN IMMEDIATE"}
"""The execution option of a connection that will write: it waits for its turn when it begins, not in the middle."""
_OUTSIDE = {"voyaltis_begin": None}
"""That of one that does what can't be done in a transaction."""

PATIENCE = 10.0
"""Seconds that one waits for another's write to end."""

LONGEST_PAUSE = 3.0
"""Seconds for which reps may be kept waiting while the file is written anew."""
_BYTES_A_SECOND = 100e6

_ON_CONNECT = (
    "PRAGMA synchronous = FULL",  # what was written is there when the power fails
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",  # for as long as the file can't be written anew, say on a full disk
)


def default_address() -> URL:
    """The file in the user's data folder: XDG_DATA_HOME or its default, or what the system has in place of it."""
    return URL.create("sqlite", database=str(user_data_path("voyaltis-flow", appauthor=False) / "store.db"))


def is_file(address: URL) -> bool:
    """Whether the database is a file of SQLite's, not memory."""
    return address.get_backend_name() == "sqlite" and address.database not in (None, "", ":memory:")


def make_private(address: URL, *, own: bool) -> None:
    """Makes the file, readable by its owner alone; SQLite gives the files that it puts beside it the same mode.

    `own`: the file and its folder are this program's, so that the folder is made, too, and an open mode is closed.
    """
    path = Path(str(address.database))
    try:
        if own:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.parent.chmod(0o700)
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
            own = True
        if own:
            path.chmod(0o600)
    except OSError as error:
        raise StoreError(f"The store {path} can't be made: {error.filename}: {error.strerror}") from error


def engine(address: URL) -> Engine:
    """An engine whose transactions are SQLite's own, and wait for each other."""
    given: dict[str, Any] = {"timeout": PATIENCE, "check_same_thread": False}
    pool: dict[str, Any] = {} if is_file(address) else {"pool_size": 1, "max_overflow": 0}  # memory has one connection
    made = create_engine(address, hide_parameters=True, poolclass=QueuePool, connect_args=given, **pool)
    event.listen(made, "connect", _set_up)
    event.listen(made, "begin", _begin)
    return made


def scrub(engine: Engine) -> None:
    """Writes the file anew, and empties the write-ahead log. Others wait with their writes: a second for each 100 MB.

    `secure_delete` alone is not enough: a row that SQLite once moved from page to page leaves a copy behind. A file so
    large that reps would notice is left to its owner.
    """
    with engine.connect().execution_options(**_OUTSIDE) as connection:
        if _size(connection) > LONGEST_PAUSE * _BYTES_A_SECOND:
            log.warning("scrub_put_off: the store is large; run VACUUM on it while no agent runs")
        else:
            connection.exec_driver_sql("VACUUM")
        if connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").scalar_one():
            log.warning("scrub_hindered: someone reads the store; what was forgotten leaves its files after that")


def _size(connection: Connection) -> int:
    pages, page = (connection.exec_driver_sql(f"PRAGMA {told}").scalar_one() for told in ("page_count", "page_size"))
    return int(pages * page)


def _set_up(connection: DBAPIConnection, _: object) -> None:
    connection.isolation_level = None  # else the driver begins transactions where it likes
    cursor = connection.cursor()
    _write_ahead(cursor)
    for pragma in _ON_CONNECT:
        cursor.execute(pragma)
    cursor.close()


def _write_ahead(cursor: DBAPICursor) -> None:
    """Turns the write-ahead log on. When several do so to a new file, SQLite lets some fail where they should wait."""
    patient_until = time.monotonic() + PATIENCE
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > patient_until:
                raise
            time.sleep(0.02)


def _begin(connection: Connection) -> None:
    if begin := connection.get_execution_options().get("voyaltis_begin", "BEGIN"):
        connection.exec_driver_sql(begin)
