"""What comes out: the report, which is valid at any moment, and the progress that the app is shown.

Both are views of the state. Every value has its evidence, and every point without one has a reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from json import dumps
from typing import Any, Literal

from voyaltis_flow.engine import decide
from voyaltis_flow.engine.compiled import CompiledScript
from voyaltis_flow.engine.events import Evidence
from voyaltis_flow.engine.state import Line, State
from voyaltis_flow.engine.values import collected, empty
from voyaltis_flow.engine.wording import budget
from voyaltis_flow.script.models import Point

VERSION = 1

GapReason = Literal[
    "not_asked_budget",
    "asked_not_answered",
    "declined",
    "unknown_to_rep",
    "unresolved",
    "ended_early",
    "refused",
]
"""`refused`: a model claimed a value, and the rep's words did not bear it out; or a hook did not take it."""


def report(script: CompiledScript, state: State) -> dict[str, Any]:
    """The report of a conversation, at whatever turn it stands."""
    flow, values, records = script.flow, points(script, state), [*_records(script, state)]
    return {
        "version": VERSION,
        "conversation": state.conversation,
        "flow": {"id": flow.flow, "version": flow.version, "hash": state.flow_hash or script.hash},
        "style": state.style or script.style.style,
        "language": state.language or script.language(None),
        "rep": asdict(state.rep),
        "event": asdict(state.event),
        "started": moment(state.started),
        "ended": moment(state.ended),
        "ended_because": state.ended_because,
        "sales": _numbers(values.get(flow.report.sales or "")),
        "insights": _texts(values.get(flow.report.insights or "")),
        "feedback": " ".join(_texts(values.get(flow.report.feedback or ""))),
        "points": values,
        "evidence": [_evidence(record) for record in records],
        "unresolved": unresolved(script, state),
        "outside_catalog": outside_catalog(state),
        "gaps": gaps(script, state),
        "transcript": [_line(line) for line in state.transcript],
        "usage": _usage(state),
        "timing": _timing(state),
    }


def progress(script: CompiledScript, state: State, at: float | None = None) -> dict[str, Any]:
    """What is recorded, what is open and what was spent; `at` is now, the last event where it is not told."""
    now = state.last_at or 0.0 if at is None else at
    spent = budget(script, state, now)
    return {
        "conversation": state.conversation,
        "turn": state.turns,
        "points": collected(script.flow, state.records),
        "evidence": [_evidence(record) for record in state.records],
        "open": decide.open_ids(script, state),
        "asked": _asked(state),
        "budget": {part: {"spent": entry["spent"], "of": entry["of"]} for part, entry in spent.items()},
    }


def points(script: CompiledScript, state: State) -> dict[str, Any]:
    """Every point's value; its default, null, or an empty list or map, where nothing is known."""
    values = collected(script.flow, state.records)
    known = {**{point.id: point.default for point in _assumed(script, state)}, **values}
    return {point.id: known.get(point.id, empty(point)) for point in script.flow.points}


def evidence(script: CompiledScript, state: State) -> list[dict[str, Any]]:
    """The words behind each value that counts."""
    return [_evidence(record) for record in _records(script, state)]


def gaps(script: CompiledScript, state: State) -> list[dict[str, str]]:
    """The points that lack something, each with a reason."""
    return [
        {"point": point.id, "reason": reason}
        for point in script.flow.points
        if (reason := _gap(script, state, point)) is not None
    ]


def unresolved(script: CompiledScript, state: State) -> list[dict[str, Any]]:
    """What was said to count and is not sure: the product is unclear, its number unknown, or it was never confirmed."""
    entries = [
        _unresolved(mention.mention, mention.category, mention.quantity, mention.candidates, mention.quote.turn)
        for mention in state.open
    ]
    for missing in state.missing:
        category = script.category([missing.product])
        entries.append(_unresolved(missing.mention, category, None, (missing.product,), missing.quote.turn))
    for record in state.records:
        if not record.counts and record.key is not None and record.quotes:
            quantity = record.value if isinstance(record.value, int | float) else None
            said, category = record.quotes[-1], script.category([record.key])
            entries.append(_unresolved(said.text, category, quantity, (record.key,), said.turn))
    return entries


def outside_catalog(state: State) -> list[dict[str, Any]]:
    """The products that were spoken of and that the catalog does not have."""
    return [
        {"mention": entry.outside.mention, "quantity": _plain(entry.outside.quantity), "turn": entry.turn}
        for entry in state.outside
    ]


