"""What the store answers when it can't, or may not, do what it was asked. Nothing was written when one is raised."""

# ruff: noqa: N818 - most name what happened, in a sentence

from __future__ import annotations


class StoreError(Exception):
    """The store can't be opened or used. The message is for people, and holds neither a password nor a rep's words."""


class DriverMissing(StoreError):
    """The package that speaks with this kind of database is not installed."""


class LeaseLost(Exception):
    """Another agent holds the conversation, or it is over: whoever gets this leaves the room, and writes no more."""

    def __init__(self, conversation: str) -> None:
        super().__init__(
            f"the lease of conversation {conversation} is lost: another agent goes on with it, or it is over"
        )


class LeaseHeld(Exception):
    """The conversation can't be taken: an agent has it."""

    def __init__(self, conversation: str) -> None:
        super().__init__(f"conversation {conversation} is held by another agent")


class ConversationOver(Exception):
    """The conversation has ended, and an ended one does not go on."""

    def __init__(self, conversation: str) -> None:
        super().__init__(f"conversation {conversation} is over")
