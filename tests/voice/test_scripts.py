"""Scripts that conversations share: read once, and anew when somebody has edited them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from voyaltis_flow.project import NotFoundError, find_project
from voyaltis_flow.project.places import shipped
from voyaltis_flow.voice import scripts as module
from voyaltis_flow.voice.scripts import Scripts


@pytest.fixture
def flow(tmp_path: Path) -> Path:
    """A flow in a project of its own."""
    (tmp_path / "flows").mkdir()
    return Path(shutil.copy(shipped() / "flows" / "event_debrief.yaml", tmp_path / "flows" / "mine.yaml"))


@pytest.fixture
def scripts(tmp_path: Path, flow: Path) -> Scripts:
    return Scripts(find_project(tmp_path))


def test_what_nobody_has_edited_is_read_once(scripts: Scripts, monkeypatch: pytest.MonkeyPatch) -> None:
    first = scripts.get("mine")
    monkeypatch.setattr(module, "load_script", None)
    assert scripts.get("mine") is first


def test_what_was_made_ready_is_there(scripts: Scripts, monkeypatch: pytest.MonkeyPatch) -> None:
    scripts.warm()
    monkeypatch.setattr(module, "load_script", None)
    assert scripts.get("mine").flow.flow
    assert scripts.get("shop_visit").flow.flow == "shop_visit"


def test_an_edited_flow_is_read_anew(scripts: Scripts, flow: Path) -> None:
    before = scripts.get("mine")
    flow.write_text(flow.read_text().replace("questions: 5", "questions: 4"))
    assert (before.flow.budget.questions, scripts.get("mine").flow.budget.questions) == (5, 4)


def test_a_style_that_comes_to_be_takes_the_place_of_the_shipped_one(scripts: Scripts, tmp_path: Path) -> None:
    before = scripts.get("mine", "coach_motivating")
    (tmp_path / "styles").mkdir()
    text = (shipped() / "styles" / "casual_relaxed.yaml").read_text()
    (tmp_path / "styles" / "coach_motivating.yaml").write_text(text.replace("casual_relaxed", "coach_motivating"))
    assert scripts.get("mine", "coach_motivating").style != before.style


def test_a_flow_that_was_taken_away_is_gone(scripts: Scripts, flow: Path) -> None:
    scripts.get("mine")
    flow.unlink()
    with pytest.raises(NotFoundError):
        scripts.get("mine")
