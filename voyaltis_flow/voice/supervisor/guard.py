"""Runs a worker, and ends it with all that it started, be it frozen, when the supervisor is gone, however that went.

Run by its path, as `python guard.py SOCKET PROGRAM …`, so it imports nothing of the project. It leads a process group,
and its standard input is a pipe that the supervisor alone can close.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from threading import Thread


def main() -> int:
    """The worker's exit code. What the worker leaves behind is in our group, and for the supervisor to end."""
    number, *program = sys.argv[1:]
    worker = subprocess.Popen(program, stdin=subprocess.DEVNULL, pass_fds=(int(number),))
    os.close(int(number))
    Thread(target=_end_with_supervisor, daemon=True).start()
    return worker.wait()


def _end_with_supervisor() -> None:
    """Nobody writes to our input: a read ends when the last who could is gone."""
    os.read(sys.stdin.fileno(), 1)
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main())
