"""What a command is given by name, ready to use; what can't be had ends the command with words for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from voyaltis_flow.project import (
    ContentError,
    ProjectError,
    Script,
    Settings,
    load_catalog,
    load_script,
    read_settings,
)
from voyaltis_flow.responders.choose import ResponderUnavailableError, choose
from voyaltis_flow.runtime.protocols import Responder
from voyaltis_flow.script.models import Catalog

from .exits import Code, CommandError


def script_of(flow: str, style: str | None, catalogs: Sequence[str] | None) -> Script:
    """A flow with its style and catalogs, by name or path."""
    with _told_to_people():
        return load_script(flow, style, catalogs or None)


def catalogs_of(names: Sequence[str]) -> list[Catalog]:
    """Catalogs, by name or path."""
    with _told_to_people():
        return [load_catalog(name).value for name in names]


def settings_of(responder: str | None = None, agent: str | None = None) -> Settings:
    """The settings, with what flags say put before them."""
    with _told_to_people():
        return read_settings(responder=responder, agent=agent)


def responder_of(settings: Settings) -> Responder:
    """The responder that the settings name."""
    with _told_to_people():
        try:
            return choose(settings.responder, settings)
        except ValueError as error:
            raise CommandError(Code.MISUSE, str(error)) from error


@contextmanager
def _told_to_people() -> Iterator[None]:
    try:
        yield
    except ContentError as error:
        raise CommandError(Code.FAILED, f"the content has errors\n{error}") from error
    except ProjectError as error:
        raise CommandError(Code.MISUSE, str(error)) from error
    except ResponderUnavailableError as error:
        raise CommandError(Code.LACKING, str(error)) from error
