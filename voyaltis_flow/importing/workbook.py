"""An Excel workbook's rows, as Excel shows them."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from zipfile import BadZipFile

from openpyxl import load_workbook

from voyaltis_flow.importing.errors import TableError, UnreadableError


def read_workbook(content: bytes, sheet: str | None) -> tuple[list[list[str]], str]:
    """The rows of a sheet: the one of that name, else the one with the most rows. Raises TableError."""
    try:
        with warnings.catch_warnings(action="ignore"):
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            names = [one.title for one in book.worksheets]
            if sheet is not None and sheet not in names:
                raise TableError(f"there is no sheet `{sheet}`; there are {', '.join(names)}")
            tables = {name: _rows(book[name]) for name in ([sheet] if sheet else names)}
    except TableError:
        raise
    except (BadZipFile, KeyError, ValueError, OSError, EOFError, TypeError, AttributeError) as error:
        raise UnreadableError(
            f"this is no Excel workbook that can be read ({error}): save it as .xlsx or .csv"
        ) from error
    if not tables:
        raise TableError("this workbook has no sheet with cells")
    chosen = max(tables, key=lambda name: sum(any(row) for row in tables[name]))
    return tables[chosen], f"sheet `{chosen}`"


def _rows(sheet: Any) -> list[list[str]]:
    sheet.reset_dimensions()
    rows: Iterable[tuple[Any, ...]] = sheet.iter_rows(values_only=True)
    return [[_shown(value) for value in row] for row in rows]


def _shown(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case float() if value.is_integer():
            return str(int(value))
        case datetime() | date():
            return value.isoformat()[:10]
    return str(value)
