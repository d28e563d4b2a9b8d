"""How long each turn took, put together from what the framework measures on the rep's words and on the reply."""

from __future__ import annotations

from livekit.agents import ConversationItemAddedEvent, llm

from voyaltis_flow.voice.observe.meter import Meter, TurnTimes
from voyaltis_flow.voice.talk import Talk


class Pace:
    """Told of each line of the history, before the turn that it belongs to settles."""

    def __init__(self, talk: Talk, meter: Meter) -> None:
        self._talk, self._meter = talk, meter
        self._said: llm.MetricsReport | None = None

    def on_item(self, event: ConversationItemAddedEvent) -> None:
        """The rep's words, or what was heard of the answer. The agent's own utterances answer nothing."""
        item = event.item
        if not isinstance(item, llm.ChatMessage):
            return
        if item.role == "user":
            self._said = item.metrics
        elif item.role == "assistant" and self._said is not None:
            self._answered(self._said, item.metrics)
            self._said = None

    def _answered(self, said: llm.MetricsReport, reply: llm.MetricsReport) -> None:
        if "stopped_speaking_at" not in said:
            return
        turn = self._talk.turn
        self._meter.turn(
            TurnTimes(
                last_word=said["stopped_speaking_at"],
                transcribed=said.get("transcription_delay"),
                turn_ended=said.get("end_of_turn_delay"),
                first_sound=reply.get("e2e_latency"),
                acknowledged=turn is not None and turn.acknowledgement is not None,
            )
        )
