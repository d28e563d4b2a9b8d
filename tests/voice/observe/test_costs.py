"""What speech costs beside models."""

from __future__ import annotations

from datetime import date

import pytest

from voyaltis_flow.responders.prices import Prices, SpeechPrice, load_prices
from voyaltis_flow.voice.observe.costs import Costs

PRICES = Prices(
    date(2026, 11, 1),
    {},
    {"deepgram": SpeechPrice(minute=0.006), "elevenlabs": SpeechPrice(thousand_characters=0.05)},
)


def test_sound_is_paid_by_the_minute_and_text_by_the_character() -> None:
    costs = Costs(PRICES)
    assert costs.used("deepgram", "seconds", 90) == pytest.approx(0.009)
    assert costs.used("elevenlabs", "characters", 500) == pytest.approx(0.025)
    assert costs.charged("claude", 0.002) == 0.002
    assert costs.total == pytest.approx(0.036)
    assert costs.summary() == {
        "claude": {"cost": 0.002},
        "deepgram": {"seconds": 90, "cost": 0.009},
        "elevenlabs": {"characters": 500, "cost": 0.025},
    }


def test_what_has_no_price_is_free_and_still_counted() -> None:
    costs = Costs(PRICES)
    assert costs.used("offline", "seconds", 60) == 0
    assert costs.used("offline", "characters", 60) == 0
    assert costs.summary() == {"offline": {"characters": 60, "seconds": 60, "cost": 0}}


def test_three_minutes_of_debrief_with_the_shipped_prices_cost_cents() -> None:
    costs = Costs(load_prices())
    costs.used("deepgram", "seconds", 180)
    costs.used("elevenlabs", "characters", 900)
    assert 0.03 < costs.total < 0.15
