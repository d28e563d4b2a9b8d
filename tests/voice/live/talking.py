"""How a rep of a test talks: says something, and waits until the agent has answered and listens again."""

from __future__ import annotations

from voyaltis_flow.rooms.participant import Participant

ANSWER_SECONDS = 20.0
"""Far more than an answer takes, also where others use the machine."""


async def opening(rep: Participant) -> None:
    """Hears the agent's first words to their end."""
    await rep.until(lambda: rep.ear.voices, 15, "no opening")
    await listening(rep)


async def answered(rep: Participant, text: str, language: str = "fr") -> float:
    """Says something, until the agent begins to answer; the seconds that it took."""
    said = await rep.say_text(text, language)
    ended = await rep.until(lambda: said.ended, said.seconds + 5, "it was not said")
    answer = await rep.until(lambda: rep.ear.first_since(ended), ANSWER_SECONDS, f"no answer to {text!r}")
    return answer.began - ended


async def spoken(rep: Participant, text: str, language: str = "fr") -> float:
    """Says something, until the agent has answered and has told what it noted; the seconds until it began to."""
    seconds = await answered(rep, text, language)
    ended = rep.said[-1].ended
    assert ended is not None
    await noted(rep, ended)
    return seconds


async def noted(rep: Participant, since: float) -> None:
    """Waits until the agent has nothing more to say, and has told what it noted."""
    await listening(rep)
    told = rep.streams.progress
    await rep.until(lambda: told and told[-1].at >= since, 5, "no progress is told")


async def listening(rep: Participant) -> None:
    """Waits until the agent has nothing more to say."""
    await rep.until(lambda: not rep.ear.hears and rep.agent and rep.agent.state == "listening", 30, "it does not end")


def agent_words(rep: Participant) -> list[str]:
    """What the agent said, by its own transcription, an utterance each."""
    return [words.text.strip() for words in rep.streams.words if words.side == "agent"]
