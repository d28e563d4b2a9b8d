"""A room is opened with a lease and a token: for that room alone, and the agent comes when it is made."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from livekit import rtc
from livekit.api import (
    CreateAgentDispatchRequest,
    CreateRoomRequest,
    ListParticipantsRequest,
    ListRoomsRequest,
    LiveKitAPI,
    ServerError,
    TokenVerifier,
)

from tests.rooms.conftest import joined, until
from tests.rooms.worker import worker
from voyaltis_flow.engine.events import Person
from voyaltis_flow.reports import ConversationOver, Store
from voyaltis_flow.rooms.dispatch import Dispatches
from voyaltis_flow.rooms.livekit import Livekit
from voyaltis_flow.rooms.metadata import JobMetadata, parse_metadata
from voyaltis_flow.rooms.opening import OpeningRefusedError, open_room

ANA = JobMetadata("event_debrief", style="coach_motivating", language="fr", rep=Person("42", "Ana"))


@pytest.fixture
def far() -> Livekit:
    """A server that need not be there: opening a room asks none."""
    return Livekit("wss://livekit.example", "key", "a secret that is long enough for a signature")


def _payload(token: str) -> bytes:
    part = token.split(".")[1]
    return urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _encoded(payload: bytes) -> str:
    return urlsafe_b64encode(payload).decode().rstrip("=")


async def test_the_lease_and_the_token_tell_of_the_same_conversation(store: Store, far: Livekit, agent: str) -> None:
    opened = await open_room(store, far, ANA, agent=agent)
    lease = await store.lease(opened.conversation)
    assert lease is not None
    assert (lease.order.room, lease.order.agent, lease.holder) == (opened.room, agent, None)
    assert parse_metadata(lease.order.metadata) == JobMetadata(
        "event_debrief", opened.conversation, "coach_motivating", "fr", Person("42", "Ana")
    )
    claims = TokenVerifier(far.api_key, far.api_secret).verify(opened.token)
    assert claims.room_config is not None
    (dispatch,) = claims.room_config.agents
    assert (dispatch.agent_name, dispatch.metadata) == (agent, lease.order.metadata)
    assert (claims.identity, claims.name) == ("rep-42", "Ana")


async def test_the_token_is_for_an_hour_and_for_nothing_but_talking(store: Store, far: Livekit) -> None:
    opened = await open_room(store, far, ANA)
    claims = TokenVerifier(far.api_key, far.api_secret).verify(opened.token)
    grants = claims.video
    assert grants is not None
    assert (grants.room, grants.room_join, grants.can_publish_sources) == (opened.room, True, ["microphone"])
    assert (grants.can_publish, grants.can_subscribe, grants.can_publish_data) == (True, True, True)
    assert not any((grants.room_admin, grants.room_create, grants.room_list, grants.agent, grants.hidden))
    expires = json.loads(_payload(opened.token))["exp"] - datetime.now(UTC).timestamp()
    assert 3590 < expires <= 3600


async def test_a_conversation_that_is_over_can_not_be_opened(store: Store, far: Livekit) -> None:
    opened = await open_room(store, far, ANA)
    lease = await store.lease(opened.conversation)
    assert lease is not None
    await store.release(await store.take(lease.order, "agent-1"))
    with pytest.raises(ConversationOver):
        await open_room(store, far, JobMetadata("event_debrief", conversation=opened.conversation))


@pytest.mark.parametrize("wanted", [JobMetadata("../x"), JobMetadata("f", style="a/b"), JobMetadata("f", "c 1")])
async def test_names_that_no_agent_would_take_are_refused_before_anything_is_kept(
    store: Store, far: Livekit, wanted: JobMetadata
) -> None:
    with pytest.raises(OpeningRefusedError):
        await open_room(store, far, wanted)
    assert await store.leases("voyaltis") == []


async def test_a_token_opens_its_own_room_whichever_others_there_are(store: Store, livekit: Livekit) -> None:
    first, second = await open_room(store, livekit, ANA), await open_room(store, livekit, ANA)
    async with joined(first) as one, joined(second) as two:
        assert (one.name, two.name) == (first.room, second.room)
        assert not one.remote_participants


async def test_a_token_is_no_key_to_the_servers_api(store: Store, livekit: Livekit) -> None:
    opened = await open_room(store, livekit, ANA)
    async with joined(opened), LiveKitAPI(livekit.url, token=opened.token) as api:
        for asked in (
            api.room.list_rooms(ListRoomsRequest()),
            api.room.list_participants(ListParticipantsRequest(room=opened.room)),
            api.agent_dispatch.create_dispatch(CreateAgentDispatchRequest(agent_name="x", room=opened.room)),
        ):
            with pytest.raises(ServerError) as refused:
                await asked
            assert refused.value.status in (401, 403)


async def test_a_token_with_a_changed_room_is_refused(store: Store, livekit: Livekit) -> None:
    opened = await open_room(store, livekit, ANA)
    header, _, signature = opened.token.split(".")
    changed = _payload(opened.token).replace(opened.room.encode(), b"somebody-elses")
    room = rtc.Room()
    with pytest.raises(rtc.ConnectError):
        await room.connect(opened.url, ".".join((header, _encoded(changed), signature)))


async def test_the_agent_comes_with_the_rep_and_to_them_alone(store: Store, livekit: Livekit, agent: str) -> None:
    async with worker(livekit, agent) as working, livekit.api() as api:
        opened = await open_room(store, livekit, ANA, agent=agent)
        async with joined(opened):

            async def there() -> bool:
                return len(working.rooms) == 1

            await until(there, 5.0, "the agent has come")
            assert working.jobs[0].room.name == opened.room
        existing = await open_room(store, livekit, ANA, agent=agent, room=f"existing-{uuid4().hex}")
        await api.room.create_room(CreateRoomRequest(name=existing.room))
        async with joined(existing):
            assert await Dispatches(api, agent).of(existing.room) == [], "only making a room dispatches"
