"""Claude as a responder. The SDK is not imported before it is needed: it takes most of a second."""

from voyaltis_flow.responders.claude.batched import BatchedClaude
from voyaltis_flow.responders.claude.responder import Claude
from voyaltis_flow.responders.claude.settings import DEFAULT_MODEL, EFFORTS, ClaudeSettings, Patience

__all__ = ["DEFAULT_MODEL", "EFFORTS", "BatchedClaude", "Claude", "ClaudeSettings", "Patience"]
