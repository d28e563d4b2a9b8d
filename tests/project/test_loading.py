from __future__ import annotations

from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from voyaltis_flow.project import (
    ContentError,
    NotFoundError,
    find_project,
    load_catalog,
    load_flow,
    load_script,
    load_style,
    validate,
)

ROOT = Path(__file__).parents[2]
FLOW = "version: 2\nflow: {name}\nopening: x\n{more}\npoints: [{{id: a, type: text, collect: x}}]\n"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "flows").mkdir()
    return tmp_path


def write(root: Path, name: str, more: str = "", text: str = FLOW) -> Path:
    path = root / "flows" / f"{name}.yaml"
    path.write_text(text.format(name=name, more=more), "utf-8")
    return path


def codes(error: pytest.ExceptionInfo[ContentError]) -> list[str]:
    return [problem.code for problem in error.value.problems]


def test_what_ships_loads_from_anywhere(root: Path) -> None:
    script = load_script("event_debrief")
    assert (script.flow.flow, script.style.style) == ("event_debrief", "friendly_colleague")
    assert [catalog.catalog for catalog in script.catalogs] == ["electronics"]


def test_style_and_catalogs_can_be_chosen(root: Path) -> None:
    script = load_script("event_debrief", style="coach_motivating", catalogs=["grocery", "showroom"])
    assert script.style.style == "coach_motivating"
    assert len(script.catalogs) == 2
    assert load_script("event_debrief", catalogs=[]).catalogs == ()


def test_a_script_is_frozen_and_its_hash_tells_it_from_others(root: Path) -> None:
    one, same = load_script("event_debrief"), load_script("event_debrief")
    other = load_script("event_debrief", style="coach_motivating")
    assert one.hash == same.hash != other.hash
    with pytest.raises(FrozenInstanceError):
        one.flow = other.flow  # type: ignore[misc]


def test_all_errors_of_a_flow_are_raised_at_once(root: Path) -> None:
    write(root, "bad", "stile: x\nstyle: none\nclosing: '{{ x }}'")
    with pytest.raises(ContentError) as error:
        load_flow("bad")
    assert codes(error) == ["VF120", "VF201", "VF208"]
    assert str(error.value).startswith("flows/bad.yaml:4:1: VF120 `stile`")


def test_warnings_do_not_keep_a_flow_from_loading(root: Path) -> None:
    write(root, "warned", text=FLOW.replace("type: text", "type: quantities"))
    assert load_flow("warned").value.points[0].type == "quantities"
    assert "VF308" in [problem.code for report in validate([root], find_project()) for problem in report.problems]


def test_a_missing_or_unreadable_file_is_told(root: Path) -> None:
    with pytest.raises(NotFoundError, match="There is no file none"):
        load_flow("none.yaml")
    with pytest.raises(NotFoundError, match="No style is named"):
        load_style("nobody")
    path = write(root, "locked")
    path.unlink()
    path.symlink_to(root)
    with pytest.raises(NotFoundError):
        load_flow("flows/locked.yaml")


def test_a_catalog_by_its_path(root: Path) -> None:
    (root / "mine.yaml").write_text(
        "version: 1\ncategories: [{id: tv, label: TV}]\nproducts: [{id: a, name: A, category: tv}]"
    )
    assert [product.id for product in load_catalog("mine.yaml").value.products] == ["a"]


def test_a_flow_extends_another_through_several(root: Path) -> None:
    write(root, "base", "budget: {questions: 7}")
    write(root, "middle", text="version: 2\nflow: middle\nextends: base\nclosing: bye\n")
    write(root, "top", text="version: 2\nflow: top\nextends: middle\nopening: hey\n")
    flow = load_flow("top").value
    assert (flow.flow, flow.budget.questions) == ("top", 7)
    assert (flow.opening.words(), flow.closing.words()) == (("hey",), ("bye",))


@pytest.mark.parametrize(
    ("parents", "expected"),
    [
        ({"top": "top"}, "VF204"),
        ({"top": "a", "a": "b", "b": "top"}, "VF204"),
        ({"top": "a", "a": "b", "b": "a"}, "VF204"),
        ({"top": "none"}, "VF203"),
        ({f"{name}": f"{name + 1}" for name in range(30)} | {"top": "0"}, "VF204"),
    ],
)
def test_ancestors_that_can_not_be_are_told(root: Path, parents: dict[str, str], expected: str) -> None:
    for name, parent in parents.items():
        write(root, name, f"extends: {parent!r}")
    with pytest.raises(ContentError) as error:
        load_flow("top")
    assert codes(error) == [expected]


