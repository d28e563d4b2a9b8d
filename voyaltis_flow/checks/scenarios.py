"""Rules over scenarios: what they refer to, whether a rep can be made of their facts, and whose words they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from types import UnionType
from typing import get_args

from voyaltis_flow.catalog.index import CatalogIndex
from voyaltis_flow.checks.rules import RuleBook
from voyaltis_flow.checks.surroundings import Staged, Surroundings
from voyaltis_flow.engine.events import EndReason
from voyaltis_flow.reading.model import Context
from voyaltis_flow.reading.reader import Reader
from voyaltis_flow.script.models import Flow, Point, Text
from voyaltis_flow.script.problems import Finding, Path, did_you_mean, listing, there_are
from voyaltis_flow.script.scenarios import NOT_YET, SLOTS, Expected, Facts, Scenarios, Scripted, slots_of

PRODUCTS = ("quantities", "products", "amounts")
"""The types of point whose values are of products."""

SCENARIO_RULES: RuleBook[Scenarios] = RuleBook()

BESIDE_EVERY_QUESTION = "-"
"""Asked about nothing: a point then takes only what its own words tell it to."""


@SCENARIO_RULES.rule("VF601", "Scenarios of a flow that there is not")
def gone_flow(scenarios: Scenarios, known: Surroundings) -> Iterator[Finding]:
    if known.flows is not None and scenarios.scenarios not in known.flows:
        names = sorted(known.flows)
        message = f"No flow is named `{scenarios.scenarios}`."
        yield Finding(("scenarios",), message, did_you_mean(scenarios.scenarios, names, there_are(names)))


@SCENARIO_RULES.rule("VF602", "Words that another flow takes for something else", "warning")
def stolen_words(scenarios: Scenarios, known: Surroundings) -> Iterator[Finding]:
    own = _staged(scenarios, known)
    if own is None:
        return
    reader = _reader(own)
    for name, other in (known.flows or {}).items():
        if other is None or name == scenarios.scenarios or _related(own.flow, other.flow):
            continue
        others = _reader(other)
        for path, says, language in _said(scenarios, own.flow):
            if language in other.flow.languages:
                yield from _taken(path, says, language, (own.flow, reader), (other.flow, others))


@SCENARIO_RULES.rule("VF603", "A point that there is not")
def unknown_point(scenarios: Scenarios, known: Surroundings) -> Iterator[Finding]:
    staged = _staged(scenarios, known)
    points = [point.id for point in staged.flow.points] if staged else []
    for path, name in _points_named(scenarios) if points else ():
        if name not in points:
            message = f"`{scenarios.scenarios}` has no point `{name}`."
            yield Finding(path, message, did_you_mean(name, points, there_are(points)), at_key=path[-1] == name)


@SCENARIO_RULES.rule("VF604", "A step that does two things at once")
def crowded_step(scenarios: Scenarios, known: Surroundings) -> Iterator[Finding]:
    for index, scripted in enumerate(scenarios.scripted):
        for place, step in enumerate(scripted.steps):
            done = [key for key in ("says", "does", "corrects") if getattr(step, key) is not None]
            if len(done) > 1:
                message = f"This step has `{done[0]}` and `{done[1]}`."
                yield Finding(("scripted", index, "steps", place, done[1]), message, "Make two of it.", at_key=True)


@SCENARIO_RULES.rule("VF605", "A saying that can't be filled in")
def odd_saying(scenarios: Scenarios, known: Surroundings) -> Iterator[Finding]:
    staged = _staged(scenarios, known)
    for index, simulated in enumerate(scenarios.simulated):
        for name, facts in simulated.facts.items():
            point = staged.flow.point(name) if staged else None
            slots = SLOTS.get(point.type, frozenset()) if point else None
            told: tuple[Path, Text] = (("sayings",), facts.sayings)
            for keys, text in (told, *((("options", option), each) for option, each in facts.options.items())):
                yield from _odd(("simulated", index, "facts", name, *keys), text, slots)
        yield from _odd(("simulated", index, "distractors"), simulated.distractors, SLOTS["text"])


@SCENARIO_RULES.rule("VF606", "Facts that nobody could tell")
def untellable(scenarios: Scenarios, known: Surroundings) -> Iterator[Finding]:
    staged = _staged(scenarios, known)
    categories = [category.id for catalog in staged.catalogs for category in catalog.categories] if staged else []
    for index, simulated in enumerate(scenarios.simulated if staged else ()):
        for name, facts in simulated.facts.items():
            point = staged.flow.point(name) if staged else None
            if point and (lacks := _odd_value(point, facts) or _lacks(point, facts)):
                yield Finding(("simulated", index, "facts", name), lacks, "See docs/simulate.md.", at_key=True)
            for place, category in enumerate(facts.categories if categories else ()):
                if category not in categories:
                    path = ("simulated", index, "facts", name, "categories", place)
                    hint = did_you_mean(category, categories, there_are(categories))
                    yield Finding(path, f"No category has the id `{category}`.", hint)


@SCENARIO_RULES.rule("VF607", "A product that the flow's catalogs do not have")
def unknown_product(scenarios: Scenarios, known: Surroundings) -> Iterator[Finding]:
    staged = _staged(scenarios, known)
    products = [product.id for catalog in staged.catalogs for product in catalog.products] if staged else []
    for path, name in _products_named(scenarios, staged.flow) if staged and products else ():
        if name not in products:
            hint = did_you_mean(name, products)
            yield Finding(path, f"No product has the id `{name}`.", hint, at_key=path[-1] == name)


@SCENARIO_RULES.rule("VF608", "A style or a language that the flow does not have")
def unknown_voice(scenarios: Scenarios, known: Surroundings) -> Iterator[Finding]:
    staged = _staged(scenarios, known)
    for index, scripted in enumerate(scenarios.scripted):
        if known.styles is not None and scripted.style not in (None, *known.styles):
            names = sorted(known.styles)
            hint = did_you_mean(str(scripted.style), names, there_are(names))
            yield Finding(("scripted", index, "style"), f"No style is named `{scripted.style}`.", hint)
    for path, language in _languages_named(scenarios) if staged else ():
        if staged and language not in staged.flow.languages:
            message = f"`{scenarios.scenarios}` is not held in `{language}`."
            yield Finding(path, message, there_are(staged.flow.languages))


@SCENARIO_RULES.rule("VF610", "A question that can't be asked")
def odd_question(scenarios: Scenarios, known: Surroundings) -> Iterator[Finding]:
    staged = _staged(scenarios, known)
    if staged is None:
        return
    questions = _questions(staged)
    for path, expected in _expectations(scenarios):
        asked = expected.asked
        if asked is None or asked in questions or (":" in asked and not staged.catalogs):
            continue
        message = f"`{scenarios.scenarios}` never asks about `{asked}`."
        yield Finding((*path, "asked"), message, did_you_mean(asked, questions))


@SCENARIO_RULES.rule("VF611", "A day that there is not")
def odd_day(scenarios: Scenarios, known: Surroundings) -> Iterator[Finding]:
    for path, scripted in _scripts(scenarios):
        try:
            date.fromisoformat(scripted.today or "2000-01-01")
        except ValueError:
            yield Finding((*path, "today"), f"There is no day `{scripted.today}`.", "It is written as 2026-03-02.")


@SCENARIO_RULES.rule("VF609", "An end that there is not")
def unknown_end(scenarios: Scenarios, known: Surroundings) -> Iterator[Finding]:
    ends = [*get_args(EndReason), NOT_YET]
    for path, expected in _expectations(scenarios):
        if expected.ended is not None and expected.ended not in ends:
            message = f"No conversation ends because of `{expected.ended}`."
            yield Finding((*path, "ended"), message, did_you_mean(expected.ended, ends, there_are(ends)))


def _staged(scenarios: Scenarios, known: Surroundings) -> Staged | None:
    return (known.flows or {}).get(scenarios.scenarios)


def _expectations(scenarios: Scenarios) -> Iterator[tuple[Path, Expected]]:
    for index, scripted in enumerate(scenarios.scripted):
        yield ("scripted", index, "expect"), scripted.expect
        for place, step in enumerate(scripted.steps):
            yield ("scripted", index, "steps", place, "expect"), step.expect


def _questions(staged: Staged) -> list[str]:
    """All that an agent may have asked about last."""
    products = [product.id for catalog in staged.catalogs for product in catalog.products]
    categories = [category.id for catalog in staged.catalogs for category in catalog.categories]
    return [
        *("opening", "nothing"),
        *(point.id for point in staged.flow.points),
        *(f"which:{category}" for category in categories),
        *(f"{kind}:{product}" for kind in ("quantity", "confirm") for product in products),
    ]


def _points_named(scenarios: Scenarios) -> Iterator[tuple[Path, str]]:
    for path, expected in _expectations(scenarios):
        for key, named in (("recorded", expected.recorded), ("not_recorded", expected.not_recorded)):
            yield from (((*path, key, name), name) for name in named)
    for path, scripted in _scripts(scenarios):
        for place, step in enumerate(scripted.steps):
            if step.corrects:
                yield (*path, "steps", place, "corrects", "point"), step.corrects.point
    for index, simulated in enumerate(scenarios.simulated):
        yield from ((("simulated", index, "facts", name), name) for name in simulated.facts)


def _products_named(scenarios: Scenarios, flow: Flow) -> Iterator[tuple[Path, str]]:
    of_catalog = {point.id for point in flow.points if point.type in PRODUCTS}
    for path, expected in _expectations(scenarios):
        for point, value in expected.recorded.items():
            names = value if isinstance(value, dict) else ()
            yield from (((*path, "recorded", point, name), name) for name in names)
        for point, absent in expected.not_recorded.items():
            if point in of_catalog:
                yield from (((*path, "not_recorded", point, at), name) for at, name in enumerate(absent))
    for index, simulated in enumerate(scenarios.simulated):
        for point, facts in simulated.facts.items():
            given = facts.value if isinstance(facts.value, dict) else {}
            yield from ((("simulated", index, "facts", point, "value", name), name) for name in given)


def _languages_named(scenarios: Scenarios) -> Iterator[tuple[Path, str]]:
    for path, scripted in _scripts(scenarios):
        if scripted.language:
            yield (*path, "language"), scripted.language
    for index, simulated in enumerate(scenarios.simulated):
        for place, language in enumerate(simulated.languages):
            yield ("simulated", index, "languages", place), language


def _scripts(scenarios: Scenarios) -> Iterator[tuple[Path, Scripted]]:
    return ((("scripted", index), scripted) for index, scripted in enumerate(scenarios.scripted))


def _odd(path: Path, text: Text, slots: frozenset[str] | None) -> Iterator[Finding]:
    for language, place, saying in ((key, n, said) for key, all_ in text.root.items() for n, said in enumerate(all_)):
        here = (*path, language, place)
        if saying.count("[") != saying.count("]"):
            message = f"The brackets of “{saying}” do not pair."
            yield Finding(here, message, "Alternatives are written `[a|b]`.")
        for slot in sorted(slots_of(saying) - slots) if slots is not None else ():
            hint = there_are([f"{{{name}}}" for name in sorted(slots)]) if slots else "There is none here."
            at = saying.index(f"{{{slot}}}") + 1
            yield Finding(here, f"Nothing is filled into `{{{slot}}}` here.", hint, at)


def _odd_value(point: Point, facts: Facts) -> str:
    """What is given of a point's facts and can't be so; "" when all can."""
    if facts.value is not None and not _fits(point, facts.value):
        return f"`{facts.value}` is no value of `{point.id}`, which is of type `{point.type}`."
    if point.type in PRODUCTS and facts.number[0] < 0:
        return f"`{point.id}` has {facts.number[0]} of a product at the least; that can't be told."
    return ""


def _lacks(point: Point, facts: Facts) -> str:
    """What a point's facts would need to be told; "" when they have it."""
    if point.type == "schema":
        return f"`{point.id}` is of type `schema`, which no simulated rep can tell."
    if point.type == "choice" and (odd := facts.options.keys() - {option.id for option in point.options}):
        return f"`{point.id}` has no option `{sorted(odd)[0]}`."
    if point.type == "yes_no" and facts.options.keys() != {"yes", "no"}:
        return f"`{point.id}` is told with `options:` for `yes` and for `no`."
    if point.type == "choice" and not facts.options:
        return f"`{point.id}` is told with `options:`, each with what a rep says for it."
    if point.type in ("text", "list", "number", "date", "amounts") and not facts.sayings.root:
        return f"`{point.id}` is told with `sayings:`, and there are none."
    return ""


