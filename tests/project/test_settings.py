from __future__ import annotations

from pathlib import Path

import pytest

from voyaltis_flow.project import ContentError, Project, ProjectError, Settings, find_project, read_settings


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / "voyaltis.yaml").write_text("responder: claude\nmodel: from-file\nagent: from-file\n")
    return find_project(tmp_path)


def test_a_flag_wins_over_the_environment_and_that_over_the_file(project: Project) -> None:
    environ = {"VOYALTIS_MODEL": "from-environment", "VOYALTIS_AGENT": "from-environment"}
    settings = read_settings(project, environ, agent="from-flag", tts=None)
    assert settings.agent == "from-flag"
    assert settings.model == "from-environment"
    assert settings.responder == "claude"
    assert settings.tts == "auto"


def test_vendors_keep_the_names_of_their_variables(project: Project) -> None:
    environ = {"ANTHROPIC_API_KEY": "k", "LIVEKIT_URL": "ws://x", "ELEVENLABS_BASE_URL": "http://x", "VOYALTIS_STT": ""}
    settings = read_settings(project, environ)
    assert (settings.anthropic_api_key, settings.livekit_url) == ("k", "ws://x")
    assert (settings.elevenlabs_base_url, settings.stt) == ("http://x", "auto")


def test_secrets_are_not_shown(project: Project) -> None:
    environ = {
        "ANTHROPIC_API_KEY": "s3cret",
        "LIVEKIT_API_SECRET": "s3cret",
        "VOYALTIS_STORE": "postgres://u:s3cret@h/d",
    }
    assert "s3cret" not in repr(read_settings(project, environ))


def test_hooks_are_allowed_by_the_project_and_not_by_the_environment(tmp_path: Path) -> None:
    (tmp_path / "voyaltis.yaml").write_text("version: 1\n")
    assert read_settings(find_project(tmp_path), {"VOYALTIS_ALLOW_HOOKS": "1"}).allow_hooks is False
    (tmp_path / "voyaltis.yaml").write_text("allow_hooks: true\n")
    assert read_settings(find_project(tmp_path), {}).allow_hooks is True


def test_an_empty_file_sets_nothing(tmp_path: Path) -> None:
    (tmp_path / "voyaltis.yaml").write_text("# nothing yet\n")
    assert read_settings(find_project(tmp_path), {}).responder == "auto"


def test_mistakes_in_the_file_are_problems(tmp_path: Path) -> None:
    (tmp_path / "voyaltis.yaml").write_text("modle: x\nanthropic_api_key: x\nstt: 5\n")
    with pytest.raises(ContentError) as error:
        read_settings(find_project(tmp_path), {})
    assert [problem.code for problem in error.value.problems] == ["VF120", "VF120", "VF122"]


def test_days_are_whole_and_at_least_one(project: Project) -> None:
    assert read_settings(project, {"VOYALTIS_KEEP_DAYS": "30"}).keep_days == 30
    for wrong in ("0", "-1", "1.5", "a month"):
        with pytest.raises(ProjectError, match="VOYALTIS_KEEP_DAYS"):
            read_settings(project, {"VOYALTIS_KEEP_DAYS": wrong})


def test_secrets_are_every_value_that_is_not_shown_and_the_password_within_one() -> None:
    settings = Settings(
        deepgram_api_key="dg-1", livekit_api_secret="lk-2", store="postgresql://me:w[o@rd@db/x", agent="a"
    )
    assert set(settings.secrets) == {"dg-1", "lk-2", "postgresql://me:w[o@rd@db/x", "w[o@rd"}
    assert Settings().secrets == ()
