"""Python that a flow names: it runs where the project lets it, and what is wrong with it is a problem with a place."""

from __future__ import annotations

import pickle
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from voyaltis_flow.project import ContentError, find_project, load_flow, load_script, validate

FLOW = """\
version: 1
flow: mine
notice: I am an assistant, and I take notes.
opening: Hi?
points:
  - {id: order, type: text, collect: x, ask: "Which?", hooks: HOOKS}
"""
MODULES = {
    "orders": "def known(value, said):\n    return value.startswith('A')\n\ndef number(said):\n    return said.words\n",
    "crashing": "raise RuntimeError('no\\ndatabase')\n",
    "leaving": "import sys\nsys.exit(0)\n",
    "needing": "import no_such_thing\n",
    "broken": "def (:\n",
}


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A project with some modules, which are forgotten afterwards."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    (tmp_path / "flows").mkdir()
    for name, text in MODULES.items():
        (tmp_path / f"{name}.py").write_text(text, "utf-8")
    yield tmp_path
    for name in MODULES:
        sys.modules.pop(name, None)


def write(root: Path, hooks: str, flow: str = FLOW) -> Path:
    path = root / "flows" / "mine.yaml"
    path.write_text(flow.replace("HOOKS", hooks), "utf-8")
    return path


def told(*, allow: bool) -> list[str]:
    [report] = validate([Path("flows/mine.yaml")], find_project(), allow_hooks=allow)
    return [f"{each.line}:{each.column} {each.code} {each.message}" for each in report.problems]


@pytest.mark.parametrize("hooks", ["orders:known", "{check: 'orders:known', read: 'orders:number'}"])
def test_allowed_hooks_are_loaded_from_beside_the_project_file(root: Path, hooks: str) -> None:
    write(root, hooks)
    (root / "voyaltis.yaml").write_text("allow_hooks: true\n", "utf-8")
    loaded = load_script("mine").hooks["order"]
    assert loaded.check is not None
    assert loaded.check.function("A1", None) is True
    assert (loaded.read is not None) == ("read" in hooks)


def test_without_leave_a_flow_with_hooks_is_refused_and_its_code_does_not_run(root: Path) -> None:
    write(root, "crashing:known")
    for refused in (lambda: load_flow("mine"), lambda: load_script("mine", allow_hooks=False)):
        with pytest.raises(ContentError) as caught:
            refused()
        [problem] = caught.value.problems
        assert problem.code == "VF220"
        assert "--allow-hooks" in (problem.hint or "")
    assert "crashing" not in sys.modules


def test_leave_for_one_run_is_enough_and_a_file_elsewhere_does_not_give_it_to_itself(root: Path) -> None:
    path = write(root, "orders:known")
    assert load_script("mine", allow_hooks=True).hooks
    (root / "voyaltis.yaml").write_text("allow_hooks: true\n", "utf-8")
    elsewhere = find_project(Path("/"))
    with pytest.raises(ContentError):
        load_flow(str(path), elsewhere)


@pytest.mark.parametrize(
    ("hooks", "problem"),
    [
        ("nosuch:known", "VF221 `nosuch:known`: there is no module `nosuch`"),
        ("needing:known", "VF221 `needing:known`: there is no module `no_such_thing`"),
        ("orders:nosuch", "VF221 `orders` has no function `nosuch`"),
        ("orders:__name__", "VF221 `orders` has no function `__name__`"),
        ("crashing:known", "VF221 `crashing:known`: its module fails with RuntimeError: no database"),
        ("leaving:known", "VF221 `leaving:known`: its module fails with SystemExit: 0"),
        ("broken:known", "VF221 `broken:known`: its module fails with SyntaxError"),
        ("{read: 'nosuch:read'}", "VF221 `nosuch:read`"),
        ("orders.known", "VF125 `orders.known` names no function."),
        ("'a b:c'", "VF125 `a b:c` names no function."),
        ("{chek: 'orders:known'}", "VF120 `chek` is not a key"),
    ],
)
def test_a_hook_that_can_t_be_loaded_is_told_with_its_place(root: Path, hooks: str, problem: str) -> None:
    write(root, hooks)
    [found] = told(allow=True)
    place, _, said = found.partition(" ")
    assert said.startswith(problem)
    assert place.startswith("6:")


def test_a_read_on_a_point_that_is_read_anyway_is_told(root: Path) -> None:
    write(root, "{read: 'orders:number'}", FLOW.replace("type: text", "type: number"))
    for allow in (True, False):
        assert [found.split()[1] for found in told(allow=allow)] == ["VF222"]


def test_each_hook_that_is_not_allowed_is_told(root: Path) -> None:
    write(root, "{check: 'orders:known', read: 'orders:number'}")
    assert [found.split()[1] for found in told(allow=False)] == ["VF220", "VF220"]


def test_hooks_go_with_their_script_into_another_process(root: Path) -> None:
    write(root, "{check: 'orders:known', read: 'orders:number'}")
    hooks = load_script("mine", allow_hooks=True).hooks
    assert pickle.loads(pickle.dumps(hooks)) == hooks
