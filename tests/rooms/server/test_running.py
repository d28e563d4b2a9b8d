"""A server of one's own: on the loopback alone, clear about what goes wrong, and gone with whoever started it."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest
from livekit.api import CreateRoomRequest, ListRoomsRequest

from tests.rooms.server.conftest import write_program
from voyaltis_flow.rooms.dispatch import Dispatches
from voyaltis_flow.rooms.livekit import Livekit, LivekitError
from voyaltis_flow.rooms.server import livekit_server, running_server


def port_of(livekit: Livekit) -> int:
    port = urlsplit(livekit.url).port
    assert port is not None
    return port


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


async def test_it_answers_to_its_key_and_to_no_other() -> None:
    async with running_server() as server:
        async with server.livekit.api() as api:
            await api.room.create_room(CreateRoomRequest(name="r"))
            assert [room.name for room in (await api.room.list_rooms(ListRoomsRequest())).rooms] == ["r"]
        stranger = Livekit(server.livekit.url, server.livekit.api_key, "another secret, just as long as it")
        async with stranger.api() as api:
            with pytest.raises(LivekitError, match="LIVEKIT_API_SECRET"):
                await Dispatches(api, "voyaltis").rooms()


def test_it_listens_on_the_loopback_alone_whatever_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NODE_IP", "0.0.0.0")
    monkeypatch.setenv("UDP_PORT", "1")
    with running_server() as server:
        port = port_of(server.livekit)
        owner = next(c.pid for c in psutil.net_connections("tcp") if c.laddr and c.laddr.port == port and not c.raddr)
        sockets = psutil.Process(owner).net_connections("inet")
        assert {connection.laddr.ip for connection in sockets} == {"127.0.0.1"}
        assert any(connection.type == socket.SOCK_DGRAM for connection in sockets)


def test_a_stopped_one_comes_back_at_the_same_address() -> None:
    with running_server() as server:
        before = server.livekit
        server.stop()
        assert not listens(port_of(before))
        server.start()
        assert server.livekit == before
    server.stop()


def test_a_port_that_is_taken_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(LivekitError, match=rf"127\.0\.0\.1:{port}.*choose another"), running_server(port=port):
            pass


def test_one_that_ends_at_once_is_quoted(tmp_path: Path) -> None:
    program = write_program(tmp_path / "server", "#!/bin/sh\necho 'no such thing as a port'; exit 0\n")
    with pytest.raises(LivekitError, match="no such thing as a port"), running_server(binary=program):
        pass


def test_what_it_prints_goes_to_the_file_that_is_named(tmp_path: Path) -> None:
    with running_server(log=tmp_path / "server.log", level="info"):
        pass
    assert "starting LiveKit server" in (tmp_path / "server.log").read_text()


def test_it_ends_when_its_owner_is_killed(tmp_path: Path) -> None:
    code = "import time\nfrom voyaltis_flow.rooms.server import running_server\n"
    code += "with running_server() as s:\n    print(s.livekit.url, flush=True)\n    time.sleep(60)\n"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout is not None
        port = urlsplit(owner.stdout.readline().strip()).port
        assert port is not None
        assert listens(port)
        os.kill(owner.pid, signal.SIGKILL)
        deadline = time.monotonic() + 5
        while listens(port):
            assert time.monotonic() < deadline, "the server outlived its owner"


async def test_many_start_side_by_side() -> None:
    servers = [running_server() for _ in range(4)]
    try:
        await asyncio.gather(*(asyncio.to_thread(server.start) for server in servers))
        assert len({server.livekit.url for server in servers}) == 4
    finally:
        await asyncio.gather(*(asyncio.to_thread(server.stop) for server in servers))


def test_a_server_that_is_named_is_used() -> None:
    with livekit_server("wss://livekit.example", "key", "secret") as named:
        assert named == Livekit("wss://livekit.example", "key", "secret")


@pytest.mark.parametrize(("key", "secret"), [(None, "secret"), ("key", None), (None, None)])
def test_a_server_that_is_named_without_its_key_is_refused(key: str | None, secret: str | None) -> None:
    with pytest.raises(LivekitError, match="LIVEKIT_API_SECRET"), livekit_server("wss://livekit.example", key, secret):
        pass


def test_an_address_that_is_none_is_refused() -> None:
    with pytest.raises(LivekitError, match="wss://"), livekit_server("localhost:7880", "key", "secret"):
        pass


def test_keys_are_not_shown() -> None:
    assert "hush" not in repr(Livekit("ws://x", "hush", "hush"))
