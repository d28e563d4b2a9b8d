"""What a simulated rep has to tell: drawn from a scenario's facts, hidden from the agent, compared in the end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from voyaltis_flow.script.models import Flow, Point
from voyaltis_flow.script.scenarios import Facts, Simulated
from voyaltis_flow.simulate.naming import Naming
from voyaltis_flow.simulate.phrases import Phrases, put


@dataclass(frozen=True, slots=True)
class Item:
    """One value that a rep knows. `words` is how they put a text, an option, a date; products are named anew."""

    point: str
    key: str | None
    value: Any
    words: str = ""

    @property
    def speaks_for_itself(self) -> bool:
        """Whether its words say what they are about, so that they can be said unasked: "yes" can't."""
        return bool(self.words) and self.value == self.words


class Draw:
    """Draws the facts of a run."""

    def __init__(self, flow: Flow, naming: Naming, phrases: Phrases, chance: Random, today: date) -> None:
        self._flow, self._naming, self._phrases = flow, naming, phrases
        self._chance, self._today = chance, today

    def hidden(self, simulated: Simulated) -> tuple[Item, ...]:
        """All that the rep of a run has to tell, in the order of the flow's points."""
        return tuple(
            item
            for point in self._flow.points
            if (facts := simulated.facts.get(point.id)) is not None and self._chance.random() < facts.chance
            for item in self._items(point, facts)
        )

    def _items(self, point: Point, facts: Facts) -> Iterator[Item]:
        match point.type:
            case "quantities" | "amounts" | "products":
                yield from self._of_products(point, facts)
            case "choice" | "yes_no":
                yield self._option(point, facts)
            case "number" | "date":
                yield self._counted(point, facts)
            case "text" | "list":
                yield from self._texts(point, facts)

    def _of_products(self, point: Point, facts: Facts) -> Iterator[Item]:
        if facts.value is not None:
            given = facts.value if isinstance(facts.value, dict) else dict.fromkeys(facts.value, True)
            yield from (Item(point.id, product, value) for product, value in given.items())
            return
        known = self._naming.products
        choice = [product.id for product in known if not facts.categories or product.category in facts.categories]
        several = min(len(choice), self._chance.randint(*facts.products))
        for product in self._chance.sample(choice, several):
            yield Item(point.id, product, self._number(point, facts))

    def _number(self, point: Point, facts: Facts) -> Any:
        low, high = facts.number
        if point.type == "amounts":
            return round(self._chance.uniform(low, high), 2)
        return True if point.type == "products" else self._chance.randint(int(low), int(high))

    def _option(self, point: Point, facts: Facts) -> Item:
        given = {True: "yes", False: "no"}.get(facts.value, str(facts.value))
        option = given if given in facts.options else self._chance.choice(list(facts.options))
        value = option == "yes" if point.type == "yes_no" else option
        words = facts.options[option].variants(self._phrases.language)
        return Item(point.id, None, value, put(self._chance, self._chance.choice(words)))

    def _counted(self, point: Point, facts: Facts) -> Item:
        low, high = facts.number
        number = self._chance.randint(int(low), int(high)) if facts.value is None else facts.value
        day = self._today + timedelta(days=number) if point.type == "date" else self._today
        saying = self._chance.choice(facts.sayings.variants(self._phrases.language))
        words = put(self._chance, saying, number=self._phrases.number(self._chance, number), date=self._day(day))
        return Item(point.id, None, day.isoformat() if point.type == "date" else number, words)

    def _texts(self, point: Point, facts: Facts) -> Iterator[Item]:
        sayings = facts.sayings.variants(self._phrases.language)
        for saying in self._chance.sample(sayings, min(len(sayings), self._chance.randint(*facts.count))):
            words = self.beside(saying)
            yield Item(point.id, None, words, words)

    def beside(self, saying: str) -> str:
        """A saying about any of the catalog's products."""
        product = self._chance.choice(self._naming.products).id if self._naming.products else None
        named = self._naming.product(self._chance, product) if product else ""
        number = self._phrases.number(self._chance, self._chance.randint(2, 9))
        return put(self._chance, saying, product=named, number=number)

    def _day(self, day: date) -> str:
        return f"{day.day} {self._phrases['months'][day.month - 1]}"
