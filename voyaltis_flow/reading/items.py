"""Numbers joined to products: the items of a turn, in the order they were said.

Products come first, numbers second: a number counts only if its head is the product, a measure noun or nothing.
That alone disposes of prices, times, ages and head counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from voyaltis_flow.catalog.resolution import Spot
from voyaltis_flow.reading.cues import NO_CUES, CueBook
from voyaltis_flow.reading.lexis import Lexis
from voyaltis_flow.reading.scene import Element, Scene, Segment


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number that may count: `elements[first:last]`. A range keeps its lower bound."""

    first: int
    last: int
    value: float
    kind: str
    noun: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """A product with what was said of its number, or a number that stands alone (`spot` None)."""

    segment: int
    first: int
    last: int
    spot: Spot | None = None
    quantity: Quantity | None = None
    definite: bool = False
    """ "Le Flip"; of a number alone, that it describes and counts nothing: "la 65", "une 65"."""
    plural: bool = False
    """ "des X", "du X": some, number not given."""
    complement: bool = False
    """Governed by another noun ("un retour d'A16"): nothing of it was sold."""
    per_head: float | None = None
    """ "seize acheteurs de X": how many customers."""
    one_more: bool = False
    """ "Une deuxième": so many more of what was spoken of."""
    licensed: bool = False
    """A lone number that "en" or "of them" ties to what was spoken of."""


def items(scene: Scene, lexis: Lexis, measures: CueBook = NO_CUES) -> tuple[Item, ...]:
    """The items of a scene. `measures` are the flow's own words that may stand between a number and its product."""
    quantities = _quantities(scene, lexis)
    reader = _ItemReader(scene, lexis, quantities, measures)
    return tuple(sorted(reader.read(), key=lambda item: item.first))


def _quantities(scene: Scene, lexis: Lexis) -> dict[int, Quantity]:
    """The numbers of a scene by the element they begin at, ranges joined."""
    found: dict[int, Quantity] = {}
    at = 0
    while at < len(scene.elements):
        number = scene.elements[at].number
        if number is None:
            at += 1
            continue
        end = _range_end(scene, lexis, at) if number.kind in ("cardinal", "article", "collective") else at
        found[at] = Quantity(at, end + 1, number.value, "cardinal" if end > at else number.kind, number.noun)
        at = end + 1
    return found


def _range_end(scene: Scene, lexis: Lexis, at: int) -> int:
    """The last element of a range that begins here ("deux ou trois", "entre huit et dix", "trente, trente-cinq")."""
    elements = scene.elements
    low = elements[at].number
    nxt = at + 1
    joined = False
    if (nxt < len(elements) and not elements[nxt].mark and lexis.is_a(elements[nxt].word, "range_joins")) or (
        nxt < len(elements)
        and lexis.is_a(elements[nxt].word, "and")
        and at
        and lexis.is_a(elements[at - 1].word, "between")
    ):
        joined, nxt = True, nxt + 1
    while nxt < len(elements) and not elements[nxt].number and lexis.is_a(elements[nxt].word, "hedges"):
        nxt += 1
    if nxt >= len(elements) or low is None:
        return at
    high = elements[nxt].number
    if high is None or high.kind not in ("cardinal", "collective") or high.value <= low.value:
        return at
    if joined:
        return nxt if high.value <= 4 * max(low.value, 3) else at
    paused = elements[nxt].mark == 1 or nxt > at + 1
    steps = (1,) if low.value < 10 else (1, 2, 3, 5, 10)
    return (
        nxt
        if paused and elements[nxt].mark < 2 and high.value - low.value in steps and _heads_follow(scene, lexis, nxt)
        else at
    )


def _heads_follow(scene: Scene, lexis: Lexis, at: int) -> bool:
    """Whether what follows does not make the second number a count of something else."""
    after = at + 1
    return after >= len(scene.elements) or bool(
        scene.elements[after].mark
        or scene.elements[after].spot
        or lexis.is_a(scene.elements[after].word, "after_bare", "adjective", "measure")
    )


@dataclass(slots=True)
class _Before:
    """What stands before a product: where the walk to the left stopped, and what was passed on the way."""

    stop: int
    definite: bool = False
    plural: bool = False
    governed: bool = False
    """By "de" or "of": what stands before that is the head."""
    quantity: Quantity | None = None
    uncounted: bool = False
    """ "A few", "un tas de": some, and no number."""


