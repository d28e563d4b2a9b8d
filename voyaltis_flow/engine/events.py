"""What happens in a conversation, as data. Placeholder: defined with the engine."""

from __future__ import annotations

from typing import Any

Event = Any
