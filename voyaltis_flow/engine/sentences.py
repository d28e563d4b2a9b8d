"""Sentences of a text that is still being written. What is whole once stays whole, however the text comes in.

A sentence is whole when its end mark is followed by a blank and by what may begin another one, or by the text's end.
French marks stand apart ("vraiment ?"), abbreviations and numbers hold dots that end nothing ("M. Dupont", "3.5").
"""

from __future__ import annotations

import re

_END = re.compile(r"[.!?…]+(?:[^\S\n]*[!?…]+)*(?:[\"”’)\]*_]|[^\S\n]*»)*(?=\s)|\n+")
_NEXT = re.compile(r"\s*(\S)")
_TAG = re.compile(r"<(?=[a-zA-Z/!])[^>]{0,300}")
_LAST_WORD = re.compile(r"([\w.]+)\.$")
_ABBREVIATION = re.compile(
    r"M|MM|Mmes?|Mlles?|Mr|Mrs|Ms|Dr|Pr|St|Ste|env|approx|ex|p\.ex|cf|vs|[A-Z]|[a-z](?:\.[a-z])+|\d{1,2}",
)
_CONTINUES = re.compile(r"[a-zà-öø-ÿœ,;:!?…»)]")


def whole(text: str, start: int = 0) -> int | None:
    """Where the sentence that begins at `start` ends, or None while that can't be told."""
    position = start
    while (mark := _END.search(text, position)) is not None:
        following = _NEXT.match(text, mark.end())
        if following is None:
            return None
        if _ends(text, start, mark, following[1]):
            return mark.end()
        position = mark.end()
    return None


def split(text: str) -> list[str]:
    """The sentences of a text that is complete."""
    sentences, start = [], 0
    while (end := whole(text, start)) is not None:
        sentences.append(text[start:end].strip())
        start = end
    return [sentence for sentence in [*sentences, text[start:].strip()] if sentence]


def _ends(text: str, start: int, mark: re.Match[str], following: str) -> bool:
    if any(tag.end() >= mark.end() for tag in _TAG.finditer(text, start, mark.end())):
        return False
    if mark.group().startswith("\n"):
        return bool(text[start : mark.start()].strip())
    if _CONTINUES.match(following):
        return False
    word = _LAST_WORD.search(text, start, mark.end()) if mark.group() == "." else None
    if word is None:
        return True
    opens = not text[start : word.start()].strip()
    return not (_ABBREVIATION.fullmatch(word[1]) and (opens or not word[1].isdigit()))
