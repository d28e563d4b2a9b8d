"""What happens in a conversation, as frozen data: the journal's lines, and all that the state is made of.

Times (`at`) are seconds since 1970, given by the caller. Turns count from 0 among the rep's turns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter

from voyaltis_flow.reading.model import Derivation, Missing, OpenMention, Outside, Quote, Signal

EndReason = Literal[
    "complete",
    "budget",
    "rep_stopped",
    "silence",
    "hung_up",
    "app",
    "end_of_input",
    "interrupted",
    "failed",
]
"""`complete`: nothing is left to ask; `budget`: something is, but questions or minutes ran out; `app`: the app did it;
`interrupted`: someone stopped the program; `failed`: a fault of ours."""


@dataclass(frozen=True, slots=True)
class Person:
    """The rep, or the event: whatever of its id and name is known."""

    id: str | None = None
    name: str | None = None


NOBODY = Person()


@dataclass(frozen=True, slots=True)
class Evidence:
    """A recorded value and the rep's own words for it. `confirm`: it does not count before it was confirmed."""

    point: str
    key: str | None
    value: Any
    quotes: tuple[Quote, ...] = ()
    derivation: Derivation = "said"
    match: str | None = None
    score: float = 1.0
    confirmed: bool = False
    confirm: bool = False

    @property
    def counts(self) -> bool:
        """Whether the value stands in the report; one that waits to be confirmed is listed as unresolved."""
        return self.confirmed or not self.confirm


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """The conversation begins."""

    kind: Literal["opened"] = "opened"
    at: float
    conversation: str
    flow: str
    flow_hash: str
    style: str
    language: str
    rep: Person = NOBODY
    event: Person = NOBODY
    today: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumed:
    """Another agent goes on with the conversation."""

    kind: Literal["resumed"] = "resumed"
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """The rep's words, and what the agent's last utterance was about."""

    kind: Literal["heard"] = "heard"
    at: float
    turn: int
    text: str
    asked: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """How reading left things: what the rep wanted, and which point was answered.

    `open` and `missing` are all that stands open after the turn, None where the turn changed nothing of it.
    """

    kind: Literal["understood"] = "understood"
    turn: int
    language: str
    signals: tuple[Signal, ...] = ()
    answers: str | None = None
    open: tuple[OpenMention, ...] | None = None
    missing: tuple[Missing, ...] | None = None
    focus: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageChanged:
    """The conversation goes on in another language."""

    kind: Literal["language_changed"] = "language_changed"
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A value stands from now on, in place of what its point (and key) held, or beside it where it is a list's item.

    `turn` is None where the app corrected a value.
    """

    kind: Literal["recorded"] = "recorded"
    turn: int | None
    evidence: Evidence
    item: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """A value is gone: taken back by the rep, denied when read back, or removed in the app."""

    kind: Literal["removed"] = "removed"
    turn: int | None
    point: str
    key: str | None = None
    quotes: tuple[Quote, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """The rep said yes to a value that was read back."""

    kind: Literal["confirmed"] = "confirmed"
    turn: int
    point: str
    key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideCatalog:
    """The rep spoke of a product that the catalog does not have."""

    kind: Literal["outside_catalog"] = "outside_catalog"
    turn: int
    outside: Outside


@dataclass(frozen=True, slots=True, kw_only=True)
class GaveUp:
    """The rep could not or would not tell: a point, `quantity:<product>` or `which:<category>`."""

    kind: Literal["gave_up"] = "gave_up"
    turn: int
    about: str
    reason: Literal["unknown_to_rep", "declined"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """What a model claimed and the rep's words do not bear out; `code` is greppable, `reason` is for people."""

    kind: Literal["refused"] = "refused"
    turn: int
    point: str
    claim: Any
    code: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Differed:
    """What a model claimed against the rep's plain words; the words' own value stays."""

    kind: Literal["differed"] = "differed"
    turn: int
    point: str
    claim: Any
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """What the rep heard of an utterance. `lines` names the style's lines in it, so that their variants take turns."""

    kind: Literal["spoken"] = "spoken"
    at: float
    text: str
    lines: tuple[str, ...] = ()
    interrupted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question of which something was heard, charged to its point.

    `about` is `opening`, a point's id, `which:<category>`, `quantity:<product>` or `confirm:<product>`; `subject` tells
    two mentions apart that are asked about in the same way.
    """

    kind: Literal["asked"] = "asked"
    about: str
    point: str | None
    subject: str = ""
    text: str = ""
    cost: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeated:
    """The last question was said again, since the rep wished so."""

    kind: Literal["repeated"] = "repeated"
    turn: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """The rep said nothing for a while."""

    kind: Literal["silence"] = "silence"
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FellBack:
    """A responder failed in mid-turn, and another took the turn over."""

    kind: Literal["fell_back"] = "fell_back"
    turn: int
    failure: str
    responder: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UsageCharged:
    """What a request to a vendor used and cost (dollars)."""

    kind: Literal["usage_charged"] = "usage_charged"
    responder: str
    model: str | None = None
    input_tokens: int = 0
    cached_tokens: int = 0
    cache_write_tokens: int = 0
    output_tokens: int = 0
    cost: float = 0.0
    first_token_ms: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """The conversation is over."""

    kind: Literal["ended"] = "ended"
    at: float
    because: EndReason


Event = (
    Opened
    | Resumed
    | Heard
    | Understood
    | LanguageChanged
    | Recorded
    | Removed
    | Confirmed
    | OutsideCatalog
    | GaveUp
    | Refused
    | Differed
    | Spoken
    | Asked
    | Repeated
    | Silence
    | FellBack
    | UsageCharged
    | Ended
)

_EVENT: TypeAdapter[Event] = TypeAdapter(Annotated[Event, Field(discriminator="kind")])


def encode(event: Event) -> str:
    """An event as a line of JSON."""
    return _EVENT.dump_json(event).decode()


def decode(line: str | bytes) -> Event:
    """The event of a line that `encode` wrote; ValueError for any other."""
    return _EVENT.validate_json(line)


def decode_all(lines: Sequence[str | bytes]) -> tuple[Event, ...]:
    """The events of a journal's lines, in order."""
    return tuple(map(decode, lines))
