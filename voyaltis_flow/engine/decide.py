"""What the agent does next: ask, and about what; close; repeat; say that it heard nothing.

The engine decides this from the state alone, before any model is asked; a model only finds the words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from voyaltis_flow.engine.asking import may_be_asked, most_times_asked
from voyaltis_flow.engine.compiled import CompiledScript
from voyaltis_flow.engine.events import EndReason
from voyaltis_flow.engine.state import State
from voyaltis_flow.engine.values import collected
from voyaltis_flow.engine.wording import budget
from voyaltis_flow.reading.model import Signal
from voyaltis_flow.script.models import Point

MAX_UNHEARD = 2
"""How many times in a row the rep may say nothing that can be heard before the agent takes its leave."""


@dataclass(frozen=True, slots=True)
class Question:
    """What may be asked. `about` and `subject` as in `events.Asked`; `target` is the product or the mention."""

    about: str
    point: str | None
    subject: str = ""
    target: str = ""

    @property
    def asks_about(self) -> str | None:
        """As the contract names it; a read-back is about its point."""
        return self.point if self.about.startswith("confirm:") else self.about


@dataclass(frozen=True, slots=True)
class Decision:
    """The next move."""

    move: Literal["ask", "close", "repeat", "did_not_hear", "still_there"]
    question: Question | None = None
    because: EndReason = "complete"


def decide(script: CompiledScript, state: State, signals: frozenset[Signal], at: float) -> Decision:
    """The move after the rep's words; `state` already holds what they said."""
    if "empty" in signals:
        return after_nothing("did_not_hear", state.unheard)
    if "stop" in signals:
        return Decision("close", because="rep_stopped")
    if "repeat" in signals and state.pending is not None:
        return Decision("repeat")
    return ask_or_close(script, state, at)


def after_nothing(move: Literal["did_not_hear", "still_there"], times: int) -> Decision:
    """The move when nothing came, for the `times`-th time in a row."""
    return Decision(move) if times <= MAX_UNHEARD else Decision("close", because="silence")


def ask_or_close(script: CompiledScript, state: State, at: float) -> Decision:
    """The question of most worth that the budget still allows, or the closing."""
    if too_late(script, state, at):
        return Decision("close", because="budget")
    question = next(_affordable(script, state), None)
    if question is not None:
        return Decision("ask", question)
    lacking = any(point.required for point in _open_points(script, state))
    return Decision("close", because="budget" if lacking else "complete")


def too_late(script: CompiledScript, state: State, at: float) -> bool:
    """Whether the minutes are over."""
    minutes = script.flow.budget.minutes
    return minutes is not None and state.started is not None and at - state.started >= 60 * minutes


def opening_question(script: CompiledScript) -> Question:
    """What the opening asks about: the first point that may be asked."""
    point = next((point for point in script.flow.points if may_be_asked(point)), None)
    return Question("opening", point.id if point else None)


def applies(script: CompiledScript, state: State, point: Point) -> bool:
    """Whether a point's `when:` holds, for what is recorded and spent so far."""
    condition = script.conditions.get(point.id)
    if condition is None:
        return True
    spent = budget(script, state, state.last_at or 0.0)
    return condition.holds({**collected(script.flow, state.records), "budget": spent})


def asked_point(script: CompiledScript, asked: str | None) -> str | None:
    """The point that a question was on, None where it was on none or is not told."""
    point = opening_question(script).point if asked == "opening" else asked
    return point if point in script.points else None


def open_ids(script: CompiledScript, state: State) -> list[str]:
    """The points that may still be asked about, in order of worth."""
    return [point.id for point in _open_points(script, state)]


def times_asked(state: State, point: str) -> int:
    """How often a point's own question was asked and paid; the opening asks its point's."""
    return sum(asked.point == point and asked.about in (point, "opening") and asked.cost > 0 for asked in state.asked)


def _affordable(script: CompiledScript, state: State) -> Iterator[Question]:
    """What may be asked, best first. A first question on a required point is not given away for less than that."""
    left = script.flow.budget.questions - state.spent
    points = [point for point in script.flow.points if _left_of(script, state, point) > 0]
    waiting = {point.id for point in points if point.required and _is_open(script, state, point)}
    waiting = {point for point in waiting if not times_asked(state, point)}
    for point in sorted(points, key=lambda point: not point.required):
        for question in _about(script, state, point):
            if left > len(waiting) or (left > 0 and question.about in waiting):
                yield question


def _about(script: CompiledScript, state: State, point: Point) -> Iterator[Question]:
    """All that may be asked of a point: what its mentions leave unclear, then its own question."""
    for find in _CLARIFICATIONS:
        for question in find(script, state, point):
            if not _settled(state, question):
                yield question
    if _is_open(script, state, point):
        yield Question(point.id, point.id)


def _confirmations(script: CompiledScript, state: State, point: Point) -> Iterator[Question]:
    for record in state.records:
        if record.point == point.id and not record.counts and record.key:
            yield Question(f"confirm:{record.key}", point.id, str(record.value), record.key)


def _whiches(script: CompiledScript, state: State, point: Point) -> Iterator[Question]:
    for mention in state.open:
        if mention.point == point.id:
            category = mention.category or script.category(mention.candidates) or point.id
            yield Question(f"which:{category}", point.id, mention.mention, mention.mention)


def _how_manies(script: CompiledScript, state: State, point: Point) -> Iterator[Question]:
    for missing in state.missing:
        if missing.point == point.id:
            yield Question(f"quantity:{missing.product}", point.id, "", missing.product)


_CLARIFICATIONS: tuple[Callable[[CompiledScript, State, Point], Iterator[Question]], ...] = (
    _confirmations,
    _whiches,
    _how_manies,
)


def _settled(state: State, question: Question) -> bool:
    """Whether it was asked before or given up."""
    asked = any((asked.about, asked.subject) == (question.about, question.subject) for asked in state.asked)
    return asked or question.about in state.given_up


def _open_points(script: CompiledScript, state: State) -> list[Point]:
    return [point for point in script.flow.points if _is_open(script, state, point)]


def _is_open(script: CompiledScript, state: State, point: Point) -> bool:
    """Whether a point's own question may be asked now."""
    if point.id in state.answered or point.id in state.given_up or state.has_value(point.id):
        return False
    return times_asked(state, point.id) < most_times_asked(point) and applies(script, state, point)


def _left_of(script: CompiledScript, state: State, point: Point) -> int:
    """How many questions the point may still cost."""
    limit = script.flow.budget.questions if point.questions is None else point.questions
    return limit - sum(asked.cost for asked in state.asked if asked.point == point.id)
