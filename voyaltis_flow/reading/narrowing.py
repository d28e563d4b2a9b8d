"""Words that fit only some of the products that are spoken of: "en 55", "la Classic", "deux 65"."""

from __future__ import annotations

from dataclasses import replace

from voyaltis_flow.reading.frames import Frame, counting
from voyaltis_flow.reading.items import Item, Quantity
from voyaltis_flow.reading.model import OpenMention
from voyaltis_flow.reading.scene import Segment
from voyaltis_flow.reading.stage import Stage, spoken_of
from voyaltis_flow.reading.tally import Tally, Waiting


class Narrowing:
    """Narrows the topic of one turn's reading, and counts what it was narrowed to."""

    def __init__(self, stage: Stage, tally: Tally) -> None:
        self._stage, self._tally, self._ledger = stage, tally, stage.ledger

    def narrow(self, segment: Segment, item: Item | None, frame: Frame) -> bool:
        """Words that only some candidates fit: "en 55", "la Classic". True when one is left, and it was counted."""
        ledger, topic = self._ledger, self._ledger.topic
        if "dont_know" in self._stage.scene.classes:
            return False
        number = self._facet_apart(item, segment)
        outside = [at for at in range(segment.first, segment.last) if not (number and number.first <= at < number.last)]
        words = [t for at in outside for t in self._stage.scene.tokens[slice(*self._stage.token_span(at))]]
        left = self._stage.index.narrow(topic.candidates, words, self._stage.lexis.language)
        if not left or len(left) == len(topic.candidates):
            return False
        total = next((other for other in ledger.open if set(topic.candidates) <= set(other.candidates)), None)
        if len(left) > 1:
            if total:
                ledger.open[ledger.open.index(total)] = replace(total, candidates=left)
            ledger.topic = replace(topic, candidates=left)
            return False
        return self._settle_on(left[0], number.value if number else None, total, segment, item, frame)

    def _facet_apart(self, item: Item | None, segment: Segment) -> Quantity | None:
        """An item's number, unless it narrows itself ("deux 65", "la 77"): then the number before it, if any."""
        if item is None or item.quantity is None:
            return self._first_count(segment)
        scene = self._stage.scene
        before = scene.elements[item.first - 1] if item.first and not scene.elements[item.first].mark else None
        if before is None or not (before.number or self._stage.lexis.is_a(before.word, "definite")):
            return item.quantity
        if not self._narrows(item.first, item.last):
            return item.quantity
        if before.number is None:
            return None
        return Quantity(item.first - 1, item.first, before.number.value, before.number.kind)

    def _narrows(self, first: int, last: int) -> bool:
        """Whether these elements fit only some of the candidates that are spoken of."""
        scene, candidates = self._stage.scene, self._ledger.topic.candidates
        last = min(last, len(scene.elements))
        words = [t for at in range(first, last) for t in scene.tokens[slice(*self._stage.token_span(at))]]
        left = self._stage.index.narrow(candidates, words, self._stage.lexis.language)
        return 0 < len(left) < len(candidates)

    def _first_count(self, segment: Segment) -> Quantity | None:
        """The number of "two American ones", where what it counts is only described."""
        for at in range(segment.first, segment.last - 1):
            number = self._stage.scene.elements[at].number
            if number and number.kind == "cardinal":
                plain = at == segment.first or not self._stage.lexis.is_a(
                    self._stage.scene.elements[at - 1].word, "not_before_bare", "definite"
                )
                return (
                    Quantity(at, at + 1, number.value, number.kind) if plain and not self._narrows(at, at + 2) else None
                )
        return None

    def _settle_on(
        self,
        product: str,
        amount: float | None,
        total: OpenMention | None,
        segment: Segment,
        item: Item | None,
        frame: Frame,
    ) -> bool:
        """Counts what an open mention was narrowed to."""
        ledger, topic = self._ledger, self._ledger.topic
        narrowed = replace(topic, candidates=(product,))
        if not (counting(frame, self._stage.asked_for_it) or topic.counted):
            ledger.topic = replace(narrowed, number=amount or topic.number)
            return False
        if amount is None:
            amount = total.quantity if total else topic.number if topic.counted else None
        mention = spoken_of(narrowed)
        if amount is None:
            ledger.topic = narrowed
            self._tally.waiting = Waiting(mention, self._stage.quote_of(segment))
            return True
        basis = total.quote if total and amount == total.quantity else None
        if total:
            ledger.take_from(total, amount)
        self._tally.rest_on(basis)
        self._tally.enter(mention, "set", amount, amount, "said", item or segment, segment)
        more_may_follow = item is not None and (total is None or total.quantity is None or total.quantity > amount)
        ledger.topic = topic if more_may_follow else replace(narrowed, number=amount, counted=True)
        return True
