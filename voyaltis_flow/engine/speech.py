"""What of a model's words reaches the rep: each sentence once, as soon as it is whole, and only the question paid for.

A question is held until `asksAbout`, the next field, says that it is the plan's; else the plan's own words are spoken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from voyaltis_flow.engine.request import Plan
from voyaltis_flow.engine.sentences import split, whole

LONGEST_SENTENCE = 500
"""Characters without an end mark after which a reply's words are given up: nobody says that in one breath."""
MOST_SPOKEN = 1000
"""Characters of a reply that are spoken; no more sentences are taken after that."""

_SCRIPT = re.compile(r"<(script|style)\b.*?(</\1>|$)", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"<[a-zA-Z/!][^<>]*(>|$)")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_BULLET = re.compile(r"^\s*(?:[-*•>]|#+|\d{1,2}[.)])\s+", re.MULTILINE)
_STRAY_BLANK = re.compile(r" (?=[.,])")
_MARKUP = re.compile(r"[*_`#<>|~]+")


@dataclass(frozen=True, slots=True)
class Say:
    """A sentence for the voice. It is out: it will not be taken back."""

    text: str
    question: bool = False


class Speech:
    """The words of one turn. Fed the growing `nextMessage`; gives each sentence that may be spoken, once."""

    def __init__(self, plan: Plan, acknowledgement: str | None = None) -> None:
        self._plan = plan
        self._own_question = set(map(_bare, split(plan.question or "")))
        self.said: list[Say] = [Say(acknowledgement)] if acknowledgement else []
        self._acknowledged = bool(acknowledgement)
        self._again = False
        self._start_anew()

    def _start_anew(self) -> None:
        self._taken = 0
        self._spoken = 0
        self._held: list[str] = []
        self._gate: tuple[object] | None = None
        self._open = True

    @property
    def asked(self) -> bool:
        """Whether the turn's question is out."""
        return any(say.question for say in self.said)

    def hear(self, text: str, closed: bool) -> Iterator[Say]:
        """More of `nextMessage`; `closed` when it is all there."""
        while self._open:
            window = text[: self._taken + LONGEST_SENTENCE]
            end = whole(window, self._taken)
            if end is None and (len(text) > len(window) or not closed):
                self._open = len(text) <= len(window)
                return
            sentence = spoken(text[self._taken : end])
            self._taken = len(text) if end is None else end
            if sentence:
                yield from self._take(sentence)
            if end is None:
                return

    def gate(self, about: object) -> Iterator[Say]:
        """`asksAbout` is known: a question that was held is let go or dropped, with what followed it."""
        self._gate = (about,)
        held, self._held = self._held, []
        for sentence in held:
            yield from self._pass(sentence)

    def _pass(self, sentence: str) -> Iterator[Say]:
        """A question at the open gate, or what follows one."""
        if not self._open:
            return
        if not self._asks(sentence) or self._goes_on_asking(sentence):
            yield from self._declared(sentence)
        elif self._plan.question is None or self._gate != (self._plan.asks_about,):
            self._open = False
        elif not self.asked:
            yield self._out(self._one_question(sentence), question=True)

    def restart(self) -> None:
        """The reply is written anew by another responder."""
        self._again = len(self.said) > self._acknowledged
        self._start_anew()

    def finish(self) -> Iterator[Say]:
        """No more comes: what is lacking is said in the plan's own words, so that no turn is silent."""
        if len(self.said) == self._acknowledged:
            for text in self._plan.say:
                yield self._out(text, question=text == self._plan.question)
        elif self._plan.question is not None and not self.asked:
            yield self._out(self._plan.question, question=True)
        elif self._plan.complete and (self._held or not self._open):
            yield self._out(self._plan.say[-1])

    def _take(self, sentence: str) -> Iterator[Say]:
        self._spoken += len(sentence)
        if self._spoken > MOST_SPOKEN:
            self._open = False
        elif self._gate is None and (self._held or self._asks(sentence)):
            self._held.append(sentence)
        else:
            yield from self._pass(sentence)

    def _asks(self, sentence: str) -> bool:
        return "?" in sentence or _bare(sentence) in self._own_question

    def _one_question(self, sentence: str) -> str:
        """A question up to its mark; a second one that hangs on to it was not paid for."""
        if _bare(sentence) in self._own_question or "?" not in sentence:
            return sentence
        return sentence[: sentence.index("?") + 1]

    def _goes_on_asking(self, sentence: str) -> bool:
        """Whether a sentence is more of the plan's own question, which may take two."""
        own = [say for say in self.said if say.question and _bare(say.text) in self._own_question]
        return bool(own) and _bare(sentence) in self._own_question

    def _declared(self, sentence: str) -> Iterator[Say]:
        if self._again and self._plan.question is not None and not self._asks(sentence):
            return
        if all(_bare(say.text) != _bare(sentence) for say in self.said):
            yield self._out(sentence)

    def _out(self, text: str, question: bool = False) -> Say:
        say = Say(text, question)
        self.said.append(say)
        return say


def spoken(text: str) -> str:
    """A text without what can't be said aloud: tags, markdown, line breaks."""
    text = _TAG.sub(" ", _SCRIPT.sub(" ", text))
    text = _MARKUP.sub("", _BULLET.sub("", _LINK.sub(r"\1", text)))
    return _STRAY_BLANK.sub("", " ".join(text.split()))


def _bare(sentence: str) -> str:
    return re.sub(r"\W+", " ", sentence).strip().casefold()
