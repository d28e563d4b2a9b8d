"""What a model claims, checked: shape first, then the rep's own words. What fails is left out with a reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from voyaltis_flow.engine.compiled import CompiledScript
from voyaltis_flow.engine.events import Differed, Refused
from voyaltis_flow.engine.hooks import judged
from voyaltis_flow.engine.perceive import Perception
from voyaltis_flow.reading.model import Claim, Fact, Refusal
from voyaltis_flow.script.models import Point

MOST_CLAIMS = 60
"""Claims of one turn that are looked at. Nobody says more in one breath, and each costs time."""


def check(script: CompiledScript, perception: Perception, data: Any) -> Iterator[Fact | Refused | Differed]:
    """The facts that the words bear out, and why the rest is left out."""
    turn = perception.heard.turn
    if not isinstance(data, Mapping):
        if data is not None:
            yield Refused(turn=turn, point="", claim=None, code="wrong_type", reason="extractedData is not an object")
        return
    claims = _claims(script, data)
    for point, entry in islice(claims, MOST_CLAIMS):
        found = _checked(script, perception, point, entry)
        if not isinstance(found, Fact):
            yield found
        elif kept := judged(script.hooks, found, perception.reading.language, script.misfit_as_said):
            yield kept
    for point, _ in islice(claims, 1):
        yield Refused(turn=turn, point=point.id, claim=None, code="too_many", reason=f"more than {MOST_CLAIMS} claims")


def _claims(script: CompiledScript, data: Mapping[str, Any]) -> Iterator[tuple[Point, Any]]:
    for point in script.flow.points:
        said = data.get(point.id)
        for entry in said if isinstance(said, list) else [said]:
            if entry is not None:
                yield point, entry


def _checked(script: CompiledScript, perception: Perception, point: Point, entry: Any) -> Fact | Refused | Differed:
    turn = perception.heard.turn
    error = next(script.validators[point.id].iter_errors(entry), None)
    if error is not None:
        return Refused(turn=turn, point=point.id, claim=entry, code="wrong_type", reason=error.message[:300])
    claim = _claim(script, point, entry)
    found = script.reader.bear_out(claim, perception.heard.text, perception.context, perception.reading)
    if isinstance(found, Refusal):
        if found.code == "contradicts":
            return Differed(turn=turn, point=point.id, claim=entry, reason=found.reason)
        return Refused(turn=turn, point=point.id, claim=entry, code=found.code, reason=found.reason)
    return found


def _claim(script: CompiledScript, point: Point, entry: Mapping[str, Any]) -> Claim:
    """Where a hook reads, the model only points at the words."""
    functions = script.hooks.get(point.id)
    value = entry["quote"] if functions and functions.read else entry.get("value")
    number = entry.get("quantity", entry.get("amount"))
    op = entry.get("op", "set")
    return Claim(point.id, value, entry["quote"], entry.get("mention"), number, op)