class _ItemReader:
    def __init__(self, scene: Scene, lexis: Lexis, quantities: Mapping[int, Quantity], measures: CueBook) -> None:
        self._measures = measures
        self._scene, self._lexis, self._quantities = scene, lexis, quantities
        self._ends = {q.last - 1: q for q in quantities.values()}
        self._used: set[int] = set()

    def read(self) -> list[Item]:
        found = []
        for index, segment in enumerate(self._scene.segments):
            for at in range(segment.first, segment.last):
                if self._scene.elements[at].spot:
                    found.append(self._product(index, segment, at))
        for index, segment in enumerate(self._scene.segments):
            for at in range(segment.first, segment.last):
                quantity = self._quantities.get(at)
                if quantity and at not in self._used and (lone := self._lone(index, segment, quantity)):
                    found.append(lone)
        return found

    def _product(self, index: int, segment: Segment, at: int) -> Item:
        """The product at an element, with the number, determiner or head noun that stands before it."""
        before = self._before(segment, at)
        spot = element_spot(self._scene.elements[at])
        if before.quantity:
            self._used.add(before.quantity.first)
            return Item(index, before.quantity.first, at + 1, spot, before.quantity)
        if before.uncounted:
            return Item(index, before.stop, at + 1, spot, plural=True)
        first, head = before.stop + 1, before.stop
        if head < segment.first or self._scene.elements[first].mark:
            return Item(index, first, at + 1, spot, None, before.definite, before.plural)
        excluded = self._lexis.is_a(self._scene.elements[head].word, "excludes")
        if excluded or (before.governed and self._is_noun(self._scene.elements[head], head)):
            count = self._ends.get(head - 1)
            if count and count.kind == "cardinal" and self._is_person(head):
                self._used.add(count.first)
                return Item(index, count.first, at + 1, spot, None, per_head=count.value)
            return Item(index, first, at + 1, spot, None, complement=True)
        return Item(index, first, at + 1, spot, None, before.definite, before.plural)

    def _before(self, segment: Segment, at: int) -> _Before:
        """Walks left from a product, over determiners, adjectives and measures, up to a number or another word."""
        elements = self._scene.elements
        found, k = _Before(at - 1), at - 1
        while k >= segment.first and not elements[k + 1].mark:
            quantity = self._ends.get(k)
            if quantity and (quantity.kind == "ordinal" or (quantity.kind == "fraction" and not found.governed)):
                k = quantity.first - 1
            elif quantity and quantity.kind == "article" and self._lexis.is_a(elements[k + 1].word, "uncounted"):
                found.uncounted = True
                break
            elif quantity:
                found.quantity = self._outer(segment, quantity)
                break
            elif of_those := next((cue for cue in segment.where("of_those") if cue.last == k + 1), None):
                k = of_those.first - 1
            elif self._determines(elements[k], found):
                k -= 1
            else:
                found.quantity = self._of_apposition(segment, k, found)
                break
        found.stop = k
        return found

    def _outer(self, segment: Segment, inner: Quantity) -> Quantity:
        """The first number of "une des deux Ring"; the number itself where it is no part of another."""
        k = inner.first - 1
        passed = 0
        while k > segment.first and self._lexis.is_a(self._scene.elements[k].word, "of", "partitive", "definite"):
            k, passed = k - 1, passed + 1
        outer = self._ends.get(k)
        return outer if passed and outer and outer.value < inner.value else inner

    def _determines(self, element: Element, found: _Before) -> bool:
        """Whether a word may stand between a product and its number; notes what it says of the product."""
        words = self._lexis
        if element.spot or element.number:
            return False
        if words.is_a(element.word, "definite"):
            found.definite = True
        elif words.is_a(element.word, "partitive"):
            found.plural = found.plural or not found.definite
            found.governed = True
        elif words.is_a(element.word, "of", "uncounted"):
            found.governed = True
        else:
            return words.is_a(element.word, "adjective", "measure") or bool(self._measures.find((element,)))
        return True

    def _of_apposition(self, segment: Segment, at: int, found: _Before) -> Quantity | None:
        """The number of "un séchant WD10": a noun right before the product, and a number right before the noun."""
        elements = self._scene.elements
        if found.governed or at <= segment.first or elements[at].mark or self._is_person(at):
            return None
        count = self._ends.get(at - 1) if self._is_noun(elements[at], at) else None
        return count if count and count.kind in ("cardinal", "article") else None

    def _is_noun(self, element: Element, at: int) -> bool:
        """Whether a word is of no closed class and of no cue that acts: then it is taken for a noun."""
        if element.spot or element.number:
            return False
        if self._lexis.is_a(element.word, "after_bare", "articles", "adjective", "measure", "negation", "prepositions"):
            return False
        covering = [cue for cue in self._scene.cues if cue.first <= at < cue.last]
        return all(cue.classes <= _NOUN_CUES for cue in covering)

    def _is_person(self, at: int) -> bool:
        return any(cue.first <= at < cue.last and "customer" in cue.classes for cue in self._scene.cues)

    def _lone(self, index: int, segment: Segment, quantity: Quantity) -> Item | None:
        """A number without a product after it, if nothing else is its head."""
        elements, words = self._scene.elements, self._lexis
        at, end = quantity.first, quantity.last
        approximate = any(cue.last == at for cue in segment.where("approx"))
        before = None if approximate or at == segment.first or elements[at].mark else elements[at - 1]
        after = elements[end] if end < len(elements) and not elements[end].mark else None
        licensed = self._licensed(segment, at)
        if before and self._governs(before, quantity, licensed):
            return None
        if quantity.kind == "article" and not self._stands_alone(after, licensed):
            return None
        if (
            quantity.kind == "ordinal"
            or (after and not self._is_free(end, licensed))
            or self._is_plain_no(segment, quantity)
        ):
            return None
        if (
            self._counts_people(segment, end)
            or self._is_a_couple(segment, quantity)
            or (after is None and quantity.value in _YEARS)
        ):
            return None
        ordinal = after is not None and after.number is not None and after.number.kind == "ordinal"
        described = before is not None and (before.number is not None or words.is_a(before.word, "definite"))
        definite = quantity.kind == "cardinal" and described
        return Item(index, at, end, None, quantity, definite, licensed=licensed, one_more=ordinal)

    def _is_plain_no(self, segment: Segment, quantity: Quantity) -> bool:
        """Whether "no" answers, and counts nothing."""
        refusals = [cue for cue in segment.cues if not cue.classes.isdisjoint(("no", "correct"))]
        return quantity.kind == "none" and any(cue.first <= quantity.first < cue.last for cue in refusals)

    def _governs(self, before: Element, quantity: Quantity, licensed: bool) -> bool:
        """Whether the word before a number makes it something else: "en 55", "les deux", "pas 65", a name."""
        words = self._lexis
        if words.is_a(before.word, "excludes") or (before.spot and before.spot.by == "sound"):
            return True
        if quantity.kind == "cardinal" and words.is_a(before.word, "plural_definite"):
            return True
        if licensed or (quantity.last > quantity.first + 1 and words.is_a(before.word, "between")):
            return False
        return words.is_a(before.word, "not_before_bare") or self._is_noun(before, quantity.first - 1)

    def _is_a_couple(self, segment: Segment, quantity: Quantity) -> bool:
        """ "Un couple est reparti avec": two people who did something, and not two of what was spoken of."""
        acts = any(cue.first >= quantity.last and cue.classes & _THEIR_ACTS for cue in segment.cues)
        return quantity.kind == "collective" and self._lexis.is_a(quantity.noun, "twosome") and acts

    def _counts_people(self, segment: Segment, at: int) -> bool:
        """ "Deux d'entre elles ont pris une Ring": two buyers, not two of what was spoken of."""
        if buyers(self._scene, self._lexis, segment, at - 1):
            return any(element.spot for element in self._scene.elements[at : segment.last])
        return any(cue.first == at for cue in segment.where("of_those")) and any(
            cue.first > at for name in ("buy", "sell") for cue in segment.where(name)
        )

    def _licensed(self, segment: Segment, at: int) -> bool:
        return any(cue.last < at <= cue.last + 4 for cue in segment.where("of_them")) or any(
            cue.first >= at and cue.first - at <= 2 for cue in segment.where("of_those")
        )

    def _stands_alone(self, after: Element | None, licensed: bool) -> bool:
        """Whether "un", "une", "one" is a number here and neither an article nor a pronoun."""
        return (
            after is None
            or (after.number is not None and after.number.kind == "ordinal")
            or self._lexis.is_a(after.word, "after_one")
            or (licensed and not self._lexis.is_a(after.word, "adjective"))
        )

    def _is_free(self, at: int, licensed: bool) -> bool:
        """Whether what follows leaves a number bare: a closed-class word, a verb, a measure at its end."""
        elements, words = self._scene.elements, self._lexis
        element = elements[at]
        if element.number and element.number.kind == "ordinal":
            return True
        if element.spot or element.number:
            return False
        if words.is_a(element.word, "measure"):
            after = elements[at + 1] if at + 1 < len(elements) and not elements[at + 1].mark else None
            return after is None or not words.is_a(after.word, "of")
        if words.is_a(element.word, "after_bare", "each_words"):
            return True
        if any(cue.first == at and not cue.classes.isdisjoint(_FREES) for cue in self._scene.cues):
            return True
        return licensed and words.is_a(element.word, "adjective")


_YEARS = range(1900, 2100)
"""Alone at the end of a clause, such a number tells a year."""
_THEIR_ACTS = frozenset({"buy", "go", "demand", "planned", "reserved", "abandoned", "own"})
"""What customers do, rather than products."""
_NOUN_CUES = frozenset({"customer", "colleague", "return_of", "demo", "off_topic", "question"})
_FREES = frozenset(
    {
        "sell",
        "go",
        "buy",
        "today",
        "other_day",
        "add",
        "total",
        "grand_total",
        "each",
        "rest",
        "self",
        "contrast",
        "clause_starts",
    }
)


def buyers(scene: Scene, lexis: Lexis, segment: Segment, at: int) -> bool:
    """Whether a number without a noun is the subject of buying: "trois m'ont pris un A16 chacun"."""
    after = scene.elements[at + 1] if at + 1 < segment.last else None
    if after is None or after.mark or not lexis.is_a(after.word, "of_buyers"):
        return False
    return any(cue.first > at for cue in segment.where("buy"))


def element_spot(element: Element) -> Spot:
    """The spot of a product element."""
    if element.spot is None:
        raise ValueError("not a product element")
    return element.spot
