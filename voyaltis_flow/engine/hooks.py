"""Functions of a flow's author, handed in by whoever loaded them: a check may refuse a value, a read makes it of words.

Whatever they do, the conversation goes on. One that raises, or returns what is no value of its point, costs that value
alone: it is refused, with the reason.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from voyaltis_flow.engine.events import Refused
from voyaltis_flow.reading.model import Fact
from voyaltis_flow.script.models import Flow


@dataclass(frozen=True, slots=True)
class Said:
    """What a hook is told beside a value: the rep's words for it, in which turn, and what they are for.

    `key` is the product, where the point holds products.
    """

    point: str
    key: str | None
    words: str
    turn: int
    language: str


@dataclass(frozen=True, slots=True)
class Hook:
    """A function and the name it was called by. `source` tells one version of its code from another."""

    name: str
    function: Callable[..., Any]
    source: str = ""


@dataclass(frozen=True, slots=True)
class PointHooks:
    """`check(value, said)`: None or True where the value will do, else False or the reason why not.

    `read(said)`: the value that the words have, None where they have none.
    """

    check: Hook | None = None
    read: Hook | None = None


HooksByPoint = Mapping[str, PointHooks]
Misfit = Callable[[str, Any], str | None]
"""Why a value is none of a point's, None where it is one."""

NO_HOOKS: HooksByPoint = {}


class HookError(Exception):
    """A hook that raised, or returned what it may not."""


def as_read(flow: Flow, hooks: HooksByPoint) -> Flow:
    """The flow as reading is given it: where a hook reads, the words themselves are what it wants."""
    own = {point for point, functions in hooks.items() if functions.read}
    points = [
        point.model_copy(update={"type": "text"}) if point.id in own and point.type == "schema" else point
        for point in flow.points
    ]
    return flow.model_copy(update={"points": tuple(points)}) if own else flow


def judged(hooks: HooksByPoint, fact: Fact, language: str, misfit: Misfit) -> Fact | Refused | None:
    """A fact as its point's hooks leave it, or why it is refused; None where the words have no value for it."""
    functions = hooks.get(fact.point)
    if functions is None or fact.value is None:
        return fact
    turn = max((quote.turn for quote in fact.quotes), default=0)
    said = Said(fact.point, fact.key, " ".join(quote.text for quote in fact.quotes), turn, language)
    try:
        value = _read(functions.read, said, misfit) if functions.read else fact.value
        if value is None:
            return None
        reason = _refusal(functions.check, value, said) if functions.check else None
    except HookError as error:
        return Refused(turn=turn, point=fact.point, claim=fact.value, code="hook_failed", reason=str(error)[:300])
    if reason is not None:
        return Refused(turn=turn, point=fact.point, claim=value, code="hook_refused", reason=reason[:300])
    return replace(fact, value=value)


def all_judged(
    hooks: HooksByPoint, facts: Iterable[Fact], language: str, misfit: Misfit
) -> tuple[tuple[Fact, ...], tuple[Refused, ...]]:
    """The facts that stand, and the refusals."""
    found = [judged(hooks, fact, language, misfit) for fact in facts]
    facts_left = tuple(each for each in found if isinstance(each, Fact))
    return facts_left, tuple(each for each in found if isinstance(each, Refused))


def _read(hook: Hook, said: Said, misfit: Misfit) -> Any:
    value = _called(hook, said)
    try:
        value = json.loads(json.dumps(value, allow_nan=False))
        why = None if value is None else misfit(said.point, value)
    except (TypeError, ValueError, RecursionError):
        why = "that is no value that JSON can hold"
    if why:
        raise HookError(f"{hook.name} returned {_shown(value)}: {why}")
    return value


def _refusal(hook: Hook, value: Any, said: Said) -> str | None:
    verdict = _called(hook, value, said)
    if verdict is None or verdict is True:
        return None
    if verdict is False:
        return f"{hook.name} does not take it"
    if isinstance(verdict, str) and verdict.strip():
        return " ".join(verdict.encode("utf-8", "replace").decode().split())
    raise HookError(f"{hook.name} returned {_shown(verdict)}: a check returns None, True, False or a reason")


def _called(hook: Hook, *arguments: Any) -> Any:
    try:
        return hook.function(*arguments)
    except KeyboardInterrupt:
        raise  # somebody wants it all to end
    except BaseException as error:
        raise HookError(f"{hook.name} raised {type(error).__name__}: {_shown(error)}") from error


def _shown(value: Any) -> str:
    """A value in a message; what can't even be shown is named by its type."""
    try:
        return ascii(value)[:80] if not isinstance(value, BaseException) else str(value)[:200]
    except Exception:
        return f"a {type(value).__name__}"
