"""Runs a program that ends when whoever started it closes our standard input, or dies in any way.

Run by its path, as `python guard.py PROGRAM …`, so it imports nothing of the project.
"""

from __future__ import annotations

import os
import subprocess
import sys
from threading import Thread


def main() -> int:
    """The program's exit code."""
    program = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL)
    Thread(target=_end_with_owner, args=(program,), daemon=True).start()
    return program.wait()


def _end_with_owner(program: subprocess.Popen[bytes]) -> None:
    """Nobody writes to our input: a read ends when the last who could is gone. A polite end would wait for rooms."""
    os.read(sys.stdin.fileno(), 1)
    program.kill()


if __name__ == "__main__":
    sys.exit(main())
