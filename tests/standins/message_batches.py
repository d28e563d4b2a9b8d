"""The Message Batches API: batches that take a while, end with results in any order, and can be lost.

As the service does it: whether a request is a good one is told only in its result; nothing is counted before the whole
batch has ended; there are no results before that.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import web

from tests.standins.messages_rules import error_response, unwelcome

MOST_REQUESTS, MOST_BYTES = 100_000, 256_000_000
CUSTOM_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")
OUTCOMES = ("succeeded", "errored", "canceled", "expired")

Body = dict[str, Any]
Result = dict[str, Any]


@dataclass
class Batch:
    """A batch, what it was sent, and how often somebody looked at it."""

    id: str
    requests: dict[str, Body]
    results: dict[str, Result] = field(default_factory=dict)
    looks: int = 0
    canceling: bool = False
    created: datetime = field(default_factory=lambda: datetime.now(UTC))
    ended: datetime | None = None


@dataclass
class MessageBatches:
    """The endpoints. A batch ends when it was looked at `looks` times; `result` gives what comes of a request."""

    result: Callable[[Body], Result]
    looks: int = 1
    faults: list[int] = field(default_factory=list)
    """Statuses with which the next calls are refused."""
    batches: dict[str, Batch] = field(default_factory=dict)

    def add_to(self, app: web.Application) -> None:
        """Serves them."""
        here = "/v1/messages/batches"
        app.router.add_post(here, self._create)
        app.router.add_get(f"{here}/{{batch}}", self._retrieve)
        app.router.add_get(f"{here}/{{batch}}/results", self._results)
        app.router.add_post(f"{here}/{{batch}}/cancel", self._cancel)

    @property
    def sent(self) -> list[Batch]:
        """The batches that were created."""
        return list(self.batches.values())

    async def _create(self, http: web.Request) -> web.Response:
        content = await http.read()
        if refused := self._refused(http):
            return refused
        if len(content) > MOST_BYTES:
            return error_response(413, "request_too_large", "Request exceeds the maximum size")
        requests = json.loads(content).get("requests")
        if complaint := next(_complaints(requests), None):
            return error_response(400, "invalid_request_error", complaint)
        batch = Batch(f"msgbatch_{len(self.batches):04}", {each["custom_id"]: each["params"] for each in requests})
        self.batches[batch.id] = batch
        return self._told(http, batch)

    async def _retrieve(self, http: web.Request) -> web.Response:
        batch = self._named(http)
        if refused := self._refused(http):
            return refused
        if batch is None:
            return error_response(404, "not_found_error", "Not found")
        batch.looks += 1
        if batch.ended is None and (batch.canceling or batch.looks >= self.looks):
            self._end(batch)
        return self._told(http, batch)

    async def _results(self, http: web.Request) -> web.Response:
        batch = self._named(http)
        if refused := self._refused(http):
            return refused
        if batch is None or batch.ended is None:
            return error_response(404, "not_found_error", "Not found")
        lines = [json.dumps({"custom_id": name, "result": result}) for name, result in batch.results.items()]
        text = "".join(f"{line}\n" for line in reversed(lines))
        return web.Response(text=text, content_type="application/x-jsonl")

    async def _cancel(self, http: web.Request) -> web.Response:
        batch = self._named(http)
        if refused := self._refused(http):
            return refused
        if batch is None:
            return error_response(404, "not_found_error", "Not found")
        batch.canceling = batch.ended is None
        return self._told(http, batch)

    def _refused(self, http: web.Request) -> web.Response | None:
        if refused := unwelcome(http):
            return refused
        if self.faults:
            status = self.faults.pop(0)
            kinds = {401: "authentication_error", 429: "rate_limit_error", 529: "overloaded_error"}
            return error_response(status, kinds.get(status, "api_error"), "refused", {"retry-after-ms": "1"})
        return None

    def _named(self, http: web.Request) -> Batch | None:
        return self.batches.get(http.match_info["batch"])

    def _end(self, batch: Batch) -> None:
        batch.ended = datetime.now(UTC)
        for name, body in batch.requests.items():
            batch.results[name] = {"type": "canceled"} if batch.canceling else self.result(body)

    def _told(self, http: web.Request, batch: Batch) -> web.Response:
        count = Counter(result["type"] for result in batch.results.values())
        base = f"{http.scheme}://{http.host}/v1/messages/batches/{batch.id}"
        status = "ended" if batch.ended else "canceling" if batch.canceling else "in_progress"
        told = {
            "id": batch.id,
            "type": "message_batch",
            "processing_status": status,
            "request_counts": {
                "processing": 0 if batch.ended else len(batch.requests),
                **{outcome: count[outcome] for outcome in OUTCOMES},
            },
            "created_at": batch.created.isoformat(),
            "expires_at": (batch.created + timedelta(hours=24)).isoformat(),
            "ended_at": batch.ended and batch.ended.isoformat(),
            "archived_at": None,
            "cancel_initiated_at": None,
            "results_url": f"{base}/results" if batch.ended else None,
        }
        return web.json_response(told, headers={"request-id": "req_1"})


def _complaints(requests: Any) -> Iterator[str]:
    """Why a batch is refused as a whole."""
    if not isinstance(requests, list) or not requests:
        yield "requests: List should have at least 1 item after validation, not 0"
        return
    if len(requests) > MOST_REQUESTS:
        yield f"requests: List should have at most {MOST_REQUESTS} items after validation, not {len(requests)}"
    names = [each.get("custom_id") for each in requests]
    for index, name in enumerate(names):
        if not isinstance(name, str) or not CUSTOM_ID.fullmatch(name):
            yield f"requests.{index}.custom_id: String should match pattern '^{CUSTOM_ID.pattern}$'"
        if "params" not in requests[index]:
            yield f"requests.{index}.params: Field required"
    if len(set(names)) < len(names):
        yield "requests: custom_id must be unique within the batch"
