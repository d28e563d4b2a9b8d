"""Each file under `cases/` ends with the problems expected of it; `UPDATE_CASES=1 pytest` rewrites these ends."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from voyaltis_flow.checks import Surroundings, check
from voyaltis_flow.script.document import place_all
from voyaltis_flow.script.load import MODELS, Kind, Read, read
from voyaltis_flow.script.models import Catalog
from voyaltis_flow.script.problems import CODES

CASES = Path(__file__).parent / "cases"
FILES = sorted(CASES.rglob("*.yaml"))
KINDS: dict[str, Kind] = {"flows": "flow", "styles": "style", "catalogs": "catalog"}
EXPECTED = "\n# expected:\n"
ELSEWHERE = {
    *("VF100", "VF101", "VF102", "VF103", "VF104", "VF116", "VF203", "VF204", "VF205", "VF220", "VF221", "VF222"),
}
"""Codes of what a case can't show: bytes that are no text, sizes, several files, code of one's own."""


def known() -> Surroundings:
    catalog: Read[Catalog] = read(Catalog, "shop.yaml", "version: 1\nproducts: [{id: s25, name: S25, category: x}]")
    assert catalog.value
    return Surroundings(
        styles=frozenset({"friendly_colleague"}),
        catalogs=frozenset({"shop", "shop_too"}),
        languages=frozenset({"fr", "en"}),
        word_lists=frozenset({"sold", "own_mood"}),
        opened={"shop": catalog.value, "shop_too": catalog.value},
    )


def told(path: Path, content: str) -> list[str]:
    found = read(MODELS[KINDS[path.parent.name]], path.name, content)
    part = found.value or found.draft
    meant = found.sound(check(part, known())) if part else []
    problems = place_all(found.document, [*found.found, *meant])
    return [
        " ".join(filter(None, (f"# {p.line}:{p.column} {p.code} {p.message}", p.hint and f"→ {p.hint}")))
        for p in problems
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_the_problems_of_a_file_are_those_at_its_end(path: Path) -> None:
    content = path.read_text("utf-8")
    body, _, expected = content.partition(EXPECTED)
    found = told(path, body)
    if os.environ.get("UPDATE_CASES"):
        path.write_text(body.rstrip("\n") + "\n" + EXPECTED + "".join(f"{line}\n" for line in found), "utf-8")
        return
    assert found == expected.splitlines()


def test_every_code_has_a_case() -> None:
    shown = "".join(path.read_text("utf-8") for path in FILES)
    assert [code for code in CODES if code not in shown and code not in ELSEWHERE] == []
