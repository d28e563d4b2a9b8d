"""The items of a turn, folded into a ledger one after the other: the walk through what was said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from voyaltis_flow.catalog.resolution import Unknown
from voyaltis_flow.reading.amounts import Amounts
from voyaltis_flow.reading.frames import Frame, counting
from voyaltis_flow.reading.items import Item, Quantity
from voyaltis_flow.reading.ledger import Topic
from voyaltis_flow.reading.model import Derivation, Outside
from voyaltis_flow.reading.narrowing import Narrowing
from voyaltis_flow.reading.scene import Segment
from voyaltis_flow.reading.stage import Mention, Stage, spoken_of
from voyaltis_flow.reading.tally import Tally, Waiting

_LARGE = 100
"""An order given to the agent with a number from here on is void, whatever product it names."""


class Fold:
    """Folds one turn's items into one point's ledger."""

    def __init__(self, stage: Stage, frames: Sequence[Frame]) -> None:
        self._stage, self._frames, self._ledger = stage, frames, stage.ledger
        self._amounts, self._tally = Amounts(stage), Tally(stage)
        self._narrowing = Narrowing(stage, self._tally)
        self._list: list[tuple[Mention, Item]] = []
        """The products named one after the other, for "deux de chaque"."""

    def run(self, items: Sequence[Item]) -> None:
        """Takes every item, in order; then whatever was named and never given a number."""
        if opened := self._stage.asked_open:
            mention = Mention(opened.candidates, opened.category, opened.mention, "words")
            self._ledger.topic = Topic.of(mention, opened.quantity, opened.quantity is not None, -1)
        by_segment: dict[int, list[Item]] = {}
        for item in items:
            by_segment.setdefault(item.segment, []).append(item)
        for at, segment in enumerate(self._stage.scene.segments):
            self._listen_for_correction(segment)
            self._amounts.notice_people(segment)
            inside = by_segment.get(at, [])
            for item in inside:
                if not self._is_false_start(item, items):
                    self._take(item, segment, self._frames[at])
            if not inside:
                self._take_words(segment, self._frames[at])
        self._tally.settle()

    def _is_false_start(self, item: Item, items: Sequence[Item]) -> bool:
        """ "Deux, oui, deux micro-ondes": a number alone that is said again with its product."""
        if item.spot is not None or item.quantity is None:
            return False
        following = next((other for other in items if other.first > item.first), None)
        if following is None or self._goes_on(item, following):
            return False
        return (
            following.spot is not None
            and following.quantity is not None
            and following.quantity.value == item.quantity.value
            and following.segment - item.segment in (1, 2)
        )

    def _goes_on(self, item: Item, following: Item) -> bool:
        """Whether a number has said its own: it corrects what came before it, or something new begins after it."""
        segments = self._stage.scene.segments[item.segment : following.segment + 1]
        repeats = any(segment.has("yes") for segment in segments)
        corrects = self._tally.correcting and not repeats
        return corrects or any(segment.has("clause_starts", "add") for segment in segments[1:])

    def _listen_for_correction(self, segment: Segment) -> None:
        for cue in segment.where("correct"):
            nothing_yet = self._ledger.last() is None and not self._ledger.held
            if not (cue.first == 0 and nothing_yet):
                self._tally.correcting = True

    def _take_words(self, segment: Segment, frame: Frame) -> None:
        """A segment that names nothing may take back, fill in, or narrow what was just spoken of."""
        ledger = self._ledger
        if segment.has("retract", "returned"):
            self._take_back_topic(segment, frame)
        elif self._tally.waiting and (implied := self._implied(segment, frame)):
            self._fill(*implied, segment)
        elif segment.has("dont_know") or frame.status == "void":
            pass
        elif ledger.topic.is_open and (ledger.topic.counted or counting(frame, self._stage.asked_for_it)):
            self._narrowing.narrow(segment, None, frame)

    def _implied(self, segment: Segment, frame: Frame) -> tuple[float, Derivation] | None:
        """The number that words give to what waits for one: "même chiffre", "juste une", "elle est partie"."""
        counts = counting(frame, self._stage.asked_for_it)
        if segment.has("copy") and self._ledger.base and counts:
            return self._ledger.base, "copy"
        gone = segment.has("go") and frame.status == "counts"
        return (1.0, "said") if gone or (segment.has("just_one") and counts) else None

    def _take_back_topic(self, segment: Segment, frame: Frame) -> None:
        """ "Elle l'a rendu", "tu l'enlèves": what was spoken of; one of it when a customer brought it back."""
        ledger, tally = self._ledger, self._tally
        last, topic = ledger.last(), ledger.topic
        near = last and last.sentence >= segment.sentence - 1
        product = last.product if last and near else topic.product if self._stage.asked_for_it else None
        fresh = tally.retracted_in is None or tally.retracted_in < segment.sentence - 1
        if product in ledger.held and fresh and frame.why not in ("order", "other_day", "colleague"):
            amount = 1.0 if segment.has("returned") else None
            tally.remove(product or "", amount, segment, segment)

    def _fill(self, amount: float, derivation: Derivation, segment: Segment) -> None:
        """Gives what waits for a number its number."""
        if self._tally.waiting is None:
            return
        mention = self._tally.waiting.mention
        self._tally.waiting = None
        self._tally.count(mention, amount, derivation, segment, segment)
        self._ledger.topic = Topic.of(mention, amount, True, segment.sentence)

    def _take(self, item: Item, segment: Segment, frame: Frame) -> None:
        mention = self._stage.mention(item)
        if frame.why == "order" or (segment.has("order_to_agent") and _is_void_order(item, segment)):
            if mention:
                self._ledger.topic = Topic.of(mention, None, False, segment.sentence)
        elif item.spot is None:
            self._take_number(item, segment, frame)
        elif mention is None:
            self._take_outside(item, segment, frame)
        elif item.complement or (mention.product is None and self._stage.beside_or(item)):
            return
        elif self._takes_back(segment):
            self._take_back(item, mention, segment)
        else:
            self._take_product(item, mention, segment, frame)

    # --- products

    def _take_product(self, item: Item, mention: Mention, segment: Segment, frame: Frame) -> None:
        ledger = self._ledger
        self._tally.settle(unless=mention)
        amount, derivation = self._amounts.of(item, mention, segment, frame)
        counts = counting(frame, self._stage.is_asked(segment, mention.product, amount is not None))
        if amount is None and counts and self._amounts.is_one(item, mention, segment, frame):
            amount = 1.0
        if amount is None and counts:
            amount = 1.0 if self._after_article(segment) else self._of_bundle(item)
        number = ledger.topic.number if amount is None and mention.same_as(ledger.topic.candidates) else amount
        ledger.topic = Topic.of(mention, number, counts and amount is not None, segment.sentence)
        if not counts:
            self._take_void(item, mention, amount, segment, frame)
            return
        self._list = [*([] if segment.starts_sentence else self._list), (mention, item)]
        if amount is None:
            self._tally.waiting = Waiting(
                mention, self._stage.quote_of(item), asked_for=frame.verb or not item.definite
            )
        else:
            self._tally.waiting = None
            total = ledger.total_of(mention.product) if mention.product and item.quantity is None else None
            basis = total.quote if total and total.quantity == amount else None
            said = replace(item, first=segment.first) if derivation == "share" else item
            self._tally.count(mention, amount, derivation, said, segment, basis=basis)

    def _after_article(self, segment: Segment) -> bool:
        """Whether an article was left hanging before this: "and a, what's it called, the Smart Monitor"."""
        for other in self._stage.sentence_so_far(segment)[:-1]:
            last = self._stage.scene.elements[other.last - 1].number
            if last and last.kind == "article":
                return True
        return False

    def _of_bundle(self, item: Item) -> float | None:
        """ "Un bundle Odyssey plus Book 5": the second of a bundle has the number of the first."""
        if not self._list:
            return None
        _, before = self._list[-1]
        if before.quantity is None or before.segment != item.segment or not self._stage.has_word(before, "bundle"):
            return None
        return before.quantity.value

    def _take_void(self, item: Item, mention: Mention, amount: float | None, segment: Segment, frame: Frame) -> None:
        """What does not count may still take back what did, and be what "half" refers to."""
        taken_back = frame.why in ("not_sold", "abandoned") and item.definite
        if taken_back and mention.product in self._ledger.held:
            self._tally.remove(mention.product or "", None, segment, item)
        if amount is not None:
            self._ledger.base, self._ledger.base_quote = amount, self._stage.quote_of(item)

    def _take_outside(self, item: Item, segment: Segment, frame: Frame) -> None:
        self._tally.settle()
        self._ledger.topic = Topic()
        spot = item.spot
        if spot is None or not isinstance(spot.resolution, Unknown) or item.complement:
            return
        named = spot.resolution.why in ("near_name", "competitor") and (item.quantity or frame.verb)
        if named and counting(frame, self._stage.asked_for_it):
            quantity = item.quantity.value if item.quantity else None
            outside = Outside(self._ledger.point, self._stage.text_of(spot), quantity, self._stage.quote_of(item))
            self._ledger.outside.append(outside)

    # --- numbers without a product

    def _take_number(self, item: Item, segment: Segment, frame: Frame) -> None:
        ledger, quantity = self._ledger, self._quantity(item)
        if quantity is None:
            return
        spoken_of_now = ledger.topic.sentence >= 0 or segment.has("of_them")
        counts = counting(frame, self._stage.is_asked(segment, ledger.topic.product, spoken_of_now))
        if quantity.kind == "fraction":
            self._take_fraction(item, quantity.value, segment, counts)
        elif quantity.kind == "none" and segment.has("total", "grand_total") and not item.licensed:
            self._tally.waiting = None
            self._tally.clear()
        elif self._tally.waiting and segment.has("just_one") and counts:
            self._fill(1.0, "said", segment)
        elif segment.has("each") and self._list and counts:
            self._spread(item, quantity.value, segment)
        elif (ledger.topic.is_open and self._narrowing.narrow(segment, item, frame)) or item.definite:
            return
        elif self._answers_how_many(segment, frame):
            self._answer_how_many(item, quantity.value, segment)
        elif self._is_taken_from(segment, frame):
            self._tally.remove(ledger.topic.product or "", quantity.value, segment, item)
        elif counts or (item.licensed and frame.verb):
            self._number_for_topic(item, quantity.value, segment, frame)
        elif ledger.topic.candidates and frame.why != "order":
            ledger.topic = replace(ledger.topic, number=quantity.value)
            ledger.base, ledger.base_quote = quantity.value, self._stage.quote_of(item)

    def _is_taken_from(self, segment: Segment, frame: Frame) -> bool:
        """Whether a number comes off what is spoken of: taken back, or a colleague's share of it."""
        topic = self._ledger.topic
        if topic.product not in self._ledger.held:
            return False
        theirs = frame.why == "colleague" and topic.counted and segment.has("parts", "of_those", "by_other")
        return self._takes_back(segment) or (theirs and topic.sentence >= 0)

    def _quantity(self, item: Item) -> Quantity | None:
        """A lone number; pairs of what is sold by the pair are counted as pairs."""
        topic, quantity = self._ledger.topic, item.quantity
        if quantity is None or not topic.candidates:
            return quantity
        mention = spoken_of(topic)
        return replace(quantity, value=self._amounts.in_pairs(quantity, mention))

    def _number_for_topic(self, item: Item, value: float, segment: Segment, frame: Frame) -> None:
        """A number alone goes to what is spoken of: its first, more of it, or another one instead."""
        topic, tally = self._ledger.topic, self._tally
        if not topic.candidates:
            return
        mention = spoken_of(topic)
        more = item.one_more or segment.has("add", "today")
        if not topic.counted:
            self._tally.waiting = None
            tally.count(mention, value, "said", item, segment)
            self._ledger.topic = replace(topic, number=value, counted=True)
        elif tally.correcting or segment.has("grand_total", "mine") or (item.licensed and frame.verb and not more):
            tally.correct_topic(mention, value, item, segment)
        elif self._is_share(item, value):
            pass
        elif not more and any(cue.last <= item.first for cue in segment.where("total")):
            if self._is_new_total(value, segment):
                tally.correct_topic(mention, value, item, segment)
        elif (more or (segment.has("clause_starts") and value > (topic.number or 0))) and not segment.has("parts"):
            tally.add(mention, value, item, segment)

    def _is_share(self, item: Item, value: float) -> bool:
        """ "Deux, une pour elle, une pour sa sœur": to whom they went, and no more of them."""
        after = self._stage.elements(item.last, item.last + 1)
        given = any(not e.mark and self._stage.lexis.is_a(e.word, "given_to") for e in after)
        return given and value < (self._ledger.topic.number or 0)

    def _is_new_total(self, value: float, segment: Segment) -> bool:
        """Whether "ça fait quatre" tells another number: more than was said, or less after something was taken back."""
        taken_back = self._tally.retracted_in is not None and self._tally.retracted_in >= segment.sentence - 1
        return value > (self._ledger.topic.number or 0) or taken_back

    def _take_fraction(self, item: Item, share: float, segment: Segment, counts: bool) -> None:
        """ "Livré dix, vendu la moitié": half of the topic's last number, sold or not."""
        topic = self._ledger.topic
        base = self._ledger.base or topic.number
        if base and topic.candidates and not topic.counted and counts and not self._stage.has_product(segment):
            self._tally.waiting = None
            self._tally.count(spoken_of(topic), share * base, "share", item, segment)

    def _spread(self, item: Item, value: float, segment: Segment) -> None:
        """ "Deux de chaque": the number goes to every product of the list before it."""
        self._tally.waiting = None
        if len(self._list) == 1 and self._ledger.topic.number:
            return
        for mention, said in self._list:
            if said.quantity is None or said.quantity.kind == "article":
                self._tally.count(mention, value, "share", item, segment, restate=True)

    # --- answers to "how many?"

    def _answers_how_many(self, segment: Segment, frame: Frame) -> bool:
        asked = self._stage.asked_how_many
        told = [entry for entry in self._ledger.entries if entry.product == asked or entry.sentence == segment.sentence]
        if not asked or told:
            return False
        return frame.status != "void" or frame.why in ("not_sold", "planned", "stock")

    def _answer_how_many(self, item: Item, value: float, segment: Segment) -> None:
        topic = self._ledger.topic
        if self._tally.waiting:
            mention = self._tally.waiting.mention
        elif topic.product and topic.sentence >= 0 and not topic.counted:
            mention = spoken_of(topic)
        elif product := self._asked_product():
            mention = Mention((product,), None, "", "words")
        elif topic.is_open:
            mention = spoken_of(topic)
        else:
            return
        self._tally.waiting = None
        self._tally.count(mention, value, "said", item, segment, restate=True)
        self._ledger.topic = Topic.of(mention, value, True, segment.sentence)

    def _asked_product(self) -> str | None:
        """The product that "how many?" was asked of. The agent may ask of one that was never named: then the one of its
        kind that was is meant."""
        ledger, asked = self._ledger, self._stage.asked_how_many or ""
        named = [*dict.fromkeys([*(missing.product for missing in ledger.missing), *ledger.held])]
        product = self._stage.index.product(asked)
        if product is None or asked in named:
            return asked if product else None
        kin = [
            name for name in named if (other := self._stage.index.product(name)) and other.category == product.category
        ]
        if kin:
            return kin[0] if len(kin) == 1 else None
        return None if ledger.open else asked

    # --- taking back

    def _takes_back(self, segment: Segment) -> bool:
        if segment.has("retract", "returned"):
            return self._stage.asked_for_it or bool(self._ledger.held)
        follows = [other for other in self._stage.scene.sentence_of(segment) if other.first == segment.last]
        taken_back = any(other.has("retract") and not self._stage.has_product(other) for other in follows)
        return taken_back and not segment.has("sell", "buy", "go")

    def _take_back(self, item: Item, mention: Mention, segment: Segment) -> None:
        held = self._ledger.held
        product = mention.product or next((one for one in mention.candidates if one in held), None)
        if product is None:
            self._ledger.open = [one for one in self._ledger.open if not mention.same_as(one.candidates)]
        self._tally.correcting = False
        if product is None or product not in held:
            return
        amount = item.quantity.value if item.quantity and not item.definite else None
        ordinal = any(e.number and e.number.kind == "ordinal" for e in self._stage.elements(item.first, item.last))
        self._tally.remove(product, 1.0 if item.quantity is None and ordinal else amount, segment, item)


def _is_void_order(item: Item, segment: Segment) -> bool:
    """Orders to the agent are never facts; "rajoute une Ring", "rajoute-en une" are."""
    large = item.quantity is not None and item.quantity.value >= _LARGE
    return large or (item.spot is None and not segment.has("add"))
