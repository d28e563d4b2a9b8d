"""A LiveKit server in memory, as far as dispatches go: for decisions that would take time on a real one."""

from __future__ import annotations

from voyaltis_flow.rooms.dispatch import Dispatch, Dispatches, Gone
from voyaltis_flow.rooms.livekit import LivekitError


class Board(Dispatches):
    """What was sent, withdrawn and removed, and who is where."""

    def __init__(self, agent: str = "voyaltis") -> None:
        self.agent = agent
        self.here: dict[str, list[Dispatch]] = {}
        self.present: dict[str, list[str]] = {}
        self.away = False
        self.closing: set[str] = set()
        """Rooms that go away between two questions."""
        self.removed: list[str] = []
        self._made = 0

    def arrives(self, room: str, metadata: str, *, taken: bool = False) -> Dispatch:
        """A dispatch into a room, which is there from now on; by a rep's token, or by `send`."""
        self._made += 1
        dispatch = Dispatch(f"AD_{self._made}", metadata, taken)
        self.here.setdefault(room, []).append(dispatch)
        return dispatch

    def take(self, room: str) -> None:
        """A worker has the newest dispatch."""
        newest = self.here[room][-1]
        self.here[room][-1] = Dispatch(newest.id, newest.metadata, taken=True)

    async def rooms(self) -> frozenset[str]:
        self._ask()
        return frozenset(self.here)

    async def of(self, room: str) -> list[Dispatch]:
        self._ask()
        if room in self.closing:
            del self.here[room]
            raise Gone(room)
        return list(self.here[room])

    async def agents(self, room: str) -> list[str]:
        self._ask()
        return list(self.present.get(room, []))

    async def send(self, room: str, metadata: str) -> None:
        self._ask()
        self.arrives(room, metadata)

    async def withdraw(self, room: str, dispatch: Dispatch) -> bool:
        self._ask()
        if dispatch not in self.here[room]:
            return False
        self.here[room].remove(dispatch)
        return True

    async def remove(self, room: str, identity: str) -> None:
        self._ask()
        self.present[room].remove(identity)
        self.removed.append(identity)

    def _ask(self) -> None:
        if self.away:
            raise LivekitError("away")
