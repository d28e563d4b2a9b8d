"""Who, when and whether: what each segment of a turn makes of the quantities it names.

A segment's own words decide; one that says nothing keeps the frame of the segment before it in the same sentence. What
attributes or revokes may follow ("trois Edge, mais c'était Leïla"): it then reaches back over its sentence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from voyaltis_flow.language.lexicon import common_rank
from voyaltis_flow.reading.cues import Cue
from voyaltis_flow.reading.lexis import Lexis
from voyaltis_flow.reading.scene import Scene, Segment

Status = Literal["counts", "void", "open"]
"""counts: said to have happened; void: said not to count; open: nothing said, the question asked decides."""

_VOID = ("forgot", "demand", "planned", "future", "reserved", "abandoned", "shown", "stock", "own", "compare")
_REACHES_BACK = ("by_other", "reserved", "abandoned", "other_day")
_RESETS = ("contrast", "today", "except", "seriously", "mine")


@dataclass(frozen=True, slots=True)
class Frame:
    """What a segment makes of its quantities. `why` names the class of cue that voided it; `verb` says that a verb of
    counting stood in the segment itself."""

    status: Status
    why: str = ""
    verb: bool = False


OPEN = Frame("open")
_EVERYDAY = 1500
"""A capitalised word that is commoner than this in its language is no name."""


def frames(scene: Scene, lexis: Lexis) -> tuple[Frame, ...]:
    """A frame per segment of the scene."""
    found: list[Frame] = []
    ordered = False
    for at, segment in enumerate(scene.segments):
        ordered = _under_order(scene, segment, ordered)
        before = found[-1] if found and not segment.starts_sentence else OPEN
        own = Frame("void", "order") if ordered else _own_frame(scene, segment, lexis, before)
        found.append(own or _inherited(segment, before))
        _reach_back(scene, found, at)
    return tuple(found)


def _inherited(segment: Segment, before: Frame) -> Frame:
    """The frame of the segment before, unless a word begins anew: "mais", "aujourd'hui", "moi" after another's sale."""
    own_turn = before.why == "colleague" and segment.has("self")
    if own_turn or segment.has(*_RESETS) or before.why == "order":
        return OPEN
    return Frame(before.status, before.why)


def _under_order(scene: Scene, segment: Segment, ordered: bool) -> bool:
    """Whether the rep is giving the agent orders here; an order holds until a serious word or a verb of selling."""
    told = segment.starts_sentence and segment.has("sell", "total")
    if segment.has("seriously") or (told and not segment.has("hard_order")):
        return False
    if segment.has("hard_order"):
        return True
    return ordered


def _own_frame(scene: Scene, segment: Segment, lexis: Lexis, before: Frame) -> Frame | None:
    """What the segment's own words say, or None when they say nothing."""
    if segment.has("by_other") or _someone_else(scene, segment, lexis, before):
        return Frame("void", "colleague")
    if segment.has("other_day") and not segment.has("today", "since"):
        return Frame("void", "other_day")
    if segment.has("not_sold"):
        return Frame("void", "not_sold")
    if segment.has("sell", "buy", "go") and not segment.has("abandoned", "reserved"):
        return Frame("counts", verb=True)
    for name in _VOID:
        if segment.has(name):
            return Frame("void", name)
    return OPEN if segment.has("today", "seriously") else None


def _someone_else(scene: Scene, segment: Segment, lexis: Lexis, before: Frame) -> bool:
    """Whether a colleague, or somebody named, is the one who sold: "Samia a vendu", "elle a fait", "c'est Karim"."""
    if segment.has("third_sells") and before.why == "colleague":
        return True
    for cue in segment.where("third_sells"):
        subject = scene.elements[cue.first - 1] if cue.first > segment.first else None
        if subject is None or subject.spot or subject.number:
            continue
        if subject.word in lexis.words["ours"]:
            continue
        return True
    named = (cue.first - 1 for cue in segment.where("sell") if cue.first > segment.first)
    if any(_is_name(scene, at, lexis, opening=True) for at in named):
        return True
    if any(_is_name(scene, cue.last, lexis) for cue in segment.where("it_was")):
        return True
    return any(
        _is_subject(segment, colleague, sold)
        for colleague in segment.where("colleague")
        for sold in segment.where("sell")
    )


def _is_subject(segment: Segment, colleague: Cue, sold: Cue) -> bool:
    """Whether a colleague is who sold: named before the verb, with no "I" between."""
    between = range(colleague.last, sold.first)
    return colleague.last <= sold.first and not any(cue.first in between for cue in segment.where("self"))


def _is_name(scene: Scene, at: int, lexis: Lexis, opening: bool = False) -> bool:
    """Whether a word is somebody's name; `opening`: it may be the first of its clause."""
    if at >= len(scene.elements):
        return False
    element = scene.elements[at]
    if element.spot or element.number or (element.mark and not opening):
        return False
    said = scene.tokens[element.first].text
    rank = common_rank(element.word, lexis.language)
    return said[:1].isupper() and len(said) > 2 and (rank is None or rank > _EVERYDAY)


def _reach_back(scene: Scene, found: list[Frame], at: int) -> None:
    """Lets a segment without quantities of its own revoke what its sentence said before it."""
    segment, frame = scene.segments[at], found[at]
    names = [name for name in _REACHES_BACK if segment.has(name)]
    attributed = frame.why == "colleague"
    if frame.status != "void" or not (names or attributed) or _names_quantity(scene, segment):
        return
    alone = not any(_names_quantity(scene, other) for other in scene.sentence_of(segment))
    farthest = segment.sentence - (1 if frame.why == "abandoned" and alone else 0)
    for earlier in range(at - 1, -1, -1):
        other = scene.segments[earlier]
        if other.sentence < farthest or other.has("retract"):
            return
        if found[earlier].verb and (frame.why == "other_day" or other.sentence != segment.sentence):
            return
        found[earlier] = Frame("void", frame.why)


def _names_quantity(scene: Scene, segment: Segment) -> bool:
    """Whether a segment names a product, or so many of them: then it speaks of those."""
    elements = scene.elements[segment.first : segment.last]
    return any(e.spot or (e.number and e.number.kind in ("ordinal", "cardinal")) for e in elements)


def counting(frame: Frame, asked_for_it: bool) -> bool:
    """Whether a quantity under this frame counts, given whether the question was about such quantities."""
    return frame.status == "counts" or (frame.status == "open" and asked_for_it)


def revises(segment: Segment, before: Segment | None) -> bool:
    """Whether a segment comes back to the quantities whatever was asked: it corrects, adds, copies or takes back."""
    near = (segment, before) if before is not None and before.sentence == segment.sentence else (segment,)
    return any(other.has("correct", "add", "grand_total", "copy", "total", "retract", "returned") for other in near)


def voided(found: Sequence[Frame], why: str) -> bool:
    """Whether some segment was voided for this reason."""
    return any(frame.why == why for frame in found)
