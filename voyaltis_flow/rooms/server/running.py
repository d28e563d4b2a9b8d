"""A LiveKit server on 127.0.0.1, for tests and for a single machine; it ends with the process that started it."""

from __future__ import annotations

import asyncio
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from types import TracebackType
from typing import IO

from voyaltis_flow.rooms.livekit import Livekit, LivekitError
from voyaltis_flow.rooms.server.binary import server_binary
from voyaltis_flow.rooms.server.config import HOST, config, environment

PATIENCE = 15.0
"""Seconds in which a server must answer; it takes 0.2 when the machine is idle."""

_GUARD = Path(__file__).with_name("guard.py")
_TRIES = 3


def running_server(
    *, port: int | None = None, log: Path | None = None, level: str = "warn", binary: Path | None = None
) -> LocalServer:
    """A server for `with` or `async with`, on free ports unless one is given. Its own key is made up.

    `log` is a file for what it prints. On the way in the program may be built first (`server_binary`), which takes
    minutes and is told on stderr.
    """
    return LocalServer(port=port, log=log, level=level, binary=binary)


class LocalServer:
    """A server of one's own, and what it takes to end it and to bring it back."""

    def __init__(self, *, port: int | None, log: Path | None, level: str, binary: Path | None) -> None:
        self._wished, self._log, self._level, self._binary = port, log, level, binary
        self._key, self._secret = f"local-{secrets.token_hex(4)}", secrets.token_hex(16)
        self._ports: tuple[int, int] | None = None
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def livekit(self) -> Livekit:
        """Its address and key; it must have been started once."""
        assert self._ports is not None, "the server was not started"
        return Livekit(f"ws://{HOST}:{self._ports[0]}", self._key, self._secret)

    def start(self) -> None:
        """Runs it, and returns when it answers. Raises LivekitError when the port is taken, or it ends at once."""
        binary = self._binary or server_binary()
        if self._ports is not None or self._wished is not None:
            self._ports = self._ports or _ports(self._wished)
            self._run(binary, self._ports)
            return
        for tries_left in reversed(range(_TRIES)):  # between choosing a free port and using it, another may take it
            ports = _ports(None)
            try:
                self._run(binary, ports)
            except LivekitError:
                if not tries_left:
                    raise
            else:
                self._ports = ports
                return

    def stop(self) -> None:
        """Ends it as a crash does, without a goodbye to anybody in a room; `start` brings it back at the same address.

        Nothing happens when it is not running.
        """
        if self._process is not None:
            self._process.communicate()  # its guard ends it when our side of the pipe is closed
            self._process = None

    def __enter__(self) -> LocalServer:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    async def __aenter__(self) -> LocalServer:
        await asyncio.to_thread(self.start)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await asyncio.to_thread(self.stop)

    def _run(self, binary: Path, ports: tuple[int, int]) -> None:
        _must_be_free(ports[0])
        with self._log.open("ab") if self._log else tempfile.TemporaryFile() as printed:
            self._process = subprocess.Popen(
                [sys.executable, "-I", "-S", str(_GUARD), str(binary)],
                stdin=subprocess.PIPE,
                stdout=printed,
                stderr=subprocess.STDOUT,
                env=environment(config(*ports, self._key, self._secret, self._level)),
                start_new_session=True,  # Ctrl-C is for us: the server outlives what is still said goodbye to
            )
            try:
                _await_answer(self._process, ports[0], printed)
            except BaseException:
                self.stop()
                raise


def _ports(wished: int | None) -> tuple[int, int]:
    """The TCP port that is wished or free, and a free UDP port for media."""
    with socket.socket(type=socket.SOCK_STREAM) as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp:
        tcp.bind((HOST, 0))
        udp.bind((HOST, 0))
        return wished or tcp.getsockname()[1], udp.getsockname()[1]


def _must_be_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise LivekitError(
                f"The LiveKit server can't listen on {HOST}:{port}: {error.strerror}. "
                "Free that port, or choose another."
            ) from error


def _await_answer(process: subprocess.Popen[bytes], port: int, printed: IO[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not _answers(port):
        if process.poll() is not None:
            raise LivekitError(f"The LiveKit server ended at once. Its last words:\n{_last_words(printed)}")
        if time.monotonic() > deadline:
            raise LivekitError(f"The LiveKit server did not answer on {HOST}:{port} within {PATIENCE:.0f} s.")
        time.sleep(0.02)


def _answers(port: int) -> bool:
    connection = HTTPConnection(HOST, port, timeout=1.0)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def _last_words(printed: IO[bytes]) -> str:
    """The last lines of what it printed; a log file is appended to, and read from its end."""
    with open(printed.fileno(), "rb", closefd=False) as file:
        file.seek(0)
        return b"\n".join(file.read().splitlines()[-5:]).decode(errors="replace")
