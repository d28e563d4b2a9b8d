"""What of a recogniser's text was said. Whisper fills silence, music and breaks with what it has read under films."""

from __future__ import annotations

import re
import zlib

SILENT = 0.6
"""From this probability of no speech on, words need to be likely to count."""
UNLIKELY = -1.0
"""Mean log probability of a text that is no more than a guess."""
REPETITIVE = 2.4
"""How many times shorter zlib makes a text that goes round in circles."""
FASTEST = 24
"""Characters a second that nobody speaks."""
FEW = 8
"""Words of which half and more may be others' repeats."""
SHORT = 20
"""Characters of a text in which repetition says nothing."""

_ARTEFACT = re.compile(
    r"""(?ix)
    (?: sous-?titr\w* \b [^.!?]* (?:amara\.org|radio-canada|soustitreur|soci[ée]t[ée]|communaut[ée]) [^.!?]* [.!?]*
      | (?:merci|thanks?(?:\ you)?) \b [^.!?]* \b (?:regard[ée]|watching|vid[ée]o) [^.!?]* [.!?]*
      | (?:abonnez|n'oubliez\ pas\ de\ vous\ abonner|like\ and\ subscribe|subscribe\ to) [^.!?]* [.!?]*
      | ❤️? | ♪ | \[[^\]]*\] | \( (?:musique|music|rires|applause|applaudissements)[^)]* \)
    )"""
)


def cleaned(text: str) -> str:
    """A text without what nobody said."""
    return " ".join(_ARTEFACT.sub(" ", text).split()).strip(" -–…")


def believed(text: str, likelihood: float, silence: float) -> bool:
    """Whether somebody said this: `likelihood` is its mean log probability, `silence` that of no speech."""
    if not re.search(r"\w", text):
        return False
    return likelihood > UNLIKELY if silence > SILENT else likelihood > 2 * UNLIKELY


def goes_round(text: str, seconds: float) -> bool:
    """Whether a text repeats itself, or runs on, as nobody does who speaks for so many seconds."""
    content, words = text.encode(), re.findall(r"\w+", text.casefold())
    if len(text) > SHORT + FASTEST * seconds:
        return True
    if len(words) >= FEW and len(set(words)) <= len(words) / 2:
        return True
    return len(text) > SHORT and len(content) / len(zlib.compress(content)) > REPETITIVE
