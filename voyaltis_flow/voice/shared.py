"""What the job processes of a worker share: imported once, by the process that they are all forked from.

A job that compiles the catalogs and reads the languages for itself has some 20 MB more memory of its own.
"""

from __future__ import annotations

from contextlib import suppress
from functools import cache

import voyaltis_flow.voice.job  # noqa: F401 - has all that a job imports
from voyaltis_flow.project import ProjectError, find_project
from voyaltis_flow.voice.scripts import Scripts


@cache
def scripts() -> Scripts:
    """The project's scripts, compiled. Raises ProjectError where there is none to be read."""
    found = Scripts(find_project())
    found.warm()
    return found


with suppress(ProjectError):  # told to whoever asks for them
    scripts()
