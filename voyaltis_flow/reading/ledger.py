"""The account of a turn: what is held, what stands open, what was last spoken of, and every change with its words.

Written to by `fold`, one item at a time; closed into Facts at the end. Lives for one turn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from voyaltis_flow.reading.model import Context, Derivation, Fact, Missing, OpenMention, Outside, Quote

Op = Literal["set", "add", "remove"]


class Named(Protocol):
    """What a topic is made of: a mention."""

    @property
    def candidates(self) -> tuple[str, ...]: ...
    @property
    def text(self) -> str: ...
    @property
    def category(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Topic:
    """What was last spoken of: one product or several candidates, and the number last said of it, counted or not."""

    candidates: tuple[str, ...] = ()
    mention: str = ""
    category: str | None = None
    number: float | None = None
    counted: bool = False
    sentence: int = -1

    @classmethod
    def of(cls, mention: Named, number: float | None, counted: bool, sentence: int) -> Topic:
        """A mention as the topic."""
        return cls(mention.candidates, mention.text, mention.category, number, counted, sentence)

    @property
    def product(self) -> str | None:
        return self.candidates[0] if len(self.candidates) == 1 else None

    @property
    def is_open(self) -> bool:
        """Whether several products still fit."""
        return len(self.candidates) > 1


@dataclass(frozen=True, slots=True)
class Entry:
    """One change to a product's number."""

    product: str
    op: Op
    amount: float | None
    total: float | None
    quotes: tuple[Quote, ...]
    derivation: Derivation
    match: str | None
    score: float
    confirm: bool
    sentence: int


@dataclass
class Ledger:
    """The account of one point in one turn."""

    point: str
    context: Context
    held: dict[str, float]
    open: list[OpenMention]
    missing: list[Missing]
    topic: Topic
    base: float | None
    """The number that "half", "the rest" and "the same" refer to."""
    base_quote: Quote | None = None
    """The words that said it."""
    outside: list[Outside] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    copied: float | None = None

    @classmethod
    def begin(cls, point: str, context: Context) -> Ledger:
        """The account as the turns before left it."""
        focus = context.focus.get(point, {})
        topic = Topic(
            tuple(focus.get("candidates", ())),
            focus.get("mention", ""),
            focus.get("category"),
            focus.get("number"),
            bool(focus.get("counted")),
        )
        return cls(
            point,
            context,
            dict(context.held.get(point, {})),
            [mention for mention in context.open if mention.point == point],
            [missing for missing in context.missing if missing.point == point],
            topic,
            focus.get("base"),
            Quote(*quoted) if (quoted := focus.get("base_quote")) else None,
        )

    def focus(self) -> Mapping[str, object]:
        """What the next turn needs to know, as plain JSON."""
        topic = self.topic
        if not topic.candidates and self.base is None:
            return {}
        return {
            "candidates": list(topic.candidates[:20]),
            "mention": topic.mention,
            "category": topic.category,
            "number": topic.number,
            "counted": topic.counted,
            "base": self.base,
            "base_quote": [self.base_quote.turn, self.base_quote.text] if self.base_quote else None,
        }

    # --- what the turn has counted so far

    def counted(self, product: str) -> Entry | None:
        """The last change to a product in this turn."""
        return next((entry for entry in reversed(self.entries) if entry.product == product), None)

    def last(self) -> Entry | None:
        """The last change of the turn that put a number somewhere."""
        return next((entry for entry in reversed(self.entries) if entry.op != "remove"), None)

    # --- changes

    def put(self, entry: Entry) -> None:
        """Takes a change into the account."""
        self.entries.append(entry)
        if entry.total is None or entry.total <= 0:
            self.held.pop(entry.product, None)
        else:
            self.held[entry.product] = entry.total
        self.missing = [missing for missing in self.missing if missing.product != entry.product]

    def undo(self, entry: Entry) -> None:
        """Takes a change back: the product stands as it stood before it."""
        self.entries.remove(entry)
        earlier = self.counted(entry.product)
        before = earlier.total if earlier else self.context.held.get(self.point, {}).get(entry.product)
        if before is None:
            self.held.pop(entry.product, None)
        else:
            self.held[entry.product] = before

    def lack(self, product: str, mention: str, quote: Quote) -> None:
        """Notes that a product counts and its number is not known."""
        if product not in self.held and all(missing.product != product for missing in self.missing):
            self.missing.append(Missing(self.point, product, mention, quote))

    def leave_open(self, mention: OpenMention) -> None:
        """Notes a mention that fits several products; one that says the same again changes nothing."""
        for at, other in enumerate(self.open):
            same = set(mention.candidates) == set(other.candidates)
            narrower = set(mention.candidates) < set(other.candidates)
            if (same or narrower) and (
                None in (mention.quantity, other.quantity) or mention.quantity == other.quantity
            ):
                self.open[at] = OpenMention(
                    self.point,
                    mention.mention,
                    other.quantity or mention.quantity,
                    mention.candidates,
                    mention.category,
                    other.quote,
                )
                return
        self.open.append(mention)

    def total_of(self, product: str) -> OpenMention | None:
        """The open mention that a product is a kind of."""
        return next((mention for mention in reversed(self.open) if product in mention.candidates), None)

    def take_from(self, mention: OpenMention, amount: float | None) -> None:
        """Takes a part out of an open total; nothing is left of one whose number was not given."""
        at = self.open.index(mention)
        left = (mention.quantity or 0) - (amount or 0)
        if mention.quantity is None or amount is None or left <= 0:
            del self.open[at]
        else:
            self.open[at] = OpenMention(
                mention.point, mention.mention, left, mention.candidates, mention.category, mention.quote
            )

    # --- the end

    def facts(self) -> tuple[Fact, ...]:
        """One Fact per product that changed, with all its quotes of this turn."""
        return tuple(
            fact for product in dict.fromkeys(entry.product for entry in self.entries) if (fact := self._fact(product))
        )

    def _fact(self, product: str) -> Fact | None:
        entries = [entry for entry in self.entries if entry.product == product]
        before = self.context.held.get(self.point, {}).get(product)
        last = entries[-1]
        total = last.total if last.total and last.total > 0 else None
        if total == before and (before is None or last.derivation == "said"):
            return None
        quotes = tuple(dict.fromkeys(quote for entry in entries for quote in entry.quotes))
        adds = before is not None and all(entry.op == "add" for entry in entries)
        op: Op = "remove" if total is None else "add" if adds else "set"
        said = [entry.amount or 0 for entry in entries]
        amount = sum(said) if adds else last.amount
        return Fact(
            self.point,
            product,
            op,
            None if total is None else _whole(total),
            quotes,
            _derivation(entries, before),
            amount,
            next((entry.match for entry in entries if entry.match), None),
            min(entry.score for entry in entries),
            any(entry.confirm for entry in entries),
        )


def _derivation(entries: Sequence[Entry], before: float | None) -> Derivation:
    special: list[Derivation] = [entry.derivation for entry in entries if entry.derivation != "said"]
    if special:
        return special[-1]
    if len(entries) > 1 or (before is not None and entries[-1].op == "add"):
        return "sum"
    return "corrected" if before is not None else "said"


def _whole(number: float) -> float | int:
    return int(number) if float(number).is_integer() else number
