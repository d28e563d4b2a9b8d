"""How reps are: what a temperament makes them do, and how often."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from voyaltis_flow.script.scenarios import Temperament


@dataclass(frozen=True, slots=True)
class Manner:
    """How often, 0..1, a rep does a thing where they could; `stays` is how many turns they stay on the line."""

    opens: float = 0.3
    """Begins with “alors”, “bon”."""
    closes: float = 0.1
    bare: float = 0.1
    """Names things without a sentence around them."""
    volunteers: float = 0.1
    """Tells, unasked, what another point is about."""
    vague: float = 0.06
    """Names a product by its kind alone, until asked which one."""
    numberless: float = 0.03
    """Names a product without its number, until asked how many."""
    hesitates: float = 0.05
    slips: float = 0.03
    """Says a wrong number and corrects it in the same breath."""
    second_thoughts: float = 0.0
    """Says a wrong number and corrects it the next time."""
    digresses: float = 0.05
    distracts: float = 0.15
    """Says what sounds like the matter and is not: a colleague's sale, a reservation."""
    evades: float = 0.0
    """Answers another question than the one that was asked."""
    grumbles: float = 0.0
    silent: float = 0.0
    stays: tuple[int, int] | None = None


MANNERS: Mapping[Temperament, Manner] = {
    "plain": Manner(),
    "talkative": Manner(opens=0.7, closes=0.3, bare=0.0, volunteers=0.7, digresses=0.4, distracts=0.4),
    "terse": Manner(opens=0.0, closes=0.0, bare=0.9, vague=0.12, numberless=0.06, digresses=0.0, distracts=0.05),
    "hesitant": Manner(opens=0.5, hesitates=0.6, slips=0.1, vague=0.1, numberless=0.06),
    "corrects_themselves": Manner(slips=0.4, second_thoughts=0.35),
    "digresses": Manner(opens=0.5, volunteers=0.3, digresses=0.8, distracts=0.4),
    "answers_another_question": Manner(evades=0.6, volunteers=0.2),
    "angry": Manner(opens=0.1, bare=0.5, grumbles=0.6, digresses=0.1),
    "hangs_up": Manner(stays=(1, 2)),
    "silent": Manner(silent=0.35, bare=0.5),
}
