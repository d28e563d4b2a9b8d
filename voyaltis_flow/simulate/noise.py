"""What a speech recogniser makes of a rep's words: homophones, dropped and merged words, numbers written otherwise.

A level of 0.1 means that one word in ten is touched. Nothing here knows what reading can repair.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

from voyaltis_flow.simulate.phrases import Phrases

Touch = Callable[[str], str | None]
"""A word as it was heard, None where this can't happen to it."""

_WORD = re.compile(r"\S+")
_PARTS = re.compile(r"^(\W*)(.*?)(\W*)$", re.DOTALL)
_CODE = re.compile(r"^([a-z]+)(\d{1,2})$", re.IGNORECASE)
SHORT = 3
"""Words of up to so many letters are heard as they are spelled."""


class Noise:
    """The channel between a rep and the agent. The same chance gives the same noise."""

    def __init__(self, level: float, phrases: Phrases, chance: Random) -> None:
        self._level, self._phrases, self._chance = level, phrases, chance
        self._alike = {
            word: [other for other in group if other != word] for group in phrases["homophones"] for word in group
        }
        self._numbers = {word: str(number) for number, word in enumerate(phrases["numbers"]) if number > 1}
        self._spelled = {digits: word for word, digits in self._numbers.items()}

    def __call__(self, text: str) -> str:
        """The text as it is heard."""
        if not self._level:
            return text
        heard: list[str] = []
        merges = False
        for word in _WORD.findall(text):
            touched, merged = word, merges
            merges = False
            if self._chance.random() < self._level:
                touched, merges = self._touched(word)
            if merged and heard and touched:
                heard[-1] += touched.lower()
            elif touched:
                heard.append(touched)
        return " ".join(heard)

    def _touched(self, word: str) -> tuple[str, bool]:
        """A word as it is heard, and whether it runs into the next one."""
        before, core, after = _PARTS.match(word).groups()  # type: ignore[union-attr]
        ways: list[Touch] = [self._homophone, self._number, self._spelling, self._dropped]
        self._chance.shuffle(ways)
        if self._chance.random() < 0.15 and core and not after:
            return word, True
        for way in (*ways, self._ending):
            if (found := way(core)) is not None:
                return (f"{before}{found}{after}" if found else ""), False
        return word, False

    def _homophone(self, core: str) -> str | None:
        others = self._alike.get(core.casefold())
        return self._chance.choice(others) if others else None

    def _number(self, core: str) -> str | None:
        """A number in the other way of writing; a code such as S25 in two words."""
        folded = core.casefold()
        if other := self._numbers.get(folded) or self._spelled.get(folded):
            return other
        code = _CODE.match(core)
        if code is None:
            return None
        digits = self._spelled.get(code[2], code[2]) if self._chance.random() < 0.5 else code[2]
        return f"{code[1]} {digits}"

    def _spelling(self, core: str) -> str | None:
        """A word as it sounds, in other letters."""
        if len(core) <= SHORT:
            return None
        fitting = [(old, new) for old, new in self._phrases["spellings"] if old in core.casefold()]
        if not fitting:
            return None
        old, new = self._chance.choice(fitting)
        return core.casefold().replace(old, new, 1)

    def _ending(self, core: str) -> str | None:
        """A word with one mute letter more or less at its end."""
        if not core.isalpha():
            return None
        return core[:-1] if core[-1] in "est" and len(core) > SHORT else f"{core}s"

    def _dropped(self, core: str) -> str | None:
        return "" if core.casefold() in self._phrases["little"] else None
