"""A run's verdicts as files: JSON for programs, JUnit for CI, HTML for people. None has timings."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any
from xml.etree import ElementTree

from jinja2 import Environment, StrictUndefined, Template

from voyaltis_flow.simulate.held import Line
from voyaltis_flow.simulate.runs import Conditions
from voyaltis_flow.simulate.scripted import Outcome
from voyaltis_flow.simulate.verdict import Verdict, as_data

_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def as_json(verdicts: Sequence[Verdict], conditions: Conditions) -> str:
    """All of it."""
    return json.dumps(_data(verdicts, conditions), ensure_ascii=False, indent=2) + "\n"


def as_junit(verdicts: Sequence[Verdict]) -> str:
    """A test case for each scripted scenario, and one for each flow's figures."""
    root = ElementTree.Element("testsuites", name="voyaltis-flow simulate")
    for verdict in verdicts:
        suite = ElementTree.SubElement(root, "testsuite", name=verdict.suite.name)
        for outcome in verdict.scripted:
            case = ElementTree.SubElement(suite, "testcase", classname=verdict.suite.name, name=outcome.name)
            _fail(case, told(verdict, outcome) if outcome.failures else "", len(outcome.failures))
        if verdict.all.conversations:
            case = ElementTree.SubElement(suite, "testcase", classname=verdict.suite.name, name="figures")
            _fail(case, "\n".join(verdict.short), len(verdict.short))
        failed = sum(1 for _ in suite.iter("failure"))
        suite.attrib |= {"tests": str(len(suite)), "failures": str(failed), "errors": "0"}
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def as_html(verdicts: Sequence[Verdict], conditions: Conditions) -> str:
    """A page that needs nothing beside itself."""
    scripts = {verdict.suite.name: [(each, told(verdict, each)) for each in verdict.scripted] for verdict in verdicts}
    return _page().render(data=_data(verdicts, conditions), scripts=scripts) + "\n"


def told(verdict: Verdict, outcome: Outcome) -> str:
    """A scripted conversation for people, each expectation that was not met below the line after which it should be."""
    said: list[str] = []
    for place, line in enumerate(outcome.lines, 1):
        said.append(shown(line))
        for failure in outcome.failures:
            if failure.line == place:
                said.append(f"  ▶ {verdict.place(outcome, failure)}: {failure.unmet}")
    return "\n".join(said)


def shown(line: Line) -> str:
    """A line of a conversation, its speaker before it."""
    return f"    ({line.text})" if line.speaker == "event" else f"    {line.speaker:<5}  {line.text}"


def _data(verdicts: Sequence[Verdict], conditions: Conditions) -> dict[str, Any]:
    failed = any(verdict.failed for verdict in verdicts)
    return {"conditions": conditions.as_data(), "failed": failed, "flows": [as_data(verdict) for verdict in verdicts]}


def _fail(case: ElementTree.Element, text: str, several: int) -> None:
    if several:
        failure = ElementTree.SubElement(case, "failure", message=f"{several} not as expected")
        failure.text = _NO_XML.sub("�", text)


@cache
def _page() -> Template:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string((files("voyaltis_flow.simulate") / "report.html").read_text("utf-8"))
