"""A flow: what a conversation must learn, point by point, and what it may cost."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, GetJsonSchemaHandler, StrictBool, Tag, model_validator
from pydantic_core import CoreSchema

from voyaltis_flow.script.hooks import HooksOfPoint
from voyaltis_flow.script.models.base import (
    NO_META,
    NO_TEXT,
    Id,
    LanguageCode,
    Meta,
    Names,
    NoBoolean,
    Node,
    Number,
    OneOrMore,
    Text,
    Whole,
    also_written,
    doc,
)

Minutes = Annotated[Number, Field(gt=0, le=240)]
Dollars = Annotated[Number, Field(ge=0)]


class Budget(Node):
    """What a conversation may cost. The engine charges it; the model has no say in it."""

    questions: Annotated[
        Whole,
        Field(ge=0, le=100),
        doc("How many questions may be asked, all in all. An opening that asks something is one of them.", 5),
    ] = 5
    minutes: Annotated[
        Minutes | None, doc("How long it may last, in minutes. Past them, the conversation is closed.", 5)
    ] = None
    dollars: Annotated[
        Dollars | None, doc("Dollars of model. Past it, the conversation goes on without a model.", 0.10)
    ] = None


class Option(Node):
    """One value of a choice."""

    id: Annotated[Id, doc("The value, as reports have it.", "satisfait")]
    label: Annotated[
        Text | None,
        doc("How it is said back. Without a label, the id is said.", {"fr": "satisfait", "en": "satisfied"}),
    ] = None
    words: Annotated[
        Text,
        doc(
            "What people say for it. Ids that are known, such as moods, bring words of their own.",
            {"fr": ["content", "ravi"], "en": ["happy", "glad"]},
        ),
    ] = NO_TEXT

    @model_validator(mode="before")
    @classmethod
    def _from_id(cls, written: Any) -> Any:
        return {"id": written} if isinstance(written, str) else written

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        named = handler(core)
        full = handler.resolve_ref_schema(named)
        also_written(full, full["properties"]["id"])
        return named


PointType = Literal["quantities", "products", "amounts", "text", "choice", "list", "number", "yes_no", "date", "schema"]


def _name_or_words(written: Any) -> str:
    return "name" if isinstance(written, str) else "words"


def _never_or_text(written: Any) -> str:
    return "never" if written == "never" else "text"


WordList = Annotated[Annotated[str, Tag("name")] | Annotated[Text, Tag("words")], Discriminator(_name_or_words)]
WordLists = Annotated[tuple[WordList, ...], OneOrMore(str, dict)]
"""Names of shipped word lists (`sold`, `customer_opinion`, …) and words of one's own, by language."""

Ask = Annotated[Annotated[Literal["never"], Tag("never")] | Annotated[Text, Tag("text")], Discriminator(_never_or_text)]


class Point(Node):
    """An attention point: one thing that the conversation must learn, and what may be spent on it."""

    id: Annotated[Id, doc("Its name, in the report and in conditions.", "sales", "customer_feedback")]
    type: Annotated[
        PointType,
        doc(
            "The kind of value: products with how many of each (`quantities`), without a number (`products`) or with "
            "an amount (`amounts`); one of some options (`choice`); items of text (`list`); or a JSON Schema of your "
            "own (`schema`).",
            "quantities",
            "text",
        ),
    ]
    collect: Annotated[
        Text,
        doc(
            "What to collect, in words; the model reads it.",
            {"fr": "Les produits vendus et combien de chacun", "en": "Products sold and how many of each"},
        ),
    ]
    ask: Annotated[
        Ask,
        doc(
            "The question, with variants if you like; `never` where it is only listened for.",
            {"fr": ["Qu'est-ce qui a été vendu, et combien ?"], "en": ["What got sold, and how many?"]},
            "never",
        ),
    ] = "never"
    required: Annotated[StrictBool, doc("Whether a report without it has a gap.", True)] = False
    questions: Annotated[
        Whole | None,
        Field(ge=0),
        doc("How many of the flow's questions it may take; else what the flow has left.", 2),
    ] = None
    when: Annotated[
        str | None,
        doc("It is asked only if this is true of what was recorded so far.", "sales", 'mood == "unhappy"'),
    ] = None
    default: Annotated[Any, doc("Recorded, as assumed, where nothing was said.", "neutre", False)] = None
    options: Annotated[
        tuple[Option, ...],
        doc(
            "choice: the values that there are, by id alone or with the words that people say for them.",
            ["satisfait", {"id": "déçu", "words": {"fr": ["triste"], "en": ["sad"]}}],
        ),
    ] = ()
    max_items: Annotated[Whole | None, Field(ge=1), doc("list: the most items.", 10)] = None
    minimum: Annotated[Number | None, doc("number, amounts: the least that it can be.", 0)] = None
    maximum: Annotated[Number | None, doc("number, amounts: the most that it can be.", 200)] = None
    unit: Annotated[
        Text,
        doc(
            "number, amounts: the words of the unit. The first is the one that is said.",
            ["euros", "euro", "€"],
            {"fr": ["jours", "jour"], "en": ["days", "day"]},
        ),
    ] = NO_TEXT
    counts_when: Annotated[
        WordLists,
        doc(
            "quantities, products, amounts, number, date: the words that make one count, from lists that ship or of "
            "your own. Quantities count when `sold` unless you say otherwise.",
            "on_shelf",
            {"fr": ["livré", "réassort"], "en": ["delivered", "restock"]},
        ),
    ] = ()
    listens_for: Annotated[
        WordLists,
        doc(
            "text, list, choice, yes_no: what makes a sentence about this point when it was not asked, from lists "
            "that ship or of your own. Without it, only answers are taken.",
            "customer_opinion",
            ["competitor", {"fr": ["prospectus"], "en": ["leaflet"]}],
        ),
    ] = ()
    schema_: Annotated[
        dict[str, Any] | None,
        Field(alias="schema"),
        doc(
            "schema: the JSON Schema of the value. Only a model can fill it.",
            {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]},
        ),
    ] = None
    hooks: Annotated[
        HooksOfPoint | None,
        doc(
            "Python functions of your own: what checks its values, what reads them out of the words.",
            "orders:known",
            {"read": "orders:number", "check": "orders:known"},
        ),
    ] = None
    meta: Meta = NO_META


