"""`fmt` and `migrate`: what they change, what they leave, and how they end."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run

UNTIDY = "version: 2\nflow:   x  # mine\nopening: x\npoints:\n- {id: a,type: text, collect: x}\n"
TIDY = "version: 2\nflow: x  # mine\nopening: x\npoints:\n  - {id: a, type: text, collect: x}\n"
OLD = """\
version: 1   # still
flow: x
opening: x?
notice: x
budget: {cost: 1}
points:
- {id: a, type: list, collect: x, max: 3}
"""
NEW = OLD.replace("1   #", "2   #").replace("cost", "dollars").replace("max", "max_items")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "flows").mkdir()
    return tmp_path / "flows" / "x.yaml"


@pytest.mark.parametrize(("command", "before", "after"), [("fmt", UNTIDY, TIDY), ("migrate", OLD, NEW)])
def test_a_file_is_rewritten_once(flow: Run, path: Path, command: str, before: str, after: str) -> None:
    path.write_text(before)
    path.chmod(0o640)
    done = flow(command)
    assert (done.returncode, path.read_text()) == (0, after)
    assert done.stdout.startswith("flows/x.yaml: ")
    assert path.stat().st_mode & 0o777 == 0o640
    again = flow(command, "flows")
    assert (again.returncode, again.stdout, path.read_text()) == (0, "", after)


@pytest.mark.parametrize(("command", "before", "after"), [("fmt", UNTIDY, TIDY), ("migrate", OLD, NEW)])
def test_a_check_changes_nothing_and_fails_where_something_would_be(
    flow: Run, path: Path, command: str, before: str, after: str
) -> None:
    path.write_text(before)
    done = flow(command, "--check")
    assert (done.returncode, path.read_text()) == (1, before)
    assert done.stdout.startswith("flows/x.yaml: ")
    path.write_text(after)
    assert flow(command, "--check").returncode == 0


def test_a_migration_says_what_became_of_each_key(flow: Run, path: Path) -> None:
    path.write_text(OLD)
    told = flow("migrate").stdout
    assert told == "flows/x.yaml: version 1 is 2, `cost` is `dollars`, `max` is `max_items`\n"
    assert flow("validate", "--strict").returncode == 0


def test_a_file_with_mistakes_is_left_and_told_and_the_others_are_done(flow: Run, path: Path) -> None:
    path.write_text(UNTIDY)
    broken = path.with_name("broken.yaml")
    broken.write_text("a: [1,\nb:  2\n")
    done = flow("fmt")
    assert done.returncode == 1
    assert "flows/broken.yaml:3:1: VF107" in done.stderr
    assert (broken.read_text(), path.read_text()) == ("a: [1,\nb:  2\n", TIDY)


def test_what_an_alias_shares_is_not_migrated_behind_its_back(flow: Run, path: Path) -> None:
    path.write_text(text := OLD.replace("{cost: 1}", "&b {cost: 1}") + "meta: *b\n")
    done = flow("migrate")
    assert (done.returncode, path.read_text()) == (1, text)
    assert "alias" in done.stderr


def test_a_byte_order_mark_and_line_ends_of_windows(flow: Run, path: Path) -> None:
    path.write_bytes(b"\xef\xbb\xbf" + OLD.replace("\n", "\r\n").encode())
    assert flow("migrate").returncode == 0
    assert path.read_bytes() == b"\xef\xbb\xbf" + NEW.replace("\n", "\r\n").encode()


@pytest.mark.parametrize("command", ["fmt", "migrate"])
def test_what_is_not_there_is_wrong_use(flow: Run, command: str) -> None:
    assert flow(command, "nowhere.yaml").returncode == 2
    assert flow(command).returncode == 2


def test_an_empty_project_file_is_no_mistake(flow: Run, path: Path, tmp_path: Path) -> None:
    (tmp_path / "voyaltis.yaml").write_text("# where the project is\n")
    path.write_text(TIDY)
    assert flow("fmt", "--check").returncode == 0


def test_files_of_others_are_left_alone_and_told_only_where_they_were_named(flow: Run, path: Path) -> None:
    path.write_text(TIDY)
    foreign = path.parents[1] / "compose.yaml"
    foreign.write_text(text := "services:\n    web:   !mine {}\n")
    assert flow("fmt", ".").returncode == 0
    named = flow("fmt", "compose.yaml")
    assert (named.returncode, foreign.read_text()) == (1, text)
    assert "compose.yaml: this is no flow" in named.stderr
