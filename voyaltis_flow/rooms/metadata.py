"""What a job was dispatched with, read as the text of a stranger: hostile metadata is refused, and never raises."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from voyaltis_flow.engine.events import NOBODY, Person
from voyaltis_flow.rooms.troubles import Trouble, trouble
from voyaltis_flow.rooms.untrusted import UnreadableError, misfits, read_json, schema

LIMIT = 16_000
"""Bytes of metadata that are read: far more than the names of a conversation take."""


@dataclass(frozen=True, slots=True)
class JobMetadata:
    """What a conversation is to be. `notes` tell what was ignored, and are safe to log."""

    flow: str
    conversation: str | None = None
    style: str | None = None
    language: str | None = None
    rep: Person = NOBODY
    event: Person = NOBODY
    notes: tuple[str, ...] = ()

    def written(self) -> str:
        """The JSON to dispatch with."""
        told = {
            "conversation": self.conversation,
            "flow": self.flow,
            "style": self.style,
            "language": self.language,
            "rep": _known({"id": self.rep.id, "name": self.rep.name}),
            "event": _known({"id": self.event.id, "name": self.event.name}),
        }
        return json.dumps(_known(told), ensure_ascii=False)

    def named_by(self, participant: str | None) -> JobMetadata:
        """The same with the names that the participant's metadata adds; what the job says of them stands.

        They are in `{"rep": {"name"}, "event": {"name"}}` or in `{"userName", "eventName"}`; the rest of it is ignored.
        """
        data, note = _names(participant)
        rep, event = _somebody(data.get("rep")).name, _somebody(data.get("event")).name
        return replace(
            self,
            rep=replace(self.rep, name=self.rep.name or rep or _label(data.get("userName"))),
            event=replace(self.event, name=self.event.name or event or _label(data.get("eventName"))),
            notes=(*self.notes, *note),
        )


@dataclass(frozen=True, slots=True)
class MetadataRefused:
    """Metadata that no conversation can begin with: what the app is told, and what the log may be told."""

    trouble: Trouble
    problems: tuple[str, ...]


def parse_metadata(text: str | None) -> JobMetadata | MetadataRefused:
    """What a job's metadata asks for, or why it can't be served. Unknown keys are ignored, with a note."""
    try:
        data = read_json(text or "", LIMIT)
    except UnreadableError as error:
        return _refused(None, str(error))
    if found := misfits("job", data):
        return _refused(data, *found)
    return JobMetadata(
        flow=data["flow"],
        conversation=data.get("conversation"),
        style=data.get("style"),
        language=_language(data),
        rep=_somebody(data.get("rep")),
        event=_somebody(data.get("event")),
        notes=_unknown_keys(data),
    )


def _refused(data: Any, *problems: str) -> MetadataRefused:
    return MetadataRefused(trouble("metadata_invalid", _language(data)), problems)


def _language(data: Any) -> str | None:
    """The language as the flows name it: `fr-CA` is `fr`."""
    told = data.get("language") if isinstance(data, dict) else None
    return told[:2] if isinstance(told, str) else None


def _somebody(data: Any) -> Person:
    """An id and a name; what is empty is unknown."""
    told = data if isinstance(data, dict) else {}
    return Person(_label(told.get("id")), _label(told.get("name")))


def _label(told: Any) -> str | None:
    return (told.strip() or None) if isinstance(told, str) else None


def _unknown_keys(data: Mapping[str, Any]) -> tuple[str, ...]:
    unknown = len(data.keys() - schema("job")["properties"].keys())
    return (f"{unknown} unknown key{'s' if unknown > 1 else ''} ignored",) if unknown else ()


def _names(participant: str | None) -> tuple[dict[str, Any], tuple[str, ...]]:
    """A participant's metadata as data; empty, with a note, where it is not fit to be read."""
    if not participant:
        return {}, ()
    try:
        data = read_json(participant, LIMIT)
    except UnreadableError as error:
        return {}, (f"participant metadata ignored: {error}",)
    found = misfits("participant", data)
    return ({}, tuple(f"participant metadata ignored: {problem}" for problem in found)) if found else (data, ())


def _known(told: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if value not in (None, {})}
