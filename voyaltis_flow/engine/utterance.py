"""What the agent is about to say, decided and put into the style's words: after the rep spoke, or unasked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from voyaltis_flow.engine import plan as plans
from voyaltis_flow.engine.compiled import CompiledScript
from voyaltis_flow.engine.decide import Question, after_nothing, ask_or_close, decide, opening_question, too_late
from voyaltis_flow.engine.events import Asked, EndReason, Evidence
from voyaltis_flow.engine.perceive import Perception
from voyaltis_flow.engine.request import Plan
from voyaltis_flow.engine.state import State
from voyaltis_flow.engine.wording import Wording


@dataclass(frozen=True, slots=True)
class Utterance:
    """A plan, and what it means for the conversation once it was heard."""

    plan: Plan
    wording: Wording
    asked: Asked | None = None
    """What is charged when the question was heard; its text is that of the plan."""
    ends: EndReason | None = None
    acknowledgement: str | None = None
    repeats: bool = False
    for_model: bool = False
    """A model may find better words for it."""


def opening(script: CompiledScript, at: float, state: State, _: Sequence[Evidence]) -> Utterance:
    """The first words. Where they ask nothing, or no question may be spent, they are followed by the next move's."""
    wording = Wording(script, state, state.language, at)
    text, question = wording.opening(), opening_question(script)
    affordable = script.flow.budget.questions > 0 and question.point is not None
    if affordable and "?" in text:
        return Utterance(plans.opening(script, wording, text, ""), wording, _charged(question, text))
    decision = ask_or_close(script, state, at)
    asking = plans.question_text(script, state, decision.question, wording) if decision.question else ""
    if decision.question is None:
        text = plans.without_question(text)
    plan = plans.opening(script, wording, text, asking)
    return Utterance(plan, wording, _charged(decision.question, asking) if decision.question else None)


def reply(
    script: CompiledScript, at: float, perception: Perception, resumes: bool, state: State, new: Sequence[Evidence]
) -> Utterance:
    """The words after the rep's; `state` holds what they said, `new` what they recorded for sure."""
    wording = Wording(script, state, perception.language, at)
    decision = decide(script, state, perception.reading.signals, at)
    silent = decision.move == "did_not_hear" or script.acknowledge == "model"
    said = None if silent else plans.acknowledgement(wording, new)
    turnout = plans.Turnout(perception.reading, tuple(new), said is not None)
    at_once = [text for text in (wording.line("resumed") if resumes else None, said) if text]
    return Utterance(
        plans.make_plan(script, state, decision, wording, turnout),
        wording,
        _charged(decision.question, "") if decision.question else None,
        decision.because if decision.move == "close" else None,
        " ".join(at_once) or None,
        repeats=decision.move == "repeat",
        for_model=decision.move in ("ask", "close"),
    )


def silence(script: CompiledScript, at: float, state: State, _: Sequence[Evidence]) -> Utterance:
    """A "still there?", or a friendly end."""
    wording = Wording(script, state, state.language, at)
    decision = after_nothing("still_there", state.silences)
    if decision.move == "close" or too_late(script, state, at):
        return _closing(script, state, wording, decision.because if decision.move == "close" else "budget")
    return Utterance(plans.alone(script, wording.line("still_there")), wording)


def resumed(script: CompiledScript, at: float, state: State, _: Sequence[Evidence]) -> Utterance:
    """A word on the break, and the last question once more, which costs nothing."""
    wording = Wording(script, state, state.language, at)
    if state.pending is not None and not too_late(script, state, at):
        return Utterance(plans.resumed(script, wording, state.pending.text), wording, replace(state.pending, cost=0))
    decision = ask_or_close(script, state, at)
    if decision.question is None:
        return _closing(script, state, wording, decision.because)
    text = plans.question_text(script, state, decision.question, wording)
    return Utterance(plans.resumed(script, wording, text), wording, _charged(decision.question, text))


def _closing(script: CompiledScript, state: State, wording: Wording, because: EndReason) -> Utterance:
    return Utterance(plans.last_words(script, state, wording, because), wording, ends=because)


def _charged(question: Question, text: str) -> Asked:
    return Asked(about=question.about, point=question.point, subject=question.subject, text=text)
