"""`voyaltis-flow agent`: holds conversations in LiveKit rooms, until it is told to stop."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from voyaltis_flow.project import ProjectError, Settings, find_project, load_style
from voyaltis_flow.reports import Store, forget_old
from voyaltis_flow.responders.choose import automatic
from voyaltis_flow.responders.prices import PriceFileError, load_prices
from voyaltis_flow.rooms.livekit import Livekit
from voyaltis_flow.rooms.watch import Watch
from voyaltis_flow.speech.whisper.models import NoModelError
from voyaltis_flow.speech.whisper.process import RecogniserProcess
from voyaltis_flow.voice.equipment import EquipmentError, end_of_turn
from voyaltis_flow.voice.hearing import choose as hearing
from voyaltis_flow.voice.observe import metrics
from voyaltis_flow.voice.observe.logs import log_process
from voyaltis_flow.voice.speaking import choose as speaking
from voyaltis_flow.voice.supervisor.health import PortTakenError
from voyaltis_flow.voice.supervisor.link import Orders
from voyaltis_flow.voice.supervisor.supervisor import Chore, Duty, Supervisor
from voyaltis_flow.voice.vendors import SpeechChoiceError, SpeechUnavailableError

from .content import responder_of, settings_of
from .exits import Code, CommandError
from .servers import livekit_of
from .stores import opened_store

SERVER = "voyaltis_flow.voice.worker:build_server"

log = logging.getLogger(__name__)


class Level(StrEnum):
    """How much is logged."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


def agent(
    name: Annotated[str | None, typer.Option("--name", help="What rooms dispatch it by.")] = None,
    host: Annotated[str, typer.Option("--host", help="Where health and metrics are served.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="The port; 0: any that is free.")] = 8081,
    workers: Annotated[int, typer.Option("--workers", min=1, max=64, help="Worker processes side by side.")] = 1,
    drain: Annotated[
        int, typer.Option("--drain", min=1, metavar="SECONDS", help="How long conversations may go on after SIGTERM.")
    ] = 600,
    log_level: Annotated[Level, typer.Option("--log-level", help="How much is logged.")] = Level.INFO,
) -> None:
    """Hold conversations in LiveKit rooms. SIGTERM or Ctrl-C: no new ones, and the end when those there are over."""
    settings = settings_of(agent=name)
    livekit = livekit_of(settings)
    _check(settings)
    doubts = list(_doubts(settings))
    level = logging.getLevelNamesMapping()[log_level.upper()]
    orders = Orders(SERVER, settings, livekit, drain_seconds=drain, log_level=level)
    with opened_store(settings) as store:
        log_process(level, settings.secrets)
        _announce(settings, livekit)
        for doubt in doubts:
            log.warning("style_refused: %s", doubt)
        try:
            drained = asyncio.run(_serve(Duty(orders, workers, host, port), store))
        except (PortTakenError, NoModelError, TimeoutError) as error:
            raise CommandError(Code.LACKING, str(error) or "the offline recogniser did not start in time") from error
    if not drained:
        raise CommandError(Code.INTERRUPTED)


async def _serve(duty: Duty, store: Store) -> bool:
    """Runs the agent, with the recogniser of this machine where it is needed; what `Supervisor.run` says."""
    settings, livekit = duty.orders.settings, duty.orders.livekit
    ears = RecogniserProcess(settings.whisper) if hearing.needs_recogniser(settings) else None
    if ears is not None:
        duty = replace(duty, orders=replace(duty.orders, recogniser=ears.path))
    return await Supervisor(duty, store, _chores(settings, livekit, store), ears).run()


def _check(settings: Settings) -> None:
    """What would fail in every conversation fails here."""
    responder_of(settings)
    try:
        end_of_turn(settings)
        hearing.chosen(settings)
        speaking.chosen(settings)
        load_prices(Path(settings.prices) if settings.prices else None)
    except (EquipmentError, SpeechChoiceError, PriceFileError) as error:
        raise CommandError(Code.MISUSE, str(error)) from error
    except SpeechUnavailableError as error:
        raise CommandError(Code.LACKING, str(error)) from error


def _doubts(settings: Settings) -> Iterator[str]:
    """Styles that would fail in each of their conversations. The others can be spoken all the same."""
    project = find_project()
    for name in sorted(project.names("style")):
        with suppress(ProjectError):  # `validate` tells more of it
            for mistake in speaking.mistakes(settings, load_style(name, project).value):
                yield f"{name}: {mistake}"


def _chores(settings: Settings, livekit: Livekit, store: Store) -> Iterator[Chore]:
    yield Watch(store, livekit, settings.agent, on_sent=metrics.redispatches.inc).run
    if settings.keep_days is not None:
        yield partial(forget_old, store, settings.keep_days)


def _announce(settings: Settings, livekit: Livekit) -> None:
    """What was chosen, and why where nobody chose."""
    log.info("agent: %s, for LiveKit at %s", settings.agent, livekit.url)
    for part, choice in (("stt", hearing.chosen(settings)), ("tts", speaking.chosen(settings))):
        log.info("%s: %s, since %s", part, choice.name, choice.reason)
    chosen = automatic(settings)
    if settings.responder == "auto":
        log.info("responder: %s, since %s", chosen.name, chosen.reason)
    else:
        log.info("responder: %s, as set", settings.responder.partition(":")[0])
