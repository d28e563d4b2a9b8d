"""Made-up reps: drawn from a seed, each in their manner, in words of their own."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import voyaltis_flow
from voyaltis_flow.engine.events import Asked
from voyaltis_flow.language.tokens import fold
from voyaltis_flow.simulate.facts import Item
from voyaltis_flow.simulate.manners import MANNERS
from voyaltis_flow.simulate.noise import Noise
from voyaltis_flow.simulate.phrases import phrases_of, put
from voyaltis_flow.simulate.rep import Rep
from voyaltis_flow.simulate.simulated import DRAWN, cast_of

PACKAGE = Path(voyaltis_flow.__file__).parent
SHARED = 0.5
"""The largest share of a list of the rep's that may stand in one list of the reader's."""
CLOSED = {"numbers", "one", "months", "weekdays", "little", "decimal", "spellings"}
"""Lists that are a language's own, whoever writes them down: its numerals, its calendar, its articles."""


def lists(node: Any, name: str = "") -> Iterator[tuple[str, list[str]]]:
    """The lists of texts of a YAML file, by the key that they stand under; lists in a list are one."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield from lists(value, str(key))
    elif isinstance(node, list):
        yield name, [str(text) for entry in node for text in (entry if isinstance(entry, list) else [entry])]
        for entry in node:
            if isinstance(entry, dict):
                yield from lists(entry, name)


def folded(texts: list[str]) -> set[str]:
    return {re.sub(r"[^\w ]", "", fold(text)).strip() for text in texts}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_rep_shares_no_word_list_with_the_reader(language: str) -> None:
    readers = [
        (f"{path.stem}: {name}", folded(words))
        for path in (PACKAGE / "language" / language).glob("*.yaml")
        for name, words in lists(yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader))
    ]
    phrases = yaml.load((PACKAGE / "simulate" / "phrases" / f"{language}.yaml").read_text("utf-8"), yaml.BaseLoader)
    for name, words in lists(phrases):
        mine = folded(words)
        if name in CLOSED or len(mine) < 3:
            continue
        for other, theirs in readers:
            assert len(mine & theirs) < SHARED * len(mine), f"{name} is taken from {other}"


def test_what_makes_a_rep_up_knows_neither_the_reader_nor_its_words() -> None:
    for path in (PACKAGE / "simulate").rglob("*.py"):
        if path.stem in ("held", "scripted", "suite", "recorded"):  # these hold conversations
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                assert not node.module.startswith(("voyaltis_flow.language", "voyaltis_flow.reading")), path.name


def test_phrases_choose_among_alternatives_and_fill_slots() -> None:
    said = {put(Random(seed), "[a|b[c|d]|] {x}{y}", x="X") for seed in range(50)}
    assert said == {"a X{y}", "bc X{y}", "bd X{y}", " X{y}"}


@given(st.text("[]|ab {}", max_size=40), st.integers())
def test_any_phrase_is_put_together_in_the_end(phrase: str, seed: int) -> None:
    assert not re.search(r"\[[^\[\]]*\]", put(Random(seed), phrase))


def test_numbers_are_said_in_words_and_digits() -> None:
    said = Counter(phrases_of("fr").number(Random(seed), 21) for seed in range(200))
    assert set(said) == {"vingt et un", "21"}
    assert phrases_of("fr").number(Random(0), 3.5) == "3,5"
    assert phrases_of("en").number(Random(0), 3.5) == "3.5"


def test_temperaments_and_languages_take_turns(debrief) -> None:
    casts = [cast_of(debrief, 0, number) for number in range(40)]
    assert Counter(cast.language for cast in casts) == {"fr": 20, "en": 20}
    assert set(Counter(cast.temperament for cast in casts).values()) == {4}
    assert {cast.temperament for cast in casts} == set(DRAWN) == set(MANNERS)


def rep(debrief, hidden: list[Item], temperament: str = "plain", seed: int = 0, **manner: Any) -> Rep:
    chosen = replace(MANNERS[temperament], **manner)  # type: ignore[arg-type, index]
    carriers = {"sales": ["J'ai vendu {items}."]}
    flow, naming = debrief.suite.flow, debrief.naming("fr")
    return Rep(flow, hidden, chosen, carriers, ["Hier, trois S25."], naming, phrases_of("fr"), Random(seed))


SALES = [Item("sales", "ph-s25", 2), Item("sales", "fr-family-hub", 3)]
HABITS = ("opens", "closes", "vague", "numberless", "hesitates", "slips", "digresses", "distracts", "volunteers")
QUIET = dict.fromkeys(HABITS, 0.0)


def asked(about: str, point: str | None = None, subject: str = "") -> Asked:
    return Asked(about=about, point=point, subject=subject)


def test_a_rep_tells_what_is_asked_and_remembers_what_was_told(debrief) -> None:
    one = rep(debrief, [*SALES, Item("customer_feedback", None, "ils adorent", "ils adorent")], **QUIET)
    one.answer(asked("opening", "sales"))
    assert set(one.told) == set(SALES)
    assert [item.point for item in one.untold] == ["customer_feedback"]
    assert "Ils adorent" in (one.answer(asked("customer_feedback", "customer_feedback")) or "")
    assert one.untold == ()


def test_who_is_vague_is_clear_once_asked(debrief) -> None:
    one = rep(debrief, SALES[:1], **{**QUIET, "vague": 1.0})
    first = one.answer(asked("opening", "sales")) or ""
    assert "25" not in first
    assert one.told == ()
    assert "25" in (one.answer(asked("which:smartphone", "sales", "téléphones")) or "").replace("vingt-cinq", "25")
    assert one.told == (SALES[0],)


def test_who_gives_no_number_gives_it_once_asked(debrief) -> None:
    one = rep(debrief, SALES[:1], **{**QUIET, "numberless": 1.0})
    one.answer(asked("opening", "sales"))
    assert one.told == ()
    assert re.search(r"deux|2", (one.answer(asked("quantity:ph-s25", "sales")) or "").lower())
    assert one.told == (SALES[0],)


def test_a_second_thought_sets_the_number_right_the_next_time(debrief) -> None:
    one = rep(debrief, SALES[1:], "corrects_themselves", **{**QUIET, "second_thoughts": 1.0})
    one.answer(asked("opening", "sales"))
    assert one.told[0].value != 3
    one.answer(asked("customer_feedback", "customer_feedback"))
    assert one.told == (SALES[1],)


def test_what_is_read_back_is_confirmed_or_denied(debrief) -> None:
    one = rep(debrief, SALES, **QUIET)
    one.answer(asked("opening", "sales"))
    yes, no = (one.answer(asked("confirm:ph-s25", "sales", value)) or "" for value in ("2.0", "5.0"))
    assert re.search(r"deux|2", no.lower())
    assert not re.search(r"deux|2", yes.lower())
    assert "pas" in (one.answer(asked("confirm:ph-a16", "sales", "1.0")) or "") + "pas"


def test_who_has_told_it_says_so_again(debrief) -> None:
    one = rep(debrief, [Item("customer_feedback", None, "ils adorent", "ils adorent")], **QUIET)
    for _ in range(2):
        assert "ils adorent" in (one.answer(asked("customer_feedback", "customer_feedback")) or "").lower()


def test_silence_hanging_up_and_evading(debrief) -> None:
    assert rep(debrief, SALES, "silent", silent=1.0).answer(asked("opening", "sales")) is None
    leaving = rep(debrief, SALES, "hangs_up", stays=(1, 1))
    assert not leaving.leaves
    leaving.answer(asked("opening", "sales"))
    assert leaving.leaves
    hidden = [*SALES, Item("customer_feedback", None, "ils adorent", "ils adorent")]
    evading = rep(debrief, hidden, "answers_another_question", **{**QUIET, "evades": 1.0})
    assert "Ils adorent" in (evading.answer(asked("opening", "sales")) or "")
    assert {item.point for item in evading.told} == {"customer_feedback"}


TEXT = "J'ai vendu cinq barre de son Q700D, puis deux S25 et un Family Hub à une dame qui a trouvé l'écran superbe."


def test_no_noise_changes_nothing() -> None:
    assert Noise(0.0, phrases_of("fr"), Random(1))(TEXT) == TEXT


def test_noise_touches_about_as_many_words_as_it_says_and_is_the_same_for_a_seed() -> None:
    heard = [Noise(0.1, phrases_of("fr"), Random(seed))(TEXT) for seed in range(300)]
    assert heard == [Noise(0.1, phrases_of("fr"), Random(seed))(TEXT) for seed in range(300)]
    words = TEXT.split()
    kept = sum((Counter(words) & Counter(text.split())).total() for text in heard)
    assert 0.08 <= 1 - kept / (len(words) * len(heard)) <= 0.14


def test_noise_brings_homophones_lost_and_merged_words_and_other_numbers() -> None:
    heard = " | ".join(Noise(0.4, phrases_of("fr"), Random(seed))(TEXT) for seed in range(200))
    for sign in ("vendus", "2 S25", "S vingt-cinq", "S 25", "et Family Hub", "puisdeux"):
        assert sign in heard, sign
    assert "Family" in heard


@given(st.text(max_size=60), st.floats(0, 1), st.integers())
def test_noise_takes_any_text(text: str, level: float, seed: int) -> None:
    Noise(level, phrases_of("fr"), Random(seed))(text)
