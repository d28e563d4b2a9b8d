"""The tool itself: it changes what runs and nothing else, and `simulate` notices what is plainly broken."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.mutants.changes import CHANGES, Site, mutant, sites
from tests.mutants.trial import ROOT

SOURCE = '''\
"""A module."""
LIMIT: int = 3


@cached(size=9)
def enough(count: int, done: bool = False) -> bool:
    """More than 3."""
    if done:
        return False
    seen.append(count)
    return not count < LIMIT and count + 1 in seen or done
'''


@pytest.fixture
def module(tmp_path: Path) -> Path:
    (tmp_path / "m.py").write_text(SOURCE, encoding="utf-8")
    return tmp_path


def test_each_site_is_one_change_of_the_module(module: Path) -> None:
    found = [mutant(module, site) for site in sites(module, Path("m.py"))]
    plain = ast.unparse(ast.parse(SOURCE))
    assert {each.what.split(":")[0] for each in found} == set(CHANGES)
    for each in found:
        before, after = plain.splitlines(), each.source.splitlines()
        assert len(before) == len(after)
        assert sum(one != other for one, other in zip(before, after, strict=True)) == 1, each
    assert len({each.source for each in found}) == len(found)


def test_what_does_nothing_is_left_alone(module: Path) -> None:
    told = "".join(mutant(module, site).source for site in sites(module, Path("m.py")))
    assert "size=10" not in told
    assert "LIMIT: int = 4" in told


def test_a_mutant_tells_where_it_is(module: Path) -> None:
    site = next(site for site in sites(module, Path("m.py")) if site.change == "and for or")
    assert str(mutant(module, site)).startswith(
        "m.py:11: and for or: not count < LIMIT and count + 1 in seen or done → "
    )


PLAIN = (
    ("voyaltis_flow/engine/decide.py", "return sum("),
    ("voyaltis_flow/reading/counts.py", "return Counted(facts"),
    ("voyaltis_flow/catalog/index.py", "return "),
)
"""Statements that nothing can do without: a mutant returns nothing in their place."""

TRIALS = f"""
from pathlib import Path
from tempfile import TemporaryDirectory
from tests.mutants.changes import mutant, sites
from tests.mutants.trial import ROOT, noticed

with TemporaryDirectory() as folder:
    assert noticed(None, Path(folder), scripts_only=True) == 0
    for name, statement in {PLAIN!r}:
        broken = [mutant(ROOT, site) for site in sites(ROOT, Path(name)) if site.change == "returns nothing"]
        plain = next(each for each in broken if each.what.split(": ", 1)[1].startswith(statement))
        print(noticed(plain, Path(folder), scripts_only=True))
"""


def test_what_is_plainly_broken_is_noticed() -> None:
    command = [sys.executable, "-c", TRIALS]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert (done.returncode, done.stdout.split()) == (0, ["1"] * len(PLAIN)), done.stdout + done.stderr


def test_a_site_is_the_same_for_the_same_module(module: Path) -> None:
    assert list(sites(module, Path("m.py"))) == list(sites(module, Path("m.py")))
    assert Site(Path("m.py"), 0, "one more") not in sites(module, Path("m.py"))
