"""Rules over a flow as a whole."""

from __future__ import annotations

from collections.abc import Iterator

from voyaltis_flow.checks.rules import RuleBook
from voyaltis_flow.checks.surroundings import Surroundings
from voyaltis_flow.checks.texts import blanks, lacking, repeats, variants
from voyaltis_flow.script.models import Flow, PointType, Text
from voyaltis_flow.script.problems import Finding, Path, listing

FLOW_RULES: RuleBook[Flow] = RuleBook()

OF_PRODUCTS: tuple[PointType, ...] = ("quantities", "products", "amounts")
_RESERVED = frozenset(
    {"opening", "anything_else", "budget", "points"}
    | {"self", "true", "false", "none", "and", "or", "not", "in", "is", "if", "else"}
)
"""What the engine asks about beside points, and what a condition takes for something else."""
_REPORT_TYPES: dict[str, PointType] = {"sales": "quantities", "feedback": "text", "insights": "list"}


@FLOW_RULES.rule("VF301", "Two points of one name")
def equal_points(flow: Flow, known: Surroundings) -> Iterator[Finding]:
    for index in repeats([point.id for point in flow.points]):
        name = flow.points[index].id
        yield Finding(("points", index, "id"), f"A point above is named `{name}` as well.", "Give it another name.")


@FLOW_RULES.rule("VF308", "Products without a catalog", "warning", reads=("catalog",), beside=("type",))
def no_catalog(flow: Flow, known: Surroundings) -> Iterator[Finding]:
    for index, point in enumerate(flow.points):
        if point.type in OF_PRODUCTS and not flow.catalog:
            message = f"`{point.id}` collects products, and the flow names no catalog to find them in."
            yield Finding(("points", index, "type"), message, "Name one: `catalog: electronics`.")


@FLOW_RULES.rule("VF309", "A part of the report from a point of another type", reads=("points.id", "points.type"))
def report_of_another_type(flow: Flow, known: Surroundings) -> Iterator[Finding]:
    for part, point_id in flow.report:
        point, wanted = flow.point(point_id) if point_id else None, _REPORT_TYPES[part]
        if point is not None and point.type != wanted:
            message = f"`{part}` is filled from a point of type `{wanted}`; `{point.id}` is of type `{point.type}`."
            yield Finding(("report", part), message, "Leave it out, or name another point.")


@FLOW_RULES.rule("VF313", "A text that lacks a language", "warning", reads=("languages",))
def missing_language(flow: Flow, known: Surroundings) -> Iterator[Finding]:
    for path, text in (*_spoken(flow), *_heard(flow)):
        for language in lacking(text, flow.languages):
            name = next(step for step in reversed(path) if isinstance(step, str))
            message = f"`{name}` says nothing in `{language}`, one of the flow's languages."
            yield Finding(path, message, f"Add `{language}:`.", at_key=True)


@FLOW_RULES.rule("VF314", "A name that means something else already")
def reserved_name(flow: Flow, known: Surroundings) -> Iterator[Finding]:
    for index, point in enumerate(flow.points):
        if point.id in _RESERVED:
            yield Finding(("points", index, "id"), f"`{point.id}` has a meaning of its own.", "Choose another name.")


@FLOW_RULES.rule("VF315", "A text with nothing in it")
def blank_text(flow: Flow, known: Surroundings) -> Iterator[Finding]:
    for path, text in _spoken(flow):
        yield from blanks(path, text)


@FLOW_RULES.rule("VF322", "An opening that asks nothing", "warning")
def opening_without_question(flow: Flow, known: Surroundings) -> Iterator[Finding]:
    for path, opening in variants(("opening",), flow.opening):
        if opening.strip() and "?" not in opening:
            hint = "Ask for what matters most, so that the first answer is not “hello”."
            yield Finding(path, "The opening asks nothing.", hint)


@FLOW_RULES.rule("VF507", "One product in two catalogs of a flow")
def product_in_two_catalogs(flow: Flow, known: Surroundings) -> Iterator[Finding]:
    holders: dict[str, str] = {}
    for index, name in enumerate(flow.catalog):
        catalog = known.opened.get(name)
        ids = {product.id for product in catalog.products} if catalog else set()
        twice = sorted(ids & holders.keys())
        if twice:
            message = f"`{name}` has products that `{holders[twice[0]]}` has as well: {listing(twice)}."
            yield Finding(("catalog", index), message, "An id belongs to one product in all catalogs of a flow.")
        holders.update(dict.fromkeys(ids, name))


def _spoken(flow: Flow) -> Iterator[tuple[Path, Text]]:
    """The texts that people or the model are told."""
    yield ("opening",), flow.opening
    yield ("closing",), flow.closing
    yield ("notice",), flow.notice
    for index, point in enumerate(flow.points):
        yield ("points", index, "collect"), point.collect
        if isinstance(point.ask, Text):
            yield ("points", index, "ask"), point.ask


def _heard(flow: Flow) -> Iterator[tuple[Path, Text]]:
    """The words that are listened for, so far as they are told apart by language."""
    for index, point in enumerate(flow.points):
        yield ("points", index, "unit"), point.unit
        for key, lists in (("counts_when", point.counts_when), ("listens_for", point.listens_for)):
            for place, entry in enumerate(lists):
                if isinstance(entry, Text):
                    yield ("points", index, key, place), entry
