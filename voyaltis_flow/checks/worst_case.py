"""The most that a conversation of a flow can take: questions by its budget, minutes by stated rates of speech."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from voyaltis_flow.checks.flows import OF_PRODUCTS
from voyaltis_flow.engine.asking import may_be_asked, most_times_asked
from voyaltis_flow.script.models import Flow, Point, Text

AGENT_WORDS = 160
"""Words a minute: an unhurried voice."""
REP_WORDS = 150
ANSWER_WORDS = 30
"""Words of an answer that says a little more than it was asked."""
PAUSE = 1.0
"""Seconds between one who speaks and the other."""
RATES = (
    f"the agent says {AGENT_WORDS} words a minute, the rep {REP_WORDS} and {ANSWER_WORDS} an answer, "
    f"with {PAUSE:g} second between them"
)

_ACKNOWLEDGEMENT = 10
"""Words that are said back before the next question."""
_CLARIFICATION = 15
"""Words of “which one?” with its choices."""
_READ_BACK = 40
"""Words of a recap."""

_CODE = re.compile(r"\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_VALUE = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_WORD = re.compile(r"\w+(?:['’-]\w+)*")


class WorstCase(NamedTuple):
    """All questions spent, each on the longest wording, in the language that takes longest."""

    questions: int
    minutes: float


def worst_case(flow: Flow) -> WorstCase:
    """What a flow takes at the most. A question that its budget allows and no point can spend does not count."""
    budget = flow.budget.questions
    spoken = [sorted(_questions(flow, language), reverse=True)[:budget] for language in flow.languages]
    minutes = [_minutes(flow, language, words) for language, words in zip(flow.languages, spoken, strict=True)]
    return WorstCase(max(map(len, spoken), default=0), max(minutes, default=0.0))


def asks(text: Text) -> bool:
    """Whether each variant of a text asks something."""
    return all("?" in _CODE.sub("", variant) for variants in text.root.values() for variant in variants)


def _questions(flow: Flow, language: str) -> Iterator[int]:
    """The words of each question that the points can spend."""
    for point in flow.points:
        asked = 0 if point.ask == "never" else _longest(point.ask, language)
        words = max(asked, _CLARIFICATION) if point.type in OF_PRODUCTS else asked
        yield from [words] * _most_questions(flow, point)


def _most_questions(flow: Flow, point: Point) -> int:
    """Products may be asked about again and again (which one, how many, is that right), all else for itself only."""
    limit = flow.budget.questions if point.questions is None else point.questions
    return limit if point.type in OF_PRODUCTS else min(limit, most_times_asked(point))


def _minutes(flow: Flow, language: str, questions: list[int]) -> float:
    texts = (flow.notice, flow.opening, flow.closing)
    words = sum(_longest(text, language) for text in texts) + sum(questions)
    words += _ACKNOWLEDGEMENT * len(questions) + (_READ_BACK if flow.recap == "spoken" else 0)
    if questions and asks(flow.opening) and any(map(may_be_asked, flow.points)):
        words -= questions[-1]
    answer = ANSWER_WORDS / REP_WORDS + 2 * PAUSE / 60
    return words / AGENT_WORDS + len(questions) * answer


def _longest(text: Text, language: str) -> int:
    return max((len(_WORD.findall(_spoken(variant))) for variant in text.variants(language)), default=0)


def _spoken(source: str) -> str:
    """A text with a word for each of its values."""
    return _VALUE.sub("x", _CODE.sub(" ", source)) if "{" in source else source
