"""What several rule books ask of texts: their variants, the languages that they lack, names that come twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from voyaltis_flow.script.models import ANY_LANGUAGE, Text
from voyaltis_flow.script.problems import Finding, Path


def variants(path: Path, text: Text) -> Iterator[tuple[Path, str]]:
    """The variants of a text, each with its place."""
    for language, said in text.root.items():
        for index, variant in enumerate(said):
            yield (*path, language, index), variant


def blanks(path: Path, text: Text) -> Iterator[Finding]:
    """The variants of a text that say nothing; the text itself when it was written without any."""
    if (not text.root and path[-1] in ("opening", "ask", "collect")) or any(not said for said in text.root.values()):
        yield Finding(path, f"`{path[-1]}` has no text.", "Write one.")
    for place, variant in variants(path, text):
        if not variant.strip():
            yield Finding(place, f"A text of `{path[-1]}` is empty.", "Write it, or take it out.")


def lacking(text: Text, languages: Iterable[str]) -> list[str]:
    """Those of the languages in which a text that is told apart by language says nothing."""
    if not text.root or ANY_LANGUAGE in text.root:
        return []
    return [language for language in languages if language not in text.root]


def repeats(names: Sequence[str]) -> Iterator[int]:
    """The indexes of the names that stood there before."""
    seen: set[str] = set()
    for index, name in enumerate(names):
        if name in seen:
            yield index
        seen.add(name)
