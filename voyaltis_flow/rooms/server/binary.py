"""The program `livekit-server`: on PATH, in the user's cache, or built into it."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from voyaltis_flow.rooms.livekit import LivekitError
from voyaltis_flow.rooms.server.build import VERSION, Tell, build


def tell_on_stderr(line: str) -> None:
    """Shows a line of progress."""
    print(line, file=sys.stderr, flush=True)


def server_binary(tell: Tell = tell_on_stderr) -> Path:
    """The path of a LiveKit server that runs here; built once where there is none.

    Whoever comes while another builds waits for it. Raises LivekitError.
    """
    if on_path := shutil.which("livekit-server"):
        return Path(on_path)
    cache = cache_folder()
    binary = cache / "bin" / f"livekit-server-{VERSION}"
    if not _runs(binary):
        _built(binary, cache / "building", tell)
    return binary


def cache_folder() -> Path:
    """The project's part of the user's cache."""
    home = os.environ.get("XDG_CACHE_HOME")
    return (Path(home) if home else Path.home() / ".cache") / "voyaltis-flow"


def _built(binary: Path, workshop: Path, tell: Tell) -> None:
    """Builds the binary, one process at a time; what a build that was killed left behind is cleared away."""
    try:
        binary.parent.mkdir(parents=True, exist_ok=True)
        with _alone(workshop.with_suffix(".lock"), tell):
            if _runs(binary):
                return
            shutil.rmtree(workshop, ignore_errors=True)
            workshop.mkdir()
            try:
                build(workshop, tell).replace(binary)
            finally:
                shutil.rmtree(workshop, ignore_errors=True)
            tell(f"LiveKit server {VERSION} is kept at {binary}")
    except OSError as error:
        raise LivekitError(
            f"{error.filename or binary.parent}: {error.strerror or error}. The LiveKit server is built and kept "
            "there; set XDG_CACHE_HOME to a folder that can be written, or put `livekit-server` on PATH."
        ) from error


@contextmanager
def _alone(path: Path, tell: Tell) -> Iterator[None]:
    """One process at a time; says so when it has to wait."""
    lock = FileLock(path)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        tell("Another process is building the LiveKit server: waiting for it")
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _runs(binary: Path) -> bool:
    return binary.is_file() and os.access(binary, os.X_OK)
