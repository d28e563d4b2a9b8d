"""A flow of version 1 is read as one of version 2, and rewritten as one, with nothing else changed."""

from __future__ import annotations

import json
from difflib import ndiff

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voyaltis_flow.script.document import Document, place_all
from voyaltis_flow.script.load import content_hash, open_document, read
from voyaltis_flow.script.models import Catalog, Flow
from voyaltis_flow.script.versions import CHANGES, RewriteError, changed_keys, newest, rewritten, upgraded

OLD = """\
# A debrief.   (kept as it is)
version:   1   # of the format
flow: old
budget: {questions: 3, "cost" : 0.5, minutes: 2}   # cost: dollars
opening:    "cost, max: said"
meta: {cost: 1, max: 2}

points:
  # the list
  - id: ideas
    type: list
    max:  4     # at most
    collect: {fr: x}
  - {id: more, type: list, collect: max, 'max': 5}
"""
NEW = (
    OLD.replace("version:   1", "version:   2")
    .replace('"cost" :', "dollars :")
    .replace("max:  4", "max_items:  4")
    .replace("'max': 5", "max_items: 5")
)


def document(text: str) -> Document:
    return open_document("x.yaml", text, 10**6)


def test_an_older_flow_is_right_and_known_to_be_older() -> None:
    found = read(Flow, "x.yaml", OLD)
    assert found.value is not None
    assert (found.value.version, found.value.budget.dollars) == (2, 0.5)
    assert [point.max_items for point in found.value.points] == [4, 5]
    assert place_all(found.document, found.found) == []
    assert found.document.older == 1


def test_what_an_older_flow_means_is_what_it_means_when_rewritten() -> None:
    old, new = read(Flow, "x.yaml", OLD), read(Flow, "x.yaml", NEW)
    assert new.found == ()
    assert new.document.mistakes == ()
    assert content_hash(old.value) == content_hash(new.value)


def test_rewriting_changes_the_words_that_changed_and_nothing_else() -> None:
    assert rewritten(Flow, document(OLD)) == NEW
    assert [line[0] for line in ndiff(OLD.splitlines(), NEW.splitlines()) if line[0] in "+-"].count("-") == 4
    assert rewritten(Flow, document(NEW)) == NEW
    assert [change.new for change in changed_keys(Flow, document(OLD))] == ["dollars", "max_items"]


@pytest.mark.parametrize("ending", ["\r\n", "\r"])
def test_line_ends_stay_as_they_are(ending: str) -> None:
    assert rewritten(Flow, document(OLD.replace("\n", ending))) == NEW.replace("\n", ending)


def test_a_problem_of_an_older_key_is_told_where_it_stands() -> None:
    found = read(Flow, "x.yaml", OLD.replace("max:  4", "max:  none"))
    told = place_all(found.document, found.found)
    assert [(problem.line, problem.column) for problem in told] == [(12, 11)]


def test_a_key_that_has_both_names_is_left_for_the_author() -> None:
    both = OLD.replace("minutes: 2", "dollars: 1")
    found = read(Flow, "x.yaml", both)
    assert [coded.finding.message for coded in found.found] == ["`cost` is not a key that is known here."]
    assert rewritten(Flow, document(both)).count("cost") == both.count("cost")


def test_what_would_change_elsewhere_too_is_refused() -> None:
    shared = "version: 1\nflow: x\nmeta: &m {cost: 1}\nbudget: *m\n"
    with pytest.raises(RewriteError, match="alias"):
        rewritten(Flow, document(shared))
    with pytest.raises(RewriteError, match="line 4"):
        rewritten(Flow, document("version: 1\nflow: x\nmeta: {a: &k cost}\nbudget: {*k : 1}\n"))


def test_an_alias_of_its_own_kind_is_rewritten_once() -> None:
    text = "version: 1\nflow: x\npoints:\n  - &p {id: a, max: 3}\n  - {<<: *p, id: b}\n"
    assert rewritten(Flow, document(text)) == text.replace("version: 1", "version: 2").replace("max", "max_items")


@pytest.mark.parametrize("version", ["3", "true", "0", "x", "2", "1.0", "'1'", "-1", "", "[1]", "{max: 1}"])
def test_a_version_that_there_was_not_is_left_to_be_told(version: str) -> None:
    text = f"version: {version}\nflow: x\nbudget: {{cost: 1}}\n"
    assert upgraded(Flow, document(text)) == document(text)
    assert rewritten(Flow, document(text)) == text


def test_a_format_without_changes_has_one_version() -> None:
    assert newest(Catalog) == 1
    catalog = document("version: 1\nproducts: []\n")
    assert upgraded(Catalog, catalog) is catalog


def test_versions_are_counted_on() -> None:
    for model, changes in CHANGES.items():
        assert list(changes) == list(range(2, newest(model) + 1))


values = st.recursive(
    st.sampled_from(["cost", "max", "text", 1, 0.5, True, None]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["cost", "max", "dollars", "max_items", "id", "budget", "points"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@given(st.fixed_dictionaries({"version": st.just(1)}, optional={"budget": values, "points": values, "meta": values}))
def test_whatever_is_written_it_means_the_same_when_rewritten(data: dict[str, object]) -> None:
    old = document(json.dumps(data, indent=1))
    new = document(rewritten(Flow, old))
    assert new.data == upgraded(Flow, old).data
    assert new.data["version"] == 2
    assert new.data.get("meta") == data.get("meta")
