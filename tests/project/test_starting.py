"""A new project, and new files in it: right from the first moment, and nothing of anybody's lost."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from voyaltis_flow.project import NotFoundError, ProjectError, find_project, load_flow, load_script, validate
from voyaltis_flow.project.places import FOLDERS
from voyaltis_flow.project.rewriting import layouts
from voyaltis_flow.project.starting import begin_file, begin_project, begin_scenarios
from voyaltis_flow.script.load import Kind


def wrong(folder: Path) -> list[str]:
    return [str(problem) for report in validate([], find_project(folder)) for problem in report.problems]


def begun(folder: Path) -> dict[str, str]:
    return {str(made.path.relative_to(folder)): made.how for made in begin_project(folder)}


def test_a_new_project_has_content_that_is_right_and_laid_out(tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    made = begun(folder)
    assert set(made.values()) == {"new"}
    assert {"voyaltis.yaml", "flows/my_debrief.yaml", ".github/workflows/voyaltis.yaml"} <= set(made)
    assert wrong(folder) == []
    assert [rewrite.changes for rewrite in layouts([], find_project(folder))] == [()] * 4
    script = load_script("my_debrief", project=find_project(folder))
    assert (script.style.style, script.catalogs[0].catalog) == ("my_style", "my_products")


def test_what_is_there_is_kept_but_for_the_schemas(tmp_path: Path) -> None:
    begun(tmp_path)
    flow, schema = tmp_path / "flows" / "my_debrief.yaml", tmp_path / "schemas" / "flow.schema.json"
    flow.write_text("mine")
    schema.write_text("{}")
    again = begun(tmp_path)
    assert flow.read_text() == "mine"
    assert again["schemas/flow.schema.json"] == "renewed"
    assert schema.read_text() != "{}"
    assert {how for path, how in again.items() if path != "schemas/flow.schema.json"} == {"kept"}


@pytest.mark.parametrize("name", ["été-2", "2026", "true"])
@pytest.mark.parametrize("kind", FOLDERS)
def test_a_new_file_is_right_in_an_empty_folder(tmp_path: Path, kind: Kind, name: str) -> None:
    path = begin_file(kind, name, find_project(tmp_path))
    assert wrong(tmp_path) == []
    first, _, rest = path.read_text("utf-8").partition("\n")
    assert (path.parent / first.partition("$schema=")[2]).is_file()
    assert yaml.safe_load(rest)[kind] == name


def test_a_new_flow_draws_on_what_the_project_has(tmp_path: Path) -> None:
    begin_file("catalog", "tools", find_project(tmp_path))
    begin_file("style", "brisk", find_project(tmp_path), like="coach_motivating")
    flow = load_flow(str(begin_file("flow", "visit", find_project(tmp_path)))).value
    assert (flow.catalog, flow.style) == (("tools",), "brisk")


def test_a_copy_has_a_new_id_and_all_its_comments(tmp_path: Path) -> None:
    path = begin_file("flow", "copy", find_project(tmp_path), like="event_debrief")
    again = begin_file("flow", "copy_of_copy", find_project(tmp_path), like="copy")
    assert "# the order is the order of worth" in path.read_text("utf-8")
    assert again.read_text("utf-8") == path.read_text("utf-8").replace("flow: copy", "flow: copy_of_copy")


@pytest.mark.parametrize("name", ["a b", "", "../x", ".hidden", "x" * 65])
def test_a_name_that_can_not_be_one_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ProjectError, match="can't be a name"):
        begin_file("flow", name, find_project(tmp_path))


def test_nothing_is_written_over_or_copied_from_nowhere(tmp_path: Path) -> None:
    begin_file("flow", "visit", find_project(tmp_path))
    with pytest.raises(ProjectError, match="there already"):
        begin_file("flow", "visit", find_project(tmp_path))
    with pytest.raises(NotFoundError):
        begin_file("flow", "other", find_project(tmp_path), like="nothing")


def test_the_workflow_runs_commands_that_there_are(tmp_path: Path) -> None:
    begun(tmp_path)
    workflow = yaml.safe_load((tmp_path / ".github/workflows/voyaltis.yaml").read_text("utf-8"))
    runs = [step["run"] for step in workflow["jobs"]["check"]["steps"] if "run" in step]
    assert runs == [
        "pip install voyaltis-flow",
        "voyaltis-flow validate --strict --format github",
        "voyaltis-flow fmt --check",
        "voyaltis-flow simulate --runs 200",
    ]


@pytest.mark.parametrize("like", [None, "event_debrief", "shop_visit"])
def test_scenarios_of_any_flow_are_right(tmp_path: Path, like: str | None) -> None:
    begin_file("flow", "visit", find_project(tmp_path), like)
    path = begin_scenarios("visit", find_project(tmp_path))
    assert path == tmp_path / "flows" / "visit.scenarios.yaml"
    assert wrong(tmp_path) == []


def test_scenarios_are_begun_once_and_in_the_project(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        begin_scenarios("visit", find_project(tmp_path))
    begin_file("flow", "visit", find_project(tmp_path))
    begin_scenarios("visit", find_project(tmp_path))
    with pytest.raises(ProjectError, match="there already"):
        begin_scenarios("visit", find_project(tmp_path))
