"""The figures of many conversations, the goals for them, and the baseline that they must not fall below."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import sqrt
from pathlib import Path
from statistics import NormalDist, median
from typing import Any, NamedTuple

from voyaltis_flow.script.scenarios import Goal
from voyaltis_flow.simulate.scoring import Scored

CONFIDENCE = 0.95


class Share(NamedTuple):
    """How many of how many."""

    of_them: int
    all: int

    @property
    def value(self) -> float:
        """0..1; 1 of nothing, for nothing went wrong."""
        return self.of_them / self.all if self.all else 1.0

    @property
    def lowest(self) -> float:
        """The lower end of the share's Wilson interval: less than that is not chance."""
        if not self.all:
            return 0.0
        z, n = NormalDist().inv_cdf(0.5 + CONFIDENCE / 2), self.all
        centre = self.value + z * z / (2 * n)
        spread = z * sqrt(self.value * (1 - self.value) / n + z * z / (4 * n * n))
        return min(self.value, max(0.0, (centre - spread) / (1 + z * z / n)))  # never above it by a rounding


@dataclass(slots=True)
class Tally:
    """What some conversations came to."""

    verdicts: Counter[str] = field(default_factory=Counter)
    told: int = 0
    untold: int = 0
    questions: Counter[int] = field(default_factory=Counter)
    turns: Counter[int] = field(default_factory=Counter)
    budget: int = 0
    """The questions that the budget has."""

    def add(self, values: Iterable[Scored], told: int, untold: int, spent: int, turns: int) -> None:
        """Counts a conversation in."""
        self.verdicts.update(value.verdict for value in values)
        self.told += told
        self.untold += untold
        self.questions[spent] += 1
        self.turns[turns] += 1

    @property
    def conversations(self) -> int:
        """How many there were."""
        return self.questions.total()

    @property
    def right(self) -> Share:
        """Of what was told, what is recorded as it was told."""
        told = sum(self.verdicts[kind] for kind in ("right", "wrong", "missing"))
        return Share(self.verdicts["right"], told)

    @property
    def made_up(self) -> Share:
        """Of what is recorded, what nobody said."""
        recorded = sum(self.verdicts[kind] for kind in ("right", "wrong", "made_up", "beside"))
        return Share(self.verdicts["made_up"], recorded)

    @property
    def median_questions(self) -> float:
        """Questions spent in the median conversation."""
        return float(median(self.questions.elements())) if self.questions else 0.0

    @property
    def median_turns(self) -> float:
        """Turns of the rep in the median conversation."""
        return float(median(self.turns.elements())) if self.turns else 0.0

    @property
    def over_budget(self) -> int:
        """Conversations that spent more questions than there are."""
        return sum(number for spent, number in self.questions.items() if spent > self.budget)

    def shares(self) -> dict[str, Share]:
        """The figures that a baseline holds; of each, more is better."""
        made_up, questions = self.made_up, self.budget * self.conversations
        spent = sum(spent * number for spent, number in self.questions.items())
        return {
            "right": self.right,
            "not_made_up": Share(made_up.all - made_up.of_them, made_up.all),
            "not_beside": Share(made_up.all - self.verdicts["beside"], made_up.all),
            "told": Share(self.told, self.told + self.untold),
            "questions_left": Share(max(0, questions - spent), questions),
            "in_budget": Share(self.conversations - self.over_budget, self.conversations),
        }

    def as_data(self) -> dict[str, Any]:
        """The figures as JSON has them."""
        return {
            "conversations": self.conversations,
            **{kind: self.verdicts[kind] for kind in ("right", "wrong", "missing", "made_up", "beside")},
            "told": self.told,
            "untold": self.untold,
            "right_share": round(self.right.value, 6),
            "made_up_share": round(self.made_up.value, 6),
            "questions": {"budget": self.budget, "median": self.median_questions, "over_budget": self.over_budget},
            "questions_spent": {str(spent): self.questions[spent] for spent in sorted(self.questions)},
            "turns": {"median": self.median_turns},
        }


def short_of_goal(tally: Tally, goals: Iterable[Goal], noise: float) -> Iterator[str]:
    """What the figures lack of the goal for this noise: that of the least level that is not below it."""
    fitting = sorted((goal for goal in goals if goal.noise >= noise), key=lambda goal: goal.noise)
    if not fitting:
        return
    goal = fitting[0]
    if goal.right is not None and tally.right.value < goal.right:
        yield f"right: {tally.right.value:.4f}, and the goal is at least {goal.right}"
    if goal.made_up is not None and tally.made_up.value > goal.made_up:
        yield f"made up: {tally.made_up.value:.4f}, and the goal is at most {goal.made_up}"
    if goal.questions is not None and tally.median_questions > goal.questions:
        yield f"questions at the median: {tally.median_questions:g}, and the goal is at most {goal.questions:g}"
    if tally.over_budget:
        yield f"{tally.over_budget} conversations spent more than the budget's {tally.budget} questions"


class BaselineError(ValueError):
    """A baseline can't be compared with. The message says why, for people."""


@dataclass(frozen=True)
class Baseline:
    """Figures of an earlier run, by flow and name, and the conditions that they were taken under."""

    conditions: Mapping[str, Any]
    flows: Mapping[str, Mapping[str, Share]]
    course: Mapping[str, Any] = field(default_factory=dict)
    """`runs`, `seed`, and by flow a digest of each conversation: what `--exact` compares."""

    @classmethod
    def read(cls, path: Path) -> Baseline:
        """The baseline that `write` left. Raises BaselineError, and OSError where there is no such file."""
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            flows = {
                flow: {name: Share(*map(int, share)) for name, share in shares.items()}
                for flow, shares in data["flows"].items()
            }
            return cls(dict(data["conditions"]), flows, dict(data["course"]))
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise BaselineError(f"{path} is no baseline; make it anew with --update-baseline") from error

    def write(self, path: Path) -> None:
        """Writes it down: the same bytes for the same figures."""
        data = {"conditions": self.conditions, "flows": self.flows, "course": self.course}
        path.write_text(json.dumps(data, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")

    def check(self, conditions: Mapping[str, Any], *, exact: bool = False) -> None:
        """Raises BaselineError when it was taken under other conditions; `exact`: with other reps."""
        reps = {name: self.course.get(name) for name in ("runs", "seed")} if exact else {}
        for name, value in {**self.conditions, **reps}.items():
            if conditions.get(name) != value:
                told = f"the baseline was taken with {name} {value}, and this run has {name} {conditions.get(name)}"
                raise BaselineError(f"{told}: run it alike, or make the baseline anew with --update-baseline")

    def fallen(self, flow: str, shares: Mapping[str, Share]) -> Iterator[str]:
        """The figures that are below the baseline's Wilson interval."""
        for name, before in self.flows.get(flow, {}).items():
            now = shares.get(name)
            if now is not None and now.value < before.lowest:
                told = f"{now.value:.4f} ({now.of_them} of {now.all}), below {before.lowest:.4f}"
                yield f"{name}: {told}, the least that the baseline's {before.of_them} of {before.all} allow"

    def changed(self, flow: str, digests: Sequence[str]) -> list[int]:
        """The places of the conversations that went otherwise than the baseline's."""
        before = self.course.get(flow, [])
        longest = max(len(before), len(digests))
        return [at for at in range(longest) if before[at : at + 1] != list(digests[at : at + 1])]
