"""As much of an editor as the tests need: it opens texts, asks what is wrong, what may be written, what it means."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from types import TracebackType
from typing import Any

SETTINGS = {"validate": True, "completion": True, "hover": True, "schemaStore": {"enable": False}}
KINDS = {
    "completion": {"completionItem": {"documentationFormat": ["markdown"]}},
    "hover": {"contentFormat": ["markdown"]},
}


@dataclass(frozen=True)
class Page:
    """An open text, and what is wrong with it."""

    uri: str
    wrong: list[dict[str, Any]]

    def at(self, line: int, column: int) -> dict[str, Any]:
        return {"textDocument": {"uri": self.uri}, "position": {"line": line, "character": column}}


PATIENCE = 180.0
"""Seconds after which a server is ended, so that one that hangs fails its tests."""


class Editor:
    """Talks with a language server over its standard input and output, one question at a time."""

    def __init__(self, command: Sequence[str], folder: Path) -> None:
        self._server = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self._guard = Timer(PATIENCE, self._server.kill)
        self._guard.start()
        self._folder, self._opened, self._asked = folder, 0, 0
        self._wrong: dict[str, list[dict[str, Any]]] = {}
        self._ask(
            "initialize", {"processId": None, "rootUri": folder.as_uri(), "capabilities": {"textDocument": KINDS}}
        )
        self._tell("initialized", {})

    def __enter__(self) -> Editor:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._guard.cancel()
        self._server.kill()
        self._server.communicate()

    def open(self, text: str) -> Page:
        """Opens a text as a new file of the folder. It is not written there."""
        self._opened += 1
        uri = (self._folder / f"{self._opened}.yaml").as_uri()
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        self._tell("textDocument/didOpen", {"textDocument": document})
        while uri not in self._wrong:
            self._take()
        return Page(uri, self._wrong[uri])

    def completions(self, page: Page, line: int, column: int) -> dict[str, Any]:
        """What can be written there, by label. Lines and columns count from 0."""
        found = self._ask("textDocument/completion", page.at(line, column))
        return {item["label"]: item for item in found["items"]}

    def hover(self, page: Page, line: int, column: int) -> str:
        """What is told about the key that stands there."""
        found = self._ask("textDocument/hover", page.at(line, column))
        return str(found["contents"]["value"]) if found else ""

    def _ask(self, method: str, params: Any) -> Any:
        self._asked += 1
        self._send({"id": self._asked, "method": method, "params": params})
        while True:
            message = self._take()
            if message.get("id") == self._asked and "method" not in message:
                assert "error" not in message, message
                return message["result"]

    def _tell(self, method: str, params: Any) -> None:
        self._send({"method": method, "params": params})

    def _take(self) -> dict[str, Any]:
        """The next message. What the server asks is answered, what it finds wrong is kept."""
        message = self._read()
        if message.get("method") == "textDocument/publishDiagnostics":
            self._wrong[message["params"]["uri"]] = message["params"]["diagnostics"]
        elif "method" in message and "id" in message:
            items = message["params"].get("items", ()) if isinstance(message.get("params"), dict) else ()
            answers = [SETTINGS if item.get("section") == "yaml" else {} for item in items]
            self._send({"id": message["id"], "result": answers or None})
        return message

    def _send(self, message: dict[str, Any]) -> None:
        assert self._server.stdin
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._server.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self._server.stdin.flush()

    def _read(self) -> dict[str, Any]:
        assert self._server.stdout
        length = 0
        while (line := self._server.stdout.readline().strip()) or not length:
            assert line or self._server.poll() is None, "the server has ended"
            if line.lower().startswith(b"content-length:"):
                length = int(line.partition(b":")[2])
        message: dict[str, Any] = json.loads(self._server.stdout.read(length))
        return message
