"""The app's correction of a value: in the shapes of the report, checked, and confirmed by the hand that made it."""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite
from typing import Any

from voyaltis_flow.engine.compiled import CompiledScript
from voyaltis_flow.engine.events import Event, Evidence, Recorded, Removed
from voyaltis_flow.engine.state import State
from voyaltis_flow.engine.values import BY_PRODUCT
from voyaltis_flow.reading.model import Refusal
from voyaltis_flow.script.models import Point

_MOST = 1_000_000
"""The largest quantity, as for a model's claims."""


def correction(
    script: CompiledScript, state: State, point_id: str, key: str | None, value: Any
) -> tuple[Event, ...] | Refusal:
    """The events of a correction. `key` is the product where the point has products; a list is corrected as a whole."""
    point = script.points.get(point_id)
    if point is None:
        return Refusal("wrong_type", f"there is no point {point_id!r}; there are {', '.join(script.points)}")
    if point.type in BY_PRODUCT and (key is None or script.index.product(key) is None):
        return Refusal("unknown_product", f"the catalog has no product {key!r}")
    if point.type not in BY_PRODUCT and key:
        return Refusal("wrong_type", f"{point_id} holds no products, so it takes no key")
    removes = value is None or (point.type == "products" and value is False)
    if not removes and (why := _misfit(script, point, key, value)):
        return Refusal("wrong_type", f"{value!r} does not fit {point_id}: {why}")
    return tuple(_events(state, point, key or None, None if removes else value))


def _events(state: State, point: Point, key: str | None, value: Any) -> Iterator[Event]:
    whole_list = point.type == "list"
    if (value is None or whole_list) and state.record(point.id, key) is not None:
        yield Removed(turn=None, point=point.id, key=key)
    for item in value if whole_list and value is not None else [value]:
        if item is not None:
            evidence = Evidence(point.id, key, item, derivation="corrected", confirmed=True)
            yield Recorded(turn=None, evidence=evidence, item=whole_list)


def _is_text(value: Any) -> bool:
    """Whether every text in a value can be written down: half of a surrogate pair can't."""
    try:
        str(value).encode()
    except UnicodeEncodeError:
        return False
    return True


def _misfit(script: CompiledScript, point: Point, key: str | None, value: Any) -> str | None:
    """Why a value is none of the point's."""
    if isinstance(value, float) and not isfinite(value):
        return "it is no number"
    if point.type == "quantities" and not (isinstance(value, int) and value <= _MOST):
        return f"so many are counted whole, up to {_MOST}"
    if not _is_text(value):
        return "it holds characters that are no text"
    written = {"quantities": {key: value}, "amounts": {key: value}, "products": [key]}.get(point.type, value)
    if point.type == "products" and value is not True:
        return "true puts the product there, null takes it away"
    return script.misfit(point.id, written)
