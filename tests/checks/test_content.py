from __future__ import annotations

import ast
import re
from pathlib import Path
from types import GeneratorType

import pytest

from voyaltis_flow.checks import check
from voyaltis_flow.checks.rules import RuleBook
from voyaltis_flow.checks.templates import flow_texts, style_texts
from voyaltis_flow.project import Project, find_project, load_flow, load_style, validate
from voyaltis_flow.script.models import Flow
from voyaltis_flow.script.problems import CODES, Finding, code
from voyaltis_flow.script.templates import Template


@pytest.fixture
def project(pytestconfig: pytest.Config) -> Project:
    return find_project(pytestconfig.rootpath)


def test_the_content_that_ships_has_no_problem(project: Project) -> None:
    reports = list(validate([], project))
    assert len(reports) >= 9
    assert [str(problem) for report in reports for problem in report.problems] == []


def test_checking_without_surroundings_takes_references_on_trust() -> None:
    flow = Flow.model_validate(
        {
            "version": 2,
            "flow": "x",
            "style": "unheard_of",
            "catalog": "unheard_of",
            "languages": ["xx"],
            "opening": "x?",
            "notice": "x",
            "points": [{"id": "a", "type": "text", "collect": "x", "listens_for": "unheard_of"}],
        }
    )
    assert list(check(flow)) == []


def test_no_two_rules_share_a_code() -> None:
    with pytest.raises(ValueError, match="VF301 is taken"):
        code("VF301", "Another thing")


def test_codes_are_grouped_by_what_they_are_about() -> None:
    assert all(name.startswith("VF") and name[2] in "123456" and len(name) == 5 for name in CODES)
    assert all(kind.title and not kind.title.endswith(".") for kind in CODES.values())


def test_a_rule_only_says_what_and_where() -> None:
    book: RuleBook[str] = RuleBook()

    @book.rule("VF998", "A test", "warning")
    def too_short(subject: str, known: None) -> list[Finding]:
        return [Finding((0,), f"`{subject}` is short")] if len(subject) < 3 else []

    try:
        ((kind, finding),) = book.apply("ab", None, ("error", "warning"))
        assert (kind.name, kind.severity, finding.message) == ("VF998", "warning", "`ab` is short")
        assert isinstance(book.apply("abc", None, ("error",)), GeneratorType)
    finally:
        del CODES["VF998"]


def test_every_rule_stands_in_a_small_function() -> None:
    folder = Path(__file__).parents[2] / "voyaltis_flow" / "checks"
    trees = [ast.parse(path.read_text("utf-8")) for path in folder.glob("*.py")]
    functions = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    assert len(functions) > 100
    assert [node.name for node in functions if (node.end_lineno or 0) - node.lineno >= 25] == []


def test_the_texts_that_ship_read_well_without_a_name(project: Project) -> None:
    parts = [load_flow(name, project).value for name in project.names("flow")]
    styles = [load_style(name, project).value for name in project.names("style")]
    texts = [text for part in parts for text in flow_texts(part)] + [
        text for style in styles for text in style_texts(style)
    ]
    rendered = [Template(text.source).render({}) for text in texts if "{" in text.source and not text.is_condition]
    assert len(rendered) > 20
    for text in rendered:
        assert not re.search(r"\w [,.]|,\s*[,.:;!?]|\(\s*\)|\w  |[{}]|^[,.]", text), text
