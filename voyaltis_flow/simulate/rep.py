"""A made-up rep: answers what the agent asks out of what they know, in their own manner."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random

from voyaltis_flow.engine.events import Asked
from voyaltis_flow.script.models import Flow
from voyaltis_flow.simulate.facts import Item
from voyaltis_flow.simulate.manners import Manner
from voyaltis_flow.simulate.naming import Naming
from voyaltis_flow.simulate.phrases import Phrases, put

Carriers = Mapping[str, Sequence[str]]
"""By point: the sentences that `{items}` stand in, or `{product}` and `{number}`, one for each."""


@dataclass(slots=True)
class Memory:
    """What a rep has said so far, and what they know to be unclear."""

    told: list[Item] = field(default_factory=list)
    vague: list[Item] = field(default_factory=list)
    """Named by their kind alone."""
    numberless: list[Item] = field(default_factory=list)
    mistaken: list[tuple[Item, Item]] = field(default_factory=list)
    """Told with a wrong number, to be set right: what was said, and what is so."""


class Rep:
    """Knows some facts and tells them. `told` is what they have said in the end, a mistake not set right included."""

    def __init__(
        self,
        flow: Flow,
        hidden: Sequence[Item],
        manner: Manner,
        carriers: Carriers,
        beside: Sequence[str],
        naming: Naming,
        phrases: Phrases,
        chance: Random,
    ) -> None:
        """`beside` are sentences that are said when the rep is distracted, of which nothing counts."""
        self._flow, self._hidden, self._manner, self._carriers = flow, list(hidden), manner, carriers
        self._beside, self._naming, self._phrases, self._chance = list(beside), naming, phrases, chance
        self._memory, self._evaded, self._turns = Memory(), set[str](), 0
        self.distractions: list[str] = []
        self._patience = chance.randint(*manner.stays) if manner.stays else None
        listened = [point.id for point in flow.points if point.ask == "never"]
        self._unasked = {item: chance.randint(0, 1) for item in hidden if item.point in listened}

    @property
    def told(self) -> tuple[Item, ...]:
        """What was told, each with the number that was said last."""
        return tuple(self._memory.told)

    @property
    def untold(self) -> tuple[Item, ...]:
        """What was never said whole."""
        keys = {(item.point, item.key, item.words) for item in self.told}
        return tuple(item for item in self._hidden if (item.point, item.key, item.words) not in keys)

    @property
    def leaves(self) -> bool:
        """Whether they hang up now."""
        return self._patience is not None and self._turns >= self._patience

    def answer(self, asked: Asked | None) -> str | None:
        """What they say to a question, None for nothing at all."""
        if self._may(self._manner.silent):
            return None
        first, self._turns = self._turns == 0, self._turns + 1
        parts = [*self._set_right(), *self._grumble(), self._on(asked), *self._listened_for(), *self._more(first)]
        return self._dressed([_sentence(part) for part in parts if part], first)

    # --- what is asked

    def _on(self, asked: Asked | None) -> str:
        kind, _, subject = (asked.about if asked else "").partition(":")
        match kind:
            case "which":
                return self._which(subject)
            case "quantity":
                return self._how_many(subject)
            case "confirm":
                return self._confirm(subject, asked.subject if asked else "")
        point = asked.point if asked else None
        if point is None:
            return self._phrases.say(self._chance, "nothing")
        if (other := self._instead(point)) is not None:
            return self._tell(other)
        return self._tell(point) or self._none_of(point)

    def _which(self, category: str) -> str:
        meant = [item for item in self._memory.vague if item.key in self._naming.of_kind(category, [item.key or ""])]
        if not meant:
            return self._again(category)
        item = meant[0]
        self._memory.vague.remove(item)
        self._memory.told.append(item)
        named = self._naming.product(self._chance, item.key or "", item.value)
        return self._phrases.say(self._chance, "which", product=named)

    def _again(self, category: str) -> str:
        """What was told of a kind of product, named once more."""
        of_kind = self._naming.of_kind(category, [item.key for item in self._memory.told if item.key])
        said = [item for item in self._memory.told if item.key in of_kind and not isinstance(item.value, bool)]
        if not said:
            return self._phrases.say(self._chance, "not_mine")
        return _sentence(self._phrases.row(self._chance, [self._item(item) for item in said]))

    def _how_many(self, product: str) -> str:
        waiting = [item for item in self._memory.numberless if item.key == product]
        said = [item for item in self._memory.told if item.key == product and not isinstance(item.value, bool)]
        if not waiting and not said:
            return self._phrases.say(self._chance, "not_mine")
        if waiting:
            self._memory.numberless.remove(waiting[0])
            self._memory.told.append(waiting[0])
        number = (waiting or said)[0].value
        return self._phrases.say(self._chance, "how_many", number=self._phrases.number(self._chance, number))

    def _confirm(self, product: str, value: str) -> str:
        said = next((item for item in self._memory.told if item.key == product), None)
        if said is None:
            return self._phrases.say(self._chance, "not_mine")
        if _same_number(value, said.value):
            return self._phrases.say(self._chance, "confirmed")
        return self._phrases.say(self._chance, "denied", items=self._item(said))

    def _instead(self, point: str) -> str | None:
        """Another point that they would rather talk about, once for each question."""
        others = [
            item.point
            for item in self._waiting()
            if item.point != point and item not in self._unasked and (item.speaks_for_itself or not item.words)
        ]
        if not others or point in self._evaded or not self._may(self._manner.evades):
            return None
        self._evaded.add(point)
        return self._chance.choice(others)

    # --- what is told

    def _tell(self, point: str) -> str:
        """All that there is to tell of a point; "" when there is nothing left."""
        items = [item for item in self._waiting() if item.point == point]
        if not items:
            return ""
        if items[0].words:
            self._memory.told += items
            return " ".join(_sentence(item.words) for item in items)
        carriers = self._carriers[point]
        if not any("{items}" in carrier for carrier in carriers):
            self._memory.told += items
            return " ".join(self._alone(item, carriers) for item in items)
        row = self._phrases.row(self._chance, [self._said(item, items) for item in items])
        carrier = "{items}" if self._may(self._manner.bare) else self._chance.choice(carriers)
        return _sentence(put(self._chance, carrier, items=row))

    def _alone(self, item: Item, carriers: Sequence[str]) -> str:
        named, number = self._naming.product(self._chance, item.key or ""), self._phrases.digits(item.value)
        return _sentence(put(self._chance, self._chance.choice(carriers), product=named, number=number))

    def _said(self, item: Item, items: Sequence[Item]) -> str:
        """A product with its number, as far as they bother to be clear."""
        others = [other.key or "" for other in [*items, *self._hidden] if other.key]
        if isinstance(item.value, bool):
            self._memory.told.append(item)
            return self._naming.product(self._chance, item.key or "")
        if self._naming.may_be_vague(item.key or "", others) and self._may(self._manner.vague):
            self._memory.vague.append(item)
            return self._item(item, self._naming.category(self._chance, item.key or "", item.value))
        if item.value > 1 and self._may(self._manner.numberless):
            self._memory.numberless.append(item)
            named = self._naming.product(self._chance, item.key or "", item.value)
            return self._phrases.say(self._chance, "numberless", product=named)
        if self._may(self._manner.second_thoughts):
            wrong = replace(item, value=self._other_than(item.value))
            self._memory.told.append(wrong)
            self._memory.mistaken.append((wrong, item))
            return self._item(wrong)
        self._memory.told.append(item)
        if self._may(self._manner.slips):
            wrong = replace(item, value=self._other_than(item.value))
            right = self._phrases.number(self._chance, item.value)
            return self._phrases.say(self._chance, "slip", wrong=self._item(wrong), right=right)
        return self._item(item)

    def _item(self, item: Item, named: str = "") -> str:
        number = self._phrases.number(self._chance, item.value)
        if self._may(self._manner.hesitates):
            number = f"{self._phrases.say(self._chance, 'hesitation')} {number}"
        named = named or self._naming.product(self._chance, item.key or "", item.value)
        return self._phrases.say(self._chance, "item" if item.value > 1 else "one_item", number=number, product=named)

    def _none_of(self, point: str) -> str:
        """The answer where there is nothing to tell, or where it was told before."""
        told = [item for item in self._memory.told if item.point == point]
        if told and told[0].words:
            words = " ".join(_sentence(item.words) for item in told)
            return self._phrases.say(self._chance, "as_i_said", words=words)
        known = self._flow.point(point)
        nothing_sold = not told and known is not None and known.type == "quantities"
        return self._phrases.say(self._chance, "none_sold" if nothing_sold else "nothing")

    # --- what comes with it

    def _set_right(self) -> list[str]:
        """The second thoughts on what was told the last time."""
        said = []
        for wrong, item in self._memory.mistaken:
            self._memory.told[self._memory.told.index(wrong)] = item
            slots = {"right": item.value, "wrong": wrong.value}
            numbers = {name: self._phrases.number(self._chance, value) for name, value in slots.items()}
            named = self._naming.product(self._chance, item.key or "", item.value)
            said.append(self._phrases.say(self._chance, "second_thought", product=named, **numbers))
        self._memory.mistaken.clear()
        return said

    def _grumble(self) -> list[str]:
        return [self._phrases.say(self._chance, "grumble")] if self._may(self._manner.grumbles) else []

    def _listened_for(self) -> list[str]:
        """What nobody asks for, told when its turn has come."""
        due = [item for item, turn in self._unasked.items() if turn < self._turns and item not in self._memory.told]
        self._memory.told += due
        return [_sentence(item.words) for item in due]

    def _more(self, first: bool) -> list[str]:
        """What is told beside the answer: what does not count, more facts, and what has nothing to do with it."""
        said = []
        if first and self._beside and self._may(self._manner.distracts):
            self.distractions.append(_sentence(self._beside.pop()))
            said.append(self.distractions[-1])
        others = {item.point for item in self._waiting() if item.speaks_for_itself and item not in self._unasked}
        for point in [point.id for point in self._flow.points if point.id in others]:
            if first and self._may(self._manner.volunteers):
                said.append(self._tell(point))
        if self._may(self._manner.digresses):
            said.insert(self._chance.randint(0, len(said)), self._phrases.say(self._chance, "digression"))
        return said

    def _dressed(self, parts: list[str], first: bool) -> str:
        text = " ".join(parts)
        if self._may(self._manner.opens if first else self._manner.opens / 2):
            opener = self._phrases.say(self._chance, "opener" if first else "lead")
            text = f"{opener}, {text[:1].lower()}{text[1:]}"
        if first and self._may(self._manner.closes):
            text = f"{text} {self._phrases.say(self._chance, 'closer')}"
        if self._may(self._manner.hesitates):
            text = f"{self._phrases.say(self._chance, 'hesitation').capitalize()}… {text}"
        return text

    def _waiting(self) -> list[Item]:
        """What has not been begun to be told."""
        memory = self._memory
        begun = {(item.point, item.key, item.words) for item in [*memory.told, *memory.vague, *memory.numberless]}
        return [item for item in self._hidden if (item.point, item.key, item.words) not in begun]

    def _other_than(self, number: int) -> int:
        return self._chance.choice([other for other in range(max(2, number - 2), number + 4) if other != number])

    def _may(self, how_often: float) -> bool:
        return self._chance.random() < how_often


def _sentence(text: str) -> str:
    text = text.strip()
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


def _same_number(told: str, value: object) -> bool:
    try:
        return isinstance(value, int | float) and float(told) == float(value)
    except ValueError:
        return False
