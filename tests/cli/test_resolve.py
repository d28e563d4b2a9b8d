"""`voyaltis-flow resolve`: a line out for each mention in, as the contracts have it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.cli.conftest import Run

KEYS = ["text", "kind", "id", "category", "candidates", "score", "confirm"]


def answers(printed: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in printed.splitlines()]


def test_a_line_comes_out_for_each_mention(flow: Run) -> None:
    done = flow("resolve", "deux S25", "un frigo", "une coque pour le S25", "--catalog", "electronics")
    assert done.returncode == 0, done.stderr
    product, ambiguous, none = answers(done.stdout)
    assert (product["kind"], product["id"], product["category"]) == ("product", "ph-s25", "smartphone")
    assert (ambiguous["kind"], ambiguous["id"], ambiguous["category"]) == ("ambiguous", None, "refrigerateur")
    assert len(ambiguous["candidates"]) == 4
    assert (none["kind"], none["id"], none["candidates"]) == ("none", None, [])
    for line in (product, ambiguous, none):
        assert set(KEYS) <= set(line)
        assert 0 <= line["score"] <= 1


def test_points_are_the_overviews(flow: Run) -> None:
    done = flow("resolve", "frigo", "--catalog", "showroom", "--scorer", "points")
    assert answers(done.stdout)[0]["id"] == "smartfridge-elite"


def test_files_hold_plain_lines_or_objects(flow: Run, tmp_path: Path) -> None:
    mentions = tmp_path / "mentions"
    mentions.write_bytes(b"le Fold\n" + b'{"text": "the watch", "lang": "en"}\n' + b"\xff\xfe\n")
    done = flow("resolve", "--input", "mentions", "--output", "answers", "--catalog", "electronics")
    assert (done.returncode, done.stdout) == (0, "")
    assert [line["kind"] for line in answers((tmp_path / "answers").read_text())] == ["product", "ambiguous", "none"]


def test_wrong_use_says_so(flow: Run, tmp_path: Path) -> None:
    (tmp_path / "mentions").write_text('{"text": 5}\n')
    assert flow("resolve").returncode == 2
    assert flow("resolve", "--input", "missing").returncode == 2
    assert flow("resolve", "x", "--catalog", "missing").returncode == 2
    assert flow("resolve", "--input", "mentions", "--output", "mentions").returncode == 2
    bad = flow("resolve", "--input", "mentions")
    assert bad.returncode == 1
    assert "line 1" in bad.stderr
