"""How often a point may be asked, from the flow alone; what a conversation makes of it is decided in `decide`."""

from __future__ import annotations

from voyaltis_flow.script.models import Point


def may_be_asked(point: Point) -> bool:
    """Whether a point has a question of its own, and one to spend on it."""
    return point.ask != "never" and point.questions != 0


def most_times_asked(point: Point) -> int:
    """How often a point's own question may be asked: one that is required again, where it was not answered."""
    if point.ask == "never":
        return 0
    return 2 if point.required else 1
