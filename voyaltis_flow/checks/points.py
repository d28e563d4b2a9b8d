"""Rules over a point: what its type needs and takes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from voyaltis_flow.checks.rules import RuleBook
from voyaltis_flow.checks.surroundings import Surroundings
from voyaltis_flow.script.models import Flow, Point, PointType
from voyaltis_flow.script.problems import Finding, did_you_mean, listing, there_are

POINT_RULES: RuleBook[Flow] = RuleBook()

_TAKEN_BY: dict[str, tuple[PointType, ...]] = {
    "options": ("choice",),
    "max_items": ("list",),
    "minimum": ("number", "amounts"),
    "maximum": ("number", "amounts"),
    "unit": ("number", "amounts"),
    "counts_when": ("quantities", "products", "amounts", "number", "date"),
    "listens_for": ("text", "list", "choice", "yes_no"),
    "schema_": ("schema",),
    "default": ("choice", "text", "number", "yes_no", "date"),
}


@POINT_RULES.rule("VF304", "A default that the point can't have", beside=("type", "options"))
def impossible_default(flow: Flow, known: Surroundings) -> Iterator[Finding]:
    for index, point in enumerate(flow.points):
        if point.default is not None and (fault := _default_fault(point)) is not None:
            yield Finding(("points", index, "default"), *fault)


def _default_fault(point: Point) -> tuple[str, str] | None:
    default: Any = point.default
    match point.type:
        case "choice":
            names = [option.id for option in point.options]
            if default not in names and names:
                return f"`{default}` is no option of `{point.id}`.", did_you_mean(str(default), names, there_are(names))
        case "number" if isinstance(default, bool) or not isinstance(default, int | float):
            return f"`{point.id}` is a number; its default is none.", "Write it in digits, without quotes."
        case "yes_no" if not isinstance(default, bool):
            return f"`{point.id}` is `true` or `false`; its default is neither.", "Write `default: false`."
        case "text" if not isinstance(default, str):
            return f"`{point.id}` is a text; its default is none.", "Put it in quotes."
        case "date" if not is_date(default):
            return f"`{point.id}` is a date; its default is none.", "Write it as `2026-11-24`."
    return None


@POINT_RULES.rule("VF305", "A key that does nothing here", beside=("type",))
def idle_key(flow: Flow, known: Surroundings) -> Iterator[Finding]:
    for index, point in enumerate(flow.points):
        for key, types in _TAKEN_BY.items():
            if key in point.model_fields_set and point.type not in types:
                name = key.rstrip("_")
                message = f"`{name}` does nothing on a point of type `{point.type}`."
                hint = f"Take it out; it belongs to {listing(types)}."
                yield Finding(("points", index, name), message, hint, at_key=True)


@POINT_RULES.rule("VF307", "A schema that is missing", beside=("type", "schema"))
def no_schema(flow: Flow, known: Surroundings) -> Iterator[Finding]:
    for index, point in enumerate(flow.points):
        if point.type == "schema" and point.schema_ is None:
            yield Finding(
                ("points", index, "type"), f"`{point.id}` has no `schema:`.", "Write the JSON Schema of its value."
            )


@POINT_RULES.rule("VF310", "A least above its most", beside=("minimum", "maximum"))
def crossed_limits(flow: Flow, known: Surroundings) -> Iterator[Finding]:
    for index, point in enumerate(flow.points):
        low, high = point.minimum, point.maximum
        if low is not None and high is not None and low > high:
            message = f"The minimum of `{point.id}` ({low:g}) is above its maximum ({high:g})."
            yield Finding(("points", index, "minimum"), message, "Swap them.")


@POINT_RULES.rule(
    "VF312", "A point that must be known and is never asked", "warning", beside=("ask", "default", "required")
)
def required_but_never_asked(flow: Flow, known: Surroundings) -> Iterator[Finding]:
    for index, point in enumerate(flow.points):
        if point.required and point.ask == "never" and point.default is None:
            message = f"`{point.id}` is required, and nothing asks for it."
            hint = "Give it an `ask:`, a `default:`, or take out `required:`."
            yield Finding(("points", index, "required"), message, hint, at_key=True)


def is_date(written: Any) -> bool:
    """Whether it is a date as `2026-11-24`."""
    try:
        return isinstance(written, str) and date.fromisoformat(written).isoformat() == written
    except ValueError:
        return False
