"""Rules that prove from a flow alone what its budget can't do."""

from __future__ import annotations

from collections.abc import Iterator

from voyaltis_flow.checks.rules import RuleBook
from voyaltis_flow.checks.surroundings import Surroundings
from voyaltis_flow.checks.worst_case import RATES, asks, worst_case
from voyaltis_flow.engine.asking import may_be_asked
from voyaltis_flow.script.models import Flow, Point
from voyaltis_flow.script.problems import Finding, listing

BUDGET_RULES: RuleBook[Flow] = RuleBook()


@BUDGET_RULES.rule("VF306", "A point that may ask more than its flow", "warning", reads=("budget",))
def point_over_budget(flow: Flow, known: Surroundings) -> Iterator[Finding]:
    for index, point in enumerate(flow.points):
        if point.questions is not None and point.questions > flow.budget.questions:
            message = f"`{point.id}` may ask {point.questions} questions, the whole flow only {flow.budget.questions}."
            yield Finding(("points", index, "questions"), message, "Lower it, or raise `budget: questions`.")


@BUDGET_RULES.rule(
    "VF323",
    "A point that the budget never reaches",
    "warning",
    reads=("budget", "opening", "points.ask", "points.required", "points.questions", "points.when"),
)
def never_reached(flow: Flow, known: Surroundings) -> Iterator[Finding]:
    budget, before = flow.budget.questions, list[str]()
    for index, point in _in_order(flow):
        if len(before) >= budget:
            spent = f"all {budget} questions are spent on {listing(before[:budget])}" if budget else "there are none"
            message = f"`{point.id}` is never asked of a rep who answers what is asked: {spent}."
            hint = f"Raise `budget: questions` to {len(before) + 1}, or write `ask: never` and let it be told unasked."
            yield Finding(("points", index, "ask"), message, hint, at_key=True)
        if point.when is None:
            before.append(point.id)


@BUDGET_RULES.rule("VF328", "A question that may not be asked", "warning", beside=("ask",))
def no_question_of_its_own(flow: Flow, known: Surroundings) -> Iterator[Finding]:
    for index, point in enumerate(flow.points):
        if point.questions == 0 and point.ask != "never":
            message = f"`{point.id}` has an `ask:`, and no question to spend on it."
            yield Finding(("points", index, "questions"), message, "Give it one, or write `ask: never`.")


@BUDGET_RULES.rule(
    "VF324", "More questions than minutes", "warning", reads=("budget", "notice", "opening", "closing", "points")
)
def too_few_minutes(flow: Flow, known: Surroundings) -> Iterator[Finding]:
    minutes, worst = flow.budget.minutes, worst_case(flow)
    if minutes is not None and worst.minutes > minutes:
        message = (
            f"{worst.questions} questions take up to {worst.minutes:.1f} minutes, and there are {minutes:g} "
            f"({RATES}): the last ones are never asked."
        )
        hint = f"Raise `minutes` to {worst.minutes + 0.5:.0f}, or lower `questions`."
        yield Finding(("budget", "minutes"), message, hint)


def _in_order(flow: Flow) -> Iterator[tuple[int, Point]]:
    """The points that are asked, in the order in which the engine does where nothing is told unasked.

    The opening asks the first one; of the others, those that are required come first.
    """
    points = [(index, point) for index, point in enumerate(flow.points) if may_be_asked(point)]
    opening = points[:1] if asks(flow.opening) else []
    yield from opening
    yield from sorted(points[len(opening) :], key=lambda entry: not entry[1].required)
