"""Runs a program that ends when whoever started it closes our standard input, or dies in any way.

A word to our standard input before has it end with manners: it is asked to, twice, and has some seconds to clean up.
Run by its path, as `python guard.py PROGRAM …`, so it imports nothing of the project.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from threading import Thread

ASKED_AGAIN_SECONDS = 0.2
"""What is asked once may wait for others: a server for its rooms, an agent for its conversations."""
CLEANING_SECONDS = 8.0


def main() -> int:
    """The program's exit code."""
    program = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL)
    Thread(target=_end_with_owner, args=(program,), daemon=True).start()
    return program.wait()


def _end_with_owner(program: subprocess.Popen[bytes]) -> None:
    """A read that brings nothing ends when the last who could write is gone."""
    if os.read(sys.stdin.fileno(), 1):
        for patience in (ASKED_AGAIN_SECONDS, CLEANING_SECONDS):
            program.terminate()
            time.sleep(patience)
    program.kill()


if __name__ == "__main__":
    sys.exit(main())
