"""Problems as JUnit's XML: a suite a file, a failed test a problem, one that passes where a file has none."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from voyaltis_flow.project import FileReport
from voyaltis_flow.script.problems import Problem, one_line


def print_junit(reports: Sequence[FileReport], strict: bool) -> None:
    """Warnings fail only when strict; else they are the output of a test that passes."""
    root = Element("testsuites", name="voyaltis-flow validate")
    for report in reports:
        _suite(root, report, strict)
    for count in ("tests", "failures", "errors"):
        root.set(count, str(sum(int(suite.get(count, 0)) for suite in root)))
    ElementTree.indent(root)
    sys.stdout.write(f'<?xml version="1.0" encoding="UTF-8"?>\n{ElementTree.tostring(root, encoding="unicode")}\n')


def _suite(root: Element, report: FileReport, strict: bool) -> None:
    path = one_line(report.document.path)
    fails = [strict or problem.severity == "error" for problem in report.problems]
    tests, failures = str(max(1, len(fails))), str(sum(fails))
    suite = SubElement(root, "testsuite", name=path, tests=tests, failures=failures, errors="0", time="0")
    for problem, failing in zip(report.problems, fails, strict=True):
        _test(suite, path, problem, fails=failing)
    if not report.problems:
        SubElement(suite, "testcase", classname=path, name="is right", time="0")


def _test(suite: Element, path: str, problem: Problem, *, fails: bool) -> None:
    name = f"{problem.code} at {problem.line}:{problem.column}"
    test = SubElement(suite, "testcase", classname=path, name=name, time="0")
    told = "\n".join(filter(None, (one_line(str(problem)), problem.hint)))
    if fails:
        SubElement(test, "failure", type=problem.code, message=problem.message).text = told
    else:
        SubElement(test, "system-out").text = told
