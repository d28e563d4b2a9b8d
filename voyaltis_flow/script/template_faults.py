"""What is wrong with a template or a condition, found without running it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from jinja2 import TemplateSyntaxError, nodes

from voyaltis_flow.script.problems import did_you_mean, there_are
from voyaltis_flow.script.template_tree import condition_tree, template_tree
from voyaltis_flow.script.templates import ANY, FILTERS, MAX_TEMPLATE, TESTS, VARIABLES, Parts, is_template

FaultKind = Literal["syntax", "construct", "variable", "point", "part"]
"""A point is one that there is not, a part is one that the value of a point does not have."""

_ALLOWED = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.If, nodes.For, nodes.Name, nodes.Getattr, nodes.Getitem),
    *(nodes.Const, nodes.Filter, nodes.Test, nodes.CondExpr, nodes.Compare, nodes.Operand, nodes.And, nodes.Or),
    *(nodes.Not, nodes.Neg, nodes.Pos, nodes.Add, nodes.Sub, nodes.Concat, nodes.List, nodes.Tuple, nodes.Keyword),
)
_PLAIN = re.compile(r"(?<!\{)\{\{ ?([A-Za-z]\w*(?:\.[A-Za-z]\w*)*) ?\}\}")
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
    """One thing wrong with a template; `at` is where in it, in code points."""

    kind: FaultKind
    message: str
    hint: str = ""
    at: int = 0


def template_faults(source: str, variables: Parts) -> tuple[Fault, ...]:
    """What is wrong with a template that sees these variables."""
    if not is_template(source) or _is_plain(source, variables):
        return ()
    try:
        return _checked(source, template_tree, _Checker(source, variables))
    except TemplateSyntaxError as error:
        return (_syntax(error),)


def condition_faults(source: str, variables: Parts) -> tuple[Fault, ...]:
    """What is wrong with a `when:` that sees these variables."""
    try:
        return _checked(source, condition_tree, _Checker(source, variables, of_points=True))
    except TemplateSyntaxError as error:
        message = f"This condition can't be read: {str(error.message).rstrip('.')}."
        hint = "Write a point's id, or compare it: `sales`, `sales|length > 2`."
        return (Fault("syntax", message, hint, error.lineno),)


def _is_plain(source: str, variables: Parts) -> bool:
    """Whether all that it does is to name variables that there are: most do, and need no parser to be found right."""
    return not is_template(_PLAIN.sub("", source)) and all(
        _there_is(found[1].split("."), variables) for found in _PLAIN.finditer(source)
    )


def _there_is(chain: list[str], variables: Parts | None) -> bool:
    for part in chain:
        if variables is ANY:
            return True
        if variables is None or part not in variables:
            return False
        variables = variables[part]
    return True


def _checked(source: str, parse: Callable[[str], nodes.Node], checker: _Checker) -> tuple[Fault, ...]:
    if len(source) > MAX_TEMPLATE:
        return (Fault("construct", f"A template has at most {MAX_TEMPLATE:,} characters, this one {len(source):,}."),)
    try:
        return tuple(checker.faults(parse(source)))
    except RecursionError:
        return (Fault("syntax", "This is nested too deeply.", "Take out brackets, or say it in fewer steps."),)


def _syntax(error: TemplateSyntaxError) -> Fault:
    told = str(error.message)
    for words, message, hint in _SYNTAX:
        if words in told:
            return Fault("syntax", message, hint, error.lineno)
    message = f"This template can't be read: {told.rstrip('.')}."
    return Fault("syntax", message, "Values stand between `{{` and `}}`.", error.lineno)


class _Checker:
    """Walks a template's tree; knows which names are in scope."""

    def __init__(self, source: str, variables: Parts, *, of_points: bool = False) -> None:
        self._source = source
        self._variables = variables
        self._of_points = of_points

    def faults(self, tree: nodes.Node) -> Iterator[Fault]:
        yield from self._node(tree, frozenset())

    def _node(self, node: nodes.Node, scope: frozenset[str]) -> Iterator[Fault]:
        if not isinstance(node, _ALLOWED):
            said = _CONSTRUCTS.get(type(node), "Templates can't do this.")
            yield Fault(
                "construct", said, "Write values, `{% if %}`, and `{% for %}` over a list.", self._culprit(node)
            )
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
            hint, at = did_you_mean(node.name, names, there_are(sorted(names), 30)), self._place(node.name, node.lineno)
            yield Fault("construct", f"`{node.name}` is no filter or test that is known.", hint, at)

    def _loop(self, node: nodes.For, scope: frozenset[str]) -> Iterator[Fault]:
        target = node.target.name if isinstance(node.target, nodes.Name) else None
        if "loop" in scope:
            hint = "Use one `{% for %}` after another."
            yield Fault("construct", "A loop in a loop can't be used in a template.", hint, node.lineno)
        elif target is None or node.recursive or not isinstance(node.iter, nodes.Name | nodes.Getattr):
            hint = "Write `{% for item in points.sales %}`."
            yield Fault("construct", "A loop goes over a list that was given, one by one.", hint, _begins(node.iter))
        else:
            yield from self._node(node.iter, scope)
            inner = scope | {target, "loop"}
            for child in [*node.body, *node.else_, *([node.test] if node.test else [])]:
                yield from self._node(child, inner)

    def _value(self, node: nodes.Node, scope: frozenset[str]) -> Iterator[Fault]:
        """A name with the parts that are taken of it: `budget.questions.left`."""
        chain: list[tuple[str, int]] = []
        while isinstance(node, nodes.Getattr | nodes.Getitem):
            if isinstance(node, nodes.Getitem) and not isinstance(node.arg, nodes.Const):
                told = "Between `[` and `]` stands a name or a number."
                yield Fault("construct", told, 'Write `points["sales"]`.', _begins(node.arg))
                return
            part = str(node.attr if isinstance(node, nodes.Getattr) else node.arg.value)  # type: ignore[attr-defined]
            chain.append((part, self._place(part, node.lineno)))
            node = node.node
        if not isinstance(node, nodes.Name):
            told = "Parts can be taken of a variable only."
            yield Fault("construct", told, "Write `{{ rep.name }}`.", _begins(node))
            return
        yield from self._chain([(node.name, node.lineno), *chain[::-1]], scope)

    def _chain(self, chain: list[tuple[str, int]], scope: frozenset[str]) -> Iterator[Fault]:
        for part, at in chain:
            if part.startswith("_"):
                message = f"`{part}` reaches behind the values, which a template may not."
                yield Fault("construct", message, "Take it out.", at)
                return
        if chain[0][0] in scope:
            return
        parts: Parts | None = self._variables
        for depth, (part, at) in enumerate(chain):
            if parts is ANY:
                return
            if parts is None or part not in parts:
                yield self._unknown(".".join(name for name, _ in chain[:depth]), part, parts, at)
                return
            parts = parts[part]

    def _unknown(self, path: str, part: str, parts: Parts | None, at: int) -> Fault:
        within = not self._of_points or path.partition(".")[0] in VARIABLES
        kind: FaultKind = "part" if path.startswith("points.") or not within else "variable"
        if parts is None:
            return Fault(kind, f"`{path}` has no parts, so no `{part}`.", f"Write `{path}` alone.", at)
        hint = did_you_mean(part, parts, there_are(list(parts), 20) if parts else "")
        if path == "points" or (self._of_points and not path):
            return Fault("point", f"No point is named `{part}`.", hint, at)
        message = f"`{path}` has no `{part}`." if path else f"No variable is named `{part}` here."
        return Fault(kind, message, hint, at)

    def _culprit(self, node: nodes.Node) -> int:
        """Where what can't be used begins: a call at what is called."""
        called = node.node if isinstance(node, nodes.Call) else node
        if isinstance(called, nodes.Getattr):
            return self._place(called.attr, called.lineno)
        return called.lineno

    def _place(self, word: str, near: int) -> int:
        """A word's place, given the place of the dot, the bar or the `is` before it."""
        return max(near, self._source.find(word, near))


def _begins(node: nodes.Node) -> int:
    """Where an expression begins: Jinja notes an operator's or a dot's place for what it joins."""
    return min([node.lineno, *(_begins(child) for child in node.iter_child_nodes())])
