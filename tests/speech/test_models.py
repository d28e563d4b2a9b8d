"""Where the recogniser's model comes from: this machine, checked, and never the network."""

from __future__ import annotations

from pathlib import Path

import pytest

from voyaltis_flow.speech.whisper import models
from voyaltis_flow.speech.whisper.models import NoModelError, find_model, has_model


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    return tmp_path


def test_the_small_model_is_assembled_once(cache: Path) -> None:
    folder = find_model()
    assert (folder / "model.bin").stat().st_size == 145_217_532
    assert {path.name for path in folder.iterdir()} == {"model.bin", *models.BESIDE}
    written = (folder / "model.bin").stat().st_mtime_ns
    assert (find_model() / "model.bin").stat().st_mtime_ns == written
    assert list(folder.parent.iterdir()) == [folder]


def test_a_model_that_is_not_what_it_should_be_is_refused(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "SHA256", "0" * 64)
    with pytest.raises(NoModelError, match="do not hold the model"):
        find_model()
    assert list((cache / "cache" / "voyaltis-flow").iterdir()) == []


def test_a_folder_of_ones_own_is_taken_as_it_is(cache: Path) -> None:
    (cache / "mine").mkdir()
    with pytest.raises(NoModelError, match=r"no model\.bin"):
        find_model(str(cache / "mine"))
    (cache / "mine" / "model.bin").touch()
    assert find_model(str(cache / "mine")) == cache / "mine"


def test_a_named_model_that_is_not_here_is_not_fetched() -> None:
    with pytest.raises(NoModelError, match="VOYALTIS_WHISPER"):
        find_model("large-v3")
    assert not has_model("large-v3")


def test_without_a_model_the_way_out_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "PARTS", ("no_such_package",))
    assert not has_model()
    with pytest.raises(NoModelError, match=r"pip install 'voyaltis-flow\[demo\]'"):
        find_model()
