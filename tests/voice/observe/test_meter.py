"""What the meter of a conversation is told, and what it makes of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from tests.engine.scene import make_flow, opened, say
from voyaltis_flow.engine.events import FellBack, Silence, UsageCharged
from voyaltis_flow.responders.prices import Prices, SpeechPrice
from voyaltis_flow.voice.observe import metrics
from voyaltis_flow.voice.observe.meter import Meter, TurnTimes, refused
from voyaltis_flow.voice.vendors import Observer

PRICES = Prices(date(2026, 11, 1), {}, {"deepgram": SpeechPrice(minute=0.06), "livekit": SpeechPrice(minute=0.6)})


def meter() -> Meter:
    return Meter(make_flow(), PRICES, "claude")


class Counted:
    """How much the metrics grew since it was made."""

    def __init__(self) -> None:
        self._before = self._now()

    def __getitem__(self, sample: str) -> float:
        return self._now().get(sample, 0.0) - self._before.get(sample, 0.0)

    def _now(self) -> dict[str, float]:
        samples = [sample for family in metrics.CONVERSATIONS.collect() for sample in family.samples]
        return {f"{sample.name}({','.join(sample.labels.values())})": sample.value for sample in samples}


@pytest.fixture
def counted() -> Iterator[Counted]:
    return Counted()


def test_it_is_the_observer_that_ears_and_voices_report_to(counted: Counted) -> None:
    observer: Observer = meter()
    observer.failed("tts", "elevenlabs", "timeout")
    observer.took_over("tts", "offline")
    observer.recognised("deepgram", 0.21)
    observer.first_byte("offline", 0.04)
    observer.used("deepgram", "seconds", 30)
    assert counted["voyaltis_vendor_errors_total(tts,elevenlabs,timeout)"] == 1
    assert counted["voyaltis_fallbacks_total(tts,offline)"] == 1
    assert counted["voyaltis_recognition_seconds_sum(deepgram)"] == pytest.approx(0.21)
    assert counted["voyaltis_first_byte_seconds_count(offline)"] == 1
    assert counted["voyaltis_cost_dollars_total(deepgram)"] == pytest.approx(0.03)


def test_turns_are_told_apart_by_what_the_rep_heard_first(counted: Counted) -> None:
    measured = meter()
    measured.turn(TurnTimes(last_word=100.0, transcribed=0.2, turn_ended=0.3, first_sound=0.7, acknowledged=True))
    measured.turn(TurnTimes(last_word=110.0, turn_ended=0.4, first_sound=1.1))
    measured.turn(TurnTimes(last_word=120.0))
    assert counted["voyaltis_turns_total(small)"] == 3
    assert counted["voyaltis_end_of_turn_seconds_sum()"] == pytest.approx(0.7)
    assert counted["voyaltis_voice_to_voice_seconds_sum(acknowledgement)"] == pytest.approx(0.7)
    assert counted["voyaltis_voice_to_voice_seconds_sum(reply)"] == pytest.approx(1.1)
    assert measured.summary()["voice_to_voice"] == {"turns": 2, "p50": 1.1, "p95": 1.1}


def test_models_are_read_from_what_happened(counted: Counted) -> None:
    meter().happened(
        [
            Silence(at=1.0),
            UsageCharged(responder="claude", cost=0.004, first_token_ms=320),
            FellBack(turn=1, failure="overloaded", responder="rules"),
        ]
    )
    assert counted["voyaltis_cost_dollars_total(claude)"] == pytest.approx(0.004)
    assert counted["voyaltis_first_token_seconds_sum(claude)"] == pytest.approx(0.32)
    assert counted["voyaltis_vendor_errors_total(model,claude,overloaded)"] == 1
    assert counted["voyaltis_fallbacks_total(model,rules)"] == 1


def test_an_end_tells_questions_completeness_and_rented_minutes(counted: Counted) -> None:
    measured = meter()
    measured.began("c1", "room", resumed=False)
    conversation = opened()
    say(conversation, "2 s25", at=60.0)
    conversation.end("hung_up", 60.0)
    measured.ended(conversation.report())
    assert counted["voyaltis_conversations_started_total(small,opened)"] == 1
    assert counted["voyaltis_conversations_ended_total(small,hung_up)"] == 1
    assert counted["voyaltis_questions_spent_sum(small)"] == conversation.report()["usage"]["questions"] > 0
    assert counted["voyaltis_completeness_ratio_sum(small)"] == 0.5
    assert counted["voyaltis_cost_dollars_total(livekit)"] == pytest.approx(0.6)
    assert measured.summary()["vendors"] == {"livekit": {"seconds": 60.0, "cost": 0.6}}
    assert measured.summary()["cost"] == 0.6


def test_a_flow_without_required_points_is_always_complete(counted: Counted) -> None:
    points = [{"id": "mood", "type": "choice", "options": ["happy"], "collect": "mood", "ask": "Mood?"}]
    flow = make_flow(points=points, report={})
    conversation = opened()
    conversation.end("app", 1.0)
    Meter(flow, PRICES, "rules").ended(conversation.report())
    assert counted["voyaltis_completeness_ratio_sum(small)"] == 1


def test_a_refusal_is_counted_by_its_code(counted: Counted) -> None:
    refused("flow_unknown")
    assert counted["voyaltis_refusals_total(flow_unknown)"] == 1
