"""What is known of a language, as data: every file of `language/<code>/` by its name, read once."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

_HERE = Path(__file__).parent


@lru_cache
def available_languages() -> tuple[str, ...]:
    """The codes of the languages that ship: the folders beside this file."""
    return tuple(sorted(path.name for path in _HERE.iterdir() if (path / "numbers.yaml").is_file()))


@lru_cache
def language_data(language: str, name: str) -> Any:
    """The content of `<language>/<name>.yaml`. Every scalar is text: "on", "no" and "1" are words here."""
    text = (_HERE / language / f"{name}.yaml").read_text(encoding="utf-8")
    return yaml.load(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))


@lru_cache
def _ranks(language: str) -> dict[str, int]:
    path = _HERE / language / "common.txt"
    words = path.read_text(encoding="utf-8").split() if path.is_file() else []
    return {word: rank for rank, word in reversed(list(enumerate(words, 1)))}


def common_rank(word: str, language: str) -> int | None:
    """How common a folded word is in a language (1 is the commonest), or None when it is not among its everyday words."""
    return _ranks(language).get(word)
