"""What `validate` takes, in process: 2,000 lines of flows and styles, and a catalog of 100,000 products."""

from __future__ import annotations

from collections.abc import Callable
from itertools import cycle
from pathlib import Path
from random import Random
from shutil import copy
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time

from voyaltis_flow.project import find_project, validate
from voyaltis_flow.project.places import content_files, shipped

LINES = 2000
PRODUCTS = 100_000
WORDS = 30_000
SYLLABLES = [first + vowel for first in "bdfgklmnprstvz" for vowel in ("a", "e", "i", "o", "u", "ou", "an")]
ALIKE = "VF508"
"""The only problem that invented names may have."""


def rows() -> list[tuple[str, str, str]]:
    """CPU seconds; the first is the median of nine."""
    with TemporaryDirectory() as name:
        content, catalog = Path(name, "content"), Path(name, "catalog.yaml")
        lines = _write_content(content)
        _write_catalog(catalog)
        many = median(_seconds(lambda: _validated(content)) for _ in range(9))
        large = _seconds(lambda: _validated(catalog))
    return [
        (f"validate, {lines:,} lines", f"{many * 1000:.0f} ms CPU", "≤ 100 ms"),
        (f"validate, a catalog of {PRODUCTS:,} products", f"{large:.1f} s CPU", "≤ 30 s"),
    ]


def _validated(path: Path) -> None:
    problems = [problem for report in validate([path], find_project()) for problem in report.problems]
    if wrong := [problem for problem in problems if problem.code != ALIKE]:
        raise AssertionError(f"the content to measure has problems: {wrong[0]}")


def _seconds(work: Callable[[], None]) -> float:
    began = process_time()
    work()
    return process_time() - began


def _write_content(folder: Path) -> int:
    """Copies of the shipped flows and styles, until there are enough lines."""
    folder.mkdir()
    lines = 0
    sources = [path for kind in ("flows", "styles") for path in content_files(shipped() / kind)]
    for number, source in enumerate(cycle(sources)):
        if lines >= LINES:
            return lines
        copy(source, folder / f"{number}.yaml")
        lines += source.read_text("utf-8").count("\n")
    return lines


def _write_catalog(path: Path) -> None:
    """Products with names of invented words, two of 30,000, so that many sound alike and few are."""
    chance = Random(1)
    words = ["".join(chance.choice(SYLLABLES) for _ in range(chance.choice((2, 3, 4)))) for _ in range(WORDS)]
    with path.open("w", encoding="utf-8") as file:
        file.write("version: 1\ncategories: [{id: tv, label: Télé, words: [télé]}]\nproducts:\n")
        for number in range(PRODUCTS):
            line, model = chance.choice(words).title(), chance.choice(words).title()
            names = f"name: {line} {model} {number}, brand: Nordia, aliases: [{line} {number}, 'P{number}']"
            file.write(f"  - {{id: p{number}, category: tv, {names}}}\n")
