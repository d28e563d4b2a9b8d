from __future__ import annotations

from pathlib import Path

import pytest

from voyaltis_flow.project import NotFoundError, Project, find_project
from voyaltis_flow.project.places import shipped


def put(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("version: 1\n")


def test_a_project_is_where_its_file_lies(tmp_path: Path) -> None:
    put(tmp_path, "voyaltis.yaml", "deep/er/x.txt")
    project = find_project(tmp_path / "deep" / "er")
    assert project.roots[0] == tmp_path
    assert project.file == tmp_path / "voyaltis.yaml"


def test_without_a_file_the_working_folder_is_the_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert find_project() == Project((tmp_path, shipped()))


def test_ones_own_content_hides_what_ships(tmp_path: Path) -> None:
    put(tmp_path, "flows/event_debrief.yaml", "flows/mine.yml")
    project = find_project(tmp_path)
    assert project.find("flow", "event_debrief") == tmp_path / "flows" / "event_debrief.yaml"
    assert project.find("flow", "mine") == tmp_path / "flows" / "mine.yml"
    assert project.find("flow", "shop_visit") == shipped() / "flows" / "shop_visit.yaml"


def test_scenarios_are_no_flows(tmp_path: Path) -> None:
    put(tmp_path, "flows/mine.yaml", "flows/mine.scenarios.yaml")
    assert "mine.scenarios" not in find_project(tmp_path).names("flow")


def test_an_unknown_name_is_told_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match=r"No flow is named `event_debreif`\. Did you mean `event_debrief`\?"):
        find_project(tmp_path).find("flow", "event_debreif")


@pytest.mark.parametrize("name", ["none.yaml", "flows/none", "./none.yml"])
def test_a_path_that_leads_nowhere_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(NotFoundError, match="There is no file"):
        find_project(tmp_path).find("flow", name)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").mkdir()
    with pytest.raises(NotFoundError):
        find_project(tmp_path).find("flow", str(tmp_path / "x.yaml"))


def test_a_flow_named_by_its_path_finds_what_lies_beside_it(tmp_path: Path) -> None:
    put(tmp_path, "a/flows/x.yaml", "a/styles/own.yaml", "b/x.yaml", "b/styles/own_too.yaml")
    project = find_project(tmp_path)
    assert "own" in project.near(tmp_path / "a" / "flows" / "x.yaml").names("style")
    assert "own_too" in project.near(tmp_path / "b" / "x.yaml").names("style")
    assert "own" not in project.names("style")
