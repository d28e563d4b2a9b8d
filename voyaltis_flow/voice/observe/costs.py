"""What a conversation costs, by vendor: models as they were charged, speech by the minute or the character."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from voyaltis_flow.responders.prices import Prices, SpeechPrice
from voyaltis_flow.voice.vendors import Unit

RENTED = "livekit"
"""The vendor that the minutes of a conversation go to, where the price file has one."""

FREE = SpeechPrice()


class Costs:
    """The account of one conversation. What no line of the price file names is free; `summary` tells how much."""

    def __init__(self, prices: Prices) -> None:
        self._prices = prices
        self._used: defaultdict[str, dict[Unit, float]] = defaultdict(dict)
        self._dollars: defaultdict[str, float] = defaultdict(float)

    def used(self, vendor: str, unit: Unit, amount: float) -> float:
        """Puts speech on the account; the dollars that it costs."""
        price = self._prices.speech.get(vendor, FREE)
        self._used[vendor][unit] = self._used[vendor].get(unit, 0.0) + amount
        dollars = amount / 60 * price.minute if unit == "seconds" else amount / 1000 * price.thousand_characters
        return self.charged(vendor, dollars)

    def charged(self, vendor: str, dollars: float) -> float:
        """Puts dollars on the account, and returns them."""
        self._dollars[vendor] += dollars
        return dollars

    @property
    def total(self) -> float:
        """Dollars in all."""
        return sum(self._dollars.values())

    def summary(self) -> dict[str, dict[str, Any]]:
        """For each vendor what it was used for, and `cost` in dollars."""
        return {
            vendor: {
                **{unit: round(amount, 3) for unit, amount in sorted(self._used.get(vendor, {}).items())},
                "cost": round(self._dollars[vendor], 6),
            }
            for vendor in sorted({*self._used, *self._dollars})
        }
