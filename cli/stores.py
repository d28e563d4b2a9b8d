"""The store of the settings, for commands that need it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from voyaltis_flow.project import Settings
from voyaltis_flow.reports import DriverMissing, Store, StoreError

from .exits import Code, CommandError


@contextmanager
def opened_store(settings: Settings) -> Iterator[Store]:
    """The store, for as long as it is needed; its faults end the command with words for people."""
    try:
        store = Store.open(settings.store)
        try:
            yield store
        finally:
            store.close()
    except DriverMissing as error:
        raise CommandError(Code.LACKING, str(error)) from error
    except StoreError as error:
        raise CommandError(Code.MISUSE, str(error)) from error
