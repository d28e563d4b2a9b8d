"""The voice framework's session as we run it: nothing leaves the machine that no vendor was configured for."""

from __future__ import annotations

from typing import Any, Literal

from livekit.agents import AgentSession, TurnHandlingOptions, inference, stt, tts
from livekit.agents.voice import room_io
from livekit.agents.voice.turn import TurnDetectionMode

from voyaltis_flow.voice.agent import Engine

EndOfTurn = Literal["model", "vad"]

PAUSE_SECONDS = 0.35
"""Silence after which the voice detector says that nobody speaks."""
SHORTEST_PAUSE = {"model": 0.3, "vad": 0.4}
"""Silence after which a turn may be over: where a model judges the sentence, and where only the pause tells."""
LONGEST_PAUSE = 2.5
"""Silence after which a turn is over even where the sentence seems to go on."""
INTERRUPTION_SECONDS = 0.5
"""Speech that is shorter does not stop the agent."""


def make_session(hearing: stt.STT[Any], speaking: tts.TTS[Any], end_of_turn: EndOfTurn) -> AgentSession[None]:
    """A session that hears and speaks through these."""
    return AgentSession(
        stt=hearing,
        tts=speaking,
        llm=Engine(),
        vad=inference.VAD(min_silence_duration=PAUSE_SECONDS),
        turn_handling=_turn_handling(end_of_turn),
        tts_text_transforms=None,
        aec_warmup_duration=None,
        user_away_timeout=None,
        session_close_transcript_timeout=0.0,
    )


def room_options(rep: str) -> room_io.RoomOptions:
    """Hears this rep alone, who may leave and come back; takes no typed text."""
    return room_io.RoomOptions(participant_identity=rep, close_on_disconnect=False, text_input=False)


def _turn_handling(end_of_turn: EndOfTurn) -> TurnHandlingOptions:
    detector: TurnDetectionMode = inference.TurnDetector(version="v1-mini") if end_of_turn == "model" else "vad"
    return TurnHandlingOptions(
        turn_detection=detector,
        endpointing={"min_delay": SHORTEST_PAUSE[end_of_turn], "max_delay": LONGEST_PAUSE},
        interruption={"mode": "vad", "min_duration": INTERRUPTION_SECONDS},
        preemptive_generation={"enabled": True, "preemptive_tts": True},
    )
