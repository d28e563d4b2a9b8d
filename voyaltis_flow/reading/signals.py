"""What a turn asks of the conversation itself: to stop, to repeat, to go on without an answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from voyaltis_flow.reading.frames import Frame
from voyaltis_flow.reading.model import Declined, Signal
from voyaltis_flow.reading.scene import Scene

_SHORT = 8
"""An answer of so few words is taken whole: "quoi ?" is a request to repeat, "c'est quoi le plus cher" is not."""


def signals(scene: Scene, frames: Sequence[Frame]) -> frozenset[Signal]:
    """The signals of a turn."""
    return frozenset(_signals(scene, frames))


def _signals(scene: Scene, frames: Sequence[Frame]) -> Iterator[Signal]:
    if not scene.elements:
        yield "empty"
        return
    short = len(scene.elements) <= _SHORT
    first = scene.segments[0]
    plain = not any(element.spot for element in scene.elements)
    if "stop" in scene.classes and not _only_soft(scene, plain and short):
        yield "stop"
    if "repeat" in scene.classes and short and plain:
        yield "repeat"
    if "dont_know" in scene.classes:
        yield "dont_know"
    if "decline" in scene.classes:
        yield "declined"
    if "nothing_more" in scene.classes:
        yield "nothing_more"
    if "off_topic" in scene.classes and plain:
        yield "off_topic"
    if any(frame.why == "order" for frame in frames) or "hard_order" in scene.classes:
        yield "order"
    if first.has("yes"):
        yield "yes"
    if first.has("no"):
        yield "no"


def _only_soft(scene: Scene, short: bool) -> bool:
    """Whether every wish to stop is one that also greets or tells of leaving: alone in a short turn it counts."""
    cues = [cue for cue in scene.cues if "stop" in cue.classes]
    return all("stop_soft" in cue.classes for cue in cues) and not short


def declined(scene: Scene, asked: str | None, found: frozenset[Signal], answered: bool) -> tuple[Declined, ...]:
    """What the rep could not or would not answer, of what was asked."""
    if not asked or asked in ("opening", "anything_else") or answered:
        return ()
    if "dont_know" in found:
        return (Declined(asked, "unknown_to_rep"),)
    return (Declined(asked, "declined"),) if "declined" in found else ()
