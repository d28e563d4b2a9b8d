"""A table of products as a catalog, with the rows and columns that were left out, and why."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from voyaltis_flow.importing.columns import Columns, find_columns
from voyaltis_flow.importing.table import Row, Table
from voyaltis_flow.language.tokens import fold
from voyaltis_flow.script.models import Catalog

_SEPARATED = re.compile(r"[,;|\n]|\s/\s")
_TOTALS = ("total", "sous total", "sous-total", "subtotal", "grand total")
_NO = ("non", "no", "n", "0", "false", "faux", "inactif", "inactive", "arrete", "discontinued", "supprime", "obsolete")
_PAIRS = ("paire", "paires", "pair", "pairs")
_DAY = re.compile(r"(?:(\d{4})-(\d\d)-(\d\d)|(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}))\b")
_OTHERS = {"fr": "Autres", "en": "Others"}
_LONGEST_ID, _LONGEST_NAME = 64, 200
_ID = re.compile(rf"\w[\w.-]{{0,{_LONGEST_ID - 1}}}")


@dataclass(frozen=True)
class Imported:
    """The catalog, how its source was read, and the rows that were skipped or changed, by reason.

    Rows are counted as a spreadsheet counts them: the first is 1.
    """

    catalog: Catalog
    source: str
    columns: Columns
    skipped: Mapping[str, Sequence[int]]
    changed: Mapping[str, Sequence[int]]


def imported(table: Table, catalog_id: str, language: str, told: Mapping[str, str]) -> Imported:
    """The catalog in a table. `told` names the headers of columns, by role.

    Raises TableError where no column has names.
    """
    columns = find_columns(table, told)
    intake = _Intake(columns, language)
    for number, row in enumerate(table.rows[columns.row + 1 :], columns.row + 2):
        intake.take(number, row)
    known_as = catalog_id if _ID.fullmatch(catalog_id) else _slug(catalog_id)
    catalog = Catalog.model_validate({"version": 1, "catalog": known_as, "language": language, **intake.content()})
    return Imported(catalog, table.source, columns, intake.skipped, intake.changed)


@dataclass
class _Intake:
    """Takes the rows one after the other."""

    columns: Columns
    language: str
    skipped: dict[str, list[int]] = field(default_factory=dict)
    changed: dict[str, list[int]] = field(default_factory=dict)
    _products: dict[str, dict[str, Any]] = field(default_factory=dict)
    _categories: dict[str, str] = field(default_factory=dict)
    _names: set[str] = field(default_factory=set)
    _seen: set[tuple[str, ...]] = field(default_factory=set)
    _section: str = ""

    def take(self, number: int, row: Row) -> None:
        """Takes a row as a product, as the heading of those below it, or not at all."""
        name = self._cell(row, "name").replace("\n", " ")
        said = tuple(fold(row[column.at]) for column in self.columns.taken)
        if any(row) and self._is_heading(row, name):
            self._section = next(filter(None, row)).rstrip(" :")
            self._note("taken as the heading of those below", number)
        elif (reason := self._reason(row, name)) is not None:
            self.skipped.setdefault(reason, []).append(number)
        elif said in self._seen:
            self.skipped.setdefault("the same as a row above", []).append(number)
        else:
            self._seen.add(said)
            self._product(number, row, name)

    def content(self) -> dict[str, Any]:
        """What the catalog says."""
        brands = {product.get("brand", "") for product in self._products.values()}
        words = {key: sorted({label.lower()}) for key, label in self._categories.items()}
        return {
            "house_brands": list(brands) if len(brands) == 1 and brands != {""} else [],
            "categories": [{"id": key, "label": label, "words": words[key]} for key, label in self._categories.items()],
            "products": list(self._products.values()),
        }

    def _reason(self, row: Row, name: str) -> str | None:
        """Why a row is no product."""
        reasons = {
            "blank": not any(row),
            "the header once more": all(fold(row[column.at]) == fold(column.header) for column in self.columns.taken),
            "a total": any(fold(cell).rstrip(" :") in _TOTALS for cell in row[:3]),
            "no name": not name,
            "no longer sold": fold(self._cell(row, "active")) in _NO,
            "a name of more than 200 letters": len(name) > _LONGEST_NAME,
        }
        return next((reason for reason, holds in reasons.items() if holds), None)

    def _is_heading(self, row: Row, name: str) -> bool:
        """A lone cell heads the products below it: beside the names, or in capitals, or before a colon."""
        if len(row) == 1 or sum(map(bool, row)) > 1 or self._cell(row, "id") or fold(name).rstrip(" :") in _TOTALS:
            return False
        return not name or name.endswith(":") or (name.isupper() and not self.columns.of("category"))

    def _product(self, number: int, row: Row, name: str) -> None:
        full = self._full_name(number, row, name)
        product: dict[str, Any] = {"id": self._id(number, row, full), "name": full}
        product["category"] = self._category(number, self._cell(row, "category") or self._section)
        for key in ("brand", "code", "unit"):
            if written := self._cell(row, key):
                product[key] = written.replace("\n", " ")
        if aliases := self._aliases(row, full):
            product["aliases"] = aliases
        if {fold(self._cell(row, "sold_by")), fold(self._cell(row, "unit"))} & set(_PAIRS):
            product["sold_by"] = "pair"
        if active := self._active(number, row):
            product["active"] = active
        self._names.add(fold(full))
        self._products[product["id"]] = product

    def _full_name(self, number: int, row: Row, name: str) -> str:
        """The name; with what tells it apart, where another product has it."""
        variants = [row[column.at].replace("\n", " ") for column in self.columns.of("variant") if row[column.at]]
        if fold(name) not in self._names or not variants:
            return name
        self._note("a name that stands there twice, told apart by its variant", number)
        return " ".join([name, *variants])

    def _id(self, number: int, row: Row, name: str) -> str:
        written = self._cell(row, "id")
        slug = written if _ID.fullmatch(written) else _slug(written or name)
        if written and slug != written:
            self._note("an id that can't be one, and was written otherwise", number)
        if slug in self._products:
            self._note("an id that another row has, too, and was numbered", number)
        return _unlike(slug, self._products)

    def _category(self, number: int, label: str) -> str:
        label = label.replace("\n", " ")
        if not label:
            label = _OTHERS.get(self.language, "Others")
            self._note(f"no category; put under “{label}”", number)
        slug = _slug(label)
        self._categories.setdefault(slug, label)
        return slug

    def _aliases(self, row: Row, name: str) -> Any:
        """The aliases, by language where a header names one."""
        columns = self.columns.of("aliases")
        alike = not any(column.language for column in columns)
        found: dict[str, dict[str, None]] = {}
        for column in columns:
            parts = (part.strip(" .") for part in _SEPARATED.split(row[column.at]))
            kept = [part for part in parts if part and fold(part) != fold(name)]
            if kept:
                found.setdefault(column.language or self.language, {}).update(dict.fromkeys(kept))
        told = {language: list(aliases) for language, aliases in found.items()}
        return told.get(self.language) if alike else told

    def _active(self, number: int, row: Row) -> dict[str, str]:
        days = {key: self._cell(row, key) for key in ("from", "to")}
        read = {key: _day(written) for key, written in days.items() if written}
        if None in read.values() or ("from" in read and "to" in read and str(read["from"]) > str(read["to"])):
            self._note("a time of sale that can't be read, and was left out", number)
            return {}
        return {key: str(day) for key, day in read.items()}

    def _cell(self, row: Row, role: str) -> str:
        return next((row[column.at] for column in self.columns.of(role)), "")

    def _note(self, what: str, number: int) -> None:
        self.changed.setdefault(what, []).append(number)


def _slug(written: str) -> str:
    """An id that reads like what was written: “Téléviseurs 4K” is `televiseurs-4k`."""
    return "-".join(re.findall(r"[a-z0-9]+", fold(written)))[:_LONGEST_ID].strip("-") or "x"


def _unlike(slug: str, taken: Iterable[str]) -> str:
    return next(name for name in _numbered(slug) if name not in taken)


def _numbered(slug: str) -> Iterator[str]:
    yield slug
    number = 2
    while True:
        yield f"{slug[: _LONGEST_ID - 6]}-{number}"
        number += 1


def _day(written: str) -> str | None:
    """A day as an ISO date; in numbers alone, the day comes first."""
    found = _DAY.match(written)
    if found is None:
        return None
    year, month, day = found.group(1, 2, 3) if found[1] else found.group(6, 5, 4)
    return f"{year}-{int(month):02}-{int(day):02}" if 1 <= int(month) <= 12 and 1 <= int(day) <= 31 else None
