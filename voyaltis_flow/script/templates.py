"""Templates and conditions: Jinja in a sandbox, cut down to what a text needs, checked at validation, total afterwards.

`{{ … }}` puts a value into a text, `{% if %}` and `{% for %}` shape it. There are no calls, no attributes but the ones
listed here, and no loop but one over a list that was given.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cached_property, lru_cache
from typing import Any

from jinja2 import ChainableUndefined
from jinja2.exceptions import SecurityError
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment

MAX_TEMPLATE = 20_000
"""The longest template, in characters."""
MAX_RENDERED = 20_000
"""The longest text that a template gives; what is longer is cut."""

Parts = Mapping[str, "Parts | None"]
ANY: Parts = {"*": None}
"""Parts whose names are not known beforehand."""

VARIABLES: Parts = {
    "rep": {"id": None, "name": None},
    "event": {"id": None, "name": None},
    "points": ANY,
    "budget": {
        "questions": {"spent": None, "of": None, "left": None},
        "minutes": {"spent": None, "of": None, "left": None},
    },
    "style": {"id": None, "title": None},
    "flow": {"id": None, "title": None},
    "language": None,
}
"""What every template sees. Whatever is not known is absent, and absent renders to nothing; only `flow` is certain.

`points` holds the values recorded so far, by point; `budget` what was spent, what there was and what is left.
"""

LINES_SEE: Mapping[str, tuple[str, ...]] = {
    "acknowledge": ("items",),
    "which": ("mention", "choices"),
    "how_many": ("product",),
    "confirm": ("product", "items"),
    "repeat": ("question",),
    "recap": ("items",),
}
"""What lines of a style see as well: `items` are the things just noted, `mention` the rep's word for a product,
`choices` the products that it may be, `product` the product spoken of, `question` the question to be said again."""

LINE_VARIABLES: Parts = {**VARIABLES, **{name: None for names in LINES_SEE.values() for name in names}}
"""What lines see, all together."""

FILTERS = (
    *("abs", "capitalize", "count", "default", "d", "first", "float", "int", "join", "last", "length", "list", "lower"),
    *("max", "min", "round", "sort", "sum", "title", "trim", "unique", "upper"),
)
TESTS = (
    *("defined", "undefined", "none", "number", "string", "mapping", "sequence", "in", "even", "odd"),
    *("eq", "ne", "lt", "le", "gt", "ge", "equalto", "lessthan", "greaterthan"),
)

_NOTHING = "\ue000"
_BLANKS = "[ \t\u00a0\u202f]{0,9}"
_GAP = re.compile(rf"((?:{_BLANKS}[,;:])?){_BLANKS}{_NOTHING}(?:{_BLANKS}{_NOTHING})*({_BLANKS})(?=(.?))")
_LEADING = re.compile(rf"(?:{_BLANKS}{_NOTHING})+[\s,;:.!?…]*")


def _shown(value: Any) -> Any:
    """A value as it is said: nothing for what is absent, a whole number without `.0`, a list with commas."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, list | tuple | Mapping):
        value = ", ".join(str(_shown(part)) for part in value)
    return _NOTHING if value is None or str(value) == "" else value


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja with the filters and tests of the language, a dot that finds what a mapping holds, and no calls."""

    def __init__(self) -> None:
        super().__init__(undefined=ChainableUndefined, finalize=_shown, keep_trailing_newline=True)
        self.globals.clear()
        self.filters = {name: self.filters[name] for name in FILTERS}
        self.tests = {name: self.tests[name] for name in TESTS}

    intercepted_binops = frozenset({"*", "/", "//", "%", "**"})

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        raise SecurityError(f"`{operator}` can't be used in a template")

    def is_safe_callable(self, obj: Any) -> bool:
        return False

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, Mapping) and attribute in obj:
            return obj[attribute]
        if isinstance(obj, LoopContext):
            return super().getattr(obj, attribute)
        return self.undefined(obj=obj, name=attribute)


ENVIRONMENT = Sandbox()


class Template:
    """A text with variables. Compiled when first rendered; rendering never fails."""

    def __init__(self, source: str) -> None:
        self.source = source

    def render(self, context: Mapping[str, Any] | None = None) -> str:
        """The text, at most `MAX_RENDERED` long; gaps of absent values are closed. "" when it can't be told."""
        if not is_template(self.source):
            return self.source
        try:
            text = self._rendered(context or {})
        except Exception:  # a template can fail in as many ways as its values can be odd, and a conversation goes on
            return ""
        return close_gaps(text)

    def _rendered(self, context: Mapping[str, Any]) -> str:
        pieces, length = [], 0
        for piece in self._compiled.generate(context):
            pieces.append(piece)
            length += len(piece)
            if length > MAX_RENDERED:
                break
        return "".join(pieces)[:MAX_RENDERED]

    @cached_property
    def _compiled(self) -> Any:
        return ENVIRONMENT.from_string(self.source)


class Condition:
    """A `when:`. It holds or it does not; what can't be told does not hold."""

    def __init__(self, source: str) -> None:
        self.source = source

    def holds(self, values: Mapping[str, Any]) -> bool:
        """Whether it holds for these values: those of the points, and `budget`. Absent values are empty."""
        try:
            return bool(self._compiled({"points": values, **values}))
        except Exception:  # see Template.render
            return False

    @cached_property
    def _compiled(self) -> Callable[..., Any]:
        return ENVIRONMENT.compile_expression(self.source)


@lru_cache(maxsize=4096)
def template(source: str) -> Template:
    """The template of a text, compiled once however often it is asked for."""
    return Template(source)


@lru_cache(maxsize=1024)
def condition(source: str) -> Condition:
    """The condition of a text, compiled once."""
    return Condition(source)


def is_template(text: str) -> bool:
    """Whether a text has anything for Jinja in it."""
    return "{" in text and ("{{" in text or "{%" in text or "{#" in text)


def close_gaps(text: str) -> str:
    """A text without the gaps that absent values left: “Salut ⌑ !” → “Salut !”, “Merci ⌑, ciao” → “Merci, ciao”.

    Only the blanks and the comma around a gap go; what stands elsewhere stays as it was written.
    """
    if _NOTHING not in text:
        return text
    if (leading := _LEADING.match(text)) is not None:
        text = text[leading.end() :]
        text = text[:1].upper() + text[1:]
    return _GAP.sub(_closed, text)


def _closed(gap: re.Match[str]) -> str:
    comma, after, following = gap.groups()
    if not following or following in ",.…)\n":
        return ""
    if following in "!?;:":
        return str(after)
    at_line_start = gap.start() == 0 or gap.string[gap.start() - 1] == "\n"
    return "" if at_line_start else f"{comma} "
