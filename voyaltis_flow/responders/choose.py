"""The responder of a name."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple, Protocol

from voyaltis_flow.responders.claude import DEFAULT_MODEL, EFFORTS, BatchedClaude, Claude, ClaudeSettings
from voyaltis_flow.responders.fallback import Fallback
from voyaltis_flow.responders.prices import Prices, load_prices
from voyaltis_flow.responders.replay import Recorder, Replay
from voyaltis_flow.responders.rules import Rules
from voyaltis_flow.runtime.protocols import Responder

NAMES = "rules, claude, auto, replay:FILE, replay-paced:FILE, record:FILE"


class ResponderSettings(Protocol):
    """What of a run's settings concerns responders. `prices` is a file's path."""

    @property
    def anthropic_api_key(self) -> str | None: ...

    @property
    def anthropic_base_url(self) -> str | None: ...

    @property
    def model(self) -> str | None: ...

    @property
    def effort(self) -> str | None: ...

    @property
    def prices(self) -> str | None: ...


class ResponderUnavailableError(Exception):
    """The environment lacks what this responder needs. The message says what, and the way out."""


class ResponderChoiceError(ValueError):
    """No responder has this name, or a setting of it has a value that means nothing."""


class Automatic(NamedTuple):
    """What `auto` stands for here, and why, to be told at start-up."""

    name: str
    reason: str


def choose(name: str, settings: ResponderSettings, *, alone: bool = False) -> Responder:
    """The responder of a name. A Claude is joined with `rules`, who takes over when it fails, unless it works `alone`.

    Raises `ResponderUnavailableError`; a ValueError, worded for people, for a name, a setting or a file that is no
    good; and OSError for a file that can't be read.
    """
    kind, _, file = name.partition(":")
    match kind, file:
        case "auto", "":
            return choose(automatic(settings).name, settings, alone=alone)
        case "rules", "":
            return Rules()
        case "claude", "":
            return _claude(settings) if alone else Fallback(_claude(settings), Rules())
        case "replay" | "replay-paced", str() if file:
            return Replay(Path(file), paced=kind == "replay-paced")
        case "record", str() if file:
            return Recorder(choose("claude", settings, alone=alone), Path(file))
    raise ResponderChoiceError(f"unknown responder {name!r}: it is one of {NAMES}")


def batched(settings: ResponderSettings, kept: Path, tell: Callable[[str], None]) -> BatchedClaude:
    """Claude for a run that can wait; `kept` is its file of answers. Raises as `choose` does."""
    return BatchedClaude(_claude_settings(settings), kept, prices=_prices(settings), tell=tell)


def automatic(settings: ResponderSettings) -> Automatic:
    """Claude where its key is set and its package installed, else the rules, which need nothing."""
    if missing := _missing(settings):
        return Automatic("rules", missing[0])
    return Automatic("claude", "ANTHROPIC_API_KEY is set")


def _claude(settings: ResponderSettings) -> Claude:
    return Claude(_claude_settings(settings), prices=_prices(settings))


def _claude_settings(settings: ResponderSettings) -> ClaudeSettings:
    if missing := _missing(settings):
        told = "; ".join(missing)
        raise ResponderUnavailableError(
            f"the claude responder can't work here: {told}. `--responder rules` needs nothing."
        )
    if settings.effort and settings.effort not in EFFORTS:
        raise ResponderChoiceError(f"VOYALTIS_EFFORT: {settings.effort!r} is none of {', '.join(EFFORTS)}")
    return ClaudeSettings(
        api_key=settings.anthropic_api_key or "",
        model=settings.model or DEFAULT_MODEL,
        effort=settings.effort,
        base_url=settings.anthropic_base_url,
    )


def _prices(settings: ResponderSettings) -> Prices:
    return load_prices(Path(settings.prices) if settings.prices else None)


def _missing(settings: ResponderSettings) -> list[str]:
    missing = []
    if not settings.anthropic_api_key:
        missing.append("ANTHROPIC_API_KEY is not set")
    if find_spec("anthropic") is None:
        missing.append("the anthropic package is not installed (pip install 'voyaltis-flow[claude]')")
    return missing
