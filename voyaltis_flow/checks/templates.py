"""Rules over templates and conditions: what they say, and which variables they name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from voyaltis_flow.checks.rules import RuleBook
from voyaltis_flow.checks.surroundings import Surroundings
from voyaltis_flow.script.models import Flow, Style, Text
from voyaltis_flow.script.problems import Finding, Path
from voyaltis_flow.script.template_faults import Fault, FaultKind, condition_faults, template_faults
from voyaltis_flow.script.templates import ANY, LINE_VARIABLES, VARIABLES, Parts


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


def _faulty(texts: Sequence[TemplateText], kind: FaultKind, *, conditions: bool | None = None) -> Iterator[Finding]:
    """The faults of a kind: of conditions, of templates, or (None) of both."""
    for text in texts:
        if conditions in (None, text.is_condition):
            for fault in text.faults:
                if fault.kind == kind:
                    yield Finding(text.path, fault.message, fault.hint, fault.at)


def flow_texts(flow: Flow) -> list[TemplateText]:
    """The templates and conditions of a flow."""
    points: Parts = {point.id: ANY for point in flow.points}
    variables: Parts = {**VARIABLES, "points": points}
    in_conditions: Parts = {**points, "points": points, "budget": VARIABLES["budget"]}
    found = [
        *_templates(("opening",), flow.opening, variables),
        *_templates(("closing",), flow.closing, variables),
        *_templates(("notice",), flow.notice, variables),
    ]
    for index, point in enumerate(flow.points):
        if isinstance(point.ask, Text):
            found += _templates(("points", index, "ask"), point.ask, variables)
        if point.when is not None:
            found.append(TemplateText(("points", index, "when"), point.when, in_conditions, is_condition=True))
    return found


def style_texts(style: Style) -> list[TemplateText]:
    """The templates of a style: its prompt, and its lines."""
    found = list(_templates(("prompt",), style.prompt, VARIABLES))
    for name, line in style.lines:
        found += _templates(("lines", name), line, LINE_VARIABLES)
    return found


def _templates(path: Path, text: Text, variables: Parts) -> Iterator[TemplateText]:
    for language, variants in text.root.items():
        for index, source in enumerate(variants):
            yield TemplateText((*path, language, index), source, variables)
