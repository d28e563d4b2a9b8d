"""Rules over what a rep is told about who listens, and what is kept of them."""

from __future__ import annotations

from collections.abc import Iterator

from voyaltis_flow.checks.rules import RuleBook
from voyaltis_flow.checks.surroundings import Surroundings
from voyaltis_flow.language.lexicon import available_languages, language_data
from voyaltis_flow.reading.moods import OWN_MOOD, mood_named
from voyaltis_flow.script.models import Flow, Point
from voyaltis_flow.script.problems import Finding

NOTICE_RULES: RuleBook[Flow] = RuleBook()


@NOTICE_RULES.rule("VF320", "A flow without a notice", "warning", reads=("notice", "points"))
def no_notice(flow: Flow, known: Surroundings) -> Iterator[Finding]:
    if not flow.notice.root and not any(map(_keeps_mood, flow.points)):
        hint = 'Say it first: `notice: {en: "I\'m an assistant, and I take notes."}`.'
        yield Finding(("flow",), "Nobody tells the rep that an assistant listens and takes notes.", hint, at_key=True)


@NOTICE_RULES.rule("VF321", "A mood that is kept without a notice", "warning", reads=("notice",))
def mood_without_notice(flow: Flow, known: Surroundings) -> Iterator[Finding]:
    for index, point in enumerate(flow.points):
        if not flow.notice.root and _keeps_mood(point):
            message = f"`{point.id}` keeps how somebody feels, and nobody tells the rep that anything is noted."
            yield Finding(("points", index, "id"), message, "Write a `notice:`, or take the point out.")


def _keeps_mood(point: Point) -> bool:
    """Whether a point listens for the rep's mood, or offers moods to choose from; whose they are can't be told."""
    if OWN_MOOD in point.listens_for or point.type != "choice":
        return OWN_MOOD in point.listens_for
    moods = {language: language_data(language, "moods") for language in available_languages()}
    return sum(mood_named(option, moods) is not None for option in point.options) > 1
