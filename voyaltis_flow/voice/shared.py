"""What the job processes of a worker share: imported once, by the process that they are all forked from.

A job that compiles the catalogs, reads the languages and fills their caches for itself has some 30 MB more of its own,
and is slower in its first turns.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from functools import cache

import sqlalchemy.dialects.sqlite  # noqa: F401 - what a job would import when it opens its store

import voyaltis_flow.voice.job  # noqa: F401 - has all that a job imports
from voyaltis_flow.engine.compiled import CompiledScript
from voyaltis_flow.engine.conversation import Conversation
from voyaltis_flow.engine.turn import Turn
from voyaltis_flow.project import ProjectError, find_project
from voyaltis_flow.voice.scripts import Scripts

A_NAME = 20
"""Tokens of the names that are said in rehearsal."""

log = logging.getLogger(__name__)


@cache
def scripts() -> Scripts:
    """The project's scripts, compiled. Raises ProjectError where there is none to be read."""
    found = Scripts(find_project())
    for script in found.warm():
        try:
            rehearse(script, f"2 {' '.join(found.terms(script).choose(A_NAME))}.")
        except Exception as fault:  # whoever holds the conversation will tell more
            log.error("rehearsal_failed: %s: %s", script.flow.flow, type(fault).__name__)
    return found


def rehearse(script: CompiledScript, said: str) -> None:
    """Opens and answers once in each language, so that what is made on first use is made for all."""
    for language in script.flow.languages:
        conversation = Conversation(script, "rehearsal", language=language)
        _happen(conversation, conversation.open(0.0))
        _happen(conversation, conversation.hear(said, 1.0))
        conversation.report()


def _happen(conversation: Conversation, turn: Turn) -> None:
    assert turn.request is None or turn.request.stable
    turn.finish()
    conversation.commit(turn, at=turn.number, heard=None)
    conversation.progress()


with suppress(ProjectError):  # told to whoever asks for them
    scripts()
