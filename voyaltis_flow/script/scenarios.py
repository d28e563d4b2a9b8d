"""Scenarios as frozen types: conversations that a flow must hold well, scripted or simulated.

Shapes only, as in `script.models`. They lie beside their flow: those of `event_debrief.yaml` in
`event_debrief.scenarios.yaml`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from voyaltis_flow.script.models import NO_TEXT, LanguageCode, Node, Number, PointType, Text, Whole

Temperament = Literal[
    "plain",
    "talkative",
    "terse",
    "hesitant",
    "corrects_themselves",
    "digresses",
    "answers_another_question",
    "angry",
    "hangs_up",
    "silent",
]
"""How a simulated rep tells what they have to tell."""


def _several(written: Any) -> Any:
    return [written] if isinstance(written, str) else written


def _from_to(written: Any) -> Any:
    """A lone number is a range of one."""
    return [written, written] if isinstance(written, int | float) and not isinstance(written, bool) else written


def _in_order(bounds: tuple[float, float]) -> tuple[float, float]:
    low, high = bounds
    return min(low, high), max(low, high)


Names = Annotated[tuple[str, ...], BeforeValidator(_several)]
Range = Annotated[tuple[Number, Number], BeforeValidator(_from_to), AfterValidator(_in_order)]
"""From the first number to the second, both included: `[1, 5]`; `3` is from 3 to 3."""
Count = Annotated[
    tuple[Annotated[Whole, Field(ge=0)], Annotated[Whole, Field(ge=0)]],
    BeforeValidator(_from_to),
    AfterValidator(_in_order),
]
NOT_YET = "not_yet"
"""What `ended` says of a conversation that goes on."""
NOTHING = "nothing"
"""What `asked` says where nothing was asked."""
SLOTS: Mapping[PointType, frozenset[str]] = {
    "quantities": frozenset({"items", "product", "number"}),
    "products": frozenset({"items", "product"}),
    "amounts": frozenset({"product", "number"}),
    "number": frozenset({"number"}),
    "date": frozenset({"number", "date"}),
    "text": frozenset({"product", "number"}),
    "list": frozenset({"product", "number"}),
}
"""What is filled into the sayings of a point's type."""
SLOT = re.compile(r"\{(\w+)\}")

Share = Annotated[Number, Field(ge=0, le=1)]


def slots_of(saying: str) -> frozenset[str]:
    """The names of what is filled into a saying."""
    return frozenset(SLOT.findall(saying))


class Expected(Node):
    """What must be so at a moment of a conversation. What is not named here may be as it likes."""

    recorded: Mapping[str, Any] = {}
    """By point, all that it holds: `{sales: {ph-s25: 2}}`; of texts, words that are in them; null or empty: nothing."""
    not_recorded: Mapping[str, Names] = {}
    """By point: products, options or words that it does not hold."""
    asked: str | None = None
    """What the agent's last question is about: a point, `which:CATEGORY`, `quantity:PRODUCT`, `confirm:PRODUCT`,
    `opening`; `nothing` when it asked nothing."""
    spent: Count | None = None
    """Questions spent so far: `2`, or `[1, 3]`."""
    reply: Names = ()
    """Words of the agent's last utterance."""
    ended: str | None = None
    """Why the conversation is over; `not_yet` when it is not."""
    report: Mapping[str, Any] = {}
    """A part of the report as it stands; a list that is named is as long as the report's."""


class Correction(Node):
    """A value that the rep corrects in the app; null takes it away."""

    point: str
    key: str | None = None
    value: Any = None


class Step(Node):
    """What the rep does, and what must be so after that. A text alone is what they say."""

    says: str | None = None
    does: Literal["stays_silent", "hangs_up", "is_cut_off"] | None = None
    """`is_cut_off`: the connection breaks, and another agent goes on."""
    corrects: Correction | None = None
    expect: Expected = Expected()

    @model_validator(mode="before")
    @classmethod
    def _from_words(cls, written: Any) -> Any:
        return {"says": written} if isinstance(written, str) else written


class Scripted(Node):
    """A conversation word by word. It is opened by the agent; a step without words is there for what it expects."""

    name: str
    language: LanguageCode | None = None
    style: str | None = None
    rep: str | None = None
    event: str | None = None
    today: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")] | None = None
    """The day on which it is held, for “mardi prochain”."""
    seconds_a_turn: Annotated[Number, Field(ge=0)] = 10.0
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]
    expect: Expected = Expected()
    """What must be so in the end."""


class Facts(Node):
    """What a simulated rep may have to tell about one point. What is not written is drawn, anew for each run."""

    chance: Share = 1.0
    """How often there is anything to tell."""
    value: Any = None
    """Just this: a value as the report has it."""
    products: Count = (1, 3)
    categories: tuple[str, ...] = ()
    """Only products of these."""
    number: Range = (1, 9)
    """How many of each product; the number, the amount; for a date, the days from now."""
    count: Count = (1, 1)
    """How many of the sayings."""
    sayings: Text = NO_TEXT
    """How a rep puts it. `[a|b]` is one of several, `{items}`, `{product}`, `{number}`, `{date}` what was drawn."""
    options: Mapping[str, Text] = {}
    """For a choice, how a rep says each option; for yes or no, `yes` and `no`."""


class Simulated(Node):
    """Conversations with reps that are made up: what they have to tell, and how they are."""

    name: str
    languages: tuple[LanguageCode, ...] = ()
    temperaments: tuple[Temperament, ...] = ()
    """One of these in each run, in turn; all of them where none is named."""
    facts: Annotated[Mapping[str, Facts], Field(min_length=1)]
    distractors: Text = NO_TEXT
    """What a rep may say beside the matter, and nothing of which may be recorded. Written as sayings are."""


class Goal(Node):
    """The figures to reach up to a level of noise."""

    noise: Share = 0.0
    right: Share | None = None
    """At least so much of what was told is recorded as it was told."""
    made_up: Share | None = None
    """At most so much of what is recorded was never told."""
    questions: Number | None = None
    """At most so many questions, in the median conversation."""


class Scenarios(Node):
    """The conversations that a flow must hold well."""

    version: Literal[1]
    scenarios: str
    """The flow that they are about, by its name."""
    scripted: tuple[Scripted, ...] = ()
    simulated: tuple[Simulated, ...] = ()
    goals: tuple[Goal, ...] = ()
