"""A database ready for use: opened by URL, brought up to date, and its faults told in words for people.

What a driver has to say may hold a password, or a rep's words (a value that a table refused). So only the first line of
it is told, and its exception is not chained.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, SQLAlchemyError

from voyaltis_flow.reports import migrate, sqlite
from voyaltis_flow.reports.faults import DriverMissing, StoreError

T = TypeVar("T")


class Database:
    """Runs functions of a connection, each in a transaction of its own. From any thread; one object per process."""

    def __init__(self, address: URL) -> None:
        """Connects to nothing yet. Raises StoreError where no such database can be spoken with."""
        self._address = address
        with self._faults_told():
            self._engine = _engine(address)
        self._writing = self._engine.execution_options(**sqlite.WRITING)

    @classmethod
    def open(cls, url: str | None = None) -> Database:
        """The database of a URL, by default a file of the user's; made where it is a file, and brought up to date."""
        address = _address(url)
        if sqlite.is_file(address):
            sqlite.make_private(address, own=url is None)
        database = cls(address)
        try:
            if not database.read(migrate.is_current):
                database.write(migrate.upgrade)
        except BaseException:
            database.close()
            raise
        return database

    def close(self) -> None:
        """Lets go of the connections."""
        self._engine.dispose()

    def read(self, look: Callable[[Connection], T]) -> T:
        """What `look` finds, all of it at one moment."""
        with self._faults_told(), self._engine.begin() as connection:
            return look(connection)

    def write(self, change: Callable[[Connection], T]) -> T:
        """What `change` returns, once it is written; if it raises, nothing is."""
        with self._faults_told():
            try:
                return self._written(change)
            except IntegrityError:  # two made the same row at once, and the other was first: now it is there
                return self._written(change)

    def scrub(self) -> None:
        """Leaves nothing to find of what was deleted."""
        if sqlite.is_file(self._address):
            with self._faults_told():
                sqlite.scrub(self._engine)

    def _written(self, change: Callable[[Connection], T]) -> T:
        with self._writing.begin() as connection:
            return change(connection)

    @contextmanager
    def _faults_told(self) -> Iterator[None]:
        try:
            yield
        except ModuleNotFoundError as error:
            kind = self._address.get_backend_name()
            told = f"A {kind} store needs the package {error.name}, which is not installed: pip install {error.name}"
            raise DriverMissing(told) from None
        except SQLAlchemyError as error:
            raise StoreError(f"The store {_shown(self._address)} can't be used: {self._reason(error)}") from None

    def _reason(self, error: SQLAlchemyError) -> str:
        told = str(error.orig if isinstance(error, DBAPIError) else error).partition("\n")[0]
        for secret in _secrets(self._address):
            told = told.replace(secret, "***")
        return told


def _address(url: str | None) -> URL:
    if url is None:
        return sqlite.default_address()
    try:
        return make_url(url)
    except (ArgumentError, ValueError):  # which show the URL, or the part of it that holds the password
        told = "The store (VOYALTIS_STORE) is not named by a URL such as sqlite:////home/ann/store.db"
        raise StoreError(f"{told} or postgresql+psycopg://user:password@host/database.") from None


def _engine(address: URL) -> Engine:
    if address.get_backend_name() == "sqlite":
        return sqlite.engine(address)
    return create_engine(address, hide_parameters=True, pool_pre_ping=True)


def _shown(address: URL) -> str:
    return address.set(query={}).render_as_string(hide_password=True)


def _secrets(address: URL) -> list[str]:
    named = [str(value) for key, value in address.query.items() if "password" in key]
    return [secret for secret in (str(address.password or ""), *named) if secret]