def _fits(point: Point, value: object) -> bool:
    """Whether a rep can tell this of a point."""
    match point.type:
        case "quantities" | "amounts":
            least = 1 if point.type == "quantities" else 0
            whole = int if point.type == "quantities" else int | float
            return isinstance(value, dict) and all(_is(whole, each) and each >= least for each in value.values())
        case "products":
            return isinstance(value, dict | list) and all(isinstance(each, str) for each in value)
        case "number" | "date":
            return _is(int | float, value)
        case "yes_no":
            return isinstance(value, bool)
        case "choice":
            return value in [option.id for option in point.options]
    return True


def _is(kind: type | UnionType, value: object) -> bool:
    return isinstance(value, kind) and not isinstance(value, bool)


def _related(one: Flow, other: Flow) -> bool:
    """Whether one flow extends the other, or both the same: what they have in common is meant to be the same."""
    alike = one.extends is not None and one.extends == other.extends
    return alike or one.extends == other.flow or other.extends == one.flow


def _reader(staged: Staged) -> Reader:
    return Reader(staged.flow, CatalogIndex(staged.catalogs, staged.flow.languages))


def _said(scenarios: Scenarios, flow: Flow) -> Iterator[tuple[Path, str, str]]:
    for path, scripted in _scripts(scenarios):
        for place, step in enumerate(scripted.steps):
            if step.says:
                yield (*path, "steps", place, "says"), step.says, scripted.language or flow.languages[0]


def _taken(
    path: Path, says: str, language: str, own: tuple[Flow, Reader], other: tuple[Flow, Reader]
) -> Iterator[Finding]:
    """What another flow's points would record of words that tell this flow's points something else.

    Texts and lists are left out: they note what is said of a matter, whatever else it is.
    """
    mine = _points_of(says, language, *own)
    kinds = [_kind(point) for point in mine.values()]
    for point in _points_of(says, language, *other).values() if mine else ():
        if point.id not in mine and point.type not in ("text", "list") and _kind(point) not in kinds:
            theirs = f"The point `{point.id}` of `{other[0].flow}`"
            message = f"{theirs} would take these words, which are for {listing(list(mine))}."
            yield Finding(path, message, "Tell the two apart: by `counts_when` or `listens_for`.")


def _points_of(says: str, language: str, flow: Flow, reader: Reader) -> Mapping[str, Point]:
    reading = reader.read(says, Context(asked=BESIDE_EVERY_QUESTION, language=language))
    found = {fact.point: flow.point(fact.point) for fact in reading.facts}
    return {name: point for name, point in found.items() if point is not None}


def _kind(point: Point) -> tuple[object, ...]:
    return point.type, point.counts_when, point.listens_for
