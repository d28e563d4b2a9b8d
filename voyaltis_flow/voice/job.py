"""One conversation in one room, from its dispatch to its report. Whatever happens, no mute agent stays behind."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial

from livekit.agents import JobContext

from voyaltis_flow.engine.compiled import CompiledScript
from voyaltis_flow.engine.conversation import Conversation
from voyaltis_flow.engine.events import Opened
from voyaltis_flow.engine.turn import Turn
from voyaltis_flow.project import ContentError, NotFoundError
from voyaltis_flow.reports import ConversationOver, Lease, LeaseHeld, Order, StoreError
from voyaltis_flow.rooms.dispatch import conversation_of
from voyaltis_flow.rooms.metadata import JobMetadata, MetadataRefused, parse_metadata
from voyaltis_flow.rooms.protocol import report_bytes
from voyaltis_flow.rooms.tokens import rep_identity
from voyaltis_flow.rooms.troubles import Trouble, TroubleCode, trouble
from voyaltis_flow.voice.call import Call
from voyaltis_flow.voice.channel import Channel
from voyaltis_flow.voice.equipment import Equipment
from voyaltis_flow.voice.keeper import Keeper
from voyaltis_flow.voice.observe import meter as measured
from voyaltis_flow.voice.observe.logs import stamp
from voyaltis_flow.voice.observe.meter import Meter
from voyaltis_flow.voice.presence import first_person
from voyaltis_flow.voice.senses import Senses
from voyaltis_flow.voice.talk import Talk
from voyaltis_flow.voice.vendors import SpeechChoiceError, SpeechUnavailableError

ARRIVAL_SECONDS = 60.0
"""How long a room may be without a rep."""
REFUSAL_SECONDS = 10.0
"""How long an agent that can't serve waits for somebody whom it can tell."""
FLUSH_SECONDS = 0.5
"""How long an agent stays after its last word to the app, which may be lost when it leaves at once."""

log = logging.getLogger(__name__)


