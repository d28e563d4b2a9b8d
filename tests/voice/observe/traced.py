"""A process as a job's is: it holds a conversation in LiveKit's session, is traced, and ends without ceremony.

Run with the words that the rep says. Whatever of them leaves the process is somebody's mistake.
"""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import sys
import time
from collections.abc import AsyncGenerator
from datetime import date
from typing import Any

from livekit.agents import Agent, AgentSession, ModelSettings, llm

from tests.engine.scene import make_flow, opened
from voyaltis_flow.responders.prices import Prices
from voyaltis_flow.voice.agent import Engine
from voyaltis_flow.voice.observe.logs import log_process
from voyaltis_flow.voice.observe.meter import Meter, TurnTimes
from voyaltis_flow.voice.observe.tracing import trace_process


class Echo(Agent):
    """Says what it hears, and fails at it when it is told to."""

    async def llm_node(
        self, chat_ctx: llm.ChatContext, tools: list[llm.Tool], model_settings: ModelSettings
    ) -> AsyncGenerator[str, None]:
        heard = chat_ctx.messages()[-1].text_content or ""
        yield f"You said {heard}."
        if "fail" in heard:
            raise ValueError(heard)
