"""What the agent would say this turn if no model spoke: the style's lines, in order, and the one question."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from voyaltis_flow.engine.compiled import CompiledScript
from voyaltis_flow.engine.decide import Decision, Question
from voyaltis_flow.engine.events import EndReason, Evidence
from voyaltis_flow.engine.request import Plan
from voyaltis_flow.engine.sentences import split
from voyaltis_flow.engine.state import State
from voyaltis_flow.engine.wording import Wording
from voyaltis_flow.reading.model import Reading

MOST_CHOICES = 4
"""More products than this are not read out; "which one?" is asked alone."""
MOST_ITEMS = 6
"""More things than this are not read back at once."""


@dataclass(frozen=True, slots=True)
class Turnout:
    """What a turn brought, as far as the next words depend on it."""

    reading: Reading
    new: tuple[Evidence, ...] = ()
    """What was recorded, and needs no confirmation."""
    acknowledged: bool = False
    """It was read back already."""


def acknowledgement(wording: Wording, new: Sequence[Evidence]) -> str | None:
    """What was understood, said back; None when there is nothing to say back, or too much."""
    items = wording.items(new)
    if not items or len(items) > MOST_ITEMS:
        return None
    return wording.line("acknowledge", items=wording.listed(items)) or None


def make_plan(script: CompiledScript, state: State, decision: Decision, wording: Wording, turnout: Turnout) -> Plan:
    """The words for a decision after the rep spoke."""
    if decision.move == "did_not_hear":
        return _plan(script, [wording.line("did_not_hear")])
    if decision.move == "repeat":
        return _plan(script, [*_noted(wording, turnout), repeated(state, wording)])
    lead = [text for text in _lead(wording, turnout) if text]
    if decision.question is None:
        return _plan(script, [*lead, *closing(script, state, wording, decision.because)], complete=True)
    text = question_text(script, state, decision.question, wording)
    return _plan(script, [*lead, text], question=text, about=decision.question.asks_about)


def opening(script: CompiledScript, wording: Wording, text: str, question: str) -> Plan:
    """The flow's first words, the notice standing before what they ask; then a question where they ask nothing."""
    greeting, asking = _parted(text)
    asked = " ".join(asking) or question
    return _plan(script, [*greeting, wording.notice(), asked], question=asked or None)


def without_question(text: str) -> str:
    """A text up to its question."""
    return " ".join(_parted(text)[0])


def resumed(script: CompiledScript, wording: Wording, question: str) -> Plan:
    """The words after a break, and a question."""
    return _plan(script, [wording.line("resumed"), question], question=question or None)


def alone(script: CompiledScript, text: str) -> Plan:
    """One line that waits for no model."""
    return _plan(script, [text])


def last_words(script: CompiledScript, state: State, wording: Wording, because: EndReason) -> Plan:
    """The closing, where the rep said nothing before it."""
    return _plan(script, list(closing(script, state, wording, because)), complete=True)


def repeated(state: State, wording: Wording) -> str:
    """The last question, said again."""
    question = state.pending.text if state.pending else ""
    return wording.line("repeat", question=question) or question


def closing(script: CompiledScript, state: State, wording: Wording, because: EndReason) -> Iterator[str]:
    """The last words; what was noted is read back first where the flow wishes so. None claims more than is true."""
    items = wording.items(record for record in state.records if record.counts)
    if script.flow.recap == "spoken" and items:
        yield wording.line("recap", items=wording.listed(items))
    cut_short = because in ("rep_stopped", "silence") or bool(state.open or state.missing)
    yield wording.goodbye() if cut_short else wording.closing()


def question_text(script: CompiledScript, state: State, question: Question, wording: Wording) -> str:
    """The style's or the flow's own words for a question."""
    about = question.about.partition(":")[0]
    if about == "which":
        return wording.line("which", mention=question.target, choices=_choices(script, state, question, wording))
    if about == "quantity":
        return wording.line("how_many", product=script.index.label(question.target))
    if about == "confirm":
        record = state.record(question.point or "", question.target)
        items = wording.item(record) if record else script.index.label(question.target)
        return wording.line("confirm", product=items, items=items)
    return wording.question(script.points[question.about])


def _lead(wording: Wording, turnout: Turnout) -> Iterator[str]:
    """What comes before the question: one thing, and a word on what the catalog does not have."""
    noted = _noted(wording, turnout)
    yield from noted
    if not noted and not turnout.acknowledged:
        yield _reaction(wording, turnout)
    if turnout.reading.outside:
        yield wording.line("unknown_product")


def _reaction(wording: Wording, turnout: Turnout) -> str:
    """A word on a turn that recorded nothing to be read back."""
    signals = turnout.reading.signals
    if signals & {"dont_know", "declined"}:
        return wording.line("dont_know")
    if "off_topic" in signals:
        return wording.line("off_topic")
    return "" if turnout.reading.outside else wording.line("bridge")


def _noted(wording: Wording, turnout: Turnout) -> list[str]:
    said = None if turnout.acknowledged else acknowledgement(wording, turnout.new)
    return [said] if said else []


def _choices(script: CompiledScript, state: State, question: Question, wording: Wording) -> str:
    candidates = next((mention.candidates for mention in state.open if mention.mention == question.target), ())
    labels = [script.index.label(product) for product in candidates]
    return wording.listed(labels, "or") if len(labels) <= MOST_CHOICES else ""


def _parted(text: str) -> tuple[list[str], list[str]]:
    """A text up to its question, and from there on."""
    sentences = split(text)
    first = next((place for place, sentence in enumerate(sentences) if "?" in sentence), len(sentences))
    return sentences[:first], sentences[first:]


def _plan(
    script: CompiledScript,
    say: Sequence[str],
    question: str | None = None,
    about: str | None = None,
    complete: bool = False,
) -> Plan:
    return Plan(tuple(text for text in say if text), about, script.nothing_new, complete, question)
