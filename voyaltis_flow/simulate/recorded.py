"""Recorded debriefs with the values that a person read in them, scored as simulated ones are.

A line is `{id, lang, turns: [{asked, says}], gold: {point: value, …}}`: quantities as `{product: number}`, texts and
lists as `[{quote}]`, an option's id. A simulation on which the product does much better than here is too easy.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from voyaltis_flow.engine.compiled import CompiledScript
from voyaltis_flow.engine.conversation import Conversation
from voyaltis_flow.script.models import Point
from voyaltis_flow.simulate.facts import Item
from voyaltis_flow.simulate.figures import Tally
from voyaltis_flow.simulate.held import BEGINNING, digest_of
from voyaltis_flow.simulate.scoring import Said, scored, words_of

Line = Mapping[str, Any]


class RecordedError(ValueError):
    """A file of recorded debriefs can't be read. The message says where and what, for people."""


def read_recorded(path: Path) -> list[Line]:
    """The debriefs of a file, or of all `.jsonl` files of a folder. Raises RecordedError."""
    files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    return [line for file in files for line in _lines(file)]


@dataclass(frozen=True)
class Retold:
    """What recorded debriefs came to, and a digest of each."""

    tally: Tally
    digests: tuple[str, ...]


def retold(script: CompiledScript, lines: Sequence[Line]) -> Retold:
    """The figures of recorded debriefs, read by the rules alone. Nothing was asked by us, so no question is counted."""
    tally, digests = Tally(budget=script.flow.budget.questions), []
    for line in lines:
        told = tuple(item for point in script.flow.points for item in _told(point, line["gold"]))
        words = words_of(" ".join(turn["says"] for turn in line["turns"]))
        unknown = {str(about).partition(":")[2] for about in line["gold"].get("unknown", ())}
        report = _read(script, line)
        values = scored(script.flow, Said(told, words), report)
        digests.append(digest_of(report))
        tally.add((value for value in values if value.key not in unknown), len(told), 0, 0, len(line["turns"]))
    return Retold(tally, tuple(digests))


def _lines(path: Path) -> Iterator[Line]:
    with path.open(encoding="utf-8") as lines:
        for number, text in enumerate(lines, 1):
            if text.strip():
                try:
                    line = json.loads(text)
                    assert all(isinstance(turn["says"], str) for turn in line["turns"])
                    assert isinstance(line["gold"], dict)
                except (ValueError, KeyError, TypeError, AssertionError) as error:
                    wanted = "{id, lang, turns: [{asked, says}], gold: {…}}"
                    raise RecordedError(f"{path}:{number}: no recorded debrief such as {wanted}") from error
                yield line


def _told(point: Point, gold: Line) -> Iterator[Item]:
    value = gold.get(point.id)
    match value:
        case dict():
            yield from (Item(point.id, key, number) for key, number in value.items())
        case list():
            quotes = [entry["quote"] if isinstance(entry, dict) else entry for entry in value]
            yield from (Item(point.id, None, quote, quote) for quote in quotes)
        case None:
            return
        case _ if value != point.default:
            yield Item(point.id, None, value)


def _read(script: CompiledScript, line: Line) -> Mapping[str, Any]:
    """The report on a debrief, whose questions were asked by somebody else."""
    conversation = Conversation(script, str(line.get("id")), language=line.get("lang"))
    for turn in line["turns"]:
        heard = conversation.hear(turn["says"], BEGINNING, asked=turn.get("asked"))
        heard.finish()
        conversation.commit(heard, at=BEGINNING, heard="")
    conversation.end("end_of_input", BEGINNING)
    return conversation.report()
