"""A spreadsheet's bytes as rows of texts: CSV in any usual encoding and with any separator, or an Excel workbook."""

from __future__ import annotations

import csv
import html
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from voyaltis_flow.importing.errors import UnreadableError
from voyaltis_flow.importing.workbook import read_workbook

Row = tuple[str, ...]

SEPARATORS = ",;\t|"
_NAMES = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_TOLD = re.compile(r"\Asep=(.)\r?\n", re.IGNORECASE)
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u00ad\u200b-\u200f\u2060\ufeff\ufffe\uffff]")
_ENTITY = re.compile(r"&(?:[a-zA-Z]{2,8}|#\d{2,5});")
_LETTERS = frozenset("éèêëàâäçîïôöùûüœÉÈÊÀÂÇÎÔÛŒ’€°®™ñßáíóú")
_RUNAWAY = 5
"""Line breaks in a cell from which on its quote is thought to be an inch sign that nobody closed."""


@dataclass(frozen=True)
class Table:
    """Rows of texts as people see them, all of one length; row 1 is the first. `source` says how they were read."""

    rows: tuple[Row, ...]
    source: str


def read_table(content: bytes, encoding: str | None = None, sheet: str | None = None) -> Table:
    """The table in a file, by what its bytes are; a name that lies makes no difference. Raises TableError."""
    if content.startswith(b"PK\x03\x04"):
        rows, source = read_workbook(content, sheet)
    elif content.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableError(
            "this is a workbook of the old kind (.xls), or one with a password: save it as .xlsx without one"
        )
    else:
        rows, source = _read_csv(content, encoding)
    return Table(_squared([[_clean(cell) for cell in row] for row in rows]), source)


def _read_csv(content: bytes, encoding: str | None) -> tuple[list[list[str]], str]:
    text, named = _decoded(content, encoding)
    told = _TOLD.match(text)
    text = _ENTITY.sub(_unescaped, text[told.end() :] if told else text)
    separator = told[1] if told else _separator(text)
    rows = _split(text, separator)
    blank: list[list[str]] = [[]] if told else []
    return blank + rows, f"{named}, separated by {_NAMES.get(separator, separator)}"


def _decoded(content: bytes, encoding: str | None) -> tuple[str, str]:
    """The text, and the name of its encoding. One without a mark is UTF-8 if it can be, else what reads best."""
    if encoding is not None:
        try:
            return content.decode(encoding), encoding
        except (LookupError, UnicodeDecodeError) as error:
            raise UnreadableError(f"this can't be read as {encoding}: {error}") from error
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            return content.decode(name, "replace"), name.removesuffix("-sig").upper()
    if content[:400].count(0) > len(content[:400]) // 4:
        wide = "utf-16-le" if content[1:2] == b"\x00" else "utf-16-be"
        return content.decode(wide, "replace"), "UTF-16"
    try:
        return content.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError:
        texts = {name: content.decode(name, "replace") for name in ("cp1252", "mac_roman")}
        best = max(texts, key=lambda name: _reads_well(texts[name]))
        return texts[best], {"cp1252": "Windows-1252", "mac_roman": "Mac Roman"}[best]


def _reads_well(text: str) -> int:
    """How much more often it has letters that people write than signs that they don't."""
    counted = Counter(char for char in text if ord(char) > 127)
    return sum(count if char in _LETTERS else -count for char, count in counted.items())


def _separator(text: str) -> str:
    """The separator that gives the most rows of one and the same length."""

    def evenness(separator: str) -> tuple[int, int]:
        widths = Counter(len(row) for row in _rows(text[:50_000], separator)[:200] if len(row) > 1)
        width, rows = widths.most_common(1)[0] if widths else (0, 0)
        return rows, width

    return max(SEPARATORS, key=evenness)


def _split(text: str, separator: str) -> list[list[str]]:
    """The cells. A quote that is never closed is a sign like others: `TV 55"` is a name."""
    return _rows(text, separator) if _closes(text, separator) else _rows(text, separator, quoted=False)


def _rows(text: str, separator: str, *, quoted: bool = True) -> list[list[str]]:
    for quoting in (csv.QUOTE_MINIMAL, csv.QUOTE_NONE) if quoted else (csv.QUOTE_NONE,):
        csv.field_size_limit(max(len(text), 1))
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, quoting=quoting))
        if not any(cell.count("\n") >= _RUNAWAY for row in rows for cell in row):
            return rows
    return rows


def _closes(text: str, separator: str) -> bool:
    """Whether the last quote that opens a cell is closed again: else the cell has swallowed all that follows it."""
    csv.field_size_limit(max(len(text), 1))
    try:
        for _ in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True):
            pass
    except csv.Error as error:
        return "unexpected end" not in str(error)
    return True


def _unescaped(entity: re.Match[str]) -> str:
    """What `&eacute;` stands for, before its semicolon is taken for the end of a cell."""
    char = html.unescape(entity[0])
    return entity[0] if char in (*SEPARATORS, '"', "\n") else char


def _squared(rows: Sequence[Sequence[str]]) -> tuple[Row, ...]:
    width = max(map(len, rows), default=0)
    return tuple((*row, *[""] * (width - len(row))) for row in rows)


def _clean(cell: str) -> str:
    """A cell without what can't be seen, and with one blank in place of several. Lines in it stay lines."""
    lines = _UNSEEN.sub("", html.unescape(cell)).splitlines()
    return "\n".join(filter(None, (" ".join(line.split()) for line in lines)))
