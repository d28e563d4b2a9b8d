"""Rules over a style."""

from __future__ import annotations

import re
from collections.abc import Iterator

from voyaltis_flow.checks.rules import RuleBook
from voyaltis_flow.checks.surroundings import Surroundings
from voyaltis_flow.checks.texts import blanks, lacking, variants
from voyaltis_flow.script.models import ANY_LANGUAGE, Style, Text
from voyaltis_flow.script.problems import Finding, Path, there_are
from voyaltis_flow.script.templates import LINE_VARIABLES, LINES_SEE

STYLE_RULES: RuleBook[Style] = RuleBook()

_LONE_BRACES = re.compile(r"(?<!\{)\{ *([a-z_.]+) *\}(?!\})")


@STYLE_RULES.rule("VF212", "A voice for a language that is not spoken")
def voice_without_language(style: Style, known: Surroundings) -> Iterator[Finding]:
    for language in style.voice:
        if known.languages is not None and language not in known.languages:
            message = f"The language `{language}` is not understood yet."
            yield Finding(("voice", language), message, there_are(sorted(known.languages)), at_key=True)


@STYLE_RULES.rule("VF401", "A text of a style with nothing in it")
def blank_line(style: Style, known: Surroundings) -> Iterator[Finding]:
    for path, text in _texts(style):
        if text.root or "lines" not in path:
            yield from blanks(path, text)


@STYLE_RULES.rule("VF402", "A line that lacks one of the style's languages", "warning")
def missing_language(style: Style, known: Surroundings) -> Iterator[Finding]:
    spoken = {language: None for _, text in _texts(style) for language in text.root if language != ANY_LANGUAGE}
    for path, text in _texts(style):
        for language in lacking(text, spoken):
            message = f"`{path[-1]}` says nothing in `{language}`, which other lines of this style speak."
            yield Finding(path, message, f"Add `{language}:`.", at_key=True)


@STYLE_RULES.rule("VF403", "Single braces", "warning")
def single_braces(style: Style, known: Surroundings) -> Iterator[Finding]:
    for path, text in _texts(style):
        for place, variant in variants(path, text):
            for braces in _LONE_BRACES.finditer(variant):
                if braces[1].partition(".")[0] in LINE_VARIABLES:
                    message = f"`{{{braces[1]}}}` would be spoken as it stands."
                    yield Finding(place, message, f"Write `{{{{ {braces[1]} }}}}`.", braces.start(1))


@STYLE_RULES.rule("VF404", "A line that leaves out what it is there to say", "warning")
def line_without_its_word(style: Style, known: Surroundings) -> Iterator[Finding]:
    for name, line in style.lines:
        for place, variant in variants(("lines", name), line):
            wanted = LINES_SEE.get(name, ())
            if wanted and variant.strip() and not any(word in variant for word in wanted):
                message = f"`{name}` is said without {' and '.join(f'`{word}`' for word in wanted)}."
                yield Finding(place, message, f"Write `{{{{ {wanted[0]} }}}}` where it belongs.")


def _texts(style: Style) -> Iterator[tuple[Path, Text]]:
    yield ("prompt",), style.prompt
    for name, line in style.lines:
        yield ("lines", name), line
