"""A mention as heard → what it is. As written first; by ear only where that leaves something unexplained."""

from __future__ import annotations

from collections.abc import Sequence

from voyaltis_flow.catalog.decide import Judge
from voyaltis_flow.catalog.echoes import Echoes
from voyaltis_flow.catalog.interpret import Interpreter, Reading
from voyaltis_flow.catalog.lattice import Edge, Lattice
from voyaltis_flow.catalog.resolution import Resolution
from voyaltis_flow.catalog.vocabulary import Vocabulary
from voyaltis_flow.catalog.wording import Wording
from voyaltis_flow.language.tokens import Token

_PLAIN_ENOUGH = 0.12
"""A reading as cheap as this needs no ear."""


class Resolver:
    """Joins lattice, interpreter and judge."""

    def __init__(self, vocabulary: Vocabulary, wording: Wording) -> None:
        self.lattice = Lattice(vocabulary, Echoes(vocabulary, wording.languages), wording)
        self.interpreter = Interpreter(vocabulary)
        self.judge = Judge(vocabulary, wording)

    def resolve(self, tokens: Sequence[Token], language: str | None) -> Resolution:
        """What these tokens, taken together, name."""
        return self.judge.decide(self.readings(tokens, language))

    def readings(self, tokens: Sequence[Token], language: str | None) -> list[Reading]:
        """The readings of a whole mention, cheapest first."""
        lattice: list[list[Edge]] = self.lattice.plain(tokens, language)
        found = self.interpreter.readings(lattice)
        best = next((reading for reading in found if self.judge.tells(reading)), None)
        if best and best.cost <= _PLAIN_ENOUGH:
            return found
        for edge in self.lattice.by_ear(tokens, lattice, language):
            lattice[edge.first].append(edge)
        return self.interpreter.readings(lattice)
