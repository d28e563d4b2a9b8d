"""Scenarios as frozen types: conversations that a flow must hold well, scripted or simulated.

Shapes only, as in `script.models`. They lie beside their flow: those of `event_debrief.yaml` in
`event_debrief.scenarios.yaml`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, GetJsonSchemaHandler, model_validator
from pydantic_core import CoreSchema

from voyaltis_flow.script.models import (
    NO_TEXT,
    LanguageCode,
    Names,
    NoBoolean,
    Node,
    Number,
    OneOrMore,
    PointType,
    Text,
    Whole,
    also_written,
    doc,
)

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


def _in_order(bounds: tuple[float, float]) -> tuple[float, float]:
    low, high = bounds
    return min(low, high), max(low, high)


Range = Annotated[tuple[Number, Number], OneOrMore(int, float, times=2), AfterValidator(_in_order)]
"""From the first number to the second, both included: `[1, 5]`; `3` is from 3 to 3."""
Count = Annotated[
    tuple[Annotated[Whole, Field(ge=0)], Annotated[Whole, Field(ge=0)]],
    OneOrMore(int, float, times=2),
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

    recorded: Annotated[
        Mapping[str, Any],
        doc(
            "By point, all that it holds. Of a text, words that are in it; null or empty, that nothing was recorded.",
            {"sales": {"ph-s25": 2}, "customer_feedback": "adoré"},
        ),
    ] = {}
    not_recorded: Annotated[
        Mapping[str, Names],
        doc("By point: products, options or words that it does not hold.", {"sales": "ph-a16"}),
    ] = {}
    asked: Annotated[
        str | None,
        doc(
            "What the agent's last question is about: a point, `which:CATEGORY`, `quantity:PRODUCT`, "
            "`confirm:PRODUCT`, `opening`; `nothing` when it asked nothing.",
            "customer_feedback",
            "nothing",
        ),
    ] = None
    spent: Annotated[
        Count | None, doc("Questions spent so far: a number, or from the least to the most.", 2, [1, 3])
    ] = None
    reply: Annotated[Names, doc("Words of the agent's last utterance.", "Galaxy S25", ["2", "Galaxy S25"])] = ()
    ended: Annotated[
        str | None,
        doc(
            "Why the conversation is over: `complete`, `budget`, `rep_stopped`, `silence`, `hung_up`; `not_yet` when "
            "it is not.",
            "complete",
            "not_yet",
        ),
    ] = None
    report: Annotated[
        Mapping[str, Any],
        doc(
            "A part of the report as it stands; a list that is named is as long as the report's.",
            {"gaps": [], "language": "fr"},
        ),
    ] = {}


class Correction(Node):
    """A value that the rep corrects in the app."""

    point: Annotated[str, doc("The point that is corrected.", "sales")]
    key: Annotated[str | None, doc("Which of its values: a product.", "ph-s25")] = None
    value: Annotated[Any, doc("What it becomes; null takes it away.", 3)] = None


class Step(Node):
    """What the rep does, and what must be so after that. A text alone is what they say."""

    says: Annotated[str | None, doc("The rep's words.", "J'ai vendu deux S25.")] = None
    does: Annotated[
        Literal["stays_silent", "hangs_up", "is_cut_off"] | None,
        doc("What the rep does in place of speaking. `is_cut_off`: another agent goes on.", "stays_silent"),
    ] = None
    corrects: Annotated[
        Correction | None,
        doc("A value that is corrected in the app.", {"point": "sales", "key": "ph-s25", "value": 3}),
    ] = None
    expect: Annotated[Expected, doc("What must be so after that.", {"asked": "customer_feedback", "spent": 2})] = (
        Expected()
    )

    @model_validator(mode="before")
    @classmethod
    def _from_words(cls, written: Any) -> Any:
        return {"says": written} if isinstance(written, str) else written

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        named = handler(core)
        also_written(handler.resolve_ref_schema(named), {"type": "string"})
        return named


class Scripted(Node):
    """A conversation word by word. It is opened by the agent; a step without words is there for what it expects."""

    name: Annotated[str, doc("What it shows.", "two phones and an opinion")]
    language: Annotated[LanguageCode | None, doc("The language it is held in; else the flow's first.", "fr")] = None
    style: Annotated[str | None, doc("The style it is held in; else the flow's.", "professional_warm")] = None
    rep: Annotated[str | None, doc("The rep's name, for the flow's texts.", "Thomas")] = None
    event: Annotated[str | None, doc("Where the rep was, for the flow's texts.", "le Salon de Lyon")] = None
    today: Annotated[
        Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")] | None,
        doc("The day on which it is held, for “mardi prochain”.", "2026-03-02"),
    ] = None
    seconds_a_turn: Annotated[Number, Field(ge=0), doc("How fast time passes, for the budget's minutes.", 10.0)] = 10.0
    steps: Annotated[
        tuple[Step, ...],
        Field(min_length=1),
        doc(
            "What the rep does, and what must be so after that.",
            ["J'ai vendu deux S25.", {"says": "Rien d'autre.", "expect": {"asked": "nothing"}}],
        ),
    ]
    expect: Annotated[Expected, doc("What must be so in the end.", {"ended": "complete"})] = Expected()


class Facts(Node):
    """What a simulated rep may have to tell about one point. What is not written is drawn, anew for each run."""

    chance: Annotated[Share, doc("How often there is anything to tell, from 0 to 1.", 0.8)] = 1.0
    value: Annotated[Any, doc("Just this, as the report has it, in place of what is drawn.", {"ph-s25": 2}, True)] = (
        None
    )
    products: Annotated[Count, doc("How many products.", [1, 4], 2)] = (1, 3)
    categories: Annotated[tuple[str, ...], doc("Only products of these categories.", ["smartphone"])] = ()
    number: Annotated[
        Range, doc("How many of each product; the number, the amount; for a date, the days from now.", [1, 9])
    ] = (1, 9)
    count: Annotated[Count, doc("How many of the sayings.", [1, 2])] = (1, 1)
    sayings: Annotated[
        Text,
        doc(
            "How a rep puts it. `[a|b]` is one of several; `{items}`, `{product}`, `{number}` and `{date}` are what "
            "was drawn.",
            {"fr": ["les clients [adorent|ont adoré] {product}"], "en": ["customers [love|loved] {product}"]},
        ),
    ] = NO_TEXT
    options: Annotated[
        Mapping[str, Text],
        doc(
            "For a choice, how a rep says each option; for yes or no, `yes` and `no`.",
            {"satisfait": {"fr": ["bonne journée"], "en": ["a good day"]}},
        ),
    ] = {}


class Simulated(Node):
    """Conversations with reps that are made up: what they have to tell, and how they are."""

    name: Annotated[str, doc("What it shows.", "a day on the stand")]
    languages: Annotated[tuple[LanguageCode, ...], doc("The languages, in turn; else the flow's.", ["fr", "en"])] = ()
    temperaments: Annotated[
        tuple[Temperament, ...],
        doc("One of these in each run, in turn; all of them where none is named.", ["plain", "terse", "talkative"]),
    ] = ()
    facts: Annotated[
        Mapping[str, Facts],
        Field(min_length=1),
        doc("By point, what a rep may have to tell.", {"sales": {"products": [1, 4], "number": [1, 9]}}),
    ]
    distractors: Annotated[
        Text,
        doc(
            "What a rep may say beside the matter, and nothing of which may be recorded. Written as sayings are.",
            {"fr": ["il [pleut|fait froid] ici"], "en": ["it's [raining|cold] here"]},
        ),
    ] = NO_TEXT


class Goal(Node):
    """The figures to reach up to a level of noise."""

    noise: Annotated[Share, doc("Up to this level of noise, from 0 to 1.", 0.1)] = 0.0
    right: Annotated[Share | None, doc("At least so much of what was told is recorded as it was told.", 0.97)] = None
    made_up: Annotated[Share | None, doc("At most so much of what is recorded was never told.", 0.002)] = None
    questions: Annotated[Number | None, doc("At most so many questions, in the median conversation.", 3)] = None


class Scenarios(Node):
    """The conversations that a flow must hold well."""

    version: Annotated[Literal[1], NoBoolean, doc("The format of this file.", 1)]
    scenarios: Annotated[str, doc("The flow that they are about, by its name.", "event_debrief")]
    scripted: Annotated[
        tuple[Scripted, ...],
        doc("Conversations word by word.", [{"name": "two phones", "steps": ["Deux S25.", "C'est tout."]}]),
    ] = ()
    simulated: Annotated[
        tuple[Simulated, ...],
        doc("Kinds of conversations with reps who are made up.", [{"name": "a day", "facts": {"sales": {}}}]),
    ] = ()
    goals: Annotated[
        tuple[Goal, ...],
        doc("The figures to reach, by level of noise.", [{"noise": 0, "right": 0.97, "made_up": 0.002}]),
    ] = ()
