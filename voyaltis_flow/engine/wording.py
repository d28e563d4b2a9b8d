"""What the engine says without a model: the flow's texts and the style's lines, each variant in its turn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any
from zlib import crc32

from voyaltis_flow.engine.compiled import CompiledScript
from voyaltis_flow.engine.events import Evidence
from voyaltis_flow.engine.state import State
from voyaltis_flow.engine.values import collected
from voyaltis_flow.language.lexicon import language_data
from voyaltis_flow.script.models import Point, Text
from voyaltis_flow.script.templates import template


class Wording:
    """The words for one utterance. Remembers which lines it used, for the journal."""

    def __init__(self, script: CompiledScript, state: State, language: str, at: float) -> None:
        self._script, self._state, self.language, self._at = script, state, language, at
        self.used: dict[str, None] = {}

    def line(self, name: str, **told: Any) -> str:
        """A line of the style, "" where the style has none."""
        return self._variant(name, getattr(self._script.style.lines, name), told)

    def question(self, point: Point) -> str:
        """The flow's question on a point."""
        return "" if point.ask == "never" else self._variant(f"ask.{point.id}", point.ask)

    def opening(self) -> str:
        """The flow's first words."""
        return self._variant("opening", self._script.flow.opening)

    def notice(self) -> str:
        """What the flow tells about itself, "" where it has nothing to tell."""
        return self._variant("notice", self._script.flow.notice)

    def closing(self) -> str:
        """The flow's last words, or the style's."""
        return self._variant("closing", self._script.flow.closing) or self.line("closing")

    def goodbye(self) -> str:
        """The last words where something stays open, which do not say that all is noted."""
        return self.line("goodbye") or self.closing()

    def prompt(self) -> str:
        """Who the model is told to be."""
        text = self._script.style.prompt.variants(self.language)
        return template(text[0]).render(self.context) if text else ""

    def listed(self, items: Sequence[str], word: str = "and") -> str:
        """Things in a row: “a, b et c”."""
        join = language_data(self.language, "engine")["join"]
        if len(items) < 2:
            return "".join(items)
        return str(join["separator"]).join(items[:-1]) + str(join[word]) + items[-1]

    def item(self, record: Evidence) -> str:
        """A value with its product, as it is read back: “3 The Frame 55 pouces”, “Nutella 400 g 3,49 euros”."""
        point = self._script.points[record.point]
        label = self._script.index.label(record.key) if record.key else ""
        number = "" if isinstance(record.value, bool) else self._number(record.value)
        if point.type == "quantities":
            return f"{number} {label}"
        unit = next(iter(point.unit.variants(self.language)), "")
        return " ".join(part for part in (label, number, unit if number else "") if part)

    def items(self, records: Iterable[Evidence]) -> list[str]:
        """Those of the values that have a number or a product to be read back."""
        return [self.item(record) for record in records if self._read_back(record)]

    def _read_back(self, record: Evidence) -> bool:
        return record.key is not None or self._script.points[record.point].type == "number"

    def _number(self, number: Any) -> str:
        if isinstance(number, float):
            shown = str(int(number)) if number.is_integer() else f"{number:g}"
            return shown.replace(".", language_data(self.language, "engine")["decimal"])
        return str(number)

    def _variant(self, name: str, text: Text, told: Mapping[str, Any] | None = None) -> str:
        variants = text.variants(self.language)
        if not variants:
            return ""
        self.used[name] = None
        turn = self._state.lines.get(name, 0) + crc32(f"{self._state.conversation} {name}".encode())
        said = template(variants[turn % len(variants)]).render({**self.context, **told} if told else self.context)
        said = said.strip()
        return said[:1].upper() + said[1:]

    @cached_property
    def context(self) -> Mapping[str, Any]:
        """The variables that templates see."""
        state, flow, style = self._state, self._script.flow, self._script.style
        return {
            "rep": {"id": state.rep.id, "name": state.rep.name},
            "event": {"id": state.event.id, "name": state.event.name},
            "points": collected(flow, state.records),
            "budget": budget(self._script, state, self._at),
            "style": {"id": style.style, "title": self._title(style.title)},
            "flow": {"id": flow.flow, "title": self._title(flow.title) or flow.flow},
            "language": self.language,
        }

    def _title(self, title: Text | None) -> str | None:
        return next(iter(title.variants(self.language)), None) if title else None


def budget(script: CompiledScript, state: State, at: float) -> dict[str, dict[str, Any]]:
    """What was spent, what there was and what is left, of questions and of minutes."""
    limit = script.flow.budget
    minutes = 0.0 if state.started is None else round(max(0.0, at - state.started) / 60, 2)
    left = None if limit.minutes is None else round(max(0.0, limit.minutes - minutes), 2)
    return {
        "questions": {"spent": state.spent, "of": limit.questions, "left": max(0, limit.questions - state.spent)},
        "minutes": {"spent": minutes, "of": limit.minutes, "left": left},
    }
