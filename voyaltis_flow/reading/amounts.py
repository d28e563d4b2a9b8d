"""The number that goes with a product: said, shared out among people, a part of a total, or the same as another's."""

from __future__ import annotations

from voyaltis_flow.reading.frames import Frame
from voyaltis_flow.reading.items import Item, Quantity
from voyaltis_flow.reading.model import Derivation
from voyaltis_flow.reading.scene import Segment
from voyaltis_flow.reading.stage import Mention, Stage


class Amounts:
    """Reads amounts in one turn; remembers how many people were last spoken of."""

    def __init__(self, stage: Stage) -> None:
        self._stage, self._ledger = stage, stage.ledger
        self._crowd: float | None = None
        self._crowd_in = -2

    def of(self, item: Item, mention: Mention, segment: Segment, frame: Frame) -> tuple[float | None, Derivation]:
        """The amount said of a product, and where it comes from; None when no number goes with it."""
        if item.per_head is not None:
            return item.per_head, "said"
        if item.quantity and item.quantity.kind != "fraction":
            return self._said(item, item.quantity, mention, segment, frame)
        return self._implied(item, mention, segment, frame)

    def _implied(self, item: Item, mention: Mention, segment: Segment, frame: Frame) -> tuple[float | None, Derivation]:
        """The number that other words give: one each, the same, a share of what was said, the rest of a total."""
        if frame.status != "void" and self._one_each(segment):
            return 1.0, "said"
        if segment.has("copy") and (number := self._last_number()):
            return (2 * number if segment.has("twice") else number), "copy"
        share = self._share(segment, item)
        if share is not None and self._ledger.base:
            return share * self._ledger.base, "share"
        total = self._ledger.total_of(mention.product) if mention.product else None
        rest = total.quantity if total and self._takes_rest(segment) else None
        return rest, "said" if self._stage.asked_which or not rest else "share"

    def _said(
        self, item: Item, quantity: Quantity, mention: Mention, segment: Segment, frame: Frame
    ) -> tuple[float, Derivation]:
        """The number itself, or that times the people it was shared out among."""
        value = self.in_pairs(quantity, mention)
        share = self._share(segment, item) if value == 1 and frame.verb else None
        if share is not None and (whole := self._crowd or self._ledger.base):
            return share * whole * value, "share"
        heads = self._heads(segment, item)
        each = any(other.has("each") for other in self._stage.sentence_so_far(segment))
        shared_out = segment.has("each") or (quantity.kind == "article" and (frame.verb or each))
        return (heads * value, "share") if heads and shared_out else (value, "said")

    def is_one(self, item: Item, mention: Mention, segment: Segment, frame: Frame) -> bool:
        """Whether a product without a number is one unit: "le WaterWall est parti", "le même frigo"."""
        if mention.product is None or not item.definite:
            return False
        if self._stage.has_word(item, "same"):
            return True
        joined = segment.has("add") or self._comes_with(item)
        sold = (frame.verb and segment.has("go", "buy")) or (joined and frame.status != "void")
        sold = sold and mention.product not in self._ledger.held
        return sold and not self._stage.has_word(item, "plural_definite") and not self._number_follows(item)

    def _comes_with(self, item: Item) -> bool:
        """ "Un QuickDrive, avec la garantie": sold together with what was named before."""
        before = self._stage.elements(item.first - 1, item.first) if item.first else ()
        return any(self._stage.lexis.is_a(element.word, "together") for element in before) and bool(
            self._ledger.entries
        )

    def notice_people(self, segment: Segment) -> None:
        """Remembers "quatre mamies", for "un Fit chacune" in the next sentence."""
        for at in range(segment.first, segment.last):
            self._count_of_people(segment, at)

    def _one_each(self, segment: Segment) -> bool:
        """Whether this is in a list of what people took "one each": "bought one each: Buds for her, …"."""
        before = self._stage.sentence_so_far(segment)
        each = next((at for at, other in enumerate(before) if other.has("one_each")), None)
        return each is not None and (before[each] is segment or any(other.after_colon for other in before[each + 1 :]))

    def _takes_rest(self, segment: Segment) -> bool:
        """Whether a product takes all that is left of an open total: "le reste en A16", the answer to "which?"."""
        if any(other.has("rest") for other in self._stage.sentence_so_far(segment)):
            return True
        sentence = self._stage.scene.sentence_of(segment)
        named = sum(e.spot is not None for other in sentence for e in self._stage.elements(other.first, other.last))
        return self._stage.asked_which and named == 1

    def in_pairs(self, quantity: Quantity, mention: Mention) -> float:
        """A number, where "paire" counts two of a thing or, for what is sold by the pair, one."""
        if quantity.kind == "collective" and self._stage.lexis.is_a(quantity.noun, "pair"):
            product = self._stage.index.product(mention.candidates[0])
            if product and product.sold_by == "pair":
                return quantity.value / 2
        return quantity.value

    def _heads(self, segment: Segment, item: Item) -> float | None:
        """How many bought, where a count of people is the subject: "trois clients ont pris deux Buds chacun"."""
        for other in reversed(self._stage.sentence_so_far(segment)):
            for at in range(min(other.last, item.first) - 1, other.first - 1, -1):
                if heads := self._count_of_people(other, at):
                    return heads
            if other.has("self") and other is not segment:
                return None
        each = any(other.has("each") for other in self._stage.sentence_so_far(segment))
        return self._crowd if each and self._crowd_in >= segment.sentence - 1 else None

    def _count_of_people(self, segment: Segment, at: int) -> float | None:
        number = self._stage.scene.elements[at].number
        if number is None or number.kind != "cardinal" or number.value < 2:
            return None
        near = range(at + 1, at + 3)
        named = any(cue.first in near for name in ("customer", "of_those") for cue in segment.where(name))
        if not (named or self._stage.buy(segment, at)):
            return None
        self._crowd, self._crowd_in = number.value, segment.sentence
        return number.value

    def _last_number(self) -> float | None:
        last = self._ledger.last()
        return last.amount if last else self._ledger.topic.number

    def _share(self, segment: Segment, item: Item) -> float | None:
        """ "La moitié", "un tiers" in this segment, before the product."""
        numbers = (element.number for element in self._stage.elements(segment.first, item.last))
        return next((number.value for number in numbers if number and number.kind == "fraction"), None)

    def _number_follows(self, item: Item) -> bool:
        """Whether a later number of the sentence may be this product's own."""
        scene = self._stage.scene
        later = (other for other in scene.sentence_of(scene.segments[item.segment]) if other.last > item.last)
        return any(e.number for other in later for e in self._stage.elements(max(other.first, item.last), other.last))
