"""Problems for people: `path:line:column: CODE message`, the line with a caret, and the way out."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from voyaltis_flow.checks import RATES
from voyaltis_flow.project import FileReport
from voyaltis_flow.script.problems import Problem, one_line


def print_problems(reports: Sequence[FileReport], strict: bool) -> None:
    """Problems to standard output; what the flows take at the most, and the sum of all, to standard error."""
    console = Console(highlight=False, soft_wrap=True)
    for report in reports:
        for problem in report.problems:
            console.print(_told(problem, report.document.line(problem.line)))
    for line in (*_proofs(reports), *_older(reports), _summary(reports)):
        print(line, file=sys.stderr)


def _told(problem: Problem, line: str) -> Text:
    color = "red" if problem.severity == "error" else "yellow"
    told = Text.assemble(
        (f"{problem.path}:{problem.line}:{problem.column}: ", "bold"), (problem.code, color), f" {problem.message}\n"
    )
    shown, caret = _excerpt(line, problem.column - 1)
    if shown.strip():
        told.append(f"    {shown}\n    {' ' * caret}").append("^\n", color)
    if problem.hint:
        told.append(f"    {problem.hint}\n", "dim")
    told.rstrip()
    return told


def _excerpt(line: str, at: int, width: int = 100) -> tuple[str, int]:
    """The part of a line around a column, and where the column is in it. Tabs are shown as a blank."""
    start = max(0, min(at - width // 2, len(line) - width))
    cut = one_line(line[start : start + width])
    lead, tail = "…" if start else "", "…" if start + width < len(line) else ""
    return lead + cut + tail, len(lead) + Text(cut[: at - start]).cell_len


def _proofs(reports: Sequence[FileReport]) -> list[str]:
    told = []
    for report in reports:
        if report.worst is not None:
            questions = _count(report.worst.questions, "question")
            told.append(f"{report.document.path}: at most {questions} and {report.worst.minutes:.1f} minutes")
    return [*told, f"Minutes: {RATES}."] if told else []


def _older(reports: Sequence[FileReport]) -> list[str]:
    older = sum(report.document.older is not None for report in reports)
    if not older:
        return []
    are = "is" if older == 1 else "are"
    told = f"{_count(older, 'file')} {are} written in an older version of the language, which is right, too"
    return [f"{told}: `voyaltis-flow migrate` writes the newest."]


def _summary(reports: Sequence[FileReport]) -> str:
    severities = [problem.severity for report in reports for problem in report.problems]
    errors, warnings = severities.count("error"), severities.count("warning")
    files = _count(len(reports), "file")
    if not severities:
        return f"{files}: all fine"
    return f"{files}: {_count(errors, 'error')}, {_count(warnings, 'warning')}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
