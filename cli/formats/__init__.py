"""How `validate` tells what it found: for people, for scripts, for CI."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from voyaltis_flow.project import FileReport

from .github import print_commands
from .human import print_problems
from .junit import print_junit
from .listing import print_json
from .sarif import print_sarif

Format = Callable[[Sequence[FileReport], bool], None]
"""Prints reports; the second argument is whether warnings fail, too."""

FORMATS: dict[str, Format] = {
    "human": print_problems,
    "json": print_json,
    "github": print_commands,
    "sarif": print_sarif,
    "junit": print_junit,
}
