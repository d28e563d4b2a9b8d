"""What is wrong with a template or a condition, found without running it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from jinja2 import TemplateSyntaxError, nodes
from jinja2.parser import Parser

from voyaltis_flow.script.problems import Word, did_you_mean, there_are, whole_word
from voyaltis_flow.script.templates import ANY, ENVIRONMENT, FILTERS, MAX_TEMPLATE, TESTS, Parts, is_template

FaultKind = Literal["syntax", "construct", "variable", "point"]

_OPENING = re.compile(r"\{[{%#]")
_CLOSING = {"{{": "}}", "{%": "%}", "{#": "#}"}
_ALLOWED = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.If, nodes.For, nodes.Name, nodes.Getattr, nodes.Getitem),
    *(nodes.Const, nodes.Filter, nodes.Test, nodes.CondExpr, nodes.Compare, nodes.Operand, nodes.And, nodes.Or),
    *(nodes.Not, nodes.Neg, nodes.Pos, nodes.Add, nodes.Sub, nodes.Concat, nodes.List, nodes.Tuple, nodes.Keyword),
)
_CONSTRUCTS: Mapping[type[nodes.Node], str] = {
    nodes.Call: "Nothing can be called in a template.",
    nodes.Mul: "`*` can't be used in a template.",
    nodes.Pow: "`**` can't be used in a template.",
    nodes.Slice: "Parts of a list can't be cut out in a template.",
    nodes.Assign: "`{% set %}` can't be used in a template.",
    nodes.Macro: "`{% macro %}` can't be used in a template.",
    nodes.Include: "`{% include %}` can't be used: a template is one text.",
    nodes.Import: "`{% import %}` can't be used: a template is one text.",
    nodes.FromImport: "`{% import %}` can't be used: a template is one text.",
    nodes.Extends: "`{% extends %}` can't be used: a template is one text.",
    nodes.Block: "`{% block %}` can't be used: a template is one text.",
}
_SYNTAX: tuple[tuple[str, str, str], ...] = (
    (
        "'end of print statement'",
        "A `{{` without its `}}`, or two words that nothing joins.",
        "Write `{{ rep.name }}`.",
    ),
    ("'end of statement block'", "A `{%` without its `%}`, or a word too many in it.", "Write `{% if rep.name %}`."),
    ("Missing end of comment", "A `{#` without its `#}`.", "Close it."),
    ("'endif'", "An `{% if %}` without its `{% endif %}`.", "Close it with `{% endif %}`."),
    ("'endfor'", "A `{% for %}` without its `{% endfor %}`.", "Close it with `{% endfor %}`."),
    ("unknown tag", "A `{% … %}` that is not known.", "There are `if`, `elif`, `else`, `endif`, `for` and `endfor`."),
    ("Expected an expression", "Nothing stands where a value was due.", "Write a variable: `{{ rep.name }}`."),
)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a template. `word` says where in it."""

    kind: FaultKind
    message: str
    hint: str = ""
    word: Word | None = None


def template_faults(source: str, variables: Parts) -> tuple[Fault, ...]:
    """What is wrong with a template that sees these variables."""
    if not is_template(source):
        return ()
    try:
        return _checked(source, ENVIRONMENT.parse, _Checker(source, variables, list(_code(source))))
    except TemplateSyntaxError as error:
        return (_syntax(error),)


def condition_faults(source: str, variables: Parts) -> tuple[Fault, ...]:
    """What is wrong with a `when:` that sees these variables."""
    try:
        return _checked(source, _parse_condition, _Checker(source, variables, [(0, len(source))], of_points=True))
    except TemplateSyntaxError as error:
        message = f"This condition can't be read: {str(error.message).rstrip('.')}."
        return (Fault("syntax", message, "Write a point's id, or compare it: `sales`, `sales|length > 2`."),)


def _checked(source: str, parse: Callable[[str], nodes.Node], checker: _Checker) -> tuple[Fault, ...]:
    if len(source) > MAX_TEMPLATE:
        return (Fault("construct", f"A template has at most {MAX_TEMPLATE:,} characters, this one {len(source):,}."),)
    try:
        return tuple(checker.faults(parse(source)))
    except RecursionError:
        return (Fault("syntax", "This is nested too deeply.", "Take out brackets, or say it in fewer steps."),)


def _parse_condition(source: str) -> nodes.Node:
    parser = Parser(ENVIRONMENT, source, state="variable")
    tree = parser.parse_expression()
    if not parser.stream.eos:
        parser.fail("expected the end of the condition")
    return tree


def _code(source: str) -> Iterator[tuple[int, int]]:
    """Where the parts between braces begin and end."""
    end = 0
    for opening in _OPENING.finditer(source):
        if opening.start() >= end:
            end = source.find(_CLOSING[opening.group()], opening.end())
            if end < 0:
                return
            yield opening.start(), end


def _syntax(error: TemplateSyntaxError) -> Fault:
    told = str(error.message)
    for words, message, hint in _SYNTAX:
        if words in told:
            return Fault("syntax", message, hint)
    return Fault("syntax", f"This template can't be read: {told.rstrip('.')}.", "Values stand between `{{` and `}}`.")


