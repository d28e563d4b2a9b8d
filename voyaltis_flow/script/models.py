"""The language as frozen types: what a flow, a style and a catalog are once their YAML has been read.

Shapes only. What is wrong with a file is told by `script.load`, which collects pydantic's errors and gives them
positions, and by `checks`, which knows what the parts mean.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, RootModel, StrictBool, Tag, model_validator

from voyaltis_flow.script.hooks import HooksOfPoint

Id = Annotated[str, Field(pattern=r"^[\w][\w.-]{0,63}$")]
LanguageCode = Annotated[str, Field(pattern=r"^[a-z]{2}$")]
Whole = Annotated[int, Field(strict=True)]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
ANY_LANGUAGE = "*"


class Node(BaseModel):
    """A part of the language: frozen, and no key but the ones it names."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Text(RootModel[Mapping[Annotated[str, Field(pattern=r"^([a-z]{2}|\*)$")], tuple[str, ...]]]):
    """Wording: one text or several variants, alike for all languages (`"*"`) or told apart by language.

    Written as `"text"`, `[a, b]`, `{fr: "text", en: [a, b]}`. Also used for lists of words.
    """

    model_config = ConfigDict(frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _as_map(cls, written: Any) -> Any:
        if isinstance(written, str | list | tuple):
            written = {ANY_LANGUAGE: written}
        if isinstance(written, Mapping):
            return {lang: (text,) if isinstance(text, str) else text for lang, text in written.items()}
        return written

    def variants(self, language: str) -> tuple[str, ...]:
        """The variants for a language; else those for any language; else those of the first language written."""
        found = self.root.get(language) or self.root.get(ANY_LANGUAGE)
        return found or next(iter(self.root.values()), ())

    def words(self, *languages: str) -> tuple[str, ...]:
        """All variants for these languages (all of them when none is named), without repeats, in order."""
        chosen = [v for k, v in self.root.items() if not languages or k in languages or k == ANY_LANGUAGE]
        return tuple(dict.fromkeys(word for variants in chosen for word in variants))


NO_TEXT = Text({})


class Budget(Node):
    """What a conversation may cost. `minutes` are of the conversation, `cost` is dollars of model."""

    questions: Annotated[Whole, Field(ge=0, le=100)] = 5
    minutes: Annotated[Number, Field(gt=0, le=240)] | None = None
    cost: Annotated[Number, Field(ge=0)] | None = None


class Option(Node):
    """One value of a choice. `words` are what people say for it; the shipped lexicon adds its own to ids it knows."""

    id: Id
    label: Text | None = None
    words: Text = NO_TEXT

    @model_validator(mode="before")
    @classmethod
    def _from_id(cls, written: Any) -> Any:
        return {"id": written} if isinstance(written, str) else written


PointType = Literal["quantities", "products", "amounts", "text", "choice", "list", "number", "yes_no", "date", "schema"]


def _name_or_words(written: Any) -> str:
    return "name" if isinstance(written, str) else "words"


def _never_or_text(written: Any) -> str:
    return "never" if written == "never" else "text"


WordList = Annotated[Annotated[str, Tag("name")] | Annotated[Text, Tag("words")], Discriminator(_name_or_words)]
WordLists = tuple[WordList, ...]
"""Names of shipped word lists (`sold`, `customer_opinion`, …) and words of one's own, by language."""

Ask = Annotated[Annotated[Literal["never"], Tag("never")] | Annotated[Text, Tag("text")], Discriminator(_never_or_text)]


class Point(Node):
    """An attention point: one thing that the conversation must learn, and what may be spent on it."""

    id: Id
    type: PointType
    collect: Text
    ask: Ask = "never"
    required: StrictBool = False
    questions: Annotated[Whole, Field(ge=0)] | None = None
    when: str | None = None
    default: Any = None
    options: tuple[Option, ...] = ()
    max: Annotated[Whole, Field(ge=1)] | None = None
    minimum: Number | None = None
    maximum: Number | None = None
    unit: Text = NO_TEXT
    """The words of the unit of a number or of amounts: `[euro, euros, "€"]`."""
    counts_when: WordLists = ()
    """quantities, products, amounts, number, date: the words that make one count. Quantities default to `sold`."""
    listens_for: WordLists = ()
    """text, list, choice, yes_no: what makes a clause about this point unasked. Where empty, only answers are taken."""
    schema_: Annotated[dict[str, Any] | None, Field(alias="schema")] = None
    hooks: HooksOfPoint | None = None
    meta: Mapping[str, Any] = {}

    @model_validator(mode="before")
    @classmethod
    def _lists(cls, written: Any) -> Any:
        if isinstance(written, Mapping):
            written = dict(written)
            for key in ("counts_when", "listens_for"):
                if key in written and not isinstance(written[key], list | tuple):
                    written[key] = [written[key]]
        return written


class ReportView(Node):
    """Which points become the three parts that the app shows."""

    sales: str | None = None
    feedback: str | None = None
    insights: str | None = None


class Flow(Node):
    """What a conversation must collect, in what order of worth, and how many questions it may cost."""

    version: Literal[1]
    flow: Id
    title: Text | None = None
    languages: tuple[LanguageCode, ...] = ("fr", "en")
    catalog: tuple[str, ...] = ()
    style: str | None = None
    extends: str | None = None
    budget: Budget = Budget()
    notice: Text = NO_TEXT
    opening: Text
    closing: Text = NO_TEXT
    acknowledge: Literal["instant", "model"] | None = None
    recap: Literal["spoken", "never"] = "never"
    points: Annotated[tuple[Point, ...], Field(min_length=1, max_length=50)]
    report: ReportView = ReportView()
    meta: Mapping[str, Any] = {}

    @model_validator(mode="before")
    @classmethod
    def _catalogs(cls, written: Any) -> Any:
        if isinstance(written, Mapping) and isinstance(written.get("catalog"), str):
            return {**written, "catalog": [written["catalog"]]}
        return written

    def point(self, point_id: str) -> Point | None:
        """The point of that id, or None."""
        return next((point for point in self.points if point.id == point_id), None)


class Voice(Node):
    """A text-to-speech voice in one language; `settings` go to the vendor as they are."""

    id: str
    settings: Mapping[str, Any] = {}


class Lines(Node):
    """What the style says where no model speaks. Templates; each may have variants, by language.

    Beside the variables of every template they see `items`, `mention`, `choices`, `product` and `question` (see
    `script.templates`), each where the engine has one to give.
    """

    acknowledge: Text
    bridge: Text = NO_TEXT
    """Before a question when nothing was recorded: "D'accord." """
    did_not_hear: Text
    still_there: Text
    which: Text
    how_many: Text
    confirm: Text
    unknown_product: Text = NO_TEXT
    dont_know: Text = NO_TEXT
    """The answer to "je ne sais pas", "passe": "Pas de souci." """
    off_topic: Text
    repeat: Text
    recap: Text
    resumed: Text
    closing: Text
    goodbye: Text = NO_TEXT
    """The last words where something stays open: "On s'arrête là, merci." Without it, the closing is said."""


class Style(Node):
    """How the agent speaks: a prompt for the model, the lines used when no model speaks, and a voice per language."""

    version: Literal[1]
    style: Id
    title: Text | None = None
    prompt: Text
    lines: Lines
    voice: Mapping[str, Voice] = {}
    acknowledge: Literal["instant", "model"] = "instant"
    meta: Mapping[str, Any] = {}


class Category(Node):
    """A kind of product and the words people use for it."""

    id: Id
    label: Text
    words: Text = NO_TEXT


class Active(Node):
    """When a product is sold (ISO dates, both included)."""

    from_: Annotated[str | None, Field(alias="from")] = None
    to: str | None = None


class Product(Node):
    """Something the company sells. `aliases` are what people call it."""

    id: Id
    name: str
    category: str
    brand: str | None = None
    aliases: Text = NO_TEXT
    code: str | None = None
    unit: str | None = None
    sold_by: Literal["piece", "pair"] = "piece"
    active: Active | None = None
    meta: Mapping[str, Any] = {}


class Catalog(Node):
    """What the company sells, and what people call it."""

    version: Literal[1]
    catalog: Id | None = None
    language: LanguageCode = "fr"
    house_brands: tuple[str, ...] = ()
    competitors: tuple[str, ...] = ()
    categories: tuple[Category, ...] = ()
    products: tuple[Product, ...] = ()
    meta: Mapping[str, Any] = {}
