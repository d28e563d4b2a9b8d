from __future__ import annotations

import os
import random
from pathlib import Path
from time import process_time

import pytest

from voyaltis_flow.project import NotFoundError, find_project, validate
from voyaltis_flow.project.places import FOLDERS, content_files

JUNK = [
    b"\t",
    b": ",
    b"{{",
    b"'",
    b'"',
    b"[",
    b"&a ",
    b"*a",
    b"\n",
    b"- ",
    b"{% if %}",
    b"!x ",
    b"<<: 3\n",
    b"\x00",
    b"\xff",
]


def codes(*paths: Path) -> dict[str, list[str]]:
    reports = validate(paths, find_project())
    return {Path(report.document.path).name: [problem.code for problem in report.problems] for report in reports}


def mangled(content: bytes, chance: random.Random) -> bytes:
    """A file as a bad day leaves it: letters lost, lines doubled or moved, junk typed in."""
    text = bytearray(content)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(text))
        line, end = text.rfind(b"\n", 0, at) + 1, text.find(b"\n", at) + 1
        match chance.randrange(4):
            case 0:
                del text[at : at + chance.randint(1, 40)]
            case 1:
                text[at:at] = chance.choice(JUNK)
            case 2:
                text[line:line] = text[line:end]
            case 3:
                text[at] = chance.randrange(256)
    return bytes(text)


def test_a_folder_of_mangled_files_is_told_in_full_and_in_no_time(tmp_path: Path, pytestconfig: pytest.Config) -> None:
    sources = [path for folder in FOLDERS.values() for path in content_files(pytestconfig.rootpath / folder)]
    chance = random.Random(20261124)
    for number in range(1500):
        source = sources[number % len(sources)]
        (tmp_path / f"{number:04}.yaml").write_bytes(mangled(source.read_bytes(), chance))
    began = process_time()
    reports = list(validate([tmp_path], find_project()))
    assert process_time() - began < 20
    assert len(reports) == 1500
    assert sum(bool(report.problems) for report in reports) > 1200
    for report in reports:
        for problem in report.problems:
            assert problem.message
            assert 1 <= problem.column <= len(report.document.line(problem.line)) + 1


def test_the_same_mistake_in_two_files_is_two_problems(tmp_path: Path) -> None:
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).write_text(
            "version: 2\nflow: x\nopening: x?\nnotice: x\ntitel: x\npoints: [{id: a, type: text, collect: x}]"
        )
    assert codes(tmp_path) == {"a.yaml": ["VF120"], "b.yaml": ["VF120"]}


def test_a_folder_says_what_a_file_is_where_its_keys_do_not(tmp_path: Path) -> None:
    (tmp_path / "styles").mkdir()
    (tmp_path / "styles" / "x.yaml").write_text("version: 1\n")
    (tmp_path / "y.yaml").write_text("version: 1\n")
    (tmp_path / "z.scenarios.yaml").write_text("version: 1\n")
    (tmp_path / "voyaltis.yaml").write_text("")
    assert codes(tmp_path) == {
        "x.yaml": ["VF121", "VF121", "VF121"],
        "y.yaml": ["VF116"],
        "z.scenarios.yaml": ["VF121"],
        "voyaltis.yaml": [],
    }


def test_what_is_hidden_or_not_ours_is_passed_over(tmp_path: Path) -> None:
    for folder in (".git", "node_modules", "deep/.venv"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "x.yaml").write_text("version: 1\n")
    (tmp_path / "notes.txt").write_text("x")
    assert codes(tmp_path) == {}


def test_a_file_named_twice_is_told_once(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_text("version: 1\n")
    assert len(list(validate([path, tmp_path, path], find_project()))) == 1


def test_files_that_are_not_there_are_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="There is no file"):
        list(validate([tmp_path / "none.yaml"], find_project()))
    with pytest.raises(NotFoundError, match="nothing to validate"):
        list(validate([], find_project(tmp_path)))


def test_what_can_not_be_opened_in_a_folder_is_a_problem_among_others(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").symlink_to(tmp_path / "nowhere")
    (tmp_path / "b.yaml").write_text("- x")
    os.mkfifo(tmp_path / "c.yaml")
    assert codes(tmp_path) == {"a.yaml": ["VF100"], "b.yaml": ["VF106"], "c.yaml": ["VF100"]}


def test_too_large_a_file_is_refused_by_its_size(tmp_path: Path) -> None:
    for name, kind, size in (("big", "flow: x", 1), ("huge", "products: []", 50)):
        with (tmp_path / f"{name}.yaml").open("wb") as file:
            file.write(kind.encode())
            file.truncate(size * 1024 * 1024 + 1)
    began = process_time()
    assert codes(tmp_path) == {"big.yaml": ["VF103"], "huge.yaml": ["VF103"]}
    assert process_time() - began < 5
