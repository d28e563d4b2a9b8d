"""What can go wrong in a request to Claude, as one kind of error: which failure it is, and whether to ask again."""

from __future__ import annotations

from collections.abc import Mapping

from voyaltis_flow.runtime.protocols import Failure

_BY_TYPE: Mapping[str, Failure] = {
    "authentication_error": "unauthorized",
    "permission_error": "unauthorized",
    "billing_error": "unauthorized",
    "rate_limit_error": "rate_limited",
    "overloaded_error": "overloaded",
    "timeout_error": "timeout",
    "request_too_large": "too_long",
    "invalid_request_error": "invalid",
}
_BY_STATUS: Mapping[int, Failure] = {
    400: "invalid",
    401: "unauthorized",
    402: "unauthorized",
    403: "unauthorized",
    408: "timeout",
    413: "too_long",
    422: "invalid",
    429: "rate_limited",
    503: "overloaded",
    504: "timeout",
    529: "overloaded",
}
_BY_STOP: Mapping[str, Failure] = {
    "refusal": "refused",
    "max_tokens": "too_long",
    "model_context_window_exceeded": "too_long",
}
_WORDS: Mapping[Failure, str] = {
    "timeout": "Claude took too long to answer",
    "stalled": "Claude fell silent in mid-answer",
    "cut": "the connection to Claude broke in mid-answer",
    "overloaded": "Claude is overloaded",
    "rate_limited": "Claude has had too many requests from this account",
    "unauthorized": "Claude does not accept the key: check ANTHROPIC_API_KEY and the account behind it",
    "refused": "Claude declined to answer",
    "too_long": "the request or the answer is longer than Claude allows",
    "invalid": "Claude and this program did not understand each other",
    "network": "Claude can't be reached: check the network and ANTHROPIC_BASE_URL",
    "unavailable": "Claude can't answer: check VOYALTIS_MODEL, then the service's status",
}
_PASSING: frozenset[Failure] = frozenset({"overloaded", "rate_limited", "network", "cut"})


class ClaudeError(Exception):
    """A request that failed. The message is for people; it holds neither the key nor anything that was said."""

    def __init__(self, failure: Failure, detail: str = "", *, passing: bool = False, retry_after: float = 0.0) -> None:
        super().__init__(f"{_WORDS[failure]} ({detail})" if detail else _WORDS[failure])
        self.failure = failure
        self.passing = passing or failure in _PASSING
        """Whether asking again at once may help."""
        self.retry_after = retry_after


def refused_with(
    status: int, error_type: str | None, request_id: str | None, headers: Mapping[str, str]
) -> ClaudeError:
    """An error that the service answered with, before the answer or in the midst of it (then with status 200)."""
    failure = _BY_TYPE.get(error_type or "") or _BY_STATUS.get(status, "unavailable")
    detail = ", ".join(str(part) for part in (status, error_type, request_id) if part)
    passing = status >= 500 or error_type == "api_error"
    return ClaudeError(failure, detail, passing=passing, retry_after=_retry_after(headers))


def stopped_with(reason: str | None) -> ClaudeError | None:
    """The error behind a stop reason, or None where the answer came to its natural end."""
    if reason in ("end_turn", "stop_sequence"):
        return None
    return ClaudeError(_BY_STOP.get(reason or "", "invalid"), f"stopped: {reason}")


def _retry_after(headers: Mapping[str, str]) -> float:
    for name, unit in (("retry-after-ms", 1000), ("retry-after", 1)):
        try:
            return max(0.0, float(headers[name]) / unit)
        except (KeyError, ValueError):
            continue
    return 0.0
