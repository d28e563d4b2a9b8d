"""Amounts put to products: what is new, what adds, what corrects, what is a part of a total, what is taken back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from voyaltis_flow.reading.items import Item
from voyaltis_flow.reading.ledger import Entry, Op
from voyaltis_flow.reading.model import Derivation, OpenMention, Quote
from voyaltis_flow.reading.scene import Segment
from voyaltis_flow.reading.stage import Mention, Stage


@dataclass(frozen=True, slots=True)
class Waiting:
    """A product that counts and has no number yet: it may still follow."""

    mention: Mention
    quote: Quote
    asked_for: bool = True
    """Whether "how many?" is to be asked when no number follows: not of "l'écran", which was only spoken of."""


class Tally:
    """Writes one turn's amounts into its ledger. A correction waits for the next amount or product."""

    def __init__(self, stage: Stage) -> None:
        self._stage, self._ledger = stage, stage.ledger
        self.correcting = False
        self.retracted_in: int | None = None
        self.waiting: Waiting | None = None
        self._basis: Quote | None = None

    def count(
        self,
        mention: Mention,
        amount: float,
        derivation: Derivation,
        said: Item | Segment,
        segment: Segment,
        *,
        restate: bool = False,
        basis: Quote | None = None,
    ) -> None:
        """Puts an amount to a mention: a product's number, or an open mention when several products fit.

        `restate` says that the amount is the whole number, as in an answer to "how many?"; `basis` are the words that a
        share or a copy rests on.
        """
        ledger, product = self._ledger, mention.product
        self.rest_on(basis or (ledger.base_quote if derivation in ("share", "copy") else None))
        if derivation == "said" and amount:
            ledger.base, ledger.base_quote = amount, self._stage.quote_of(said)
        if product is None:
            self._count_open(mention, amount, said)
        elif amount == 0:
            self.remove(product, None, segment, said)
        elif not float(amount).is_integer():
            # Half of an odd number, a price taken for a quantity: nobody sells so many, and it is not for us to round.
            return
        else:
            self._take_part(product, amount, segment)
            if self.correcting:
                self._correct(mention, amount, said, segment)
                return
            held = ledger.held.get(product)
            if held is None or restate:
                self.enter(mention, "set", amount, amount, derivation, said, segment)
            elif self._adds(product, amount, said, segment):
                self.enter(mention, "add", amount, held + amount, derivation, said, segment)
            elif held != amount:
                self.enter(mention, "set", amount, amount, "corrected", said, segment)

    def rest_on(self, words: Quote | None) -> None:
        """Names the words said before that the next change rests on, beside its own."""
        self._basis = words

    def correct_topic(self, mention: Mention, amount: float, said: Item, segment: Segment) -> None:
        """Gives what is spoken of another number."""
        self.correcting = False
        if mention.product is not None:
            self.enter(mention, "set", amount, amount, "corrected", said, segment)
        else:
            self._change_open(mention, lambda _: amount)
        self._ledger.topic = replace(self._ledger.topic, number=amount)

    def add(self, mention: Mention, amount: float, said: Item, segment: Segment) -> None:
        """So many more of what is spoken of."""
        product = mention.product
        if product is None:
            self._change_open(mention, lambda before: (before or 0) + amount)
        else:
            self.enter(mention, "add", amount, self._ledger.held.get(product, 0) + amount, "said", said, segment)

    def remove(self, product: str, amount: float | None, segment: Segment, said: Item | Segment) -> None:
        """Takes a product back, or so many of it."""
        held = self._ledger.held.get(product)
        self.retracted_in, self.correcting = segment.sentence, False
        if held is None:
            return
        total = None if amount is None or amount >= held else held - amount
        quote = self._stage.quote_of(said)
        self._ledger.put(
            Entry(product, "remove", amount, total, (quote,), "corrected", None, 1.0, False, segment.sentence)
        )

    def clear(self) -> None:
        """ "Donc zéro": nothing of what this turn named was sold."""
        for entry in reversed(list(self._ledger.entries)):
            if entry.op != "remove":
                self._ledger.undo(entry)
        self._ledger.open = list(self._ledger.context.open)

    def enter(
        self,
        mention: Mention,
        op: Op,
        amount: float,
        total: float,
        derivation: Derivation,
        said: Item | Segment,
        segment: Segment,
    ) -> None:
        """Writes a change down as it is."""
        quotes = (self._basis, self._stage.quote_of(said)) if self._basis else (self._stage.quote_of(said),)
        self._basis = None
        entry = Entry(
            mention.product or "",
            op,
            amount,
            total,
            quotes,
            derivation,
            mention.match,
            mention.score,
            mention.confirm,
            segment.sentence,
        )
        self._ledger.put(entry)

    def settle(self, unless: Mention | None = None) -> None:
        """Leaves what counted and never got its number to be asked."""
        if self.waiting is None:
            return
        mention, quote = self.waiting.mention, self.waiting.quote
        if unless and unless.same_as(mention.candidates):
            return
        asked_for, self.waiting = self.waiting.asked_for, None
        if asked_for and mention.product:
            self._ledger.lack(mention.product, mention.text, quote)
        elif asked_for:
            point = self._ledger.point
            self._ledger.leave_open(OpenMention(point, mention.text, None, mention.candidates, mention.category, quote))

    # --- one product

    def _correct(self, mention: Mention, amount: float, said: Item | Segment, segment: Segment) -> None:
        """A corrected product replaces the last one of its category; of another category, it is new."""
        self.correcting = False
        ledger, product = self._ledger, mention.product or ""
        if product in ledger.held:
            if ledger.counted(product) and segment.has("add"):
                self.enter(mention, "add", amount, ledger.held[product] + amount, "said", said, segment)
            else:
                self.enter(mention, "set", amount, amount, "corrected", said, segment)
            return
        last = ledger.last()
        if last and last.sentence >= segment.sentence - 1 and self._of_one_kind(last.product, product):
            ledger.undo(last)
        self.enter(mention, "set", amount, amount, "corrected" if last else "said", said, segment)

    def _of_one_kind(self, one: str, other: str) -> bool:
        first, second = self._stage.index.product(one), self._stage.index.product(other)
        return bool(first and second and first.category == second.category)

    def _adds(self, product: str, amount: float, said: Item | Segment, segment: Segment) -> bool:
        """Whether the same product said again is more of it, and not the same said again."""
        sentence = self._stage.sentence_so_far(segment)
        if self._stage.asked_how_many == product or segment.has("grand_total"):
            return False
        if isinstance(said, Item) and said.definite:
            return self._stage.has_word(said, "same")
        if segment.has("add"):
            return True
        counted = self._ledger.counted(product)
        if counted:
            corrected = counted.derivation == "corrected" and amount == self._ledger.held.get(product)
            again = counted.sentence != segment.sentence or segment.has("clause_starts", "today")
            return again and not corrected and not segment.has("total")
        return self._stage.asked == "anything_else" and not any(other.has("total") for other in sentence)

    # --- several products, and totals

    def _count_open(self, mention: Mention, amount: float, said: Item | Segment) -> None:
        self.correcting = False
        if amount:
            quote = self._stage.quote_of(said)
            opened = OpenMention(self._ledger.point, mention.text, amount, mention.candidates, mention.category, quote)
            self._ledger.leave_open(opened)

    def _change_open(self, mention: Mention, change: Callable[[float | None], float]) -> None:
        self._ledger.open = [
            replace(other, quantity=change(other.quantity)) if mention.same_as(other.candidates) else other
            for other in self._ledger.open
        ]

    def _take_part(self, product: str, amount: float, segment: Segment) -> None:
        """A part is taken out of the total it belongs to."""
        total = self._ledger.total_of(product)
        if total and not segment.has("add") and self._belongs(total, segment, amount):
            self._ledger.take_from(total, amount)

    def _belongs(self, total: OpenMention, segment: Segment, amount: float) -> bool:
        """Parts belong to an open total after "dont", after a colon, in the answer to "which?"; not after "et"."""
        earlier = any(opened.quote == total.quote for opened in self._ledger.context.open)
        if self._stage.asked_which and earlier:
            return True
        before = self._stage.sentence_so_far(segment)
        if any(other.has("parts", "rest") for other in before):
            return total.quantity is None or amount <= total.quantity
        fits = total.quantity is not None and amount <= total.quantity and not segment.has("clause_starts")
        return fits and not earlier and any(other.after_colon for other in before)