class Refused(Exception):  # noqa: N818 - it names what happened
    """The conversation can't be held; the trouble says why, for the app."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.code)
        self.trouble = trouble


class Job:
    """An agent's stay in a room that it has entered."""

    def __init__(self, context: JobContext, equipment: Equipment) -> None:
        self._context, self._equipment = context, equipment
        self._channel = Channel(context.room)

    async def run(self) -> None:
        """Stays until the conversation is over, or is somebody else's."""
        try:
            await self._hold(_readable(self._context.job.metadata))
        except LeaseHeld:
            log.info("another_agent_is_here")
        except Refused as refused:
            await self._refuse(refused.trouble)
        except Exception as fault:
            log.error("job_failed: %s", type(fault).__name__, exc_info=fault)
        finally:
            await asyncio.sleep(FLUSH_SECONDS)
            self._context.shutdown("left")

    async def _hold(self, asked: JobMetadata) -> None:
        keeper = Keeper(self._equipment.store, await self._lease(asked))
        stamp(conversation=keeper.lease.conversation, room=self._context.room.name)
        log.info("conversation_taken: epoch %d", keeper.lease.epoch)
        renewing = asyncio.create_task(keeper.renew(), name="renew")
        try:
            await self._converse(asked, keeper)
        except Refused:
            await keeper.release()
            raise
        except StoreError as fault:
            log.error("store_failed: %s: another agent goes on once there is a store", type(fault).__name__)
        except Exception as fault:
            log.error("conversation_failed: %s", type(fault).__name__, exc_info=fault)
            await self._channel.trouble(trouble("internal_fault", asked.language))
            await self._salvage(asked, keeper)
        finally:
            await keeper.flush()
            renewing.cancel()

    async def _salvage(self, asked: JobMetadata, keeper: Keeper) -> None:
        """After a fault of ours: the report of what was kept. Another agent would meet the same fault."""
        try:
            conversation = await self._conversation(asked, keeper)
            if conversation.state.started is not None and not keeper.lost.is_set():
                talk = Talk(conversation, self._equipment.responder, keeper)
                await _heard_before(talk, keeper.lease.unanswered)
                await talk.end("failed")
                await keeper.keep_report(report_bytes(conversation.report()))
        except StoreError:
            raise  # there is no telling what was kept: whoever comes next finds out
        except Exception as fault:
            log.error("not_salvaged: %s: `reports show` tells what was kept", type(fault).__name__, exc_info=fault)
        await keeper.release()

    async def _lease(self, asked: JobMetadata) -> Lease:
        """The right to write. A conversation without an id has that of its room, or its dispatch's."""
        store, room, agent = self._equipment.store, self._context.job.room.name, self._equipment.settings.agent
        known = None if asked.conversation else await store.lease_in(room, agent)
        own = conversation_of(self._context.job.dispatch_id)
        conversation = asked.conversation or (known.conversation if known else own)
        metadata = replace(asked, conversation=conversation).written()
        order = Order(conversation, room, agent, metadata)
        try:
            return await store.take(order, self._context.local_participant_identity)
        except LeaseHeld:
            held = await store.lease(conversation)
            if held is not None and held.order.room != room:
                raise _refused("conversation_held", asked) from None
            raise
        except ConversationOver:
            raise _refused("conversation_over", asked) from None

    async def _converse(self, asked: JobMetadata, keeper: Keeper) -> None:
        conversation = await self._conversation(asked, keeper)  # what can't be held is refused before anybody waits
        expected = rep_identity(keeper.lease.conversation, asked.rep)
        rep = await first_person(self._context.room, ARRIVAL_SECONDS, expected)
        resumed = conversation.state.started is not None
        if rep is not None and not resumed:
            conversation = await self._conversation(asked.named_by(rep.metadata), keeper)
        if rep is None:
            log.warning("nobody_came")
            if not resumed:
                await keeper.hand_back()
                await self._context.delete_room()  # one that stays would call for an agent again and again
                return
        meter = Meter(conversation.script.flow, self._equipment.prices, self._equipment.responder.name)
        meter.began(keeper.lease.conversation, self._context.room.name, resumed=resumed)
        talk = Talk(conversation, self._equipment.responder, keeper)
        talk.on_happened = meter.happened
        if rep is None and not conversation.ended:
            await _heard_before(talk, keeper.lease.unanswered)
            await talk.end("hung_up")
        elif rep is not None and not conversation.ended:
            await self._call(rep.identity, talk, keeper, meter)
        if keeper.gave_up:
            await self._channel.trouble(trouble("internal_fault", conversation.language))
        elif conversation.ended and not keeper.lost.is_set():
            await self._deliver(conversation, rep.identity if rep else None, keeper, meter)

    async def _conversation(self, asked: JobMetadata, keeper: Keeper) -> Conversation:
        """A new conversation, or the one that the journal tells of, with the flow and the style that it began with."""
        journal = await self._equipment.store.events(keeper.lease.conversation)
        for event in journal[:1]:
            assert isinstance(event, Opened)
            began = replace(asked, flow=event.flow, style=event.style)
            return Conversation.replayed(await asyncio.to_thread(self._script, began), journal)
        script = await asyncio.to_thread(self._script, asked)
        if asked.language not in (None, *script.flow.languages):
            raise _refused("language_unknown", asked)
        return Conversation(
            script,
            keeper.lease.conversation,
            rep=asked.rep,
            event=asked.event,
            language=asked.language,
            today=date.today(),
        )

    async def _call(self, rep: str, talk: Talk, keeper: Keeper, meter: Meter) -> None:
        try:
            senses = Senses.ready(self._equipment, talk.conversation, meter)
        except SpeechChoiceError as error:
            log.error("speech_refused: %s", error)
            raise Refused(trouble("flow_invalid", talk.conversation.language)) from None
        except SpeechUnavailableError as error:
            log.error("speech_lacking: %s", error)
            raise Refused(trouble("environment_lacking", talk.conversation.language)) from None
        call = Call(self._context.room, rep, talk, self._channel, senses, meter, self._equipment.end_of_turn)
        try:
            await call.hold(_first_words(talk.conversation, keeper.lease.unanswered), keeper.lost)
        finally:
            await call.leave()
            await senses.aclose()

    async def _deliver(self, conversation: Conversation, rep: str | None, keeper: Keeper, meter: Meter) -> None:
        """The report: kept first, then sent, as the same bytes; then nobody need take the conversation up again."""
        told = conversation.report()
        report = report_bytes(told)
        await keeper.keep_report(report)
        if rep is not None and not keeper.lost.is_set():
            await self._channel.report(rep, keeper.lease.conversation, report)
        await keeper.release()
        meter.ended(told)

    def _script(self, asked: JobMetadata) -> CompiledScript:
        try:
            return self._equipment.scripts.get(asked.flow, asked.style)
        except ContentError as error:
            for problem in error.problems:
                log.error("content_error: %s:%s:%s %s", problem.path, problem.line, problem.column, problem.code)
            raise _refused("flow_invalid", asked) from None
        except NotFoundError:
            known = asked.flow in self._equipment.scripts.flows
            raise _refused("style_unknown" if known else "flow_unknown", asked) from None

    async def _refuse(self, why: Trouble) -> None:
        """Tells the app, once it is there to be told."""
        log.warning("refused: %s", why.code)
        measured.refused(why.code)
        if await first_person(self._context.room, REFUSAL_SECONDS):
            await self._channel.trouble(why)


async def _heard_before(talk: Talk, unanswered: str | None) -> None:
    """What the rep said before the break counts, also where nobody is there to be answered."""
    if unanswered and talk.speak(partial(talk.conversation.hear, unanswered, resumes=True)) is not None:
        await talk.settle()


def _readable(metadata: str) -> JobMetadata:
    read = parse_metadata(metadata)
    if isinstance(read, MetadataRefused):
        log.warning("metadata_refused: %s", "; ".join(read.problems))
        raise Refused(read.trouble)
    return read


def _refused(code: TroubleCode, asked: JobMetadata) -> Refused:
    return Refused(trouble(code, asked.language))


def _first_words(conversation: Conversation, unanswered: str | None) -> Callable[[float], Turn]:
    """What the agent begins with: the opening, or, after a break, the answer to what was said before it."""
    if unanswered:
        return partial(conversation.hear, unanswered, resumes=True)
    return conversation.open if conversation.state.started is None else conversation.resume
