"""Claude for those who can wait: requests are gathered, sent as batches, and answered when they are made again."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager
from hashlib import sha256
from importlib import import_module
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from voyaltis_flow.engine.request import Request
from voyaltis_flow.responders.claude.answers import Answer, Answers
from voyaltis_flow.responders.claude.faults import ClaudeError
from voyaltis_flow.responders.claude.prompt import body
from voyaltis_flow.responders.claude.settings import ClaudeSettings, Patience
from voyaltis_flow.responders.prices import Prices, load_prices
from voyaltis_flow.runtime.protocols import NotYet, ResponderError, Usage

if TYPE_CHECKING:
    from voyaltis_flow.responders.claude.batches import Batches, Pauses

TIMES = 3
"""How often a request is sent that fails in passing or expires."""
MOST_REQUESTS, MOST_BYTES = 10_000, 100_000_000
"""Of one batch. The service takes 100,000 and 256 MB, and answers smaller ones sooner."""

LOST = Answer(failure="unavailable", message="Claude's service no longer has the answer", passing=True)

Body = Mapping[str, Any]
Tell = Callable[[str], None]


class BatchedClaude:
    """Raises `NotYet` for a reply that has not come; `fetch` sends all that was asked so, and waits for it.

    Replies are kept in a file (`Answers`), so that a run that was stopped goes on, with what is under way, too.
    """

    name = "claude"

    def __init__(
        self,
        settings: ClaudeSettings,
        kept: Path,
        *,
        prices: Prices | None = None,
        pauses: Pauses | None = None,
        tell: Tell = lambda _: None,
    ) -> None:
        """`tell` is given a line for people each time a batch is sent or has ended."""
        self._settings, self._prices, self._pauses, self._tell = settings, prices or load_prices(), pauses, tell
        self._answers = Answers(kept)
        self._failed: dict[str, Answer] = {}
        self._wanted: dict[str, Body] = {}

    async def prepare(self) -> None:
        """Nothing to make ready: nobody is waiting for a first word."""

    async def respond(self, request: Request) -> AsyncGenerator[str | Usage, None]:
        """The reply that has come for this request, or `NotYet`."""
        asked = body(request, self._settings)
        key = _key(request, asked)
        answer = self._answers.get(key) or self._failed.get(key)
        if answer is None:
            self._wanted[key] = asked
            raise NotYet(key)
        if answer.text:
            yield answer.text
        if answer.usage:
            yield answer.usage
        if answer.failure:
            raise ResponderError(answer.failure, answer.message)

    async def fetch(self) -> None:
        """Gets an answer to all that was asked and has none, however long it takes. Raises `ResponderError`.

        What expires or fails in passing is sent again, a few times; what fails for good, or again, fails its turn.
        """
        wanted, self._wanted = self._wanted, {}
        failed: dict[str, Answer] = {}
        try:
            async with self._connected() as batches:
                for _ in range(TIMES):
                    left = {key: asked for key, asked in wanted.items() if _is_left(key, self._answers, failed)}
                    if not left:
                        break
                    failed |= await self._round(batches, left)
        except ClaudeError as error:
            raise ResponderError(error.failure, str(error)) from None
        self._failed |= {key: answer for key, answer in failed.items() if self._answers.get(key) is None}

    async def aclose(self) -> None:
        """Nothing is held open."""

    def settle(self) -> None:
        """All replies were used: the file of answers goes, unless some failed and the next run asks for them again."""
        if not self._failed:
            self._answers.forget()

    async def _round(self, batches: Batches, wanted: Mapping[str, Body]) -> dict[str, Answer]:
        """Sends what is not under way, and waits for all of it; the answers that are failures."""
        under_way = self._answers.under_way(wanted)
        sent = frozenset(chain.from_iterable(under_way.values()))
        for parcel in _parcels({key: asked for key, asked in wanted.items() if key not in sent}):
            batch = await batches.send(parcel)
            self._answers.sent(batch, parcel)
            self._tell(f"batch {batch}: {len(parcel)} requests sent")
        came: dict[str, Answer] = {}
        for batch, keys in self._answers.under_way(wanted).items():
            answers = await batches.answers(batch)
            self._answers.came(batch, answers)
            came |= (of_batch := {key: answers.get(key, LOST) for key in keys})
            self._tell(f"batch {batch}: {_outcome(of_batch.values())}")
        return {key: answer for key, answer in came.items() if answer.failure}

    @asynccontextmanager
    async def _connected(self) -> AsyncGenerator[Batches, None]:
        """The SDK is imported only here: it takes most of a second."""
        sdk: Any = import_module("voyaltis_flow.responders.claude.batches")
        exchange: Any = import_module("voyaltis_flow.responders.claude.exchange")
        async with exchange.connect(self._settings, Patience()) as client:
            yield sdk.Batches(client, self._prices, self._pauses or sdk.Pauses())


def _key(request: Request, asked: Body) -> str:
    """Names a request by what is asked and where: the same one when it is made again, in this run or the next."""
    whole = json.dumps([request.conversation, request.turn, asked], sort_keys=True, ensure_ascii=False, default=dict)
    return sha256(whole.encode()).hexdigest()[:40]


def _is_left(key: str, answers: Answers, failed: Mapping[str, Answer]) -> bool:
    return answers.get(key) is None and (key not in failed or failed[key].passing)


def _parcels(bodies: Mapping[str, Body]) -> Iterator[dict[str, Body]]:
    """The requests in batches that the service takes."""
    parcel: dict[str, Body] = {}
    size = 0
    for key, asked in bodies.items():
        weight = len(json.dumps(asked, default=dict))
        if parcel and (len(parcel) == MOST_REQUESTS or size + weight > MOST_BYTES):
            yield parcel
            parcel, size = {}, 0
        parcel[key] = asked
        size += weight
    if parcel:
        yield parcel


def _outcome(answers: Iterable[Answer]) -> str:
    """How a batch ended: “118 answered, 2 failed (timeout 2)”."""
    why = Counter(answer.failure or "" for answer in answers)
    answered = why.pop("", 0)
    failures = ", ".join(f"{failure} {number}" for failure, number in why.most_common())
    return f"{answered} answered" + (f", {why.total()} failed ({failures})" if why else "")
