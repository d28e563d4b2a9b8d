"""`voyaltis-flow resolve`: which product a mention is, as the catalog's author would ask it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, TextIO

import typer

from voyaltis_flow.catalog.index import CatalogIndex
from voyaltis_flow.catalog.points import PointsScorer
from voyaltis_flow.catalog.resolution import Ambiguous, Match, Resolution
from voyaltis_flow.script.models import Catalog

from .content import catalogs_of
from .exits import Code, CommandError


class Scorer(StrEnum):
    """How mentions are scored: by facets and sounds, or by the points of the first generation."""

    DEFAULT = "default"
    POINTS = "points"


def resolve(
    text: Annotated[list[str] | None, typer.Argument(help="Mentions, each an argument.")] = None,
    catalog: Annotated[
        list[str] | None, typer.Option("--catalog", help="By name or path; more than one may be named.")
    ] = None,
    source: Annotated[Path | None, typer.Option("--input", help="A mention a line, or JSON Lines with `text`.")] = None,
    output: Annotated[Path | None, typer.Option("--output", help="Where the answers go; else to stdout.")] = None,
    scorer: Annotated[
        Scorer, typer.Option("--scorer", help="default, or the points of the first generation.")
    ] = Scorer.DEFAULT,
) -> None:
    """Find the product that a mention means. One JSON line comes out for each mention."""
    if bool(text) == bool(source):
        raise CommandError(Code.MISUSE, "name the mentions as arguments, or a file of them with --input")
    if source and output and output.resolve() == source.resolve():
        raise CommandError(Code.MISUSE, f"--output would overwrite the input, {source}")
    judge = _judge(catalogs_of(catalog or ["electronics"]), scorer)
    with ExitStack() as files:
        mentions = files.enter_context(source.open(encoding="utf-8-sig", errors="replace")) if source else (text or [])
        out: TextIO = files.enter_context(output.open("w", encoding="utf-8")) if output else sys.stdout
        for mention, language in _read(mentions, is_file=source is not None):
            out.write(json.dumps(_told(mention, judge.resolve(mention, language)), ensure_ascii=False) + "\n")


def _judge(catalogs: list[Catalog], scorer: Scorer) -> CatalogIndex | PointsScorer:
    return PointsScorer(catalogs) if scorer is Scorer.POINTS else CatalogIndex(catalogs)


def _read(lines: Iterable[str], *, is_file: bool) -> Iterator[tuple[str, str | None]]:
    """The mentions and their languages; an argument is a mention whatever it looks like."""
    for number, line in enumerate(lines, 1):
        if not is_file:
            yield line, None
        elif line.strip():
            yield _mention(line.strip(), number)


def _mention(line: str, number: int) -> tuple[str, str | None]:
    if not line.startswith("{"):
        return line, None
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise CommandError(Code.FAILED, f"line {number} is no JSON: {error}") from error
    if not isinstance(entry.get("text"), str):
        raise CommandError(Code.FAILED, f"line {number} has no `text`")
    language = entry.get("lang")
    return entry["text"], language if language in ("fr", "en") else None


def _told(mention: str, found: Resolution) -> dict[str, Any]:
    """A line of the output, as the contracts have it."""
    line: dict[str, Any] = {"text": mention, "kind": "none", "id": None, "category": None, "candidates": []}
    if isinstance(found, Match):
        line |= {"kind": "product", "id": found.product, "category": found.category, "candidates": [found.product]}
    elif isinstance(found, Ambiguous):
        line |= {"kind": "ambiguous", "category": found.category, "candidates": list(found.candidates)}
    confirm = isinstance(found, Match) and found.confirm
    return {**line, "score": round(found.score, 3), "confirm": confirm, "reason": found.reason}
