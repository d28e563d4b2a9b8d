"""Every code has a page in docs/rules that says what the code says, and whose examples are what they are said to be."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from tests.checks.pages import RULES, SECTIONS, read_page, write_example
from voyaltis_flow.project import find_project, validate
from voyaltis_flow.script.problems import CODES, Problem

PAGES = sorted(RULES.glob("VF*.md"))
INDEX = RULES / "README.md"


def problems(example: str, folder: Path) -> list[Problem]:
    """Those of the file that an example is about."""
    path = write_example(example, folder)
    reports = validate([path.parent], find_project(folder))
    return [problem for report in reports if report.document.path == str(path) for problem in report.problems]


def test_each_code_has_a_page_and_each_page_a_code() -> None:
    assert [path.stem for path in PAGES] == sorted(CODES)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_page_says_of_its_code_what_the_code_says(path: Path) -> None:
    page = read_page(path)
    assert (page.code, page.title, page.severity) == (path.stem, CODES[path.stem].title, CODES[path.stem].severity)
    assert tuple(page.sections) == SECTIONS
    assert all(text.strip() for text in page.sections.values())


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_the_example_has_that_problem_and_no_other(path: Path, tmp_path: Path) -> None:
    found = problems(read_page(path).sections["Example"], tmp_path)
    assert {problem.code for problem in found} == {path.stem}, "\n".join(map(str, found))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_what_to_use_instead_has_no_problem(path: Path, tmp_path: Path) -> None:
    assert [str(problem) for problem in problems(read_page(path).sections["Use instead"], tmp_path)] == []


@pytest.mark.parametrize("path", [*PAGES, INDEX], ids=lambda path: path.stem)
def test_links_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text("utf-8")):
        assert (path.parent / target).exists(), f"{path.name} links to {target}"


def test_the_index_lists_every_page_under_its_group() -> None:
    """`UPDATE_RULES=1 pytest` rewrites the lists, and leaves what stands around them."""
    text = INDEX.read_text("utf-8")
    lists = re.compile(r"^(## VF(\d)xx.*\n\n(?:[^|#\n].*\n)+)\n*(?:\|.*\n)*\n*", re.MULTILINE)
    wanted = lists.sub(lambda group: f"{group[1]}\n{_table(group[2])}\n", text).rstrip() + "\n"
    if os.environ.get("UPDATE_RULES"):
        INDEX.write_text(wanted, "utf-8")
        return
    assert text == wanted
    assert {name[2] for name in CODES} == {group[2] for group in lists.finditer(text)}


def _table(group: str) -> str:
    rows = [
        f"| [{code.name}]({code.name}.md) | {code.severity} | {code.title} |\n"
        for code in sorted(CODES.values(), key=lambda code: code.name)
        if code.name[2] == group
    ]
    return "".join(["| code | | what is wrong |\n", "|---|---|---|\n", *rows])