class ReportView(Node):
    """Which points become the three parts that the app shows."""

    sales: Annotated[str | None, doc("The point of type `quantities` that is shown as the sales.", "sales")] = None
    feedback: Annotated[
        str | None, doc("The point of type `text` that is shown as the feedback.", "customer_feedback")
    ] = None
    insights: Annotated[str | None, doc("The point of type `list` that is shown as the insights.", "key_insights")] = (
        None
    )


class Flow(Node):
    """What a conversation must collect, in what order of worth, and how many questions it may cost."""

    version: Annotated[Literal[2], NoBoolean, doc("The format of this file.", 2)]
    flow: Annotated[Id, doc("The flow's id: letters, digits, `_`, `-` and `.`.", "event_debrief")]
    title: Annotated[
        Text | None,
        doc("A name for people.", {"fr": "Débrief après un événement", "en": "Debrief after an event"}),
    ] = None
    languages: Annotated[
        tuple[LanguageCode, ...], doc("The languages it can be held in; the first is the default.", ["fr", "en"])
    ] = ("fr", "en")
    catalog: Annotated[Names, doc("The id of a catalog, or a list of them.", "electronics", ["grocery", "drinks"])] = ()
    style: Annotated[str | None, doc("The style it speaks in, unless another is chosen.", "friendly_colleague")] = None
    extends: Annotated[
        str | None, doc("A flow to start from: this one then says only what is different.", "event_debrief")
    ] = None
    budget: Annotated[Budget, doc("What it may cost.", {"questions": 5, "minutes": 5})] = Budget()
    notice: Annotated[
        Text,
        doc(
            "Said first: that an assistant listens and takes notes.",
            {"fr": "Je suis un assistant, et je note.", "en": "I am an assistant, and I take notes."},
        ),
    ] = NO_TEXT
    opening: Annotated[
        Text,
        doc(
            "The first words. If they ask something, that is the first question.",
            {"fr": "Bonjour {{ rep.name }} ! Qu'est-ce qui a été vendu ?", "en": "Hi {{ rep.name }}! What got sold?"},
        ),
    ]
    closing: Annotated[
        Text,
        doc("The last words; else the style's.", {"fr": "Merci, bonne route !", "en": "Thanks, safe travels!"}),
    ] = NO_TEXT
    acknowledge: Annotated[
        Literal["instant", "model"] | None,
        doc(
            "`instant`: what was understood is said back at once; `model`: the model does it. Else the style says.",
            "instant",
        ),
    ] = None
    recap: Annotated[
        Literal["spoken", "never"], doc("`spoken`: what was noted is read back before the closing.", "spoken")
    ] = "never"
    points: Annotated[
        tuple[Point, ...],
        Field(min_length=1, max_length=50),
        doc(
            "What it must learn, in order of worth: when the budget is short, the first ones are asked.",
            [{"id": "sales", "type": "quantities", "collect": "Products sold", "ask": "What got sold?"}],
        ),
    ]
    report: Annotated[
        ReportView,
        doc(
            "Which points the app shows as sales, feedback and insights.",
            {"sales": "sales", "feedback": "customer_feedback", "insights": "key_insights"},
        ),
    ] = ReportView()
    meta: Meta = NO_META

    def point(self, point_id: str) -> Point | None:
        """The point of that id, or None."""
        return next((point for point in self.points if point.id == point_id), None)
