"""The metrics, each under its name: those of conversations, and those of the agent that serves them.

A conversation is a process of its own, so its metrics are files (prometheus_client's multiprocess mode) in the folder
that `PROMETHEUS_MULTIPROC_DIR` names when the process begins; `gathering` reads them. The agent's own are plain values
of the one process that serves them, and die with it: a gauge shows no process that is gone.

No label holds what somebody said, and each has few values: a vendor, a flow that ships or is the project's, a reason
out of a closed list.
"""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

PREFIX = "voyaltis_"
MOMENTS = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.2, 1.5, 2.0, 3.0, 5.0, 10.0)
"""Bounds in seconds, close together where a pause in talk begins to be felt."""
SHARES = (0.0, 0.25, 0.5, 0.75, 0.9, 1.0)
QUESTIONS = (0, 1, 2, 3, 4, 5, 6, 8, 10, 15, 20)

CONVERSATIONS = CollectorRegistry()
AGENT = CollectorRegistry()


def _seconds(name: str, told: str, *labels: str) -> Histogram:
    return Histogram(PREFIX + name, told, labels, buckets=MOMENTS, registry=CONVERSATIONS)


def _counter(name: str, told: str, *labels: str) -> Counter:
    return Counter(PREFIX + name, told, labels, registry=CONVERSATIONS)


recognition_seconds = _seconds(
    "recognition_seconds", "From the rep's last word to the words being known (speech to text).", "vendor"
)
end_of_turn_seconds = _seconds("end_of_turn_seconds", "From the rep's last word to the decision that the turn is over.")
first_token_seconds = _seconds("first_token_seconds", "From the request to a model's first text.", "responder")
first_byte_seconds = _seconds(
    "first_byte_seconds", "From a sentence to the first sound of it (text to speech).", "vendor"
)
voice_to_voice_seconds = _seconds(
    "voice_to_voice_seconds",
    "From the rep's last word to the agent's first sound; `began_with` is acknowledgement or reply.",
    "began_with",
)
turns = _counter("turns", "Turns in which the rep was heard.", "flow")
vendor_errors = _counter(
    "vendor_errors", "What went wrong with a vendor; `stage` is stt, model or tts.", "stage", "vendor", "failure"
)
fallbacks = _counter("fallbacks", "Times that another vendor took over.", "stage", "vendor")
conversations_started = _counter(
    "conversations_started", "Conversations that an agent took; `how` is opened or resumed.", "flow", "how"
)
conversations_ended = _counter("conversations_ended", "Conversations that are over, by why.", "flow", "reason")
refusals = _counter("refusals", "Rooms that the agent would not serve, by the code the app was given.", "code")
cost_dollars = _counter("cost_dollars", "US dollars, by the price file.", "vendor")
questions_spent = Histogram(
    PREFIX + "questions_spent",
    "Questions that a conversation cost.",
    ["flow"],
    buckets=QUESTIONS,
    registry=CONVERSATIONS,
)
completeness_ratio = Histogram(
    PREFIX + "completeness_ratio",
    "Share of a flow's required points that a conversation filled.",
    ["flow"],
    buckets=SHARES,
    registry=CONVERSATIONS,
)

ready = Gauge(PREFIX + "ready", "1 when the agent takes conversations, as the health page says.", registry=AGENT)
conversations_active = Gauge(PREFIX + "conversations_active", "Conversations that go on now.", registry=AGENT)
workers = Gauge(PREFIX + "workers", "Worker processes by state.", ["state"], registry=AGENT)
worker_restarts = Counter(
    PREFIX + "worker_restarts",
    "Workers that were started again; `reason` is exited or frozen.",
    ["reason"],
    registry=AGENT,
)
redispatches = Counter(
    PREFIX + "redispatches", "Rooms that were given another agent, since theirs was gone or none came.", registry=AGENT
)
