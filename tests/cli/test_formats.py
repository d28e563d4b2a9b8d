"""What `validate` writes for machines, held against their own definitions."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from jsonschema import Draft4Validator
from junitparser import Failure, JUnitXml
from voyaltis_cli.formats import FORMATS

from voyaltis_flow.project import FileReport, find_project, validate
from voyaltis_flow.script.document import Document
from voyaltis_flow.script.problems import CODES, Problem

SARIF = Path(__file__).parents[1] / "data" / "sarif" / "sarif-2.1.0.json"
ODD = 'a ]]> & <b> "c" \N{GRINNING FACE} %0A, x: 100 %'


@pytest.fixture
def reports(tmp_path: Path) -> list[FileReport]:
    """A file that is right, one with every code there is, and one at an odd path."""
    (tmp_path / "right.yaml").write_text("version: 1\ncatalog: x\nproducts: [{id: a, name: a, category: a}]\n")
    right = list(validate([tmp_path / "right.yaml"], find_project(tmp_path)))
    problems = [Problem(code.name, code.severity, "flows/bad.yaml", 3, 7, ODD, ODD) for code in CODES.values()]
    odd = Problem("VF120", "error", "/odd, path/é:%.yaml", 1, 1, "x")
    return [
        FileReport(Document(right[0].document.path, ""), ()),
        FileReport(Document("flows/bad.yaml", ""), tuple(problems)),
        FileReport(Document(odd.path, ""), (odd,)),
    ]


def written(capsys: pytest.CaptureFixture[str], name: str, reports: list[FileReport], strict: bool = False) -> str:
    FORMATS[name](reports, strict)
    return capsys.readouterr().out


def test_sarif_is_what_its_schema_says(capsys: pytest.CaptureFixture[str], reports: list[FileReport]) -> None:
    log = json.loads(written(capsys, "sarif", reports))
    schema = json.loads(SARIF.read_text("utf-8"))
    assert [error.message for error in Draft4Validator(schema).iter_errors(log)] == []
    assert [error.message for error in Draft4Validator(schema).iter_errors({**log, "version": "2.0"})] != []


def test_sarif_has_each_problem_with_its_rule_its_place_and_its_page(
    capsys: pytest.CaptureFixture[str], reports: list[FileReport]
) -> None:
    (run,) = json.loads(written(capsys, "sarif", reports))["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert len(run["results"]) == len(CODES) + 1
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert rules[result["ruleIndex"]]["help"]["markdown"].startswith(f"# {result['ruleId']}: ")
    places = [result["locations"][0]["physicalLocation"] for result in run["results"]]
    assert places[0] == {
        "artifactLocation": {"uri": "flows/bad.yaml"},
        "region": {"startLine": 3, "startColumn": 7},
    }
    assert places[-1]["artifactLocation"]["uri"] == "file:///odd%2C%20path/%C3%A9%3A%25.yaml"
    assert run["columnKind"] == "unicodeCodePoints"


@pytest.mark.parametrize("strict", [False, True])
def test_junit_counts_what_fails(capsys: pytest.CaptureFixture[str], reports: list[FileReport], strict: bool) -> None:
    text = written(capsys, "junit", reports, strict)
    errors = sum(code.severity == "error" for code in CODES.values())
    results = JUnitXml.fromstring(text.encode())
    right, bad, odd = results
    assert (right.tests, right.failures) == (1, 0)
    assert (bad.tests, bad.failures) == (len(CODES), len(CODES) if strict else errors)
    assert (results.tests, results.failures, results.errors) == (len(CODES) + 2, bad.failures + 1, 0)
    assert sum(isinstance(result, Failure) for case in bad for result in case.result) == bad.failures
    assert {case.classname for case in odd} == {"/odd, path/é:%.yaml"}


def test_junit_keeps_every_character(capsys: pytest.CaptureFixture[str], reports: list[FileReport]) -> None:
    root = ET.fromstring(written(capsys, "junit", reports))
    assert all(ODD in (failure.text or "") for failure in root[1].iter("failure"))


def test_github_takes_no_part_of_a_message_for_its_own(
    capsys: pytest.CaptureFixture[str], reports: list[FileReport]
) -> None:
    *_, last = lines = written(capsys, "github", reports).splitlines()
    assert len(lines) == len(CODES) + 1
    assert last == "::error file=/odd%2C path/é%3A%25.yaml,line=1,col=1,title=VF120::VF120 x"
    assert "%250A, x: 100 %25" in lines[0]


def test_json_lists_every_problem(capsys: pytest.CaptureFixture[str], reports: list[FileReport]) -> None:
    listed = json.loads(written(capsys, "json", reports))
    assert [problem["code"] for problem in listed] == [*CODES, "VF120"]
