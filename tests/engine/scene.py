"""A small flow, a reader that understands only a few marks, and the replies of a model: for tests of the engine alone.

A rep of these tests says things such as `2 s25; 3 tv; fb they loved it; !stop`, a thing between semicolons each:
`2 s25` two sold, `2 s25~` the same with a match to be confirmed, `+1 s25` one more, `- s25` taken back, `? s25` sold in
a number not told, `3 tv` an ambiguous mention, `3 xbox` outside the catalog, `fb …` feedback, `in …` an insight, `!…` a
signal, `ok` an answer that says nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any, cast, get_args

from voyaltis_flow.engine.compiled import CompiledScript
from voyaltis_flow.engine.conversation import Conversation
from voyaltis_flow.engine.events import Event, Person
from voyaltis_flow.engine.speech import Say
from voyaltis_flow.engine.turn import Turn
from voyaltis_flow.reading.model import (
    Claim,
    Context,
    Declined,
    Fact,
    Missing,
    OpenMention,
    Outside,
    Quote,
    Reading,
    Refusal,
    Signal,
)
from voyaltis_flow.script.models import Flow, Product, Style

PRODUCTS = {
    product: Product(id=product, name=name, category=category)
    for product, name, category in [
        ("s25", "Galaxy S25", "phone"),
        ("a56", "Galaxy A56", "phone"),
        ("tv55", "TV 55", "tv"),
        ("tv65", "TV 65", "tv"),
    ]
}
TVS = ("tv55", "tv65")

POINTS: list[dict[str, Any]] = [
    {
        "id": "sales",
        "type": "quantities",
        "required": True,
        "questions": 3,
        "collect": "sales",
        "ask": ["Sold?", "Sales?"],
    },
    {"id": "feedback", "type": "text", "required": True, "collect": "feedback", "ask": ["What did customers say?"]},
    {"id": "mood", "type": "choice", "options": ["happy", "flat"], "default": "flat", "collect": "mood"},
    {
        "id": "insights",
        "type": "list",
        "max_items": 3,
        "when": "sales",
        "collect": "insights",
        "ask": ["Anything else?"],
    },
]

LINES = {
    "acknowledge": ["Noted: {{ items }}.", "{{ items }}, got it."],
    "bridge": ["Okay.", "I see."],
    "did_not_hear": ["Sorry, what was that?"],
    "still_there": ["Still there?"],
    "which": ["Which {{ mention }}{% if choices %}: {{ choices }}{% endif %}?"],
    "how_many": ["How many {{ product }}?"],
    "confirm": ["{{ product }}, is that right?"],
    "unknown_product": ["That one I don't know."],
    "dont_know": ["No worries."],
    "off_topic": ["Back to your day."],
    "repeat": ["Sure. {{ question }}"],
    "recap": ["I have {{ items }}."],
    "resumed": ["We were cut off."],
    "closing": ["Bye."],
}


def make_flow(**changed: Any) -> Flow:
    """The small flow, with some of its keys changed."""
    written = {
        "version": 2,
        "flow": "small",
        "languages": ["en"],
        "budget": {"questions": 5, "minutes": 5, "dollars": 0.1},
        "notice": "I take notes.",
        "opening": "Hi {{ rep.name }}! What did you sell?",
        "closing": ["Thanks {{ rep.name }}. Bye!"],
        "points": POINTS,
        "report": {"sales": "sales", "feedback": "feedback", "insights": "insights"},
    }
    return Flow.model_validate({**written, **changed})


def make_script(style: dict[str, Any] | None = None, **changed: Any) -> CompiledScript:
    """The small flow, compiled."""
    written = {"version": 1, "style": "plain", "prompt": "You talk to {{ rep.name }}.", "lines": LINES, **(style or {})}
    return CompiledScript(make_flow(**changed), Style.model_validate(written), Names(), MarksReader())


def begin(script: CompiledScript | None = None, **options: Any) -> Conversation:
    """A conversation that has not been opened."""
    return Conversation(script or make_script(), "c1", rep=Person("r1", "Ann"), **options)


def opened(script: CompiledScript | None = None, **options: Any) -> Conversation:
    """A conversation whose opening was heard."""
    conversation = begin(script, **options)
    turn = conversation.open(0.0)
    play(turn)
    conversation.commit(turn, at=0.0)
    return conversation


def play(turn: Turn, reply: str | None = None) -> list[str]:
    """A turn to its end; what was said."""
    if reply is not None:
        turn.feed(reply)
    turn.finish()
    return [say.text for say in turn.said]


def say(conversation: Conversation, *texts: str, at: float = 1.0) -> list[str]:
    """The rep says these, turn by turn; what the agent said in the last."""
    said: list[str] = []
    for text in texts:
        turn = conversation.hear(text, at)
        said = play(turn)
        conversation.commit(turn, at=at)
    return said


def reply(said: str, about: str | None = None, complete: bool = False, **data: Any) -> str:
    """A model's reply."""
    extracted = {"sales": [], "feedback": None, "mood": None, "insights": [], **data}
    written = {"nextMessage": said, "asksAbout": about, "extractedData": extracted, "isComplete": complete}
    return json.dumps({**written, "reasoning": "r"}, ensure_ascii=False)


