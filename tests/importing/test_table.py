"""Bytes become rows whatever they are encoded in and separated by, and never a traceback."""

from __future__ import annotations

import io
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from voyaltis_flow.importing import TableError, read_table

TEXT = "Réf;Désignation;Prix\nA1;Téléviseur « Été » 55 pouces;1 299,00 €\nA2;Crème brûlée;3,50 €\n"
ROWS = (
    ("Réf", "Désignation", "Prix"),
    ("A1", "Téléviseur « Été » 55 pouces", "1 299,00 €"),
    ("A2", "Crème brûlée", "3,50 €"),
)


@pytest.mark.parametrize(
    ("encoding", "named"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8"),
        ("cp1252", "Windows-1252"),
        ("mac_roman", "Mac Roman"),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16"),
        ("utf-16-be", "UTF-16"),
    ],
)
def test_an_encoding_is_found(encoding: str, named: str) -> None:
    table = read_table(TEXT.encode(encoding))
    assert table.rows == ROWS
    assert table.source == f"{named}, separated by semicolons"


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_a_separator_is_found_among_decoys(separator: str) -> None:
    rows = [["name", "aliases", "price"], ["One", "a, b; c", "1,50"], ["Two | 2", "d", "2,50"], ["Three", "", "3,00"]]
    text = "\n".join(separator.join(f'"{cell}"' if separator in cell else cell for cell in row) for row in rows)
    assert [list(row) for row in read_table(text.encode()).rows] == rows


def test_excel_may_tell_the_separator() -> None:
    assert read_table(b"sep=|\r\na;b|c\r\n").rows == (("", ""), ("a;b", "c"))


def test_an_encoding_that_is_told_is_taken() -> None:
    assert read_table("é;b".encode("cp850"), encoding="cp850").rows == (("é", "b"),)
    for wrong in ("ascii", "nothing"):
        with pytest.raises(TableError, match=wrong):
            read_table("é".encode(), encoding=wrong)


def test_an_inch_sign_does_not_swallow_the_rest() -> None:
    lines = ["ref;name", '1;"55" TV', *(f"{n};Product {n}" for n in range(2, 20))]
    rows = read_table("\n".join(lines).encode()).rows
    assert len(rows) == 20
    assert rows[2] == ("2", "Product 2")


def test_a_quote_that_is_never_closed_swallows_no_row() -> None:
    rows = read_table(b'id,name\nA1,"Radio\nA2,Lamp\nA3,Clock\n').rows
    assert [row[0] for row in rows] == ["id", "A1", "A2", "A3"]


def test_cells_lose_what_can_not_be_seen() -> None:
    assert read_table("a\u00a0 b\u200b;\ufeffc&amp;d &eacute;\n".encode()).rows == (("a b", "c&d é"),)


def workbook(*sheets: tuple[str, list[list[object]]]) -> bytes:
    book = Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_a_workbook_is_read_as_excel_shows_it() -> None:
    content = workbook(
        ("Notes", [["x"]]), ("Tarif", [["Réf", "Nom", "Depuis"], [12.0, "TV", date(2026, 3, 1)], [None, 1.5, True]])
    )
    table = read_table(content)
    assert table.rows == (("Réf", "Nom", "Depuis"), ("12", "TV", "2026-03-01"), ("", "1.5", "true"))
    assert table.source == "sheet `Tarif`"
    assert read_table(content, sheet="Notes").rows == (("x",),)
    with pytest.raises(TableError, match="there are Notes, Tarif"):
        read_table(content, sheet="Prix")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"\xd0\xcf\x11\xe0 old", "save it as .xlsx"),
        (b"PK\x03\x04 broken", "no Excel workbook"),
        (workbook(("a", [["b"]]))[:-300], "no Excel workbook"),
    ],
)
def test_what_is_no_table_says_so(content: bytes, told: str) -> None:
    with pytest.raises(TableError, match=told):
        read_table(content)


@settings(deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=200).map(str.encode))
def test_no_bytes_raise_anything_else(content: bytes) -> None:
    try:
        rows = read_table(content).rows
    except TableError:
        return
    assert len({len(row) for row in rows}) <= 1
