"""An observer that remembers."""

from __future__ import annotations

from dataclasses import dataclass, field

from voyaltis_flow.runtime.protocols import Failure
from voyaltis_flow.voice.vendors import Stage, Unit


@dataclass
class Observed:
    """What was told of vendors."""

    failures: list[tuple[str, str, str]] = field(default_factory=list)
    takeovers: list[tuple[str, str]] = field(default_factory=list)
    recognitions: list[tuple[str, float]] = field(default_factory=list)
    first_bytes: list[tuple[str, float]] = field(default_factory=list)
    uses: list[tuple[str, str, float]] = field(default_factory=list)

    def failed(self, stage: Stage, vendor: str, failure: Failure) -> None:
        self.failures.append((stage, vendor, failure))

    def took_over(self, stage: Stage, vendor: str) -> None:
        self.takeovers.append((stage, vendor))

    def recognised(self, vendor: str, seconds: float) -> None:
        self.recognitions.append((vendor, seconds))

    def first_byte(self, vendor: str, seconds: float) -> None:
        self.first_bytes.append((vendor, seconds))

    def used(self, vendor: str, kind: Unit, amount: float) -> None:
        self.uses.append((vendor, kind, amount))
