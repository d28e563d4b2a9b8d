"""How a command ends: the exit codes, and the exception that carries one to `main` with words for people."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum


class Code(IntEnum):
    """The exit codes that scripts and CI rely on."""

    FINE = 0
    FAILED = 1
    """The content or the figures are not as they should be."""
    MISUSE = 2
    """Wrong use, or a file that can't be read."""
    LACKING = 3
    """The environment lacks something: a package, a key."""
    INTERRUPTED = 130


class CommandError(Exception):
    """Ends the command with a code and a message on stderr. Raise it anywhere below a command; `main` prints it."""

    def __init__(self, code: Code, message: str = "") -> None:
        super().__init__(message)
        self.code = code


@contextmanager
def any_end_is_an_interrupt() -> Iterator[None]:
    """A closed window and a polite kill end what is going on as Ctrl-C does."""
    kinds = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {kind: signal.signal(kind, lambda *_: signal.raise_signal(signal.SIGINT)) for kind in kinds}
    try:
        yield
    finally:
        for kind, handler in before.items():
            signal.signal(kind, handler)
