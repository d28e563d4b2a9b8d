"""The data of a language: YAML and word lists in the folder of its code. A new language is a folder, and no code."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any, ClassVar

import yaml

_HOME = files(__package__)
_MARK_OF_A_LANGUAGE = "numbers.yaml"
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _WordLoader(_Loader):  # type: ignore[misc]
    """YAML where `no`, `on` and `yes` are words: only `true` and `false` are truth values, as in YAML 1.2."""

    yaml_implicit_resolvers: ClassVar = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
        for first, resolvers in _Loader.yaml_implicit_resolvers.items()
    }


_WordLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))


@lru_cache(maxsize=1)
def available_languages() -> tuple[str, ...]:
    """The codes of the languages that have a folder here, in alphabetical order."""
    return tuple(
        sorted(entry.name for entry in _HOME.iterdir() if entry.is_dir() and (entry / _MARK_OF_A_LANGUAGE).is_file())
    )


@lru_cache
def language_data(language: str, name: str) -> Mapping[str, Any]:
    """What `<language>/<name>.yaml` says, read once; do not change it. LookupError when there is no such file."""
    data = yaml.load(_read(language, f"{name}.yaml"), Loader=_WordLoader)
    if not isinstance(data, dict):
        raise LookupError(f"{language}/{name}.yaml is no mapping")
    return data


@lru_cache
def _ranks(language: str) -> Mapping[str, int]:
    words = _read(language, "common.txt").split()
    return {word: rank for rank, word in reversed(list(enumerate(words)))}


def common_rank(norm_word: str, language: str) -> int | None:
    """How common a folded word is in a language: 0 is its commonest word, None one that is not among the common."""
    return _ranks(language).get(norm_word)


def _read(language: str, name: str) -> str:
    found = _HOME / language / name
    if not found.is_file():
        raise LookupError(f"the language {language!r} has no {name}; there are {', '.join(available_languages())}")
    return found.read_text(encoding="utf-8")
