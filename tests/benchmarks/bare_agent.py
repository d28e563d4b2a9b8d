"""A LiveKit agent with nothing of ours in it: the same plugins, a fixed answer. What a session costs at least."""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator
from typing import Any

from livekit.agents import (
    Agent,
    AgentServer,
    AgentSession,
    JobContext,
    ModelSettings,
    TurnHandlingOptions,
    inference,
    llm,
)
from livekit.plugins import deepgram, elevenlabs

OPENING = "Bonjour Thomas ! Alors, qu'est-ce qui a été vendu, et combien de chaque ?"
ANSWER = "D'accord, c'est noté. Et les clients, ils en ont dit quoi ?"

server = AgentServer(
    host="127.0.0.1",
    port=0,
    num_idle_processes=1,
    load_threshold=float("inf"),
    preload_modules=["livekit.plugins.deepgram", "livekit.plugins.elevenlabs"],
)


class Silent(llm.LLM[Any]):
    """Stands where the framework wants a model."""

    def chat(self, **_: Any) -> llm.LLMStream:
        raise NotImplementedError


class Echo(Agent):
    """Says the same thing to everything."""

    async def llm_node(
        self, chat_ctx: llm.ChatContext, tools: list[llm.Tool], model_settings: ModelSettings
    ) -> AsyncGenerator[str, None]:
        yield ANSWER


@server.rtc_session(agent_name=os.environ.get("BARE_AGENT", "bare"))
async def hold(context: JobContext) -> None:
    """One room."""
    await context.connect()
    ears = deepgram.STT(
        model="nova-3", language="fr", api_key="any", base_url=f"{os.environ['DEEPGRAM_BASE_URL']}/v1/listen"
    )
    voice = elevenlabs.TTS(
        model="eleven_flash_v2_5",
        encoding="pcm_24000",
        api_key="any",
        base_url=f"{os.environ['ELEVENLABS_BASE_URL']}/v1",
        language="fr",
    )
    turns = TurnHandlingOptions(
        turn_detection="vad",
        endpointing={"min_delay": 0.4, "max_delay": 2.5},
        interruption={"mode": "vad"},
        preemptive_generation={"enabled": True, "preemptive_tts": True},
    )
    session: AgentSession[None] = AgentSession(
        stt=ears, tts=voice, llm=Silent(), vad=inference.VAD(), turn_handling=turns, aec_warmup_duration=None
    )
    await session.start(Echo(instructions=""), room=context.room, session_host=False, record=False)
    session.say(OPENING)
