"""Which responder a name stands for, and what is said where there is none."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from voyaltis_flow.project.settings import Settings
from voyaltis_flow.responders import choose as choosing
from voyaltis_flow.responders.choose import ResponderUnavailableError, automatic, choose
from voyaltis_flow.responders.claude import Claude
from voyaltis_flow.responders.fallback import Fallback
from voyaltis_flow.responders.replay import Recorder, Replay

KEYED = Settings(anthropic_api_key="sk-secret")


def test_a_claude_has_a_second_who_takes_over_unless_it_works_alone() -> None:
    assert isinstance(choose("claude", KEYED), Fallback)
    assert isinstance(choose("claude", KEYED, alone=True), Claude)


def test_recordings_are_made_and_played_by_name(tmp_path: Path) -> None:
    (tmp_path / "run").touch()
    assert isinstance(choose(f"record:{tmp_path}/run", KEYED), Recorder)
    assert isinstance(choose(f"replay:{tmp_path}/run", Settings()), Replay)
    assert isinstance(choose(f"replay-paced:{tmp_path}/run", Settings()), Replay)


def test_auto_is_the_vendor_whose_key_is_set_else_what_needs_nothing() -> None:
    assert automatic(KEYED) == ("claude", "ANTHROPIC_API_KEY is set")
    assert automatic(Settings()) == ("rules", "ANTHROPIC_API_KEY is not set")
    assert choose("auto", KEYED).name == "claude"
    assert choose("auto", Settings()).name == "rules"


def test_all_that_is_lacking_is_told_at_once_with_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choosing, "find_spec", lambda _: None)
    with pytest.raises(ResponderUnavailableError) as caught:
        choose("claude", Settings())
    for part in ("ANTHROPIC_API_KEY", "pip install 'voyaltis-flow[claude]'", "--responder rules"):
        assert part in str(caught.value)


@pytest.mark.parametrize("name", ["", "gpt", "claude:x", "replay:", "replay", "rules:fast"])
def test_a_name_that_is_none_is_answered_with_those_there_are(name: str) -> None:
    with pytest.raises(ValueError, match=r"rules, claude, auto, replay:FILE"):
        choose(name, KEYED)


def test_settings_that_mean_nothing_are_told(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"VOYALTIS_EFFORT: 'turbo' is none of low"):
        choose("claude", Settings(anthropic_api_key="k", effort="turbo"))
    with pytest.raises(FileNotFoundError):
        choose("claude", Settings(anthropic_api_key="k", prices=str(tmp_path / "none.yaml")))


def test_choosing_does_not_import_the_sdk() -> None:
    assert importlib.util.find_spec("anthropic")
    code = (
        "import sys; from voyaltis_flow.responders.choose import choose;"
        "from voyaltis_flow.project.settings import Settings;"
        "choose('claude', Settings(anthropic_api_key='k')); sys.exit('anthropic' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