def _records(script: CompiledScript, state: State) -> Iterator[Evidence]:
    """The values that count, and those that a point assumes when nothing was said."""
    yield from (record for record in state.records if record.counts)
    for point in _assumed(script, state):
        yield Evidence(point.id, None, point.default, derivation="assumed")


def _assumed(script: CompiledScript, state: State) -> list[Point]:
    return [point for point in script.flow.points if point.default is not None and not state.has_value(point.id)]


def _numbers(value: Any) -> dict[str, Any]:
    """What of a point's value can stand under `sales`."""
    return value if isinstance(value, dict) else {}


def _texts(value: Any) -> list[str]:
    """A point's value as texts, for a part of the report that shows nothing else."""
    values = value if isinstance(value, list) else [value]
    said = [entry for entry in values if entry not in (None, "", {})]
    return [entry if isinstance(entry, str) else dumps(entry, ensure_ascii=False) for entry in said]


def _gap(script: CompiledScript, state: State, point: Point) -> GapReason | None:
    about = _unclear(state, point)
    if not about and state.has_value(point.id):
        return None
    given_up = [state.given_up[key] for key in (point.id, *about) if key in state.given_up]
    if given_up:
        return given_up[0]
    if about:
        return "unresolved"
    return _why_empty(state, point) if _lacks(script, state, point) else None


def _lacks(script: CompiledScript, state: State, point: Point) -> bool:
    """Whether a point that applies was neither answered nor has a value, be it an assumed one."""
    if point.default is not None or state.has_value(point.id) or point.id in state.answered:
        return False
    condition = script.conditions.get(point.id)
    applies = condition is None or condition.holds(collected(script.flow, state.records))
    return applies and (point.required or point.ask != "never")


def _why_empty(state: State, point: Point) -> GapReason:
    if point.id in state.refused:
        return "refused"
    if any(asked.point == point.id for asked in state.asked):
        return "asked_not_answered"
    return "not_asked_budget" if state.ended_because in ("budget", "complete") else "ended_early"


def _unclear(state: State, point: Point) -> list[str]:
    """What is unclear of a point's products, as questions name it."""
    whiches = [f"which:{mention.category}" for mention in state.open if mention.point == point.id]
    how_manies = [f"quantity:{missing.product}" for missing in state.missing if missing.point == point.id]
    unsure = [f"confirm:{record.key}" for record in state.records if record.point == point.id and not record.counts]
    return [*whiches, *how_manies, *unsure]


def _asked(state: State) -> str | None:
    """What the rep is being asked, as the contracts name it: a point, `which:<category>` or `quantity:<product>`."""
    pending = state.pending
    if pending is None or pending.about.startswith(("which:", "quantity:")):
        return pending.about if pending else None
    return pending.point


def _unresolved(
    mention: str, category: str | None, quantity: float | None, candidates: tuple[str, ...], turn: int
) -> dict[str, Any]:
    return {
        "mention": mention,
        "category": category,
        "quantity": _plain(quantity),
        "candidates": list(candidates),
        "turn": turn,
    }


def _evidence(record: Evidence) -> dict[str, Any]:
    return {
        "point": record.point,
        "key": record.key,
        "value": record.value,
        "quotes": [{"turn": quote.turn, "text": quote.text} for quote in record.quotes],
        "derivation": record.derivation,
        "match": record.match,
        "score": round(record.score, 3),
        "confirmed": record.confirmed,
    }


def _line(line: Line) -> dict[str, Any]:
    written: dict[str, Any] = {"speaker": line.speaker, "text": line.text, "at": moment(line.at)}
    if line.turn is not None:
        written["turn"] = line.turn
    if line.interrupted:
        written["interrupted"] = True
    return written


def _usage(state: State) -> dict[str, Any]:
    counts = ("input_tokens", "cached_tokens", "cache_write_tokens", "output_tokens")
    return {
        "requests": len(state.usage),
        **{name: sum(getattr(usage, name) for usage in state.usage) for name in counts},
        "cost": round(state.cost, 6),
        "models": sorted({usage.model for usage in state.usage if usage.model}),
        "failures": list(state.failures),
        "questions": state.spent,
    }


def _timing(state: State) -> dict[str, Any]:
    last = state.last_at if state.ended is None else state.ended
    seconds = 0.0 if state.started is None or last is None else max(0.0, last - state.started)
    return {"seconds": round(seconds, 3), "turns": state.turns}


def moment(at: float | None) -> str | None:
    """A time in seconds since 1970, as reports write it: UTC, ISO 8601."""
    if at is None:
        return None
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _plain(number: float | None) -> float | int | None:
    return int(number) if isinstance(number, float) and number.is_integer() else number
