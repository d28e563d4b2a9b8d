"""What reading takes and gives: a turn's words in their context → facts with their evidence. Frozen, no behaviour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

Derivation = Literal["said", "sum", "share", "copy", "corrected", "assumed"]
Signal = Literal["stop", "repeat", "dont_know", "declined", "off_topic", "empty", "order", "yes", "no", "nothing_more"]
"""`order`: the rep ordered the agent to write something (void); `nothing_more`: "c'est tout", "rien à ajouter"."""


@dataclass(frozen=True, slots=True)
class Quote:
    """The rep's own words: `text` stands verbatim in turn `turn` (from 0 among the rep's turns)."""

    turn: int
    text: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One value that the words bear out. Applied in order: `value` is what (point, key) holds from now on, None: gone.

    `key` is the product id for quantities, products and amounts, and None otherwise. A `list` point has one Fact
    per item (`key` None, `value` the item's text, `op` "add").
    """

    point: str
    key: str | None
    op: Literal["set", "add", "remove"]
    value: Any
    quotes: tuple[Quote, ...]
    derivation: Derivation = "said"
    amount: float | None = None
    """The number that was said: 2 of "two more", where `value` is the total."""
    match: str | None = None
    """How the mention was matched (`Match.how`), None where no catalog was needed."""
    score: float = 1.0
    confirm: bool = False


@dataclass(frozen=True, slots=True)
class OpenMention:
    """Said to count, and fits several products: to be narrowed by "which one?" or left in the report's `unresolved`."""

    point: str
    mention: str
    quantity: float | None
    candidates: tuple[str, ...]
    category: str | None
    quote: Quote


@dataclass(frozen=True, slots=True)
class Missing:
    """A product said to count whose number is not known: to be asked ("how many?")."""

    point: str
    product: str
    mention: str
    quote: Quote


@dataclass(frozen=True, slots=True)
class Outside:
    """Said to count and not in the catalog; `quantity` is None when none was given."""

    point: str
    mention: str
    quantity: float | None
    quote: Quote


@dataclass(frozen=True, slots=True)
class Declined:
    """What the rep could not or would not answer: a point's id, `quantity:<product>` or `which:<category>`."""

    about: str
    reason: Literal["unknown_to_rep", "declined"]


@dataclass(frozen=True, slots=True)
class Context:
    """What a turn is read against. `asked` is what the agent's last utterance was about: `opening`, a point's id,
    `quantity:<product>`, `which:<category>`, `anything_else`, or None.

    `held` is what has been recorded so far: point → key → value (key "" where the point has a single value).
    `focus` is what reading itself wants to remember between turns; plain JSON, opaque to all others, {} at the start.
    """

    turn: int = 0
    asked: str | None = None
    language: str | None = None
    held: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    open: tuple[OpenMention, ...] = ()
    missing: tuple[Missing, ...] = ()
    focus: Mapping[str, Any] = field(default_factory=dict)
    today: date | None = None
    """The day of the conversation, for "mardi prochain"; without it such a date is not read."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one turn said. `open` and `missing` are all that stand open after it, from this turn and before."""

    language: str
    facts: tuple[Fact, ...] = ()
    open: tuple[OpenMention, ...] = ()
    missing: tuple[Missing, ...] = ()
    outside: tuple[Outside, ...] = ()
    declined: tuple[Declined, ...] = ()
    signals: frozenset[Signal] = frozenset()
    answered: bool = False
    """The words answer what was asked (with a value, "nothing", or "I don't know")."""
    focus: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Claim:
    """What a model says that a turn said: to be borne out by the rep's words, or refused."""

    point: str
    value: Any
    quote: str
    mention: str | None = None
    quantity: float | None = None
    op: Literal["set", "add", "remove"] = "set"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a claim is not recorded; `code` is greppable, `reason` is for people."""

    code: Literal[
        "quote_not_said",
        "number_not_in_quote",
        "mention_not_in_quote",
        "unknown_product",
        "ambiguous_product",
        "said_otherwise",
        "not_counted",
        "not_an_option",
        "wrong_type",
        "contradicts",
    ]
    reason: str
