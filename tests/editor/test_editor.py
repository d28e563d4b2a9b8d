"""The language in an editor: the YAML language server that editors run, with the schemas that ship."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from tests.editor.client import Editor, Page
from tests.editor.install import language_server
from voyaltis_flow.project.starting import begin_project
from voyaltis_flow.project.validation import kind_at
from voyaltis_flow.script.models import (
    Active,
    Budget,
    Catalog,
    Category,
    Flow,
    Lines,
    Option,
    Point,
    Product,
    ReportView,
    Style,
    Voice,
)
from voyaltis_flow.script.scenarios import Expected, Facts, Goal, Scenarios, Scripted, Simulated, Step

pytestmark = pytest.mark.xdist_group("editor")

ROOT = Path(__file__).parents[2]
CONTENT = [path for folder in ("flows", "styles", "catalogs") for path in sorted((ROOT / folder).glob("*.yaml"))]
EMPTY = {
    "flow": {
        Flow: "¦",
        Budget: "budget:\n  ¦",
        Point: "points:\n  - id: a\n    ¦",
        Option: "points:\n  - id: a\n    options:\n      - id: b\n        ¦",
        ReportView: "report:\n  ¦",
    },
    "style": {Style: "¦", Lines: "lines:\n  ¦", Voice: "voice:\n  fr:\n    ¦"},
    "catalog": {
        Catalog: "¦",
        Category: "categories:\n  - id: a\n    ¦",
        Product: "products:\n  - id: a\n    ¦",
        Active: "products:\n  - id: a\n    active:\n      ¦",
    },
    "scenarios": {
        Scenarios: "¦",
        Scripted: "scripted:\n  - name: a\n    ¦",
        Step: "scripted:\n  - name: a\n    steps:\n      - says: b\n        ¦",
        Expected: "scripted:\n  - name: a\n    expect:\n      ¦",
        Simulated: "simulated:\n  - name: a\n    ¦",
        Facts: "simulated:\n  - name: a\n    facts:\n      sales:\n        ¦",
        Goal: "goals:\n  - noise: 0\n    ¦",
    },
}
"""A text with a cursor for each part of the language."""
PARTS = [(kind, model, text) for kind, texts in EMPTY.items() for model, text in texts.items()]


@pytest.fixture(scope="module")
def editor() -> Iterator[Editor]:
    with Editor(language_server(), ROOT / "flows") as editor:
        yield editor


def schema_line(kind: str) -> str:
    return f"# yaml-language-server: $schema=../voyaltis_flow/script/schemas/{kind}.schema.json\n"


def open_at(editor: Editor, kind: str, text: str) -> tuple[Page, int, int]:
    """Opens a text with a cursor in it, and tells where the cursor is."""
    before, _, after = (schema_line(kind) + text).partition("¦")
    return editor.open(before + after), before.count("\n"), len(before.rpartition("\n")[2])


@pytest.mark.parametrize(("kind", "model", "text"), PARTS, ids=[model.__name__ for _, model, _ in PARTS])
def test_every_key_is_offered_with_what_it_says(editor: Editor, kind: str, model: type[BaseModel], text: str) -> None:
    offered = editor.completions(*open_at(editor, kind, text))
    keys = {field.alias or key for key, field in model.model_fields.items()}
    offered.pop(model.__name__, None)  # all that must be written, at once
    assert keys - {"id", "name", "says", "noise"} <= set(offered) <= keys
    assert [key for key, item in offered.items() if not item.get("documentation")] == []


def test_the_values_that_there_are_are_offered(editor: Editor) -> None:
    offered = editor.completions(*open_at(editor, "flow", "points:\n  - id: a\n    type: ¦"))
    assert {"quantities", "yes_no", "date"} <= set(offered)


def test_a_key_is_explained_where_it_stands(editor: Editor) -> None:
    told = editor.hover(*open_at(editor, "flow", "version: 2\npoints:\n  - id: sales\n    coun¦ts_when: sold\n"))
    assert "the words that make one count" in told
    assert "on_shelf" in told, "an example"


@pytest.mark.parametrize("path", CONTENT, ids=[path.stem for path in CONTENT])
def test_nothing_is_wrong_with_shipped_content(editor: Editor, path: Path) -> None:
    assert editor.open(schema_line(str(kind_at(path))) + path.read_text("utf-8")).wrong == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("version: 2\nflow: x\nopening: a\nbudgt: 3\npoints: [{id: a, type: text, collect: x}]", (4, "budgt")),
        ("version: 2\nflow: x\nopening: a\npoints: [{id: a, type: txt, collect: x}]", (4, "quantities")),
        ("version: 2\nflow: x\nopening: a\npoints:\n  - id: a\n    type: text", (5, "collect")),
        (
            "version: 2\nflow: x\nopening: a\nbudget: {questions: many}\npoints: [{id: a, type: text, collect: x}]",
            (4, "integer"),
        ),
    ],
    ids=["unknown key", "unknown value", "missing key", "another type"],
)
def test_a_mistake_is_told_where_it_stands(editor: Editor, text: str, expected: tuple[int, str]) -> None:
    (wrong,) = editor.open(schema_line("flow") + text).wrong
    assert wrong["range"]["start"]["line"] == expected[0]
    assert expected[1] in wrong["message"]


def test_a_flow_that_extends_another_may_say_little(editor: Editor) -> None:
    text = "version: 2\nflow: short\nextends: event_debrief\npoints:\n  - id: key_insights\n    ask: never\n"
    assert editor.open(schema_line("flow") + text).wrong == []


def test_what_a_new_project_holds_has_its_schema_and_nothing_wrong(tmp_path: Path) -> None:
    made = [made.path for made in begin_project(tmp_path) if made.path.parent.name in ("flows", "styles", "catalogs")]
    for path in made:
        with Editor(language_server(), path.parent) as editor:
            text = path.read_text("utf-8")
            assert editor.open(text).wrong == []
            assert [wrong["message"] for wrong in editor.open(text + "odd: 1\n").wrong] == [
                "Property odd is not allowed."
            ]
