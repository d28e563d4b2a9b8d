"""The agent as the voice framework sees it: asked for replies and for audio, told what was said and heard."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterable
from typing import Any, Protocol

from livekit import rtc
from livekit.agents import Agent, ConversationItemAddedEvent, ModelSettings, llm

from voyaltis_flow.voice.reply import Reply
from voyaltis_flow.voice.talk import Talk


class Voices(Protocol):
    """What the agent asks of its voices (see `voice.speaking.relay`)."""

    def frames(self, sentences: AsyncIterable[str], language: str) -> AsyncGenerator[rtc.AudioFrame, None]: ...


class Engine(llm.LLM[Any]):
    """Stands for the model where the framework wants one; the replies come from `FlowAgent.llm_node`."""

    @property
    def model(self) -> str:
        return "voyaltis-flow"

    @property
    def provider(self) -> str:
        return "voyaltis-flow"

    def chat(self, **_: Any) -> llm.LLMStream:
        raise NotImplementedError("replies come from the agent's llm_node")


class FlowAgent(Agent):
    """Answers with the engine's sentences, each spoken as soon as it is certain, in the language of its turn."""

    def __init__(self, talk: Talk, voices: Voices) -> None:
        super().__init__(instructions="")
        self._talk, self._voices = talk, voices
        self._language = talk.conversation.language

    async def llm_node(
        self, chat_ctx: llm.ChatContext, tools: list[llm.Tool], model_settings: ModelSettings
    ) -> AsyncGenerator[str, None]:
        """The sentences of a reply. May be asked for, and left, any number of times for the same words."""
        message = _last_words(chat_ctx)
        if message is None:
            return
        try:
            reply = await self._talk.answer(message.id, message.text_content or "")
            if reply is not None:
                async for sentence in self.sentences(reply):
                    yield sentence
        except (GeneratorExit, asyncio.CancelledError):
            self._talk.leave(message.id)
            raise

    async def sentences(self, reply: Reply) -> AsyncGenerator[str, None]:
        """What a reply says; from its first sentence on, its language is the one that is spoken."""
        async for say in reply.says():
            self._language = reply.turn.language
            yield f"{say.text} "

    async def tts_node(
        self, text: AsyncIterable[str], model_settings: ModelSettings
    ) -> AsyncGenerator[rtc.AudioFrame, None]:
        """The sentences as sound. Each comes whole, so none is held back until more text follows."""
        sentences = aiter(text)
        async for first in sentences:  # the reply's language is known with its first sentence
            async for frame in self._voices.frames(_with(first, sentences), self._language):
                yield frame

    async def on_user_turn_completed(self, turn_ctx: llm.ChatContext, new_message: llm.ChatMessage) -> None:
        """The rep has finished, and what the agent was saying was stopped: that turn has happened as far as heard."""
        await self._talk.settle()

    def on_item(self, event: ConversationItemAddedEvent) -> None:
        """The history has grown: by the rep's words, which stand now, or by what was heard of the agent's."""
        item = event.item
        if not isinstance(item, llm.ChatMessage):
            return
        if item.role == "user":
            self._talk.confirm(item.id, item.text_content or "")
        elif item.role == "assistant":
            self._talk.heard(item.text_content or "", interrupted=item.interrupted)


def _last_words(chat_ctx: llm.ChatContext) -> llm.ChatMessage | None:
    messages = [item for item in chat_ctx.items if isinstance(item, llm.ChatMessage) and item.role == "user"]
    return messages[-1] if messages else None


async def _with(first: str, rest: AsyncIterable[str]) -> AsyncGenerator[str, None]:
    yield first
    async for sentence in rest:
        yield sentence
