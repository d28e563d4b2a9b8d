"""A catalog made of a spreadsheet on the command line, with its report."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run

LIST = "Tarif;;\nRéf;Désignation;Prix\nA1;Téléviseur 55;9\n;;\nA2;Radio;5\n"
REPORT = """\
Read as Windows-1252, separated by semicolons; the header is row 2.
Columns: Réf → id, Désignation → name.
Columns left out: Prix.
2 products in 1 category.
Skipped: 1 row: blank (4).
Changed: 2 rows: no category; put under “Autres” (3, 5).
"""


def test_a_list_becomes_a_catalog_that_validates_and_is_laid_out(flow: Run, tmp_path: Path) -> None:
    (tmp_path / "prix.csv").write_bytes(LIST.encode("cp1252"))
    (tmp_path / "catalogs").mkdir()
    done = flow("catalog", "import", "prix.csv", "--output", "catalogs/shop.yaml")
    assert (done.returncode, done.stdout) == (0, REPORT)
    assert flow("validate", "--strict", "catalogs").returncode == 0
    assert flow("fmt", "--check", "catalogs").returncode == 0
    found = flow("resolve", "téléviseur", "--catalog", "shop").stdout
    assert '"id": "A1"' in found


def test_nothing_is_written_over_unless_it_is_wished(flow: Run, tmp_path: Path) -> None:
    (tmp_path / "prix.csv").write_text(LIST, "utf-8")
    (tmp_path / "shop.yaml").write_text("mine")
    done = flow("catalog", "import", "prix.csv", "--output", "shop.yaml")
    assert (done.returncode, (tmp_path / "shop.yaml").read_text()) == (2, "mine")
    assert flow("catalog", "import", "prix.csv", "--output", "shop.yaml", "--force").returncode == 0
    assert "Radio" in (tmp_path / "shop.yaml").read_text("utf-8")


def test_the_spreadsheet_itself_is_never_written_over(flow: Run, tmp_path: Path) -> None:
    (tmp_path / "prix.csv").write_text(LIST, "utf-8")
    done = flow("catalog", "import", "prix.csv", "--output", "./prix.csv", "--force")
    assert (done.returncode, (tmp_path / "prix.csv").read_text("utf-8")) == (2, LIST)


def test_a_workbook_that_is_broken_can_not_be_read(flow: Run, tmp_path: Path) -> None:
    (tmp_path / "prix.xlsx").write_bytes(b"PK\x03\x04 and no more")
    done = flow("catalog", "import", "prix.xlsx", "--output", "shop.yaml")
    assert done.returncode == 2
    assert "no Excel workbook that can be read" in done.stderr


@pytest.mark.parametrize(
    ("text", "options", "code", "told"),
    [
        ("a;b\n1;2\n", [], 1, "--column name=HEADER"),
        ("Nom\n", [], 1, "has no product"),
        ("a;b\n1;2\n", ["--column", "nam=b"], 2, "Did you mean `name`?"),
        ("Nom\nTV\n", ["--encoding", "klingon"], 2, "klingon"),
        ("Nom\nTV\n", ["--language", "x"], 2, "`x` is no language"),
        ("Nom\nTV\n", ["--output", "nowhere/x.yaml"], 2, "a folder that exists"),
    ],
)
def test_what_can_not_be_is_told(
    flow: Run, tmp_path: Path, text: str, options: list[str], code: int, told: str
) -> None:
    (tmp_path / "list.csv").write_text(text)
    done = flow("catalog", "import", "list.csv", "--output", "new.yaml", *options)
    assert (done.returncode, (tmp_path / "new.yaml").exists()) == (code, False)
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_that_is_not_there_is_wrong_use(flow: Run) -> None:
    assert flow("catalog", "import", "nothing.csv", "--output", "new.yaml").returncode == 2