def sale(mention: str, quantity: int | None, quote: str | None = None, op: str = "set") -> dict[str, Any]:
    """A model's claim of a sale."""
    return {"mention": mention, "quantity": quantity, "op": op, "quote": quote or f"{quantity} {mention}"}


def kinds(events: Iterable[Event | Say]) -> list[str]:
    """What kind of event each one is."""
    return [event.kind for event in events if not isinstance(event, Say)]


class Names:
    """The catalog's names."""

    def product(self, product_id: str) -> Product | None:
        return PRODUCTS.get(product_id)

    def label(self, product_id: str) -> str:
        return PRODUCTS[product_id].name


class MarksReader:
    """Understands the marks described above."""

    def read(self, text: str, context: Context) -> Reading:
        facts: list[Fact] = []
        open_, missing, outside = list(context.open), list(context.missing), []
        signals: set[Signal] = set()
        for thing in filter(None, map(str.strip, text.split(";"))):
            quote = Quote(context.turn, thing)
            mark, _, rest = thing.partition(" ")
            if thing.removeprefix("!") in get_args(Signal):
                signals.add(cast("Signal", thing[1:]))
            elif mark == "fb":
                facts.append(Fact("feedback", None, "set", rest, (quote,)))
            elif mark == "in":
                facts.append(Fact("insights", None, "add", rest, (quote,)))
            elif rest.strip("~") in PRODUCTS:
                product = rest.strip("~")
                missing = [entry for entry in missing if entry.product != product]
                if mark == "?":
                    missing.append(Missing("sales", product, rest, quote))
                else:
                    facts.append(_sold(mark, product, rest.endswith("~"), quote, context))
                    open_ = [entry for entry in open_ if product not in entry.candidates]
            elif rest == "tv":
                open_.append(OpenMention("sales", rest, float(mark), TVS, "tv", quote))
            elif mark.isdecimal():
                outside.append(Outside("sales", rest, float(mark), quote))
        if not text.strip():
            signals.add("empty")
        gave_up = signals & {"dont_know", "declined"}
        reason = "unknown_to_rep" if "dont_know" in signals else "declined"
        return Reading(
            "en",
            tuple(facts),
            tuple(open_),
            tuple(missing),
            tuple(outside),
            (Declined(context.asked, reason),) if gave_up and context.asked else (),
            frozenset(signals),
            text.strip() == "ok" or bool(gave_up) or "nothing_more" in signals,
            {"turn": context.turn},
        )

    def bear_out(self, claim: Claim, text: str, context: Context, reading: Reading) -> Fact | Refusal:
        if claim.quote not in text:
            return Refusal("quote_not_said", "the quote is not in what the rep said")
        quotes = (Quote(context.turn, claim.quote),)
        if claim.mention is None:
            op = "add" if claim.point == "insights" else "set"
            return Fact(claim.point, None, cast("Any", op), claim.value, quotes)
        if claim.mention not in PRODUCTS:
            return Refusal("unknown_product", "no product of the catalog")
        read = next((fact for fact in reading.facts if fact.key == claim.mention), None)
        if read is not None:
            return read if read.value == claim.quantity else Refusal("contradicts", "the words say another number")
        if str(claim.quantity) not in re.findall(r"\d+", claim.quote):
            return Refusal("number_not_in_quote", "the number is not in the quote")
        return Fact(claim.point, claim.mention, claim.op, claim.quantity, quotes, amount=claim.quantity)


def _sold(mark: str, product: str, confirm: bool, quote: Quote, context: Context) -> Fact:
    held = context.held.get("sales", {}).get(product, 0)
    if mark == "-":
        return Fact("sales", product, "remove", None, (quote,), "corrected")
    number = float(mark)
    if mark.startswith("+"):
        return Fact("sales", product, "add", held + number, (quote,), "sum", number, "name")
    return Fact("sales", product, "set", number, (quote,), "said", number, "name", confirm=confirm)
