"""Conversations with their lease, their events and their report."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "conversations",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("room", sa.Text, nullable=False),
        sa.Column("agent", sa.Text, nullable=False),
        sa.Column("metadata", sa.Text, nullable=False),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("holder", sa.Text),
        sa.Column("beats", sa.Integer, nullable=False),
        sa.Column("closed", sa.Boolean, nullable=False),
        sa.Column("unanswered", sa.JSON),
        sa.Column("placed", sa.Double, nullable=False),
        sa.Column("touched", sa.Double, nullable=False),
    )
    op.create_index("conversations_of_agent", "conversations", ["agent", "closed"])
    op.create_index("conversations_in_room", "conversations", ["room"])
    op.create_index("conversations_by_age", "conversations", ["placed"])
    op.create_table(
        "events",
        _conversation(),
        sa.Column("seq", sa.Integer, primary_key=True),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("event", sa.LargeBinary, nullable=False),
    )
    op.create_table("reports", _conversation(), sa.Column("report", sa.LargeBinary, nullable=False))


def _conversation() -> sa.Column[str]:
    belongs_to = sa.ForeignKey("conversations.id", ondelete="CASCADE")
    return sa.Column("conversation", sa.Text, belongs_to, primary_key=True)
