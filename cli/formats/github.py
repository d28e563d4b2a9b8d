"""Problems as GitHub's workflow commands, which it shows beside the line."""

from __future__ import annotations

from collections.abc import Sequence

from voyaltis_flow.project import FileReport


def print_commands(reports: Sequence[FileReport], strict: bool) -> None:
    """A command a line."""
    for report in reports:
        for problem in report.problems:
            message = " ".join(filter(None, (f"{problem.code} {problem.message}", problem.hint)))
            place = f"file={_property(problem.path)},line={problem.line},col={problem.column}"
            print(f"::{problem.severity} {place},title={problem.code}::{_data(message)}")


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """Properties end at a comma, and at the second colon of a pair."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")
