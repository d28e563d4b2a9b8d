"""Which column of a table says what, by how it is headed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from voyaltis_flow.importing.errors import TableError
from voyaltis_flow.importing.table import Row, Table
from voyaltis_flow.language.tokens import fold

ROLES = (
    "id",
    "name",
    "description",
    "category",
    "brand",
    "aliases",
    "code",
    "unit",
    "variant",
    "sold_by",
    "from",
    "to",
    "active",
)
"""What a column may be. Of `aliases` and `variant` there may be several."""

_SEVERAL = ("aliases", "variant")
_LOOKED_AT = 30
"""Rows among which the header is looked for: titles and addresses may stand above it."""
_WORD = re.compile(r"[^\W_]+")
_LANGUAGES = {"fr": "fr", "francais": "fr", "french": "fr", "en": "en", "anglais": "en", "english": "en"}


@dataclass(frozen=True)
class Column:
    """A column that is taken over: where it stands, what it is, and the language that its header names."""

    at: int
    role: str
    header: str
    language: str | None = None


@dataclass(frozen=True)
class Columns:
    """The header's row, from 0; the columns that are taken over, and the headers of those that are not."""

    row: int
    taken: tuple[Column, ...]
    left_out: tuple[str, ...]

    def of(self, role: str) -> list[Column]:
        """The columns of a role."""
        return [column for column in self.taken if column.role == role]


def find_columns(table: Table, told: Mapping[str, str]) -> Columns:
    """The columns of a table; `told` names the headers of some, by role. Raises TableError when none holds names."""
    rows = table.rows[:_LOOKED_AT]
    chosen = [_columns(number, row, told) for number, row in enumerate(rows)]
    named = [columns for columns in chosen if columns.of("name") and _tells_all(columns, told)]
    if not named:
        raise TableError(_not_found(rows, told))
    return max(named, key=lambda columns: (len(columns.taken), -columns.row))


def _columns(number: int, row: Row, told: Mapping[str, str]) -> Columns:
    by_header = {fold(header): role for role, header in told.items()}
    taken: list[Column] = []
    for at, header in enumerate(row):
        role, language = (by_header.get(fold(header)) or _role(header)), _language(header)
        if role is not None and role != "left_out":
            taken.append(Column(at, role, header, language))
    taken = _one_of_each(_with_names(taken), told)
    used = {column.at for column in taken}
    return Columns(number, tuple(taken), tuple(header for at, header in enumerate(row) if header and at not in used))


def _with_names(taken: list[Column]) -> list[Column]:
    """Where nothing is a name, a description is; where several are, the others are what the first is called as well."""
    first = next((column for column in taken if column.role == "name"), None)
    if first is None:
        first = next((column for column in taken if column.role == "description"), None)
        return [_as(column, "name") if column is first else column for column in taken]
    return [_as(column, "aliases") if column.role == "name" and column is not first else column for column in taken]


def _one_of_each(taken: list[Column], told: Mapping[str, str]) -> list[Column]:
    """The first column of each role, but the one that was told."""
    kept: dict[object, Column] = {}
    for column in taken:
        slot = column.at if column.role in _SEVERAL else column.role
        if slot not in kept or fold(told.get(column.role, "")) == fold(column.header):
            kept[slot] = column
    return [column for column in sorted(kept.values(), key=lambda column: column.at) if column.role != "description"]


def _as(column: Column, role: str) -> Column:
    return Column(column.at, role, column.header, column.language)


def _tells_all(columns: Columns, told: Mapping[str, str]) -> bool:
    headers = {fold(column.header) for column in columns.taken}
    return all(fold(header) in headers for header in told.values())


def _role(header: str) -> str | None:
    """The role of a header: that of its first words that are known, where no longer term covers them."""
    words = _words(header)
    spans = [(at, at + len(term), role) for term, role in _terms().items() if (at := words.find(f" {term} ")) >= 0]
    apart = [span for span in spans if not any(_covers(other, span) for other in spans)]
    roles = {role for *_, role in apart}
    if "left_out" in roles:
        return "left_out"
    telling = [span for span in apart if span[2] != "thing"]
    return min(telling)[2] if telling else "name" if roles else None


def _covers(longer: tuple[int, int, str], span: tuple[int, int, str]) -> bool:
    return longer[:2] != span[:2] and longer[0] <= span[0] and span[1] <= longer[1]


def _language(header: str) -> str | None:
    return next((_LANGUAGES[word] for word in _words(header).split() if word in _LANGUAGES), None)


def _words(header: str) -> str:
    return " ".join(["", *_WORD.findall(fold(header)), ""])


@cache
def _terms() -> Mapping[str, str]:
    written = yaml.safe_load((files("voyaltis_flow.importing") / "columns.yaml").read_text("utf-8"))
    return {str(term): role for role, terms in written.items() for term in terms}


def _not_found(rows: Sequence[Row], told: Mapping[str, str]) -> str:
    shown = next((row for row in rows if sum(map(bool, row)) > 1), rows[0] if rows else ())
    headers = ", ".join(f"`{cell}`" for cell in shown[:12] if cell)
    if told:
        wanted = ", ".join(f"`{header}`" for header in told.values())
        return f"no row of the first {_LOOKED_AT} has {wanted} and a column of names; one has {headers or 'nothing'}"
    way_out = "Say which one it is: --column name=HEADER."
    return f"no column of names was found in the first {_LOOKED_AT} rows; one has {headers or 'nothing'}. {way_out}"
