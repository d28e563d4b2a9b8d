"""Why an agent can't serve: a closed list of codes, each with words that the app can show."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

import yaml

TroubleCode = Literal[
    "metadata_invalid",
    "flow_unknown",
    "flow_invalid",
    "style_unknown",
    "language_unknown",
    "conversation_over",
    "conversation_held",
    "nobody_came",
    "no_microphone",
    "too_many_reps",
    "environment_lacking",
    "internal_fault",
]

_FALLBACK_LANGUAGE = "fr"


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is sent on `voyaltis.error`: a code that programs know, and a sentence for the rep."""

    code: TroubleCode
    message: str


def trouble(code: TroubleCode, language: str | None = None) -> Trouble:
    """A trouble in the rep's language; in French where that is unknown or has no words."""
    words = _words()[code]
    return Trouble(code, words.get(language or "", words[_FALLBACK_LANGUAGE]))


@cache
def _words() -> dict[str, dict[str, str]]:
    read: dict[str, dict[str, str]] = yaml.safe_load((files(__package__) / "troubles.yaml").read_text("utf-8"))
    return read
