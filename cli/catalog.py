"""`voyaltis-flow catalog`: what is done with catalogs as a whole."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from voyaltis_flow.importing import ROLES, Imported, TableError, UnreadableError, imported, read_table, written
from voyaltis_flow.script.document import LARGE
from voyaltis_flow.script.problems import did_you_mean, listing

from .content import target
from .exits import Code, CommandError

catalog = typer.Typer(help="Import catalogs from spreadsheets.", no_args_is_help=True)


@catalog.callback()
def _group() -> None:
    """Keeps `import` a command of its own, where it is the only one."""


@catalog.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="A spreadsheet: .csv, .tsv, .xlsx.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The catalog's file.")],
    language: Annotated[str, typer.Option("--language", help="The language of the names.")] = "fr",
    column: Annotated[
        list[str] | None, typer.Option("--column", help="ROLE=HEADER: what a column is. May be given several times.")
    ] = None,
    sheet: Annotated[str | None, typer.Option("--sheet", help="A workbook's sheet.")] = None,
    encoding: Annotated[str | None, typer.Option("--encoding", help="A CSV file's encoding.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
) -> None:
    """Make a catalog of a spreadsheet, and tell what was left out of it."""
    target("--output", output, content=True)
    if not re.fullmatch("[a-z]{2}", language):
        raise CommandError(Code.MISUSE, f"--language: `{language}` is no language; write `fr` or `en`")
    if output.resolve() == file.resolve():
        raise CommandError(Code.MISUSE, f"--output would overwrite the spreadsheet, {file}")
    if output.exists() and not force:
        raise CommandError(Code.MISUSE, f"{output} is there already; --force writes over it")
    try:
        found = imported(read_table(_content(file), encoding, sheet), output.stem, language, _told(column or []))
    except UnreadableError as error:
        raise CommandError(Code.MISUSE, f"{file}: {error}") from error
    except TableError as error:
        raise CommandError(Code.FAILED, f"{file}: {error}") from error
    for line in _report(found):
        print(line)
    if not found.catalog.products:
        raise CommandError(Code.FAILED, f"{file} has no product; nothing was written")
    output.write_text(written(found.catalog, f"From {file.name}: {found.source}."), "utf-8")
    print(f"Next: voyaltis-flow validate {output}", file=sys.stderr)


def _content(file: Path) -> bytes:
    content = file.read_bytes()
    if len(content) > LARGE:
        raise TableError("this has more than 50 MB; take out what is not used")
    return content


def _told(columns: Sequence[str]) -> dict[str, str]:
    told = dict(column.partition("=")[::2] for column in columns)
    for role, header in told.items():
        if role not in ROLES or not header:
            hint = did_you_mean(role, ROLES, f"A column is one of {listing(ROLES, 20)}.")
            raise CommandError(Code.MISUSE, f"--column {role}={header}: write ROLE=HEADER. {hint}")
    return told


def _report(found: Imported) -> Iterator[str]:
    """What was taken over and what was not, a line each."""
    catalog = found.catalog
    yield f"Read as {found.source}; the header is row {found.columns.row + 1}."
    yield "Columns: " + ", ".join(f"{column.header} → {column.role}" for column in found.columns.taken) + "."
    if found.columns.left_out:
        yield f"Columns left out: {', '.join(found.columns.left_out)}."
    yield f"{_count(len(catalog.products), 'product')} in {_count(len(catalog.categories), 'category', 'categories')}."
    yield from _rows("Skipped", found.skipped)
    yield from _rows("Changed", found.changed)


def _rows(what: str, reasons: Mapping[str, Sequence[int]]) -> Iterator[str]:
    for reason, rows in reasons.items():
        shown = ", ".join(map(str, rows[:12])) + (f" and {len(rows) - 12:,} more" if len(rows) > 12 else "")
        yield f"{what}: {_count(len(rows), 'row')}: {reason} ({shown})."


def _count(number: int, one: str, several: str = "") -> str:
    return f"{number:,} {one if number == 1 else several or one + 's'}"
