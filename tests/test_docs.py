"""What the docs show works: each YAML block validates without a word, each command runs.

A block marked `yaml flow` has keys that take the place of those of a small flow; a block marked `yaml` is a whole file.
A line that begins with `$ ` in a `console` block is a command; it ends with 0.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, get_args

import pytest
import yaml
from pydantic import BaseModel
from voyaltis_cli.main import COMMANDS

from voyaltis_flow.engine.report import GapReason
from voyaltis_flow.reading.books import list_names
from voyaltis_flow.reading.model import Derivation
from voyaltis_flow.script.hooks import Hooks
from voyaltis_flow.script.models import (
    Budget,
    Catalog,
    Category,
    Flow,
    Lines,
    Option,
    Point,
    PointType,
    Product,
    ReportView,
    Style,
    Voice,
)
from voyaltis_flow.script.templates import VARIABLES

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
STORIES = ("guide.md", "guide.fr.md")
"""Pages whose blocks build on each other: `test_guide` walks them."""
FENCE = re.compile(r"^```([\w ]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SMALL_FLOW = """\
version: 1
flow: page
catalog: grocery
opening: "Bonjour !"
points:
  - {id: sales, type: quantities, collect: Sales, ask: "Quoi ?"}
"""
TRANSCRIPTS = [
    {"id": "fr-1", "lang": "fr", "turns": [{"asked": "opening", "says": "Deux S25 et un Family Hub."}]},
    {
        "id": "en-1",
        "lang": "en",
        "turns": [{"asked": "opening", "says": "Three S25 Ultra."}, {"says": "They loved it."}],
    },
]


class Block(NamedTuple):
    page: str
    line: int
    kind: str
    text: str

    @property
    def name(self) -> str:
        return f"{self.page}:{self.line}"


def _blocks(kind: str) -> Iterator[Block]:
    for page in (page for page in PAGES if page.name not in STORIES):
        source = page.read_text(encoding="utf-8")
        for fence in FENCE.finditer(source):
            if fence[1].split(" ")[0] == kind:
                line = source.count("\n", 0, fence.start()) + 1
                yield Block(page.name, line, fence[1].strip(), fence[2])


def _commands() -> Iterator[Block]:
    for block in _blocks("console"):
        for line in block.text.splitlines():
            if line.startswith("$ "):
                yield block._replace(text=line[2:])


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder like a manager's, with the files that the docs' commands name."""
    (tmp_path / "flows").mkdir()
    shutil.copy(ROOT / "flows" / "event_debrief.yaml", tmp_path / "flows")
    shutil.copy(ROOT / "flows" / "event_debrief.yaml", tmp_path / "debrief-before.yaml")
    lines = [json.dumps(row) + "\n" for row in TRANSCRIPTS]
    (tmp_path / "transcripts.jsonl").write_text("".join(lines), encoding="utf-8")
    return tmp_path


def _run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    scripts = Path(sys.executable).parent
    return subprocess.run(
        ["/bin/sh", "-c", command],
        cwd=folder,
        env={"PATH": f"{scripts}:/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": str(folder)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("block", list(_blocks("yaml")), ids=lambda block: block.name)
def test_yaml_in_the_docs_validates_without_a_word(block: Block, project: Path) -> None:
    text = block.text if "version:" in block.text else _with_small_flow(block.text)
    keys = yaml.safe_load(text)
    kind = next(key for key in ("flow", "style", "catalog") if key in keys)
    path = project / f"{kind}s" / f"{keys[kind]}.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    done = _run(f"voyaltis-flow validate --strict {path}", project)
    assert (done.returncode, done.stdout) == (0, ""), done.stdout + done.stderr


def _with_small_flow(fragment: str) -> str:
    written = yaml.safe_load(fragment)
    rest = {key: value for key, value in yaml.safe_load(SMALL_FLOW).items() if key not in written}
    return yaml.safe_dump(rest, allow_unicode=True, sort_keys=False) + fragment


@pytest.mark.parametrize("command", list(_commands()), ids=lambda block: f"{block.name} {block.text[:40]}")
def test_commands_in_the_docs_run(command: Block, project: Path) -> None:
    done = _run(command.text, project)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_hooks_of_the_docs_do_what_is_told_of_them(project: Path) -> None:
    code = next(block.text for block in _blocks("python") if "# orders.py" in block.text)
    flow = next(block.text for block in _blocks("") if "orders:number" in block.text)
    (project / "orders.py").write_text(code, encoding="utf-8")
    (project / "flows" / "page.yaml").write_text(_with_small_flow(flow), encoding="utf-8")
    assert "VF220" in _run("voyaltis-flow validate", project).stdout
    for words, order in (("C'est la A1017, je crois.", "A-1017"), ("C'est la Z9999.", None)):
        done = _run(f'echo "{words}" | voyaltis-flow talk page --plain --allow-hooks --save report.json', project)
        assert done.returncode == 0, done.stderr
        report = json.loads((project / "report.json").read_text(encoding="utf-8"))
        assert report["points"] == {"order": order}


def _keys(*models: type[BaseModel]) -> set[str]:
    return {field.alias or name for model in models for name, field in model.model_fields.items()}


@pytest.mark.parametrize(
    ("page", "names"),
    [
        (
            "language.md",
            _keys(Flow, Budget, Point, Hooks, Option, ReportView, Style, Lines, Voice, Catalog, Category, Product),
        ),
        ("language.md", set(get_args(PointType)) | list_names("fr") | list_names("en")),
        ("language.md", {f"`{name}" for name in VARIABLES}),
        (
            "report.md",
            set(json.loads((ROOT / "voyaltis_flow/engine/schemas/report.schema.json").read_text())["properties"]),
        ),
        ("report.md", set(get_args(GapReason)) | set(get_args(Derivation))),
        ("command-line.md", set(COMMANDS)),
    ],
    ids=["keys", "types and lists", "variables", "report", "reasons", "commands"],
)
def test_nothing_that_can_be_written_or_read_is_left_out(page: str, names: set[str]) -> None:
    told = (ROOT / "docs" / page).read_text(encoding="utf-8")
    assert [name for name in sorted(names) if not re.search(rf"(?<!\w){re.escape(name)}(?!\w)", told)] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_the_conversation_in_the_readme_gives_its_report(project: Path) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = json.loads(next(_blocks("json")).text)
    said = "".join(re.findall(r"^› (.*\n)", readme, re.MULTILINE))
    done = _run(f"voyaltis-flow talk event_debrief --plain --save report.json <<'SAID'\n{said}SAID", project)
    assert done.returncode == 0, done.stderr
    report = json.loads((project / "report.json").read_text(encoding="utf-8"))
    assert {key: report[key] for key in shown} == shown
