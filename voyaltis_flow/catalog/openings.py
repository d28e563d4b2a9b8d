"""Where in running text a mention may open, so that everyday words are left alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations

from voyaltis_flow.catalog.interpret import Reading
from voyaltis_flow.catalog.lattice import Edge, joined
from voyaltis_flow.catalog.resolution import Ambiguous, Match, Spot
from voyaltis_flow.catalog.vocabulary import Vocabulary
from voyaltis_flow.catalog.wording import Wording
from voyaltis_flow.language.lexicon import common_rank
from voyaltis_flow.language.numbers import begins_number
from voyaltis_flow.language.tokens import Token, fold

_EVERYDAY = 6_000
"""Words commoner than this do not open a mention, unless they name a product in full or are written as a name."""
_FUNCTION_WORD = 300
"""Words commoner than this open none, however they are written."""
_STRANGE = 9_000
"""Words rarer than this, and in no mention, may be a misheard one."""
_HEARD_WELL = 0.4
"""What it may cost to hear a mention where none is written."""


class Openings:
    """Decides what may open a mention, and what was only heard."""

    def __init__(self, vocabulary: Vocabulary, wording: Wording) -> None:
        self._vocabulary, self._wording = vocabulary, wording

    def opens(self, tokens: Sequence[Token], edge: Edge, language: str | None) -> bool:
        """Whether a mention may begin with this reading."""
        if edge.kind == "ear":
            return edge.cost <= _HEARD_WELL
        if edge.kind == "number":
            return self._size_first(tokens, edge)
        if edge.kind != "term" or edge.term is None or edge.term.kind == "part":
            return False
        if edge.term.kind == "code":
            return self._code(tokens, edge)
        if edge.cost > 0 or self._accented(tokens, edge) or self._verb(tokens, edge):
            return False
        if edge.term.kind == "word":
            return self._word(tokens, edge, language)
        return not self._is_number(tokens, edge, language)

    def stands(self, tokens: Sequence[Token], reading: Reading, language: str | None) -> bool:
        """Whether a mention may end so: a size alone, or a guess at a short word alone, is none."""
        if all(edge.kind in ("number", "measure", "empty") for edge in reading.path):
            return False
        return not reading.by_ear or self._trusted(tokens, reading)

    def common(self, norm: str, language: str | None) -> bool:
        """Whether a word is an everyday one."""
        rank = common_rank(norm, language) if language else self._wording.rank(norm)
        return rank is not None and rank < _EVERYDAY

    def complete(self, reading: Reading) -> bool:
        """Whether a reading names some product in full."""
        facets = [facet for facet in sorted(reading.facets) if facet[0] not in "!~"][:8]
        return any(
            self._vocabulary.forms.get(frozenset(chosen), set()) & (reading.holders or set())
            for size in range(1, len(facets) + 1)
            for chosen in combinations(facets, size)
        )

    def strange(self, tokens: Sequence[Token], spots: Iterable[Spot], language: str | None) -> list[int]:
        """Where the words stand that are in no mention and in no dictionary."""
        taken = {at for spot in spots if not self._mere_piece(spot) for at in range(spot.first, spot.last)}
        return [at for at, token in enumerate(tokens) if at not in taken and self._strange(token, language)]

    def _mere_piece(self, spot: Spot) -> bool:
        """Whether a spot is one word of a longer name, the rest of which may have been misheard."""
        return (
            spot.last == spot.first + 1
            and spot.by in ("name", "line")
            and isinstance(spot.resolution, Ambiguous | Match)
        )

    def _strange(self, token: Token, language: str | None) -> bool:
        if not token.norm.isalpha() or len(token.norm) < 2:
            return False
        rank = common_rank(token.norm, language) if language else self._wording.rank(token.norm)
        return rank is None or rank > _STRANGE

    # --- by kind

    def _size_first(self, tokens: Sequence[Token], edge: Edge) -> bool:
        """A number may begin a mention when its unit is said with it ("65 pouces Neo QLED"), or when nobody sells as many."""
        unit_said = tokens[edge.last - 1].norm in self._wording.units
        digits = edge.facets[0][1:]
        return unit_said or (digits.isdecimal() and int(digits) >= 100)

    def _code(self, tokens: Sequence[Token], edge: Edge) -> bool:
        if edge.cost >= 0.1:
            return False
        first = tokens[edge.first]
        glued = all(token.glued or token.gap == "-" for token in tokens[edge.first + 1 : edge.last])
        if edge.last - edge.first == 1 or glued:
            return True
        if edge.cost == 0 and (first.text.isupper() or first.norm not in self._wording.empty):
            return True
        return self._after_determiner(tokens, edge.first)

    def _after_determiner(self, tokens: Sequence[Token], at: int) -> bool:
        if at == 0:
            return False
        before = tokens[at - 1].norm
        return before in self._wording.determiners or before.isdecimal() or self._wording.begins_number(before)

    def _word(self, tokens: Sequence[Token], edge: Edge, language: str | None) -> bool:
        assert edge.term
        facets = frozenset(edge.facets)
        if facets in self._vocabulary.forms or facets in self._vocabulary.lines:
            return True
        said = tokens[edge.first : edge.last]
        return any(self._proper(token, language) for token in said)

    def _proper(self, token: Token, language: str | None) -> bool:
        rank = common_rank(token.norm, language) if language else self._wording.rank(token.norm)
        if rank is None or rank >= _EVERYDAY:
            return len(token.norm) > 1 or token.text.isupper()
        inside = bool(token.gap) and not set(token.gap) & set(".!?\n")
        return rank >= _FUNCTION_WORD and token.text[:1].isupper() and inside

    def _accented(self, tokens: Sequence[Token], edge: Edge) -> bool:
        """Whether the text has an accent where the term has none: "montré" is no "montre"."""
        assert edge.term
        said = tokens[edge.first : edge.last]
        written = "".join(edge.term.words)
        return bool(edge.term.words) and any(
            token.low != token.norm and token.low not in written and token.norm in fold(written) for token in said
        )

    def _verb(self, tokens: Sequence[Token], edge: Edge) -> bool:
        """Whether an everyday word follows a pronoun, and is a verb: "il montre"."""
        lone = edge.last == edge.first + 1 and edge.first > 0 and joined(tokens, edge.first)
        return (
            lone
            and tokens[edge.first - 1].norm in self._wording.subjects
            and self.common(tokens[edge.first].norm, None)
        )

    def _is_number(self, tokens: Sequence[Token], edge: Edge, language: str | None) -> bool:
        """Whether a term is a number in the text's language: French "four" is an oven, English "four" is 4."""
        alone = edge.last == edge.first + 1
        return alone and language is not None and begins_number(tokens[edge.first].norm, language)

    def _trusted(self, tokens: Sequence[Token], reading: Reading) -> bool:
        heard = [edge for edge in reading.path if edge.kind == "ear"]
        letters = sum(len(token.norm) for edge in heard for token in tokens[edge.first : edge.last])
        return letters >= 4 and (reading.cost <= 0.25 or len(reading.path) > 1 or letters >= 6)