def test_the_mistakes_of_a_parent_are_told_in_its_own_file(root: Path) -> None:
    write(root, "base", "colour: blue")
    write(root, "top", text="version: 2\nflow: top\nextends: base\nstyle: nobody\n")
    with pytest.raises(ContentError) as error:
        load_flow("top")
    assert codes(error) == ["VF205", "VF201"]


def test_two_catalogs_of_a_flow_share_no_product(root: Path) -> None:
    (root / "catalogs").mkdir()
    for name in ("one", "two"):
        text = "version: 1\ncategories: [{id: tv, label: TV}]\nproducts: [{id: a, name: A, category: tv}]"
        (root / "catalogs" / f"{name}.yaml").write_text(text)
    write(root, "both", "catalog: [one, two]")
    with pytest.raises(ContentError) as error:
        load_flow("both")
    assert codes(error) == ["VF507"]


def test_a_project_around_another_folder(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    write(root, "mine")
    elsewhere = find_project(tmp_path_factory.mktemp("elsewhere"))
    with pytest.raises(NotFoundError):
        load_flow("mine", elsewhere)
    assert load_flow("mine", find_project(root)).value.flow == "mine"


def found(root: Path, *names: str) -> list[str]:
    paths = [root / "flows" / f"{name}.yaml" for name in names]
    return [f"{p} {p.hint}" for report in validate(paths, find_project(root)) for p in report.problems]


BASE = """\
version: 2
flow: base
opening: x?
style: {style}
points:
  - id: a
    type: text
    ask: "?"
    questions: 3
    collect: x
notice: x
"""


def test_a_mistake_of_a_parent_is_told_once_and_in_its_file(root: Path) -> None:
    write(root, "base", text=BASE.replace("{style}", "nobody"))
    write(root, "top", text="version: 2\nflow: top\nextends: base\n")
    write(root, "mended", text="version: 2\nflow: mended\nextends: base\nstyle: friendly_colleague\n")
    told = [problem.partition(" ")[0] + problem.split(" ")[1] for problem in found(root, "base", "mended", "top")]
    assert told == ["flows/base.yaml:4:8:VF201", "flows/top.yaml:3:10:VF205"]


def test_what_only_child_and_parent_have_together_is_told_in_the_child_with_both_places(root: Path) -> None:
    write(root, "base", text=BASE.replace("{style}", "friendly_colleague"))
    write(root, "middle", text="version: 2\nflow: middle\nextends: base\n")
    write(root, "top", text="version: 2\nflow: top\nextends: middle\nbudget: {{questions: 2}}\n")
    (told,) = found(root, "base", "middle", "top")
    assert told.startswith("flows/top.yaml:3:10: VF306 `a` may ask 3 questions")
    assert told.endswith("It stands in flows/base.yaml:9.")


def test_extension_data_are_kept_wherever_they_may_stand(root: Path) -> None:
    meta = "{owner: Sales, tags: [a, b], since: 2026-01-01, on: true}"
    point = f"points: [{{id: a, type: text, collect: x, meta: {meta}}}]"
    (root / "flow.yaml").write_text(f"version: 2\nflow: x\nopening: x\nmeta: {meta}\n{point}\n")
    (root / "catalog.yaml").write_text(
        f"version: 1\nmeta: {meta}\ncategories: [{{id: t, label: T}}]\n"
        f"products: [{{id: a, name: A, category: t, meta: {meta}}}]\n"
    )
    style = (ROOT / "styles" / "casual_relaxed.yaml").read_text("utf-8")
    (root / "style.yaml").write_text(f"{style}\nmeta: {meta}\n", "utf-8")
    kept = {"owner": "Sales", "tags": ["a", "b"], "since": "2026-01-01", "on": True}
    flow, catalog = load_flow("flow.yaml").value, load_catalog("catalog.yaml").value
    assert [flow.meta, flow.points[0].meta, catalog.meta, catalog.products[0].meta] == [kept] * 4
    assert load_style("style.yaml").value.meta == kept
