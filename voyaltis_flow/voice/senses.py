"""The ears and the voice of one conversation, chosen by the settings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from voyaltis_flow.engine.conversation import Conversation


@dataclass
class Senses:
    hearing: Any
    voices: Any

    @classmethod
    async def ready(cls, equipment: Any, conversation: Conversation) -> Self:
        raise NotImplementedError

    def listen_for(self, conversation: Conversation) -> None: ...
