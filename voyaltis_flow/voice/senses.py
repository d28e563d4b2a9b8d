"""The ears and the voice of one conversation, and what they are to expect next."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Self

from voyaltis_flow.engine.conversation import Conversation
from voyaltis_flow.engine.sentences import split
from voyaltis_flow.engine.wording import Wording
from voyaltis_flow.speech.terms import KeyTerms
from voyaltis_flow.voice.equipment import Equipment
from voyaltis_flow.voice.hearing.choose import ears
from voyaltis_flow.voice.hearing.recogniser import Tuning
from voyaltis_flow.voice.hearing.relay import Ears
from voyaltis_flow.voice.speaking.choose import voices
from voyaltis_flow.voice.speaking.relay import Voices
from voyaltis_flow.voice.vendors import Observer

READY_LINES = ("still_there", "did_not_hear", "repeat", "bridge")
"""Lines of a style that may be needed at any moment."""


class Senses:
    """What a conversation hears and speaks with."""

    def __init__(self, hearing: Ears, voices: Voices, terms: KeyTerms) -> None:
        self.hearing, self.voices = hearing, voices
        self._terms = terms
        self._warming: asyncio.Task[None] | None = None
        self._warmed: set[str] = set()

    @classmethod
    def ready(cls, equipment: Equipment, conversation: Conversation, observer: Observer) -> Self:
        """Those that the settings name. Raises SpeechUnavailableError, SpeechChoiceError."""
        script, settings = conversation.script, equipment.settings
        languages = script.flow.languages
        senses = cls(
            ears(settings, languages, equipment.recogniser, observer),
            voices(settings, script.style, languages, observer),
            equipment.scripts.terms(script),
        )
        senses.listen_for(conversation)
        return senses

    def listen_for(self, conversation: Conversation) -> None:
        """From the next words on: the language that is spoken before the flow's others, and the names that may come."""
        spoken = conversation.language
        others = (language for language in conversation.script.flow.languages if language != spoken)
        self.hearing.tune(Tuning((spoken, *others), self._terms.about(conversation.state), self._terms.aliases))

    def warm(self, conversation: Conversation) -> None:
        """Has the lines ready that are likely to be said, once in each language that is spoken."""
        language = conversation.language
        if language not in self._warmed:
            self._warmed.add(language)
            lines = tuple(_likely(conversation, language))
            self._warming = asyncio.create_task(self.voices.warm(lines, language), name="warm")

    async def aclose(self) -> None:
        """Lets go of both."""
        if self._warming is not None:
            self._warming.cancel()
        await asyncio.gather(self.hearing.aclose(), self.voices.aclose())


def _likely(conversation: Conversation, language: str) -> Iterator[str]:
    wording = Wording(conversation.script, conversation.state, language, 0.0)
    for line in (*(wording.line(name) for name in READY_LINES), wording.closing(), wording.goodbye()):
        yield from split(line)
