"""Rules over templates and conditions: what they say, and which variables they name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from voyaltis_flow.checks.rules import RuleBook
from voyaltis_flow.checks.surroundings import Surroundings
from voyaltis_flow.script.models import Flow, Point, Style, Text
from voyaltis_flow.script.problems import Finding, Path
from voyaltis_flow.script.template_faults import Fault, FaultKind, condition_faults, template_faults
from voyaltis_flow.script.templates import ANY, LINES_SEE, VARIABLES, Parts


@dataclass(frozen=True)
class TemplateText:
    """A template or a condition, where it stands, and the variables that it sees."""

    path: Path
    source: str
    variables: Parts
    is_condition: bool = False

    @cached_property
    def faults(self) -> tuple[Fault, ...]:
        look = condition_faults if self.is_condition else template_faults
        return look(self.source, self.variables)


TEMPLATE_RULES: RuleBook[Sequence[TemplateText]] = RuleBook()


@TEMPLATE_RULES.rule("VF130", "A template that can't be read")
def unreadable_template(texts: Sequence[TemplateText], known: Surroundings) -> Iterator[Finding]:
    return _faulty(texts, "syntax", conditions=False)


@TEMPLATE_RULES.rule("VF131", "A template that does more than templates may")
def template_oversteps(texts: Sequence[TemplateText], known: Surroundings) -> Iterator[Finding]:
    return _faulty(texts, "construct", conditions=False)


@TEMPLATE_RULES.rule("VF132", "A condition that can't be read")
def unreadable_condition(texts: Sequence[TemplateText], known: Surroundings) -> Iterator[Finding]:
    return _faulty(texts, "syntax", conditions=True)


@TEMPLATE_RULES.rule("VF133", "A condition that does more than conditions may")
def condition_oversteps(texts: Sequence[TemplateText], known: Surroundings) -> Iterator[Finding]:
    return _faulty(texts, "construct", conditions=True)


@TEMPLATE_RULES.rule("VF207", "A point that there is not", reads=("points.id",))
def unknown_point(texts: Sequence[TemplateText], known: Surroundings) -> Iterator[Finding]:
    return _faulty(texts, "point")


@TEMPLATE_RULES.rule("VF208", "A variable that there is not")
def unknown_variable(texts: Sequence[TemplateText], known: Surroundings) -> Iterator[Finding]:
    return _faulty(texts, "variable")


@TEMPLATE_RULES.rule("VF213", "A part that a point's value does not have", reads=("points.type", "points.schema"))
def unknown_part(texts: Sequence[TemplateText], known: Surroundings) -> Iterator[Finding]:
    return _faulty(texts, "part")


def _faulty(texts: Sequence[TemplateText], kind: FaultKind, *, conditions: bool | None = None) -> Iterator[Finding]:
    """The faults of a kind: of conditions, of templates, or (None) of both."""
    for text in texts:
        if conditions in (None, text.is_condition):
            for fault in text.faults:
                if fault.kind == kind:
                    yield Finding(text.path, fault.message, fault.hint, fault.at)


def flow_texts(flow: Flow) -> list[TemplateText]:
    """The templates and conditions of a flow."""
    variables: Parts = {**VARIABLES, "points": _points(flow)}
    conditions = in_conditions(flow)
    found = [
        *_templates(("opening",), flow.opening, variables),
        *_templates(("closing",), flow.closing, variables),
        *_templates(("notice",), flow.notice, variables),
    ]
    for index, point in enumerate(flow.points):
        if isinstance(point.ask, Text):
            found += _templates(("points", index, "ask"), point.ask, variables)
        if point.when is not None:
            found.append(TemplateText(("points", index, "when"), point.when, conditions, is_condition=True))
    return found


def in_conditions(flow: Flow) -> Parts:
    """What a condition of a flow sees: the points, by themselves and as parts of `points`, and the budget."""
    points = _points(flow)
    return {**points, "points": points, "budget": VARIABLES["budget"]}


def _points(flow: Flow) -> Parts:
    return {point.id: _parts(point) for point in flow.points}


def _parts(point: Point) -> Parts | None:
    """What may be taken of a point's value: products and items by name, of a schema what it describes."""
    if point.type in ("quantities", "amounts", "products", "list"):
        return ANY
    return _described(point.schema_) if point.type == "schema" else None


def _described(schema: Any) -> Parts | None:
    if not isinstance(schema, Mapping) or schema.get("type") != "object":
        return ANY
    properties = schema.get("properties")
    return {name: _described(inner) for name, inner in properties.items()} if isinstance(properties, Mapping) else ANY


def style_texts(style: Style) -> list[TemplateText]:
    """The templates of a style: its prompt, and its lines."""
    found = list(_templates(("prompt",), style.prompt, VARIABLES))
    for name, line in style.lines:
        found += _templates(("lines", name), line, {**VARIABLES, **dict.fromkeys(LINES_SEE.get(name, ()))})
    return found


def _templates(path: Path, text: Text, variables: Parts) -> Iterator[TemplateText]:
    for language, variants in text.root.items():
        for index, source in enumerate(variants):
            yield TemplateText((*path, language, index), source, variables)
