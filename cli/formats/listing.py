"""Problems as a list of JSON objects."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

from voyaltis_flow.project import FileReport


def print_json(reports: Sequence[FileReport], strict: bool) -> None:
    """One list, whatever the number of files."""
    problems = [asdict(problem) for report in reports for problem in report.problems]
    print(json.dumps(problems, ensure_ascii=False, indent=2))
