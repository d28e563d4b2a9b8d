"""What reading knows of a language: its cue book and its closed word classes. All of it is data of `language/`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from voyaltis_flow.language.lexicon import language_data
from voyaltis_flow.language.tokens import fold
from voyaltis_flow.reading.cues import CueBook


@dataclass(frozen=True)
class Lexis:
    """The cue book and the word classes of one language."""

    language: str
    book: CueBook
    words: Mapping[str, frozenset[str]]

    def is_a(self, word: str, *classes: str) -> bool:
        """Whether a folded word belongs to one of these closed classes."""
        return any(word in self.words[name] for name in classes)


@lru_cache
def lexis(language: str) -> Lexis:
    """The lexis of a language, read once."""
    data = language_data(language, "cues")
    words = {name: frozenset(fold(word.lstrip("=")) for word in listed) for name, listed in data["words"].items()}
    return Lexis(language, CueBook(data["cues"]), words)
