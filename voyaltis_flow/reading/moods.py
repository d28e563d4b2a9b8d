"""Choices: which option a turn's words mean. A mood is the rep's own, never a customer's, and the last said holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from voyaltis_flow.language.tokens import fold
from voyaltis_flow.reading.cues import Cue, CueBook
from voyaltis_flow.reading.lexis import Lexis
from voyaltis_flow.reading.scene import Scene, Segment
from voyaltis_flow.script.models import Option

OWN_MOOD = "own_mood"
"""The word list of a rep's own mood."""
Moods = Mapping[str, Mapping[str, Sequence[str]]]
"""The shipped moods of a language: mood → names, states, evaluations."""
_IDIOM = "idiom"
"""What says nothing of a mood though it has a word of one: "eh bien". Being longer, it hides that word."""
_REFUSAL = "refusal"
"""What turns an offer down after a no, and tells a mood elsewhere: "no, I'm good"."""
_OPPOSITE = {
    "thrilled": "disappointed",
    "pleased": "disappointed",
    "disappointed": None,
    "frustrated": None,
    "neutral": None,
}


@dataclass(frozen=True)
class ChoiceBook:
    """The words of a choice's options, for one language."""

    book: CueBook
    options: tuple[str, ...]
    mood_of: Mapping[str, str]
    """Which shipped mood an option stands for, where it does."""

    @property
    def option_of(self) -> Mapping[str, str]:
        return {mood: option for option, mood in self.mood_of.items()}


def choice_book(options: Sequence[Option], moods: Mapping[str, Moods], language: str) -> ChoiceBook:
    """The book of a choice. An option that bears a shipped mood's name (in any language) takes its words too."""
    patterns: dict[str, list[str]] = {}
    mood_of: dict[str, str] = {}
    for option in options:
        own = [
            *option.words.words(language),
            *(option.label.words(language) if option.label else ()),
            option.id.replace("_", " "),
        ]
        patterns[f"state:{option.id}"] = own
        mood = mood_named(option, moods)
        if mood and mood not in mood_of.values():
            mood_of[option.id] = mood
            shipped = moods.get(language, {}).get(mood, {})
            patterns[f"state:{option.id}"] = [*own, *shipped.get("states", ())]
            patterns[f"evaluation:{option.id}"] = list(shipped.get("evaluations", ()))
    if mood_of:
        idioms = moods.get(language, {}).get("idioms", {})
        patterns[_IDIOM], patterns[_REFUSAL] = list(idioms.get("states", ())), list(idioms.get("refusals", ()))
    return ChoiceBook(CueBook(patterns), tuple(option.id for option in options), mood_of)


def mood_named(option: Option, moods: Mapping[str, Moods]) -> str | None:
    """The shipped mood whose name an option bears, in any language."""
    name = fold(option.id)
    return next(
        (
            mood
            for shipped in moods.values()
            for mood, words in shipped.items()
            if name in map(fold, words.get("names", ()))
        ),
        None,
    )


@dataclass(frozen=True, slots=True)
class Chosen:
    """An option and the segment whose words mean it."""

    option: str
    segment: Segment
    is_neutral: bool = False
    """It stands for the shipped neutral mood, which takes the place of no other that was said."""


def choose(scene: Scene, book: ChoiceBook, lexis: Lexis, asked: bool, own: frozenset[int] | None) -> Chosen | None:
    """The option that a turn's words mean. `own`: the segments that may speak of it; None: the rep's own state."""
    found: list[tuple[str, str, Segment]] = []
    for cue in book.book.find(scene.elements):
        segment = next(s for s in scene.segments if s.first <= cue.first < s.last)
        idle = _IDIOM in cue.classes or (not asked and _declines(scene, segment, cue))
        if idle or not _speaks(scene, segment, lexis, cue, asked, own):
            continue
        for name in sorted(cue.classes - {_REFUSAL}):
            strength, _, option = name.partition(":")
            option_or_none = _turned(scene, segment, lexis, cue, option, book)
            if option_or_none:
                found.append((strength, option_or_none, segment))
    best = [entry for entry in found if entry[0] == "state"] or found
    if not best:
        return None
    telling = [entry for entry in best if book.mood_of.get(entry[1]) != "neutral"]
    last = best[-1][2]
    turned = [
        s for s in scene.segments if telling and telling[-1][2].first < s.first <= last.first and s.has("contrast")
    ]
    _, option, segment = best[-1] if turned or not telling else telling[-1]
    return Chosen(option, segment, book.mood_of.get(option) == "neutral")


def _declines(scene: Scene, segment: Segment, cue: Cue) -> bool:
    """Whether a mood only turns a question down: "no, I'm good"."""
    before = scene.segments[segment.index - 1] if segment.index else None
    refused = before is not None and before.sentence == segment.sentence and before.has("no")
    return refused and _REFUSAL in cue.classes


def _speaks(scene: Scene, segment: Segment, lexis: Lexis, cue: Cue, asked: bool, own: frozenset[int] | None) -> bool:
    """Whether this cue is said of what the choice is about."""
    if own is not None:
        return asked or segment.first in own
    of_others = any(
        other.first < cue.first for name in ("customer", "colleague", "pronoun_other") for other in segment.where(name)
    )
    if (of_others or segment.has("hard_order")) and not segment.has("self", "seriously"):
        return False
    ordered = any(other.first < cue.first for other in segment.where("order_to_agent"))
    if ordered and not segment.has("seriously"):
        return False
    if asked:
        return True
    if not of_others and any(lexis.is_a(e.word, "day") for e in scene.elements[cue.first : cue.last]):
        return True
    near = scene.elements[max(segment.first, cue.first - 4) : cue.last]
    return any(lexis.is_a(element.word, "first_person") for element in near) and not segment.has("customer")


def _turned(scene: Scene, segment: Segment, lexis: Lexis, cue: Cue, option: str, book: ChoiceBook) -> str | None:
    """The option under negation: "pas content" is disappointed, "pas déçu" is nothing."""
    before = scene.elements[max(segment.first, cue.first - 3) : cue.first]
    if not any(lexis.is_a(element.word, "negation") for element in before):
        return option
    mood = book.mood_of.get(option)
    if mood is None:
        return None
    opposite = _OPPOSITE[mood]
    return book.option_of.get(opposite) if opposite else None
