from __future__ import annotations

from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voyaltis_flow.script.template_faults import condition_faults, template_faults
from voyaltis_flow.script.templates import (
    ANY,
    LINE_VARIABLES,
    MAX_RENDERED,
    VARIABLES,
    Condition,
    Template,
    condition,
    template,
)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
HOSTILE = [
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ rep.__init__.__globals__ }}",
    "{{ rep['__class__'] }}",
    "{{ rep|attr('__class__') }}",
    "{{ cycler.__init__ }}",
    "{{ self.__init__ }}",
    "{% for x in range(10**9) %}x{% endfor %}",
    "{% for x in points %}{% for y in points %}x{% endfor %}{% endfor %}",
    "{% for x in 'abc' %}x{% endfor %}",
    "{{ 'a' * 10**9 }}",
    "{{ 9**9**9 }}",
    "{{ '%99999999d' % 1 }}",
    "{{ '%99999999d'|format(1) }}",
    "{{ 'a'|center(99999999) }}",
    "{{ lipsum(99999) }}",
    "{% include '/etc/passwd' %}",
    "{% import 'os' as os %}",
    "{% macro m() %}{{ m() }}{% endmacro %}",
    "{% set x = 1 %}",
    "{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}",
    "{{ " + "not " * 5000 + "1 }}",
    "{{ rep.name" + ".name" * 5000 + " }}",
    "{{ 1" + " + 1" * 4000 + " + x }}",
]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Salut {{ rep.name }} !", "Salut !"),
        ("Salut {{ rep.name }}\u00a0!", "Salut\u00a0!"),
        ("Hi {{ rep.name }}!", "Hi!"),
        ("Alors, {{ event.name }} : quoi ?", "Alors : quoi ?"),
        ("So, {{ event.name }}: what?", "So: what?"),
        ("Merci {{ rep.name }}, c'est noté.", "Merci, c'est noté."),
        ("Merci {{ rep.name }}.", "Merci."),
        ("Lequel, en fait : {{ choices }} ?", "Lequel, en fait ?"),
        ("Je note : {{ items }} et la suite", "Je note : et la suite"),
        ("Merci {{ rep.name }}", "Merci"),
        ("Merci, {{ rep.name }}", "Merci"),
        ("{{ rep.name }}, tu es là ?", "Tu es là ?"),
        ("Je dis {{ rep.name }} {{ event.name }} ici", "Je dis ici"),
        ("Un  texte   à part {{ rep.name }} !", "Un  texte   à part !"),
    ],
)
def test_a_text_reads_well_without_a_name(source: str, text: str) -> None:
    assert Template(source).render({}) == text
    assert Template(source).render({"rep": {"name": ""}, "event": None}) == text


def test_a_text_has_the_values_that_there_are() -> None:
    context = {"rep": {"name": "Zoé"}, "items": ["un S25", "deux télés"], "points": {"days": 3.0, "sales": {"s25": 2}}}
    loop = "{% for id in points.sales %}{{ loop.index }} {{ id }}{% endfor %}"
    source = "{{ rep.name|upper }} : {{ items }}, {{ points.days }}, " + loop
    assert Template(source).render(context) == "ZOÉ : un S25, deux télés, 3, 1 s25"


def test_a_text_without_braces_is_itself() -> None:
    assert template("Bonjour  !").render() == "Bonjour  !"
    assert template("{a}").render() == "{a}"


def test_what_a_rep_is_called_is_never_a_template() -> None:
    assert Template("{{ rep.name }}").render({"rep": {"name": "{{ 7 * 7 }}"}}) == "{{ 7 * 7 }}"


@pytest.mark.parametrize("source", HOSTILE)
def test_a_hostile_template_is_refused_and_harmless(source: str) -> None:
    assert [fault.kind for fault in template_faults(source, VARIABLES)]
    began = perf_counter()
    rendered = Template(source).render({"rep": {"name": "Zoé"}, "points": {"a": 1}})
    assert not set(rendered) - {"x"}
    assert perf_counter() - began < 1


def test_a_method_is_no_part_of_a_value() -> None:
    assert Template("{{ points.items }}{{ rep.name.upper }}").render({"points": {}, "rep": {"name": "x"}}) == ""


def test_a_rendered_text_is_bounded() -> None:
    source = "{% for item in items %}" + "x" * 1000 + "{% endfor %}"
    assert len(Template(source).render({"items": list(range(10**6))})) == MAX_RENDERED


@given(st.text(), st.dictionaries(st.sampled_from([*LINE_VARIABLES]), JSON))
def test_rendering_never_fails(inside: str, context: dict[str, object]) -> None:
    for source in (inside, f"a {{{{ {inside} }}}} b", "{{ rep.name|sum + items.x|join(points) }} {{ rep.name.x }}"):
        assert isinstance(Template(source).render(context), str)
        assert isinstance(Condition(inside).holds(context), bool)


@given(st.text(alphabet="{}%#(.|)[]'\" abrep.nmitsfo="))
def test_looking_for_faults_never_fails(source: str) -> None:
    template_faults(source, VARIABLES)
    condition_faults(source, {"sales": ANY})


@pytest.mark.parametrize(
    ("source", "holds"),
    [
        ("sales", True),
        ("not sales", False),
        ("sales|length > 2", False),
        ("'s25' in sales", True),
        ("mood == 'bad' or days >= 3", True),
        ("points.sales and budget.questions.left > 1", True),
        ("nothing", False),
        ("nothing > 3", False),
        ("sales +", False),
    ],
)
def test_a_condition_holds_or_does_not(source: str, holds: bool) -> None:
    values = {"sales": {"s25": 1}, "mood": "good", "days": 3, "budget": {"questions": {"left": 2}}}
    assert condition(source).holds(values) is holds


@pytest.mark.parametrize(
    "source", ["{{a}}" * 4000, "{#" + "{{" * 9000 + "#}{{ a }}", "{{ x }}" + " " * 19_000 + "{{ x }}"]
)
def test_a_long_template_takes_no_time(source: str) -> None:
    began = perf_counter()
    template_faults(source, VARIABLES)
    Template(source).render({})
    assert perf_counter() - began < 2


@given(
    st.lists(
        st.sampled_from(["{{ rep.name }}", "{{rep.nme}}", "{{ if }}", "{{ rep._name }}", "{", "}", "x ", "{{ budget"])
    )
)
def test_a_plain_template_is_right_by_the_parser_as_well(pieces: list[str]) -> None:
    source = "".join(pieces)
    by_parser = template_faults("{% if rep.name %}{% endif %}" + source, VARIABLES)
    assert bool(template_faults(source, VARIABLES)) == bool(by_parser)


def test_a_template_is_compiled_once() -> None:
    assert template("a {{ rep.name }}") is template("a {{ rep.name }}")
