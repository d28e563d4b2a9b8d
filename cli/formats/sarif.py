"""Problems as SARIF 2.1.0, the format of static analysis, which code hosts and editors show."""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import quote

from voyaltis_flow.project import FileReport
from voyaltis_flow.project.pages import page
from voyaltis_flow.script.problems import CODES, Code, Problem

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def print_sarif(reports: Sequence[FileReport], strict: bool) -> None:
    """One run, with the pages of those rules that found something."""
    problems = [problem for report in reports for problem in report.problems]
    codes = sorted({problem.code for problem in problems})
    driver = {
        "name": "voyaltis-flow",
        "version": version("voyaltis-flow"),
        "rules": [_rule(CODES[code]) for code in codes],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(problem, codes.index(problem.code)) for problem in problems],
    }
    print(json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2))


def _rule(code: Code) -> dict[str, Any]:
    text = page(code)
    return {
        "id": code.name,
        "shortDescription": {"text": f"{code.title}."},
        "help": {"text": text, "markdown": text},
        "defaultConfiguration": {"level": code.severity},
    }


def _result(problem: Problem, rule: int) -> dict[str, Any]:
    region = {"startLine": problem.line, "startColumn": problem.column}
    place = {"artifactLocation": {"uri": _uri(problem.path)}, "region": region}
    return {
        "ruleId": problem.code,
        "ruleIndex": rule,
        "level": problem.severity,
        "message": {"text": " ".join(filter(None, (problem.message, problem.hint)))},
        "locations": [{"physicalLocation": place}],
    }


def _uri(path: str) -> str:
    return Path(path).as_uri() if Path(path).is_absolute() else quote(Path(path).as_posix())
