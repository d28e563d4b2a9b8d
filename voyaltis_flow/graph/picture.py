"""What a picture of a flow shows, before it is known how it is drawn."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from jinja2 import nodes
from jinja2.exceptions import TemplateError

from voyaltis_flow.script.models import Flow, Point, Text
from voyaltis_flow.script.templates import ENVIRONMENT

Kind = Literal["end", "asked", "heard"]


@dataclass(frozen=True)
class Box:
    """The opening, the closing (`end`), a point that is asked or one that is only listened for (`heard`)."""

    id: str
    kind: Kind
    title: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Arrow:
    """From a box to the next one that is asked; with a label, from a point to one whose condition reads it."""

    start: str
    end: str
    label: str = ""


@dataclass(frozen=True)
class Picture:
    """A flow: its boxes in the order of worth, and what leads from one to another."""

    title: str
    budget: str
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]


def picture(flow: Flow, language: str) -> Picture:
    """The picture of a flow, with its own words in one of its languages."""
    boxes = (
        Box("opening", "end", "opening", ("1 question",) if _asks(flow.opening, language) else ()),
        *(_box(flow, point, language) for point in flow.points),
        Box("closing", "end", "closing"),
    )
    asked = [box.id for box in boxes if box.kind != "heard"]
    title = next(iter(flow.title.variants(language)), flow.flow) if flow.title else flow.flow
    arrows = (*(Arrow(*pair) for pair in pairwise(asked)), *_conditions(flow))
    return Picture(title, _budget(flow), boxes, arrows)


def _box(flow: Flow, point: Point, language: str) -> Box:
    collected = next(iter(point.collect.variants(language)), "")
    kind = f"{point.type}, required" if point.required else point.type
    shown = [part for part, name in flow.report if name == point.id]
    lines = [collected, kind, _cost(point)]
    if point.when is not None:
        lines.append(f"asked when: {point.when}")
    if point.default is not None:
        lines.append(f"else: {point.default}")
    if shown:
        lines.append(f"shown as: {', '.join(shown)}")
    return Box(point.id, "heard" if point.ask == "never" else "asked", point.id, tuple(filter(None, lines)))


def _cost(point: Point) -> str:
    if point.ask == "never":
        return "never asked, only listened for"
    return "questions: as many as are left" if point.questions is None else f"questions: {point.questions} at most"


def _budget(flow: Flow) -> str:
    budget = flow.budget
    questions = "1 question" if budget.questions == 1 else f"{budget.questions} questions"
    minutes = f"{budget.minutes:g} minutes" if budget.minutes is not None else ""
    dollars = f"${budget.dollars:.2f} of model" if budget.dollars is not None else ""
    return ", ".join(filter(None, (questions, minutes, dollars)))


def _asks(text: Text, language: str) -> bool:
    return any("?" in variant for variant in text.variants(language))


def _conditions(flow: Flow) -> Iterator[Arrow]:
    names = {point.id for point in flow.points}
    for point in flow.points:
        if point.when is not None and point.ask != "never":
            yield from (Arrow(read, point.id, point.when) for read in _read(point.when, names - {point.id}))


def _read(condition: str, names: Collection[str]) -> list[str]:
    """The points that a condition reads: `mood` or `points.mood`."""
    try:
        tree = ENVIRONMENT.parse("{{ " + condition + " }}")
    except TemplateError:
        return []
    bare = {node.name for node in tree.find_all(nodes.Name)}
    dotted = {node.attr for node in tree.find_all(nodes.Getattr) if _is_points(node.node)}
    quoted = {_constant(node.arg) for node in tree.find_all(nodes.Getitem) if _is_points(node.node)}
    return sorted(name for name in bare | dotted | quoted if name in names)


def _is_points(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Name) and node.name == "points"


def _constant(node: nodes.Node) -> str:
    return str(node.value) if isinstance(node, nodes.Const) else ""
