"""The values that a conversation holds, in the shapes that others want: reading's, the report's, the templates'."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from voyaltis_flow.engine.events import Evidence
from voyaltis_flow.script.models import Flow, Point

BY_PRODUCT = frozenset({"quantities", "products", "amounts"})
"""The types of point that hold a value for each product."""


def held(flow: Flow, records: Iterable[Evidence]) -> dict[str, dict[str, Any]]:
    """As reading wants them: point → key → value, with the key "" where a point has one value or a list."""
    lists = {point.id for point in flow.points if point.type == "list"}
    values: dict[str, dict[str, Any]] = {}
    for record in records:
        of_point = values.setdefault(record.point, {})
        if record.point in lists:
            of_point.setdefault("", []).append(record.value)
        else:
            of_point[record.key or ""] = record.value
    return values


def collected(flow: Flow, records: Iterable[Evidence]) -> dict[str, Any]:
    """As a report shows them: {point: value}, for the points that hold one that counts.

    Quantities and amounts are {product: number}, products and lists are lists.
    """
    counting = [record for record in records if record.counts]
    return {
        point.id: _value(point, values)
        for point in flow.points
        if (values := [record for record in counting if record.point == point.id])
    }


def empty(point: Point) -> Any:
    """What stands for a point of which nothing is known."""
    return {"quantities": {}, "amounts": {}, "products": [], "list": []}.get(point.type)


def said_nothing(points: Iterable[Point]) -> Mapping[str, Any]:
    """The `extractedData` of a reply that brings no change."""
    return {point.id: [] if point.type == "list" or point.type in BY_PRODUCT else None for point in points}


def _value(point: Point, records: list[Evidence]) -> Any:
    if point.type in ("quantities", "amounts"):
        return {record.key: record.value for record in records}
    if point.type == "products":
        return [record.key for record in records]
    if point.type == "list":
        return [record.value for record in records]
    return records[-1].value
