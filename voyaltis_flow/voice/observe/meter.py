"""What is measured in one conversation: told by the agent and its speech vendors, shown as metrics, spans and a sum."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from opentelemetry import context
from opentelemetry.trace import Span, set_span_in_context

from voyaltis_flow.engine.events import Event, FellBack, UsageCharged
from voyaltis_flow.responders.prices import Prices
from voyaltis_flow.script.models import Flow
from voyaltis_flow.voice.observe import metrics
from voyaltis_flow.voice.observe.costs import RENTED, Costs
from voyaltis_flow.voice.observe.tracing import tracer
from voyaltis_flow.voice.vendors import Unit

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnTimes:
    """What a turn took, in seconds after the rep's last word; None for what is not known or did not happen."""

    last_word: float
    """Seconds since 1970."""
    transcribed: float | None = None
    turn_ended: float | None = None
    first_sound: float | None = None
    acknowledged: bool = False
    """The first sound said back what was understood, before a model had answered."""

    @property
    def over(self) -> float:
        """When the last of it had happened, in seconds since 1970."""
        return self.last_word + max(self.transcribed or 0.0, self.turn_ended or 0.0, self.first_sound or 0.0)


class Meter:
    """Measures one conversation, in the process of its own. Every call returns at once and raises nothing."""

    def __init__(self, flow: Flow, prices: Prices, responder: str) -> None:
        self._flow, self._responder = flow, responder
        self._costs = Costs(prices)
        self._waits: list[float] = []
        self._span: Span | None = None

    def began(self, conversation: str, room: str, *, resumed: bool) -> None:
        """An agent has taken the conversation."""
        metrics.conversations_started.labels(self._flow.flow, "resumed" if resumed else "opened").inc()
        told = {"conversation": conversation, "room": room, "flow": self._flow.flow, "resumed": resumed}
        self._span = tracer.start_span("conversation", attributes=_named(told))

    def failed(self, stage: str, vendor: str, failure: str) -> None:
        """A vendor failed; `stage` is stt, model or tts."""
        metrics.vendor_errors.labels(stage, vendor, failure).inc()
        if self._span is not None:
            self._span.add_event("vendor_failed", _named({"stage": stage, "vendor": vendor, "failure": failure}))

    def took_over(self, stage: str, vendor: str) -> None:
        """This vendor goes on where another one failed."""
        metrics.fallbacks.labels(stage, vendor).inc()

    def recognised(self, vendor: str, seconds: float) -> None:
        """The rep's words were known so long after the last of them."""
        metrics.recognition_seconds.labels(vendor).observe(seconds)

    def first_byte(self, vendor: str, seconds: float) -> None:
        """A sentence's first sound came so long after the sentence was given to the voice."""
        metrics.first_byte_seconds.labels(vendor).observe(seconds)

    def used(self, vendor: str, kind: Unit, amount: float) -> None:
        """A speech vendor was used for so many seconds of sound, or so many characters."""
        self._counted(vendor, self._costs.used(vendor, kind, amount))

    def happened(self, events: Sequence[Event]) -> None:
        """What a turn brought: of it, what models used and where they failed."""
        for event in events:
            if isinstance(event, UsageCharged):
                self._counted(event.responder, self._costs.charged(event.responder, event.cost))
                if event.first_token_ms is not None:
                    metrics.first_token_seconds.labels(event.responder).observe(event.first_token_ms / 1000)
            elif isinstance(event, FellBack):
                self.failed("model", self._responder, event.failure)
                self.took_over("model", event.responder)

    def turn(self, times: TurnTimes) -> None:
        """The rep was heard, and answered."""
        metrics.turns.labels(self._flow.flow).inc()
        if times.turn_ended is not None:
            metrics.end_of_turn_seconds.observe(times.turn_ended)
        if times.first_sound is not None:
            began_with = "acknowledgement" if times.acknowledged else "reply"
            metrics.voice_to_voice_seconds.labels(began_with).observe(times.first_sound)
            self._waits.append(times.first_sound)
        self._trace(times)

    def ended(self, report: Mapping[str, Any]) -> None:
        """The conversation is over, with this report."""
        flow = self._flow.flow
        self.used(RENTED, "seconds", report["timing"]["seconds"])
        metrics.conversations_ended.labels(flow, report["ended_because"] or "failed").inc()
        metrics.questions_spent.labels(flow).observe(report["usage"]["questions"])
        metrics.completeness_ratio.labels(flow).observe(self._completeness(report))
        told = {"because": report["ended_because"], "questions": report["usage"]["questions"], **self.summary()}
        log.info("conversation_ended: %s", json.dumps(told))
        if self._span is not None:
            attributes = {"reason": told["because"], "questions": told["questions"], "cost": told["cost"]}
            self._span.set_attributes(_named(attributes))
            self._span.end()
            self._span = None

    def summary(self) -> dict[str, Any]:
        """The conversation so far: `cost` in dollars, `vendors` with what each was used for, `voice_to_voice` seconds.

        A conversation that was taken over from another agent has here what this agent saw of it.
        """
        return {
            "cost": round(self._costs.total, 6),
            "vendors": self._costs.summary(),
            "voice_to_voice": {
                "turns": len(self._waits),
                "p50": _share(self._waits, 0.5),
                "p95": _share(self._waits, 0.95),
            },
        }

    def _counted(self, vendor: str, dollars: float) -> None:
        if dollars:
            metrics.cost_dollars.labels(vendor).inc(dollars)

    def _completeness(self, report: Mapping[str, Any]) -> float:
        required = {point.id for point in self._flow.points if point.required}
        missing = required & {gap["point"] for gap in report["gaps"]}
        return 1.0 - len(missing) / len(required) if required else 1.0

    def _trace(self, times: TurnTimes) -> None:
        within = set_span_in_context(self._span) if self._span is not None else context.get_current()
        span = tracer.start_span(
            "turn", within, start_time=_nanoseconds(times.last_word), attributes=_named(asdict(times))
        )
        span.end(_nanoseconds(times.over))


def refused(code: str) -> None:
    """A room that the agent would not serve; `code` is the one that the app was given."""
    metrics.refusals.labels(code).inc()


def _named(told: Mapping[str, Any]) -> dict[str, Any]:
    return {f"voyaltis.{name}": value for name, value in told.items() if value is not None}


def _nanoseconds(at: float) -> int:
    return int(at * 1e9)


def _share(waits: Sequence[float], share: float) -> float | None:
    """The wait that so large a share of the turns did not exceed."""
    if not waits:
        return None
    return round(sorted(waits)[min(len(waits) - 1, int(share * len(waits)))], 3)
