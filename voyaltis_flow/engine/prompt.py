"""What a model is told: who it is and how to answer, the same at every turn, and then what this turn is about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from voyaltis_flow.engine.compiled import CompiledScript
from voyaltis_flow.engine.events import Evidence
from voyaltis_flow.engine.request import Message
from voyaltis_flow.engine.state import State
from voyaltis_flow.engine.utterance import Utterance
from voyaltis_flow.engine.wording import Wording
from voyaltis_flow.language.lexicon import language_data
from voyaltis_flow.reading.model import Reading
from voyaltis_flow.script.models import Point

MOST_CHOICES = 30
LONGEST_VALUE = 300


def stable(script: CompiledScript, wording: Wording) -> str:
    """The part that is the same all conversation long, so that vendors may cache it."""
    frame = language_data(wording.language, "engine")["frame"]
    points = [f"- {_described(point, frame, wording.language)}" for point in script.flow.points]
    return "\n".join([wording.prompt().strip(), "", frame["task"].strip(), "", frame["points"], *points])


def turn_text(
    script: CompiledScript,
    before: State,
    reading: Reading,
    new: tuple[Evidence, ...],
    utterance: Utterance,
    said: tuple[str, ...],
) -> str:
    """The part that changes: what is held, what the last words said, what was spoken already, and what to ask."""
    wording = utterance.wording
    told = language_data(wording.language, "engine")["turn"]
    return "\n".join(
        [
            _held(script, before, told, wording),
            *_understood(script, reading, new, told, wording),
            *([told["said"].format(text=" ".join(said))] if said else []),
            _task(script, utterance, told),
        ]
    )


def messages(state: State, text: str) -> tuple[Message, ...]:
    """The dialogue as it was heard, and the rep's last words."""
    spoken = [Message("user" if line.speaker == "rep" else "assistant", line.text) for line in state.transcript]
    joined: list[Message] = []
    for message in [*spoken, Message("user", text)]:
        if joined and joined[-1].role == message.role:
            joined.append(Message(message.role, f"{joined.pop().text}\n{message.text}"))
        else:
            joined.append(message)
    return tuple(joined)


def _described(point: Point, frame: Mapping[str, Any], language: str) -> str:
    parts = [next(iter(point.collect.variants(language)), point.id)]
    if point.options:
        parts.append(frame["options"].format(options=", ".join(option.id for option in point.options)))
    if point.ask == "never":
        parts.append(frame["listened"])
    return f"{point.id} ({point.type}): " + "; ".join(parts)


def _held(script: CompiledScript, state: State, told: Mapping[str, Any], wording: Wording) -> str:
    items = [_shown(script, record, wording) for record in state.records]
    return str(told["held"].format(items="; ".join(items)) if items else told["nothing_held"])


def _shown(script: CompiledScript, record: Evidence, wording: Wording) -> str:
    said = wording.item(record) if record.key else str(record.value)
    return f"{record.point}: {said[:LONGEST_VALUE]}"


def _understood(
    script: CompiledScript, reading: Reading, new: tuple[Evidence, ...], told: Mapping[str, Any], wording: Wording
) -> Iterator[str]:
    if new:
        yield told["understood"].format(items="; ".join(_shown(script, record, wording) for record in new))
    for mention in reading.open:
        labels = [script.index.label(product) for product in mention.candidates[:MOST_CHOICES]]
        yield told["ambiguous"].format(mention=mention.mention, choices=wording.listed(labels, "or"))
    for outside in reading.outside:
        yield told["outside"].format(mention=outside.mention)
    if reading.signals & {"dont_know", "declined"}:
        yield told["dont_know"]
    for signal in ("order", "off_topic"):
        if signal in reading.signals:
            yield told[signal]
    if "stop" in reading.signals:
        yield told["stopped"]


def _task(script: CompiledScript, utterance: Utterance, told: Mapping[str, Any]) -> str:
    plan, asked = utterance.plan, utterance.asked
    if plan.question is None or asked is None:
        return str(told["close"].format(closing=" ".join(plan.say)))
    point = script.points.get(asked.about)
    if point is None:
        return str(told["clarify"].format(question=plan.question, about=plan.asks_about))
    collect = next(iter(point.collect.variants(utterance.wording.language)), "")
    return str(told["ask"].format(collect=collect, question=plan.question, about=plan.asks_about))
