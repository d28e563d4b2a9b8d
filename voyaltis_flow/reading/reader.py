"""The front door of reading: a flow and a catalog, compiled once, read any turn of any conversation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from voyaltis_flow.catalog.index import CatalogIndex
from voyaltis_flow.catalog.resolution import Ambiguous, Spot
from voyaltis_flow.language.detect import detect
from voyaltis_flow.language.lexicon import common_rank
from voyaltis_flow.language.numbers import Number, find_numbers
from voyaltis_flow.language.tokens import Token, tokenize
from voyaltis_flow.reading import answers, witness
from voyaltis_flow.reading.books import FlowBooks
from voyaltis_flow.reading.counts import asks_for_products, asks_for_sales, read_counts
from voyaltis_flow.reading.frames import frames
from voyaltis_flow.reading.lexis import lexis
from voyaltis_flow.reading.model import Claim, Context, Fact, Reading, Refusal
from voyaltis_flow.reading.scene import lay_out
from voyaltis_flow.reading.signals import declined, signals
from voyaltis_flow.reading.turn import Turn
from voyaltis_flow.script.models import Flow

_EVERYDAY = 1000
"""A word that is commoner than this in a turn's language is no number of another ("a", "six")."""
LONGEST = 20_000
"""Characters of one turn that are read; what comes after is not."""


class Reader:
    """Reads turns against one flow. Immutable; safe to share."""

    def __init__(self, flow: Flow, index: CatalogIndex | None = None) -> None:
        self._flow, self._index = flow, index or CatalogIndex(())
        self._books = {language: FlowBooks.compile(flow, language) for language in flow.languages}

    def read(self, text: str, context: Context) -> Reading:
        """What a turn's words say. Total: whatever was said, it answers, in bounded time."""
        turn = self._turn(text, context)
        counted = read_counts(turn)
        said = answers.read_answers(turn, counted)
        found = signals(turn.scene, turn.frames)
        nothing = asks_for_sales(turn) and "not_sold" in turn.scene.classes and not turn.scene.has_products
        answered = bool((counted.answers and asks_for_products(turn)) or said.answers or nothing)
        return Reading(
            turn.language,
            (*counted.facts, *said.facts),
            counted.open,
            counted.missing,
            counted.outside,
            declined(turn.scene, context.asked, found, answered),
            found,
            answered or bool(found & {"nothing_more", "dont_know", "declined"}),
            counted.focus,
        )

    def bear_out(self, claim: Claim, text: str, context: Context, reading: Reading) -> Fact | Refusal:
        """A model's claim about this turn, re-read: the Fact that the quote bears out, or why it does not.

        `reading` is what `read` gave for the same text: what the words plainly say wins over the claim.
        """
        return witness.bear_out(claim, self._turn(text, context), reading)

    def _turn(self, text: str, context: Context) -> Turn:
        heard = text[:LONGEST]
        languages = self._flow.languages
        default = context.language if context.language in languages else languages[0]
        language = detect(heard, default, languages) if len(languages) > 1 else default
        tokens = tokenize(heard)
        numbers = self._numbers(tokens, language)
        spots = [_whole_numbers(spot, numbers) for spot in self._index.spot(tokens, language) if _stands(spot, numbers)]
        books = self._books[language]
        scene = lay_out(heard, tokens, spots, numbers, lexis(language))
        return Turn(
            self._flow, self._index, books, lexis(language), language, scene, frames(scene, lexis(language)), context
        )

    def _numbers(self, tokens: Sequence[Token], language: str) -> tuple[Number, ...]:
        """The numbers of a turn; words of the flow's other languages count where the turn's own has no use for them."""
        found = list(find_numbers(tokens, language))
        taken = {at for number in found for at in range(number.first, number.last)}
        for other in self._flow.languages:
            if other == language:
                continue
            for number in find_numbers(tokens, other):
                words = range(number.first, number.last)
                if taken.isdisjoint(words) and all(_is_foreign(tokens[at], language) for at in words):
                    found.append(number)
                    taken.update(words)
        return tuple(sorted(found, key=lambda number: number.first))


def _is_foreign(token: Token, language: str) -> bool:
    rank = common_rank(token.norm, language)
    return rank is None or rank > _EVERYDAY


def _whole_numbers(spot: Spot, numbers: Sequence[Number]) -> Spot:
    """A spot that does not end inside a number: "la limonade 1 litre [à 1],89 euros"."""
    cut = next((n.first for n in numbers if spot.first < n.first < spot.last < n.last), None)
    return spot if cut is None else replace(spot, last=cut)


def _stands(spot: Spot, numbers: Sequence[Number]) -> bool:
    """Whether a spot is a mention of its own: not the end of a number ("soixante-[cinq pouces]"), and not a size that
    several products have, which narrows what was named before."""
    if any(number.first < spot.first < number.last for number in numbers):
        return False
    sized = any(number.first == spot.first and number.last >= spot.last - 1 for number in numbers)
    return not (sized and isinstance(spot.resolution, Ambiguous))
