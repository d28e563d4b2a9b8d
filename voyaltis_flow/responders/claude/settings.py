"""Which model answers, how to reach it, and how long to wait for it."""

from __future__ import annotations

from dataclasses import dataclass, field

DEFAULT_MODEL = "claude-haiku-5-5"
EFFORTS = ("low", "medium", "high", "xhigh", "max")


@dataclass(frozen=True, slots=True)
class ClaudeSettings:
    """The model and the way to it. An `effort` of None is the quickest that the model offers."""

    api_key: str = field(repr=False)
    model: str = DEFAULT_MODEL
    effort: str | None = None
    base_url: str | None = None


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a rep who is listening may be kept waiting, in seconds."""

    first_token: float = 4.0
    """From the question to the first word, attempts and the pauses between them included."""
    between: float = 3.0
    whole: float = 30.0
    retries: int = 2
    backoff: float = 0.25

    def pause(self, attempt: int, retry_after: float) -> float:
        """How long to wait before asking again: doubles each time, and is at least what the service asks for."""
        return max(self.backoff * 2.0**attempt, retry_after)
