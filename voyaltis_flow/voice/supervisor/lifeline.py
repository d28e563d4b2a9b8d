"""A process that does not outlive the one that started it, however that one ends."""

from __future__ import annotations

import ctypes
import signal
import sys

_PR_SET_PDEATHSIG = 1


def die_with_parent() -> None:
    """Has the kernel kill this process when its parent dies, even while it is stopped. On Linux; elsewhere nothing.

    A parent that is gone already is not noticed: each of our processes has a socket to its parent, whose end tells it.
    """
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
