"""What of an utterance reached the rep, and what follows: its question is charged, the conversation may be over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from voyaltis_flow.engine.events import Asked, Ended, Event, Repeated, Spoken
from voyaltis_flow.engine.speech import Say
from voyaltis_flow.engine.utterance import Utterance

_NEARLY_ALL = 0.95
"""The share of an utterance's letters after which it counts as heard to its end."""


def heard_of(
    utterance: Utterance, says: Sequence[Say], heard: str | None, at: float, turn: int, free: Asked | None = None
) -> Iterator[Event]:
    """The events of an utterance of which this was heard (None: all). A question like `free` costs nothing."""
    text = " ".join(say.text for say in says) if heard is None else heard.strip()
    if not text:
        return
    reached, total = _letters(text), sum(_letters(say.text) for say in says)
    to_the_end = heard is None or reached >= _NEARLY_ALL * total
    yield Spoken(at=at, text=text, lines=tuple(utterance.wording.used), interrupted=not to_the_end)
    if utterance.repeats:
        yield Repeated(turn=turn)
    if utterance.asked is not None and (question := _question(says, reached)) is not None:
        same = free is not None and (free.about, free.subject) == (utterance.asked.about, utterance.asked.subject)
        yield replace(utterance.asked, text=question, cost=0 if same else utterance.asked.cost)
    if to_the_end and utterance.ends is not None:
        yield Ended(at=at, because=utterance.ends)


def _question(says: Sequence[Say], reached: int) -> str | None:
    """The question, if any of its letters was reached."""
    before = 0
    for say in says:
        if say.question and reached > before:
            return say.text
        before += _letters(say.text)
    return None


def _letters(text: str) -> int:
    return sum(map(str.isalnum, text))
