"""Texts and lists: the rep's own words about a point, copied verbatim, as answers or where they were volunteered."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from voyaltis_flow.reading.cues import CueBook
from voyaltis_flow.reading.frames import Frame
from voyaltis_flow.reading.scene import Scene, Segment

_LONG = 30
"""An answer of more words than this is picked from, sentence by sentence, if some plainly speak of the point."""
_WHOLE = 22
"""A volunteered sentence that is no longer than this from its subject on is noted to its end, reasons included."""
_IDLE = frozenset(
    {
        "decline",
        "dont_know",
        "nothing_more",
        "yes",
        "no",
        "repeat",
        "off_topic",
        "correct",
        "stop",
        "stop_soft",
        "question",
    }
)


def answer(scene: Scene, frames: Sequence[Frame], book: CueBook, told: Collection[int] = ()) -> list[str]:
    """What a turn answers to a question on this point: its sentences, less those that say nothing.

    `told` are sentences that were read as quantities: they are part of the answer only if they speak of the point too.
    """
    kept = [
        group
        for group in scene.sentences
        if _says_something(scene, group, frames) and (group[0].sentence not in told or mentions(scene, group, book))
    ]
    length = sum(group[-1].last - group[0].first for group in kept)
    if length > _LONG:
        about = [group for group in kept if mentions(scene, group, book)]
        kept = about or kept
    return [_words(scene, group) for group in kept]


def volunteered(scene: Scene, frames: Sequence[Frame], book: CueBook, needs_customer: bool) -> list[str]:
    """Sentences that speak of this point though it was not asked."""
    found = []
    for group in scene.sentences:
        about = [segment for segment in group if mentions(scene, (segment,), book)]
        if not about or any(_frame_of(scene, segment, frames).why == "order" for segment in about):
            continue
        spoken = any(segment.has("customer") for segment in group)
        if not spoken and (needs_customer or _asks_back(scene, group)):
            continue
        found.append(_clause(scene, group, about))
    return found


def mentions(scene: Scene, group: Sequence[Segment], book: CueBook) -> bool:
    """Whether the words of these segments hold a cue of the book."""
    return any(book.find(scene.elements[segment.first : segment.last]) for segment in group)


def _says_something(scene: Scene, group: Sequence[Segment], frames: Sequence[Frame]) -> bool:
    """Whether a sentence is more than a refusal, an order, a greeting or a yes."""
    why = {_frame_of(scene, segment, frames).why for segment in group}
    if why == {"order"} or (why == {"colleague"} and _counts(scene, group)):
        return False
    if _asks_back(scene, group) and not any(segment.has("customer") for segment in group):
        return False
    refuses = [segment for segment in group if segment.has("decline", "dont_know")]
    if refuses and _length(group) <= 14 and not any(segment.has("customer", "pronoun_other") for segment in group):
        return False
    idle = sum(cue.last - cue.first for segment in group for cue in segment.cues if cue.classes & _IDLE)
    return _length(group) - idle >= 2


def _counts(scene: Scene, group: Sequence[Segment]) -> bool:
    return any(element.number for element in scene.elements[group[0].first : group[-1].last])


def _asks_back(scene: Scene, group: Sequence[Segment]) -> bool:
    """Whether the rep asks the agent something here."""
    end = scene.tokens[scene.elements[group[-1].last - 1].last - 1].end
    return scene.text[end : end + 3].lstrip().startswith("?")


def _length(group: Sequence[Segment]) -> int:
    return group[-1].last - group[0].first


def _frame_of(scene: Scene, segment: Segment, frames: Sequence[Frame]) -> Frame:
    return frames[segment.index]


def _words(scene: Scene, group: Sequence[Segment]) -> str:
    return scene.said(group[0].first, group[-1].last)


def _clause(scene: Scene, group: Sequence[Segment], about: Sequence[Segment]) -> str:
    """The part of a sentence that speaks of the point, from its subject to the end of what is said of it."""
    first = group.index(about[0])
    while first > 0 and not group[first].has("customer") and group[first - 1].has("customer"):
        first -= 1
    last = group.index(about[-1]) + 1
    if group[-1].last - group[first].first <= _WHOLE:
        last = len(group)
    return scene.said(group[first].first, group[last - 1].last)
