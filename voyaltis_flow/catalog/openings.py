"""Where in running text a mention may open, so that everyday words are left alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations

from voyaltis_flow.catalog.interpret import Reading
from voyaltis_flow.catalog.lattice import Edge, Edges, joined
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
_GUESS = 0.1
_NEVER_SO_MANY = 100
_SENTENCE_ENDS = frozenset(".!?…\n")


class Openings:
    """Decides what may open a mention, and what was only heard."""

    def __init__(self, vocabulary: Vocabulary, wording: Wording) -> None:
        self._vocabulary, self._wording = vocabulary, wording

    def opening(self, tokens: Sequence[Token], at: int, edges: Edges, language: str | None) -> list[Edge]:
        """The readings with which a mention may begin at a token."""
        sure = [edge for edge in edges[at] if self._opens(tokens, edge, language)]
        return sure or [edge for edge in edges[at] if self._may_lead(tokens, edge, edges, language)]

    def stands(self, tokens: Sequence[Token], reading: Reading, language: str | None) -> bool:
        """Whether a mention may be just this: something in it opens one, or the whole of it names a product."""
        told = [edge for edge in reading.path if edge.facets]
        opened = any(self._opens(tokens, edge, language) for edge in told if edge.kind != "number" or edge.measured)
        if not opened and not (len(told) > 1 and self.complete(reading)):
            return False
        return not reading.by_ear or self._trusted(tokens, reading)

    def common(self, norm: str, language: str | None) -> bool:
        """Whether a word is an everyday one."""
        rank = self._rank(norm, language)
        return rank is not None and rank < _EVERYDAY

    def complete(self, reading: Reading) -> bool:
        """Whether a reading names some product in full."""
        facets = [facet for facet in sorted(reading.facets) if facet[0] != "~"][:8]
        return any(
            self._vocabulary.forms.get(frozenset(chosen), set()) & (reading.holders or set())
            for size in range(1, len(facets) + 1)
            for chosen in combinations(facets, size)
        )

    def strange(self, tokens: Sequence[Token], spots: Iterable[Spot], language: str | None) -> list[int]:
        """Where the words stand that are in no mention and in no dictionary."""
        taken = {at for spot in spots if not _mere_piece(spot) for at in range(spot.first, spot.last)}
        return [at for at, token in enumerate(tokens) if at not in taken and self._strange(token, language)]

    def _strange(self, token: Token, language: str | None) -> bool:
        if not token.norm.isalpha() or len(token.norm) < 2:
            return False
        rank = self._rank(token.norm, language)
        return rank is None or rank > _STRANGE

    def _rank(self, norm: str, language: str | None) -> int | None:
        return common_rank(norm, language) if language else self._wording.rank(norm)

    # --- by kind

    def _opens(self, tokens: Sequence[Token], edge: Edge, language: str | None) -> bool:
        match edge.kind:
            case "ear":
                return edge.cost <= _HEARD_WELL
            case "number":
                return self._size(tokens, edge)
            case "term":
                return edge.term is not None and self._term(tokens, edge, language)
        return False

    def _term(self, tokens: Sequence[Token], edge: Edge, language: str | None) -> bool:
        assert edge.term
        if edge.term.kind == "code":
            return self._code(tokens, edge)
        if edge.cost > 0 or edge.term.kind == "part" or self._another_word(tokens, edge, language):
            return False
        return edge.term.kind != "word" or self._word(tokens, edge, language)

    def _may_lead(self, tokens: Sequence[Token], edge: Edge, edges: Edges, language: str | None) -> bool:
        """Whether an everyday word of a name, a size, or "the S25 range" leads up to more of a mention."""
        if not self._is_lead(tokens, edge, language):
            return False
        at = edge.last
        while at < len(tokens) and joined(tokens, at) and tokens[at].norm in self._wording.inside:
            at += 1
        return at < len(tokens) and joined(tokens, at) and any(other.facets for other in edges[at])

    def _is_lead(self, tokens: Sequence[Token], edge: Edge, language: str | None) -> bool:
        if edge.measured:
            return True
        word = edge.kind == "term" and not edge.cost and not self._another_word(tokens, edge, language)
        if not word and edge.kind != "range":
            return False
        return self._after_determiner(tokens, edge.first) or self._content(tokens, edge)

    def _content(self, tokens: Sequence[Token], edge: Edge) -> bool:
        """Whether these are no function words."""
        ranks = [self._wording.rank(token.norm) for token in tokens[edge.first : edge.last]]
        return all(rank is None or rank >= _FUNCTION_WORD for rank in ranks)

    def _size(self, tokens: Sequence[Token], edge: Edge) -> bool:
        """A number may begin a mention when its unit is said ("une 77 pouces"), or when nobody sells as many."""
        if edge.measured:
            return joined(tokens, edge.first) and self._after_determiner(tokens, edge.first)
        digits = edge.facets[0][1:]
        return digits.isdecimal() and int(digits) >= _NEVER_SO_MANY and edge.last < len(tokens)

    def _code(self, tokens: Sequence[Token], edge: Edge) -> bool:
        if edge.cost >= _GUESS:
            return False
        first = tokens[edge.first]
        if all(token.glued or token.gap == "-" for token in tokens[edge.first + 1 : edge.last]):
            return True
        if edge.cost == 0 and (first.text.isupper() or first.norm not in self._wording.empty):
            return True
        return self._after_determiner(tokens, edge.first)

    def _word(self, tokens: Sequence[Token], edge: Edge, language: str | None) -> bool:
        facets = frozenset(edge.facets)
        if facets in self._vocabulary.forms or facets in self._vocabulary.lines:
            return True
        return any(self._proper(token, language) for token in tokens[edge.first : edge.last])

    def _proper(self, token: Token, language: str | None) -> bool:
        rank = self._rank(token.norm, language)
        if rank is None or rank >= _EVERYDAY:
            return len(token.norm) > 1 or token.text.isupper()
        inside = bool(token.gap) and not _SENTENCE_ENDS.intersection(token.gap)
        return rank >= _FUNCTION_WORD and token.text[:1].isupper() and inside

    # --- what speaks against it

    def _after_determiner(self, tokens: Sequence[Token], at: int) -> bool:
        if at == 0:
            return False
        before = tokens[at - 1].norm
        return before in self._wording.determiners or before.isdecimal() or self._wording.begins_number(before)

    def _another_word(self, tokens: Sequence[Token], edge: Edge, language: str | None) -> bool:
        """Whether an everyday word is another than the term: with an accent, a verb after a pronoun, or a number."""
        said = tokens[edge.first]
        if edge.last > edge.first + 1:
            return False
        if language is not None and begins_number(said.norm, language):
            return True
        if not self.common(said.norm, None):
            return False
        verb = edge.first > 0 and joined(tokens, edge.first) and tokens[edge.first - 1].norm in self._wording.subjects
        return verb or self._accented(said, edge)

    def _accented(self, said: Token, edge: Edge) -> bool:
        """Whether the text has an accent where a category's word has none: "montré" is no "montre"."""
        if edge.term is None or edge.term.kind != "category":
            return False
        written = "".join(edge.term.words)
        return said.low != said.norm and said.low not in written and said.norm in fold(written)

    def _trusted(self, tokens: Sequence[Token], reading: Reading) -> bool:
        heard = [edge for edge in reading.path if edge.kind == "ear"]
        letters = sum(len(token.norm) for edge in heard for token in tokens[edge.first : edge.last])
        return letters >= 4 and (reading.cost <= 0.25 or len(reading.path) > 1 or letters >= 6)


def _mere_piece(spot: Spot) -> bool:
    """Whether a spot is one word of a longer name, the rest of which may have been misheard."""
    return (
        spot.last == spot.first + 1 and spot.by in ("name", "line") and isinstance(spot.resolution, Ambiguous | Match)
    )