class _Checker:
    """Walks a template's tree; knows which names are in scope, and which words were told already."""

    def __init__(
        self, source: str, variables: Parts, code: Sequence[tuple[int, int]], *, of_points: bool = False
    ) -> None:
        self._source = source
        self._variables = variables
        self._code = code
        self._of_points = of_points
        self._seen: Counter[str] = Counter()
        self._places: dict[str, list[int]] = {}

    def faults(self, tree: nodes.Node) -> Iterator[Fault]:
        yield from self._node(tree, frozenset())

    def _node(self, node: nodes.Node, scope: frozenset[str]) -> Iterator[Fault]:
        if not isinstance(node, _ALLOWED):
            said = _CONSTRUCTS.get(type(node), "Templates can't do this.")
            yield Fault("construct", said, "Write values, `{% if %}`, and `{% for %}` over a list.", self._call(node))
        elif isinstance(node, nodes.For):
            yield from self._loop(node, scope)
        elif isinstance(node, nodes.Name | nodes.Getattr | nodes.Getitem):
            yield from self._value(node, scope)
        else:
            if isinstance(node, nodes.Filter | nodes.Test):
                yield from self._known(node)
            for child in node.iter_child_nodes():
                yield from self._node(child, scope)

    def _known(self, node: nodes.Filter | nodes.Test) -> Iterator[Fault]:
        names = FILTERS if isinstance(node, nodes.Filter) else TESTS
        if node.name not in names:
            hint = did_you_mean(node.name, names, there_are(sorted(names), 30))
            yield Fault("construct", f"`{node.name}` is no filter or test that is known.", hint, self._word(node.name))

    def _loop(self, node: nodes.For, scope: frozenset[str]) -> Iterator[Fault]:
        target = node.target.name if isinstance(node.target, nodes.Name) else None
        if "loop" in scope:
            yield Fault(
                "construct", "A loop in a loop can't be used in a template.", "Use one `{% for %}` after another."
            )
        elif target is None or node.recursive or not isinstance(node.iter, nodes.Name | nodes.Getattr):
            yield Fault(
                "construct",
                "A loop goes over a list that was given, one by one.",
                "Write `{% for item in points.sales %}`.",
                self._call(node.iter),
            )
        else:
            yield from self._node(node.iter, scope)
            inner = scope | {target, "loop"}
            for child in [*node.body, *node.else_, *([node.test] if node.test else [])]:
                yield from self._node(child, inner)

    def _value(self, node: nodes.Node, scope: frozenset[str]) -> Iterator[Fault]:
        """A name with the parts that are taken of it: `budget.questions.left`."""
        chain: list[str] = []
        while isinstance(node, nodes.Getattr | nodes.Getitem):
            if isinstance(node, nodes.Getitem) and not isinstance(node.arg, nodes.Const):
                yield Fault("construct", "Between `[` and `]` stands a name or a number.", 'Write `points["sales"]`.')
                return
            part = node.attr if isinstance(node, nodes.Getattr) else node.arg.value  # type: ignore[attr-defined]
            chain.append(str(part))
            node = node.node
        if not isinstance(node, nodes.Name):
            yield Fault("construct", "Parts can be taken of a variable only.", "Write `{{ rep.name }}`.")
            return
        yield from self._chain(node.name, chain[::-1], scope)

    def _chain(self, name: str, chain: list[str], scope: frozenset[str]) -> Iterator[Fault]:
        for part in (name, *chain):
            if part.startswith("_"):
                message = f"`{part}` reaches behind the values, which a template may not."
                yield Fault("construct", message, "Take it out.", self._word(part))
                return
        if name in scope:
            self._word(name)
            return
        parts: Parts | None = self._variables
        for depth, part in enumerate((name, *chain)):
            word = self._word(part)
            if parts is ANY:
                continue
            if parts is None or part not in parts:
                yield self._unknown(".".join((name, *chain)[:depth]), part, parts, word)
                return
            parts = parts[part]

    def _unknown(self, path: str, part: str, parts: Parts | None, word: Word) -> Fault:
        if parts is None:
            return Fault("variable", f"`{path}` has no parts, so no `{part}`.", f"Write `{{{{ {path} }}}}`.", word)
        hint = did_you_mean(part, parts, there_are(list(parts), 20) if parts else "")
        if path == "points" or (self._of_points and not path):
            return Fault("point", f"No point is named `{part}`.", hint, word)
        message = f"`{path}` has no `{part}`." if path else f"No variable is named `{part}` here."
        return Fault("variable", message, hint, word)

    def _call(self, node: nodes.Node) -> Word | None:
        while isinstance(node, nodes.Call | nodes.Filter):
            node = node.node or nodes.Const(None)
        if isinstance(node, nodes.Getattr):
            return self._word(node.attr)
        return self._word(node.name) if isinstance(node, nodes.Name) else None

    def _word(self, text: str) -> Word:
        """The next occurrence of a word inside the template's braces, counted as the file counts them."""
        if text not in self._places:
            hits = [hit.start() for hit in whole_word(text).finditer(self._source)]
            self._places[text] = [nth for nth, at in enumerate(hits) if self._is_code(at)]
        inside, nth = self._places[text], self._seen[text]
        self._seen[text] += 1
        return Word(text, inside[min(nth, len(inside) - 1)] if inside else 0)

    def _is_code(self, at: int) -> bool:
        before = bisect_right(self._code, (at, len(self._source))) - 1
        return before >= 0 and at < self._code[before][1]
