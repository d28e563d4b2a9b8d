"""Rules over the conditions of points."""

from __future__ import annotations

from collections.abc import Iterator

from jinja2 import nodes

from voyaltis_flow.checks.rules import RuleBook
from voyaltis_flow.checks.surroundings import Surroundings
from voyaltis_flow.checks.templates import in_conditions
from voyaltis_flow.checks.trial import Trial, named_points
from voyaltis_flow.script.models import Flow
from voyaltis_flow.script.problems import Finding, did_you_mean, listing, there_are
from voyaltis_flow.script.template_faults import condition_faults
from voyaltis_flow.script.template_tree import condition_tree

CONDITION_RULES: RuleBook[Flow] = RuleBook()


@CONDITION_RULES.rule("VF325", "A condition that never holds", "warning", reads=("budget", "points.id", "points.type"))
def never_holds(flow: Flow, known: Surroundings) -> Iterator[Finding]:
    for index, tree in _conditions(flow):
        point = flow.points[index]
        if Trial(flow, point, tree).can_hold():
            continue
        at, hint = _culprit(flow, tree)
        message = f"Nothing makes this condition true, so `{point.id}` is never asked."
        if point.id in named_points(flow, tree):
            message = f"`{point.id}` waits for its own value, and is never asked."
        yield Finding(("points", index, "when"), message, hint, at)


@CONDITION_RULES.rule("VF326", "A condition on what is asked later", "warning", reads=("points.id",))
def asked_later(flow: Flow, known: Surroundings) -> Iterator[Finding]:
    places = {point.id: index for index, point in enumerate(flow.points)}
    for index, tree in _conditions(flow):
        for name, at in named_points(flow, tree).items():
            if places[name] > index and flow.points[places[name]].ask != "never":
                message = f"`{flow.points[index].id}` depends on `{name}`, which is asked later."
                yield Finding(("points", index, "when"), message, f"Move it below `{name}`.", at)


def _conditions(flow: Flow) -> Iterator[tuple[int, nodes.Expr]]:
    """The trees of the conditions that have no fault, each with the place of its point."""
    variables = in_conditions(flow)
    for index, point in enumerate(flow.points):
        if point.when is not None and not condition_faults(point.when, variables):
            yield index, condition_tree(point.when)


def _culprit(flow: Flow, tree: nodes.Expr) -> tuple[int | None, str]:
    """The text that is compared with a choice and is none of its options; else the condition as a whole."""
    for compared in [tree, *tree.find_all(nodes.Compare)]:
        if isinstance(compared, nodes.Compare):
            sides = (compared.expr, *(operand.expr for operand in compared.ops))
            options = [option for side in sides for option in _options(flow, side)]
            for side in sides:
                if options and isinstance(side, nodes.Const) and side.value not in options:
                    return side.lineno, did_you_mean(str(side.value), options, there_are(options))
    points = list(named_points(flow, tree))
    return None, f"Look at which values {listing(points)} can have." if points else "Take it out."


def _options(flow: Flow, node: nodes.Expr) -> list[str]:
    named = named_points(flow, node)
    point = flow.point(next(iter(named))) if len(named) == 1 else None
    return [option.id for option in point.options] if point else []
