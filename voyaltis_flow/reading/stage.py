"""What the reading of one point in one turn stands on: the scene, its language, the catalog, and the question asked."""

from __future__ import annotations

from dataclasses import dataclass

from voyaltis_flow.catalog.index import CatalogIndex
from voyaltis_flow.catalog.resolution import Ambiguous, Match, Spot, Unknown
from voyaltis_flow.reading.frames import revises
from voyaltis_flow.reading.items import Item, buyers
from voyaltis_flow.reading.ledger import Ledger, Topic
from voyaltis_flow.reading.lexis import Lexis
from voyaltis_flow.reading.model import OpenMention, Quote
from voyaltis_flow.reading.scene import Element, Scene, Segment


@dataclass(frozen=True, slots=True)
class Mention:
    """A product as far as it is known: the candidates, and how they were found."""

    candidates: tuple[str, ...]
    category: str | None
    text: str
    match: str | None = None
    score: float = 1.0
    confirm: bool = False

    @property
    def product(self) -> str | None:
        """The one product that it is, or None while several fit."""
        return self.candidates[0] if len(self.candidates) == 1 else None

    def same_as(self, candidates: tuple[str, ...]) -> bool:
        return set(self.candidates) == set(candidates)


def spoken_of(topic: Topic) -> Mention:
    """The topic, as a mention."""
    return Mention(topic.candidates, topic.category, topic.mention, "words")


@dataclass(frozen=True)
class Stage:
    """Shared by the parts that fold a turn's items into a ledger."""

    scene: Scene
    lexis: Lexis
    index: CatalogIndex
    ledger: Ledger
    asked: str | None
    asked_for_it: bool
    """Whether the question was about this point's quantities: then what is named without a verb counts."""

    def is_asked(self, segment: Segment, product: str | None, counted: bool) -> bool:
        """Whether what a segment names without a verb counts: sales were asked for, or it revises what is held."""
        if self.asked_for_it:
            return True
        before = self.scene.segments[segment.index - 1] if segment.index else None
        known = counted and (product in self.ledger.held or segment.has("add", "copy"))
        return known and not segment.has("customer") and revises(segment, before)

    @property
    def asked_which(self) -> bool:
        return (self.asked or "").startswith("which:")

    @property
    def asked_open(self) -> OpenMention | None:
        """The open mention that "which one?" was asked of."""
        category = (self.asked or "").partition(":")[2]
        opened = self.ledger.context.open if self.asked_which else ()
        return next((one for one in opened if one.point == self.ledger.point and one.category == category), None)

    @property
    def asked_how_many(self) -> str | None:
        """The product that "how many?" was asked of."""
        kind, _, product = (self.asked or "").partition(":")
        return product if kind == "quantity" else None

    def token_span(self, at: int) -> tuple[int, int]:
        """The tokens of an element."""
        element = self.scene.elements[at]
        return element.first, element.last

    def elements(self, first: int, last: int) -> tuple[Element, ...]:
        return self.scene.elements[first:last]

    def sentence_so_far(self, segment: Segment) -> list[Segment]:
        """The segment and those before it in its sentence."""
        return [other for other in self.scene.sentence_of(segment) if other.first <= segment.first]

    def has_product(self, segment: Segment) -> bool:
        return any(element.spot for element in self.elements(segment.first, segment.last))

    def has_word(self, item: Item, word_class: str) -> bool:
        """Whether one of an item's own words is of a class."""
        return any(self.lexis.is_a(element.word, word_class) for element in self.elements(item.first, item.last))

    def buy(self, segment: Segment, at: int) -> bool:
        """Whether a number alone is the subject of buying: "trois m'ont pris un A16 chacun"."""
        return buyers(self.scene, self.lexis, segment, at)

    def quote(self, first: int, last: int) -> Quote:
        """`elements[first:last]` as evidence."""
        return Quote(self.ledger.context.turn, self.scene.said(first, last))

    def quote_of(self, item: Item | Segment) -> Quote:
        return self.quote(item.first, item.last)

    def beside_or(self, item: Item) -> bool:
        """Whether a mention is one of two alternatives, "Avant ou Elite": it narrows nothing."""
        beside = [*self.elements(max(0, item.first - 1), item.first), *self.elements(item.last, item.last + 1)]
        return any(self.lexis.is_a(element.word, "alternative") for element in beside)

    def text_of(self, spot: Spot) -> str:
        """A mention as it was said."""
        tokens = self.scene.tokens
        return self.scene.text[tokens[spot.first].start : tokens[spot.last - 1].end]

    def mention(self, item: Item) -> Mention | None:
        """The product that an item names; None for one that is not in the catalog."""
        if item.spot is None:
            return None
        text = self.text_of(item.spot)
        match item.spot.resolution:
            case Match() as found:
                return Mention((found.product,), found.category, text, found.how, found.score, found.confirm)
            case Ambiguous() as found:
                return self._in_context(Mention(found.candidates, found.category, text, None, found.score), item)
            case Unknown():
                return None

    def _in_context(self, mention: Mention, item: Item) -> Mention:
        """Ambiguous, it may mean one of those asked about or, when definite, the one of its kind that was spoken of."""
        opened = self.asked_open
        among = tuple(one for one in mention.candidates if opened and one in opened.candidates)
        if among and not self.beside_or(item):
            return Mention(among, mention.category, mention.text, "words")
        corrected = not self.scene.classes.isdisjoint(("correct", "total")) and not item.plural
        if not corrected and (not item.definite or item.plural or item.quantity is not None):
            return mention
        ledger = self.ledger
        if any(set(mention.candidates) & set(other.candidates) for other in ledger.open):
            return mention
        known = {*ledger.held, *(missing.product for missing in ledger.missing), *ledger.topic.candidates[:1]}
        fitting = tuple(candidate for candidate in mention.candidates if candidate in known)
        return Mention(fitting, mention.category, mention.text, "words") if len(fitting) == 1 else mention
