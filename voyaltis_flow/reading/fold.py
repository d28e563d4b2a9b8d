"""The items of a turn, folded into the ledger: what adds, replaces, removes, copies, or is a part of what was said before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from voyaltis_flow.catalog.index import CatalogIndex
from voyaltis_flow.catalog.resolution import Ambiguous, Match, Unknown
from voyaltis_flow.reading.frames import Frame, counting
from voyaltis_flow.reading.items import Item
from voyaltis_flow.reading.ledger import Entry, Ledger, Topic
from voyaltis_flow.reading.lexis import Lexis
from voyaltis_flow.reading.model import Derivation, OpenMention, Outside, Quote
from voyaltis_flow.reading.scene import Scene, Segment

_LARGE = 100
"""An order given to the agent with a number from here on is void, whatever product it names."""


@dataclass(frozen=True, slots=True)
class Mention:
    """An item's product as far as it is known: the candidates, and how they were found."""

    candidates: tuple[str, ...]
    category: str | None
    text: str
    match: str | None = None
    score: float = 1.0
    confirm: bool = False

    @property
    def product(self) -> str | None:
        return self.candidates[0] if len(self.candidates) == 1 else None


class Fold:
    """Folds one turn's items into one point's ledger."""

    def __init__(
        self,
        scene: Scene,
        lexis: Lexis,
        frames: Sequence[Frame],
        index: CatalogIndex,
        ledger: Ledger,
        asked: str | None,
        asked_for_it: bool,
    ) -> None:
        self._scene, self._lexis, self._frames, self._index = scene, lexis, frames, index
        self._ledger, self._asked, self._asked_for_it = ledger, asked, asked_for_it
        self._correcting: int | None = None
        self._retracted_in: int | None = None
        self._pending: tuple[Mention, Quote, int] | None = None
        self._list: list[tuple[Mention, Item]] = []
        self._crowd: float | None = None
        self._crowd_in = -2

    def run(self, items: Sequence[Item]) -> None:
        """Takes every item, in order; then whatever was named and never given a number."""
        by_segment: dict[int, list[Item]] = {}
        for item in items:
            by_segment.setdefault(item.segment, []).append(item)
        for at, segment in enumerate(self._scene.segments):
            self._listen_for_corrections(at, segment)
            for element in range(segment.first, segment.last):
                self._count_of_people(segment, element)
            inside = by_segment.get(at, [])
            for item in inside:
                self._take(item, segment, self._frames[at])
            if not inside:
                self._without_item(segment, self._frames[at])
        self._settle_pending()

    # --- a segment's own words

    def _listen_for_corrections(self, at: int, segment: Segment) -> None:
        for cue in segment.where("correct"):
            opens_turn = cue.first == 0 and self._asked is not None
            if not (opens_turn and self._ledger.last() is None and not self._ledger.held):
                self._correcting = at

    def _without_item(self, segment: Segment, frame: Frame) -> None:
        """A segment that names nothing may take back, or narrow, what was just spoken of."""
        ledger = self._ledger
        if segment.has("retract") and self._retracted_in != segment.sentence and frame.why not in ("order", "other_day", "colleague"):
            last = ledger.last()
            if last and last.sentence >= segment.sentence - 1 and last.product in ledger.held:
                self._remove(last.product, None, segment, self._quote(segment.first, segment.last))
            return
        if len(ledger.topic.candidates) > 1 and (ledger.topic.counted or self._asked_for_it):
            self._narrow(segment, None, frame)

    # --- one item

    def _take(self, item: Item, segment: Segment, frame: Frame) -> None:
        if frame.why == "order" or (segment.has("order_to_agent") and self._is_void_order(item, segment)):
            self._speak_of(item, segment)
            return
        if item.spot is None:
            self._take_number(item, segment, frame)
            return
        mention = self._mention(item)
        if mention is None:
            self._take_outside(item, frame, segment)
            return
        if item.complement:
            return
        if self._takes_back(segment):
            self._take_back(item, mention, segment)
            return
        self._take_product(item, mention, segment, frame)

    def _is_void_order(self, item: Item, segment: Segment) -> bool:
        """Orders to the agent are never facts; "rajoute une Ring" is one."""
        large = item.quantity is not None and item.quantity.value >= _LARGE
        return large or item.spot is None

    def _speak_of(self, item: Item, segment: Segment) -> None:
        """Makes an item the topic, and nothing more."""
        if mention := self._mention(item):
            self._ledger.topic = Topic(mention.candidates, mention.text, mention.category, None, False, segment.sentence)

    def _mention(self, item: Item) -> Mention | None:
        spot = item.spot
        if spot is None:
            return None
        tokens = self._scene.tokens
        text = self._scene.text[tokens[spot.first].start : tokens[spot.last - 1].end]
        match spot.resolution:
            case Match() as found:
                return Mention((found.product,), found.category, text, found.how, found.score, found.confirm)
            case Ambiguous() as found:
                return self._in_context(Mention(found.candidates, found.category, text, None, found.score), item)
            case Unknown():
                return None

    def _in_context(self, mention: Mention, item: Item) -> Mention:
        """Definite and ambiguous, it may mean the one of its kind that was spoken of."""
        if not item.definite or item.plural or item.quantity is not None:
            return mention
        if any(set(mention.candidates) & set(other.candidates) for other in self._ledger.open):
            return mention
        known = {*self._ledger.held, *(missing.product for missing in self._ledger.missing), *self._ledger.topic.candidates[:1]}
        fitting = [candidate for candidate in mention.candidates if candidate in known]
        return replace(mention, candidates=(fitting[0],), match="words") if len(fitting) == 1 else mention

    def _take_outside(self, item: Item, frame: Frame, segment: Segment) -> None:
        spot = item.spot
        if spot is None or not isinstance(spot.resolution, Unknown):
            return
        self._settle_pending()
        self._ledger.topic = Topic()
        counts = counting(frame, self._asked_for_it) and not item.complement
        if counts and spot.resolution.why in ("near_name", "competitor") and (item.quantity or frame.verb):
            tokens = self._scene.tokens
            text = self._scene.text[tokens[spot.first].start : tokens[spot.last - 1].end]
            quantity = item.quantity.value if item.quantity else None
            self._ledger.outside.append(Outside(self._ledger.point, text, quantity, self._quote_item(item)))

    # --- products

    def _take_product(self, item: Item, mention: Mention, segment: Segment, frame: Frame) -> None:
        ledger = self._ledger
        self._settle_pending(unless=mention)
        amount, derivation = self._amount(item, mention, segment, frame)
        counts = counting(frame, self._asked_for_it)
        if amount is None and counts and self._is_one(item, mention, segment, frame):
            amount = 1.0
        same_topic = bool(ledger.topic.candidates) and set(mention.candidates) == set(ledger.topic.candidates)
        number = amount if amount is not None else (ledger.topic.number if same_topic else None)
        ledger.topic = Topic(mention.candidates, mention.text, mention.category, number, counts and amount is not None, segment.sentence)
        if not counts:
            if frame.why == "not_sold" and mention.product in ledger.held and segment.has("not_sold") and item.definite:
                self._remove(mention.product or "", None, segment, self._quote_item(item))
            if amount is not None:
                ledger.base = amount
            return
        self._list = [*self._list, (mention, item)] if self._list and not segment.starts_sentence else [(mention, item)]
        if amount is None:
            self._pending = (mention, self._quote_item(item), segment.sentence)
            return
        self._count(mention, amount, derivation, item, segment)

    def _amount(self, item: Item, mention: Mention, segment: Segment, frame: Frame) -> tuple[float | None, Derivation]:
        """The number that goes with a product, and where it comes from."""
        if item.quantity and item.quantity.kind == "none":
            return 0.0, "said"
        if item.per_head is not None:
            return item.per_head, "said"
        if item.quantity and item.quantity.kind != "fraction":
            value = self._in_pairs(item, mention)
            heads = self._heads(segment, item)
            if heads and (segment.has("each") or (item.quantity.kind == "article" and frame.verb)):
                return heads * value, "share"
            return value, "said"
        if segment.has("copy") and (number := self._last_number()):
            return number, "copy"
        share = self._share(segment, item)
        if share is not None and self._ledger.base:
            return share * self._ledger.base, "share"
        total = self._total_for(mention)
        if total and total.quantity and self._takes_rest(segment):
            return total.quantity, "share"
        return None, "said"

    def _takes_rest(self, segment: Segment) -> bool:
        """Whether the product said here is all that is left of an open total: "le reste en A16", the answer to "which?"."""
        sentence = [other for other in self._scene.sentence_of(segment) if other.first <= segment.first]
        if any(other.has("rest") for other in sentence):
            return True
        names = sum(element.spot is not None for element in self._scene.elements)
        return (self._asked or "").startswith("which:") and names == 1

    def _in_pairs(self, item: Item, mention: Mention) -> float:
        quantity = item.quantity
        if quantity is None:
            return 0.0
        if quantity.kind == "collective" and self._lexis.is_a(quantity.noun, "pair"):
            product = self._index.product(mention.candidates[0])
            if product and product.sold_by == "pair":
                return quantity.value / 2
        return quantity.value

    def _heads(self, segment: Segment, item: Item) -> float | None:
        """How many bought, where a count of people is the subject: "trois clients ont pris deux Buds chacun"."""
        sentence = [other for other in self._scene.sentence_of(segment) if other.first <= segment.first]
        for other in reversed(sentence):
            for at in range(min(other.last, item.first) - 1, other.first - 1, -1):
                if heads := self._count_of_people(other, at):
                    return heads
            if other.has("self") and other is not segment:
                return None
        return self._crowd if segment.has("each") and self._crowd_in >= segment.sentence - 1 else None

    def _count_of_people(self, segment: Segment, at: int) -> float | None:
        number = self._scene.elements[at].number
        if number is None or number.kind != "cardinal" or number.value < 2:
            return None
        people = any(cue.first == at + 1 for cue in segment.where("customer")) or any(
            cue.first == at + 1 for cue in segment.where("of_those")
        )
        if people:
            self._crowd, self._crowd_in = number.value, segment.sentence
        return number.value if people else None

    def _last_number(self) -> float | None:
        last = self._ledger.last()
        return last.amount if last else self._ledger.topic.number

    def _share(self, segment: Segment, item: Item) -> float | None:
        """ "La moitié", "un tiers" in this segment, before the product."""
        for at in range(segment.first, item.last):
            number = self._scene.elements[at].number
            if number and number.kind == "fraction":
                return number.value
        return None

    def _is_one(self, item: Item, mention: Mention, segment: Segment, frame: Frame) -> bool:
        """A definite singular is one unit only with a verb of selling: "le WaterWall est parti"."""
        if self._is_the_same(item) and mention.product is not None:
            return True
        return (
            item.definite
            and frame.verb
            and mention.product is not None
            and not self._is_plural_definite(item)
            and segment.has("go", "buy")
            and mention.product not in self._ledger.held
            and not self._number_follows(item)
        )

    def _is_the_same(self, item: Item) -> bool:
        """ "Le même frigo": one more of it."""
        return item.definite and any(
            self._lexis.is_a(self._scene.elements[at].word, "same") for at in range(item.first, item.last)
        )

    def _is_plural_definite(self, item: Item) -> bool:
        return any(self._lexis.is_a(self._scene.elements[at].word, "plural_definite") for at in range(item.first, item.last))

    def _number_follows(self, item: Item) -> bool:
        """Whether a later number of the sentence may be this product's own."""
        segment = self._scene.segments[item.segment]
        return any(
            self._scene.elements[at].number
            for other in self._scene.sentence_of(segment)
            for at in range(max(other.first, item.last), other.last)
        )

    # --- numbers without a product

    def _take_number(self, item: Item, segment: Segment, frame: Frame) -> None:
        quantity, ledger = item.quantity, self._ledger
        if quantity is None:
            return
        if quantity.kind == "fraction":
            self._take_fraction(item, quantity.value, segment, frame)
            return
        if quantity.kind == "none" and segment.has("total", "grand_total") and not item.licensed:
            self._clear()
            return
        if segment.has("each") and self._list and counting(frame, self._asked_for_it):
            self._spread(item, quantity.value, segment)
            return
        if self._answers_how_many(item, frame):
            self._answer_how_many(item, quantity.value, segment)
            return
        if len(ledger.topic.candidates) > 1 and self._narrow(segment, item, frame):
            return
        if self._takes_back(segment) and ledger.topic.product in ledger.held:
            self._remove(ledger.topic.product or "", quantity.value, segment, self._quote_item(item))
            return
        if not counting(frame, self._asked_for_it) and not (item.licensed and frame.verb):
            if ledger.topic.candidates and not frame.why == "order":
                ledger.topic = replace(ledger.topic, number=quantity.value)
                ledger.base = quantity.value
            return
        self._number_for_topic(item, quantity.value, segment, frame)

    def _number_for_topic(self, item: Item, value: float, segment: Segment, frame: Frame) -> None:
        ledger, topic = self._ledger, self._ledger.topic
        if not topic.candidates:
            return
        mention = Mention(topic.candidates, topic.category, topic.mention, "words")
        if not topic.counted:
            self._count(mention, value, "said", item, segment)
            ledger.topic = replace(topic, number=value, counted=True)
            return
        if self._correcting is not None or segment.has("grand_total") or (item.licensed and frame.verb and not segment.has("add", "today")):
            self._correct_topic(mention, value, item, segment)
        elif segment.has("add", "today", "clause_starts") and not self._is_part(segment, value):
            self._add(mention, value, item, segment)
        elif segment.has("total") and value > (topic.number or 0):
            self._correct_topic(mention, value, item, segment)

    def _is_part(self, segment: Segment, value: float) -> bool:
        return segment.has("parts") or (not segment.has("add", "today") and value <= (self._ledger.topic.number or 0))

    def _correct_topic(self, mention: Mention, value: float, item: Item, segment: Segment) -> None:
        self._correcting = None
        if mention.product is None:
            self._ledger.open = [
                replace(other, quantity=value) if set(other.candidates) == set(mention.candidates) else other
                for other in self._ledger.open
            ]
        else:
            self._enter(mention, "set", value, value, "corrected", item, segment)
        self._ledger.topic = replace(self._ledger.topic, number=value)

    def _add(self, mention: Mention, value: float, item: Item, segment: Segment) -> None:
        product = mention.product
        if product is None:
            for at, other in enumerate(self._ledger.open):
                if set(other.candidates) == set(mention.candidates):
                    self._ledger.open[at] = replace(other, quantity=(other.quantity or 0) + value)
            return
        self._enter(mention, "add", value, self._ledger.held.get(product, 0) + value, "said", item, segment)

    def _take_fraction(self, item: Item, share: float, segment: Segment, frame: Frame) -> None:
        """ "Livré dix, vendu la moitié": half of the topic's last number, sold or not."""
        topic, ledger = self._ledger.topic, self._ledger
        base = ledger.base or topic.number
        named = any(e.spot for e in self._scene.elements[segment.first : segment.last])
        if named or not base or not topic.candidates or topic.counted or not counting(frame, self._asked_for_it):
            return
        mention = Mention(topic.candidates, topic.category, topic.mention, "words")
        self._count(mention, share * base, "share", item, segment)

    def _spread(self, item: Item, value: float, segment: Segment) -> None:
        """ "Deux de chaque": the number goes to every product of the list before it."""
        names = [mention for mention, said in self._list if said.quantity is None or said.quantity.kind == "article"]
        self._pending = None
        if len(self._list) == 1 and self._ledger.topic.number:
            return
        for mention in names:
            self._count(mention, value, "share", item, segment, restate=True)

    def _clear(self) -> None:
        """ "Donc zéro": nothing of what this turn named was sold."""
        for entry in reversed(list(self._ledger.entries)):
            self._ledger.undo(entry)
        self._ledger.open, self._pending = list(self._ledger.context.open), None

    # --- answers to "how many?"

    def _answers_how_many(self, item: Item, frame: Frame) -> bool:
        if not (self._asked or "").startswith("quantity:") or self._ledger.entries:
            return False
        return frame.status != "void" or frame.why in ("not_sold", "planned", "stock")

    def _answer_how_many(self, item: Item, value: float, segment: Segment) -> None:
        ledger = self._ledger
        product = (self._asked or "").partition(":")[2]
        named = [m.product for m in ledger.missing]
        if self._pending or (ledger.topic.product and ledger.topic.sentence >= 0):
            mention = self._pending[0] if self._pending else Mention(ledger.topic.candidates, ledger.topic.category, ledger.topic.mention)
            self._pending = None
            self._count(mention, value, "said", item, segment, restate=True)
            return
        if product not in named and product not in ledger.held:
            product = self._meant_instead(product) or ""
        if product:
            mention = Mention((product,), None, product, "words")
            self._enter(mention, "set", value, value, "said", item, segment)
            ledger.topic = Topic((product,), "", None, value, True, segment.sentence)
        elif len(ledger.topic.candidates) > 1:
            self._count(Mention(ledger.topic.candidates, ledger.topic.category, ledger.topic.mention), value, "said", item, segment)

    def _meant_instead(self, asked: str) -> str | None:
        """The agent may ask about a product that was never named: then the one of its kind that was is meant."""
        known = self._index.product(asked)
        kin = [
            name
            for name in dict.fromkeys([*(m.product for m in self._ledger.missing), *self._ledger.held])
            if known and (other := self._index.product(name)) and other.category == known.category
        ]
        if kin:
            return kin[0] if len(kin) == 1 else None
        return asked if known and not self._ledger.open else None

    # --- counting

    def _count(
        self, mention: Mention, amount: float, derivation: Derivation, item: Item, segment: Segment, restate: bool = False
    ) -> None:
        """Puts an amount to a mention: a product's number, or an open mention when several fit."""
        ledger = self._ledger
        if derivation == "said" and amount:
            ledger.base = amount
        if mention.product is None:
            self._count_open(mention, amount, item, segment)
            return
        product = mention.product
        if self._pending and self._pending[0].product == product:
            self._pending = None
        if amount == 0:
            if product in ledger.held:
                self._remove(product, None, segment, self._quote_item(item))
            return
        self._take_part(mention, amount, segment, item)
        if self._correcting is not None:
            self._correct(mention, amount, item, segment)
            return
        held = ledger.held.get(product)
        if held is None or restate:
            self._enter(mention, "set", amount, amount, derivation, item, segment)
        elif self._adds(product, amount, item, segment):
            self._enter(mention, "add", amount, held + amount, derivation, item, segment)
        elif held != amount:
            self._enter(mention, "set", amount, amount, "corrected", item, segment)

    def _count_open(self, mention: Mention, amount: float, item: Item, segment: Segment) -> None:
        self._correcting = None
        quote = self._quote_item(item)
        if amount:
            open_mention = OpenMention(self._ledger.point, mention.text, amount, mention.candidates, mention.category, quote)
            self._ledger.leave_open(open_mention)

    def _correct(self, mention: Mention, amount: float, item: Item, segment: Segment) -> None:
        """A corrected product replaces the last one of its category; of another category, it is new."""
        self._correcting = None
        ledger, product = self._ledger, mention.product or ""
        last = ledger.last()
        if product in ledger.held:
            counted = ledger.counted(product)
            if counted and segment.has("add"):
                self._enter(mention, "add", amount, ledger.held[product] + amount, "said", item, segment)
            else:
                self._enter(mention, "set", amount, amount, "corrected", item, segment)
            return
        other = self._index.product(last.product) if last else None
        new = self._index.product(product)
        if last and other and new and other.category == new.category and last.sentence >= segment.sentence - 1:
            ledger.undo(last)
        self._enter(mention, "set", amount, amount, "corrected" if last else "said", item, segment)

    def _adds(self, product: str, amount: float, item: Item, segment: Segment) -> bool:
        """Whether the same product said again is more of it, and not the same said again."""
        counted = self._ledger.counted(product)
        if self._asked == f"quantity:{product}" or segment.has("grand_total"):
            return False
        if self._is_the_same(item):
            return True
        if item.definite:
            return False
        if segment.has("add"):
            return True
        if counted:
            return not segment.has("total") and (counted.sentence != segment.sentence or segment.has("clause_starts", "today"))
        return self._asked == "anything_else" and not segment.has("total")

    def _take_part(self, mention: Mention, amount: float, segment: Segment, item: Item) -> None:
        """A part is taken out of the total it belongs to."""
        total = self._total_for(mention)
        if total is None or segment.has("add") or not self._belongs(total, segment, amount):
            return
        self._ledger.take_from(total, amount)

    def _total_for(self, mention: Mention) -> OpenMention | None:
        return self._ledger.total_of(mention.product) if mention.product else None

    def _belongs(self, total: OpenMention, segment: Segment, amount: float) -> bool:
        if (self._asked or "").startswith("which:") and total in self._ledger.context.open:
            return True
        if any(other.has("parts", "rest") for other in self._scene.sentence_of(segment) if other.first <= segment.first):
            return total.quantity is None or amount <= total.quantity
        said_before = total.quote.text and not segment.has("clause_starts") and total.quantity and amount <= total.quantity
        same_turn = total not in self._ledger.context.open
        return bool(said_before and same_turn and (segment.after_colon or self._after_colon(segment)))

    def _after_colon(self, segment: Segment) -> bool:
        return any(other.after_colon for other in self._scene.sentence_of(segment) if other.first <= segment.first)

    # --- narrowing

    def _narrow(self, segment: Segment, item: Item | None, frame: Frame) -> bool:
        """Words that only some of the topic's candidates fit: "en 55", "la Classic". True when they leave one."""
        ledger, topic = self._ledger, self._ledger.topic
        words = [
            token
            for element in self._scene.elements[segment.first : segment.last]
            if item is None or item.quantity is None or not item.quantity.first <= self._scene.elements.index(element) < item.quantity.last
            for token in self._scene.tokens[element.first : element.last]
        ]
        left = self._index.narrow(topic.candidates, words, self._lexis.language)
        if not left or len(left) == len(topic.candidates):
            return False
        amount = item.quantity.value if item and item.quantity else None
        total = next((other for other in ledger.open if set(other.candidates) == set(topic.candidates)), None)
        counts = counting(frame, self._asked_for_it) or topic.counted
        if amount is None:
            amount = total.quantity if total else topic.number if topic.counted else None
        quote = self._quote(segment.first, segment.last)
        if len(left) > 1:
            if total:
                ledger.take_from(total, total.quantity)
                ledger.open.append(replace(total, candidates=left))
            ledger.topic = replace(topic, candidates=left)
            return False
        if not counts:
            ledger.topic = replace(topic, candidates=left, number=amount or topic.number)
            return False
        mention = Mention(left, topic.category, topic.mention, "words")
        if amount is None:
            ledger.topic = replace(topic, candidates=left)
            self._pending = (mention, quote, segment.sentence)
            return True
        if total:
            ledger.take_from(total, amount)
        entry_item = item or Item(0, segment.first, segment.last)
        self._enter(mention, "set", amount, ledger.held.get(left[0], 0) * 0 + amount, "said", entry_item, segment)
        still_open = total is not None and any(set(other.candidates) == set(topic.candidates) for other in ledger.open)
        ledger.topic = topic if still_open else replace(topic, candidates=left, number=amount, counted=True)
        return True

    # --- taking back

    def _takes_back(self, segment: Segment) -> bool:
        if not segment.has("retract"):
            follow = self._following(segment)
            return bool(follow and follow.has("retract") and not self._has_item(follow) and not segment.has("sell", "buy", "go"))
        return self._asked_for_it or bool(self._ledger.held)

    def _following(self, segment: Segment) -> Segment | None:
        sentence = self._scene.sentence_of(segment)
        at = sentence.index(segment)
        return sentence[at + 1] if at + 1 < len(sentence) else None

    def _has_item(self, segment: Segment) -> bool:
        return any(element.spot for element in self._scene.elements[segment.first : segment.last])

    def _take_back(self, item: Item, mention: Mention, segment: Segment) -> None:
        product = mention.product or next((c for c in mention.candidates if c in self._ledger.held), None)
        self._correcting = None
        if product is None or product not in self._ledger.held:
            return
        amount = item.quantity.value if item.quantity and not item.definite else None
        if item.quantity is None and any(e.number and e.number.kind == "ordinal" for e in self._scene.elements[item.first : item.last]):
            amount = 1.0
        self._remove(product, amount, segment, self._quote_item(item))

    def _remove(self, product: str, amount: float | None, segment: Segment, quote: Quote) -> None:
        ledger = self._ledger
        held = ledger.held.get(product)
        self._retracted_in, self._correcting = segment.sentence, None
        if held is None:
            return
        total = None if amount is None or amount >= held else held - amount
        ledger.put(Entry(product, "remove", amount, total, quote, "corrected", None, 1.0, False, segment.sentence))

    # --- ends

    def _settle_pending(self, unless: Mention | None = None) -> None:
        """What counted and never got its number: to be asked."""
        if self._pending is None:
            return
        mention, quote, _ = self._pending
        if unless and set(unless.candidates) == set(mention.candidates):
            return
        self._pending = None
        if mention.product:
            if mention.product not in self._ledger.held:
                self._ledger.lack(mention.product, mention.text, quote)
        else:
            self._ledger.leave_open(
                OpenMention(self._ledger.point, mention.text, None, mention.candidates, mention.category, quote)
            )

    def _enter(
        self, mention: Mention, op: str, amount: float, total: float, derivation: Derivation, item: Item, segment: Segment
    ) -> None:
        quote = self._quote_item(item) if item.last > item.first else self._quote(segment.first, segment.last)
        self._ledger.put(
            Entry(
                mention.product or "", op, amount, total, quote, derivation, mention.match, mention.score, mention.confirm,
                segment.sentence,
            )
        )

    def _quote_item(self, item: Item) -> Quote:
        return self._quote(item.first, item.last)

    def _quote(self, first: int, last: int) -> Quote:
        return Quote(self._ledger.context.turn, self._scene.said(first, last))
