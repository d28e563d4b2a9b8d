"""Every word, phrase, code and number that a catalog's products go by, and which products each leads to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from voyaltis_flow.catalog.forms import Phrases, Segment, phrases, segments
from voyaltis_flow.catalog.wording import Wording
from voyaltis_flow.language.tokens import tokenize
from voyaltis_flow.script.models import Catalog, Category, Product

TermKind = Literal["word", "code", "category", "part", "brand", "competitor"]
_BEGINNING = 6
_LONGEST_RUN = 4
"""Segments in the longest run that is looked up as one; beyond it, words are matched one by one."""
_LARGE = 3_000
"""Products of a catalog whose names are too many to keep all their runs."""
_LONGEST_RUN_OF_MANY = 2


@dataclass(frozen=True, slots=True)
class Term:
    """What people may say: its facets, and the words as written (for how they sound)."""

    facets: tuple[str, ...]
    kind: TermKind
    words: tuple[str, ...]
    weak: float = 0.0
    """What it costs to read this term here: a code without its letters is a guess."""


@dataclass
class Vocabulary:
    """The vocabulary of one or several catalogs. Filled by `read_catalogs`, and not changed afterwards."""

    products: list[Product] = field(default_factory=list)
    categories: dict[str, Category] = field(default_factory=dict)
    in_category: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    holders: dict[str, frozenset[int]] = field(default_factory=dict)
    """The products of a facet."""
    forms: dict[frozenset[str], set[int]] = field(default_factory=lambda: defaultdict(set))
    """The products that a set of facets names in full."""
    lines: dict[frozenset[str], set[str]] = field(default_factory=lambda: defaultdict(set))
    """The categories where a set of facets names several products that only their size tells apart ("The Frame")."""
    terms: dict[str, list[Term]] = field(default_factory=lambda: defaultdict(list))
    """By the letters and digits of the term, run together: as said, and with the endings dropped."""
    numbers: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """The number facets of a number, by its digits."""
    by_unit: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    """The products that are told apart by a unit."""
    beginnings: set[str] = field(default_factory=set)
    """What the terms' letters begin with, up to so many of them."""

    coloured: set[int] = field(default_factory=set)
    """The products that have a colour of their own."""
    code_letters: set[str] = field(default_factory=set)
    """The letters that codes begin with, before their digits."""
    spoken: dict[int, list[Term]] = field(default_factory=lambda: defaultdict(list))
    """What may be misheard in a product's forms."""
    forms_by_product: dict[int, list[frozenset[str]]] = field(default_factory=lambda: defaultdict(list))

    def having(self, facet: str) -> frozenset[int]:
        """The products that have a facet."""
        return self.holders.get(facet, frozenset())

    def forms_of(self, index: int) -> list[frozenset[str]]:
        """What a product is called in full."""
        return self.forms_by_product.get(index, [])

    def begins(self, letters: str) -> bool:
        """Whether a term may begin with these letters."""
        return letters[:_BEGINNING] in self.beginnings

    def units_of(self, facet: str) -> str:
        """The unit of a number facet, "" when it has none."""
        return facet.lstrip("#0123456789.e+-")


def read_catalogs(catalogs: Sequence[Catalog], wording: Wording) -> Vocabulary:
    """The vocabulary of these catalogs; of two products with one id, the first counts."""
    return _Reader(wording).read(catalogs)


class _Reader:
    def __init__(self, wording: Wording) -> None:
        self._wording = wording
        self._vocabulary = Vocabulary()
        self._holders: dict[str, set[int]] = defaultdict(set)
        self._facets: set[str] = set()
        self._run_terms: dict[tuple[tuple[str, ...], tuple[str, ...]], Term] = {}
        self._longest_run = _LONGEST_RUN
        self._said: list[tuple[int, frozenset[str]]] = []
        self._brand_alone: dict[frozenset[str], bool] = {}
        self._colours = frozenset(wording.colours.values())

    def read(self, catalogs: Sequence[Catalog]) -> Vocabulary:
        if sum(len(catalog.products) for catalog in catalogs) > _LARGE:
            self._longest_run = _LONGEST_RUN_OF_MANY
        for catalog in catalogs:
            self._read_catalog(catalog)
        for index, facets in self._said:
            self._name(index, facets)
        self._lines()
        self._vocabulary.holders = {facet: frozenset(holders) for facet, holders in self._holders.items()}
        return self._vocabulary

    # --- a catalog

    def _read_catalog(self, catalog: Catalog) -> None:
        vocabulary = self._vocabulary
        fresh = {product.id for product in vocabulary.products}
        first = len(vocabulary.products)
        for product in catalog.products:
            if product.id not in fresh:
                fresh.add(product.id)
                vocabulary.in_category[product.category].append(len(vocabulary.products))
                vocabulary.products.append(product)
        brands = self._brands(catalog, first)
        known = {category.id: self._category(category, brands) for category in catalog.categories}
        for competitor in catalog.competitors:
            self._phrase_term(competitor, (f"×{competitor}",), "competitor")
        any_brand = phrases(self._wording, brands)
        for index in range(first, len(vocabulary.products)):
            self._product(index, known.get(vocabulary.products[index].category, any_brand))

    def _brands(self, catalog: Catalog, first: int) -> list[tuple[str, str]]:
        """The house's brands, each with its facet; a brand that no product names is everybody's."""
        ours: dict[str, set[int]] = {brand: set() for brand in catalog.house_brands}
        for index in range(first, len(self._vocabulary.products)):
            brand = self._vocabulary.products[index].brand
            if brand:
                ours.setdefault(brand, set()).add(index)
        for brand, holders in ours.items():
            self._holders[f"!{brand}"] |= holders or set(range(first, len(self._vocabulary.products)))
            self._phrase_term(brand, (f"!{brand}",), "brand")
        return [(brand, f"!{brand}") for brand in ours]

    def _category(self, category: Category, brands: list[tuple[str, str]]) -> Phrases:
        """Takes in a category's words; gives the phrases to keep whole in the forms of its products."""
        vocabulary = self._vocabulary
        facet = f"@{category.id}"
        members = vocabulary.in_category[category.id]
        vocabulary.categories.setdefault(category.id, category)
        self._holders[facet] |= set(members)
        said = dict.fromkeys((*category.words.words(), *category.label.words()))
        for words in said:
            self._phrase_term(words, (facet,), "category")
        for words in said:
            self._parts(words, members)
        return phrases(self._wording, [*((words, facet) for words in said), *brands])

    def _parts(self, words: str, members: Iterable[int]) -> None:
        """The words of a category's phrase, each alone: they say a little ("la machine"), and never open a match."""
        cut = segments(words, self._wording, {})
        if len(cut) > 1:
            for segment in cut:
                if segment.facet and not segment.facet.startswith("#"):
                    facet = f"~{segment.facet}"
                    self._holders[facet] |= set(members)
                    self._term(segment.tokens[0].norm, Term((facet,), "part", (segment.tokens[0].low,)))

    # --- a product

    def _product(self, index: int, known: Phrases) -> None:
        product = self._vocabulary.products[index]
        said = [product.name, *product.aliases.words(), *((product.code,) if product.code else ())]
        forms = [segments(form, self._wording, known) for form in dict.fromkeys(said)]
        for form in self._with_units(forms):
            self._form(index, form)

    def _numbers_of(self, form: Sequence[Segment]) -> list[str]:
        return [segment.facet for segment in form if segment.facet and segment.facet.startswith("#")]

    def _with_units(self, forms: Sequence[list[Segment]]) -> list[list[Segment]]:
        """A number without a unit has the unit that another form of the product gives it ("The Frame 55")."""
        united: dict[str, str] = {}
        for form in forms:
            for facet in self._numbers_of(form):
                unit = self._vocabulary.units_of(facet)
                if unit:
                    united.setdefault(facet[: -len(unit)], facet)
        if not united:
            return list(forms)
        return [[s._replace(facet=united[s.facet]) if s.facet in united else s for s in form] for form in forms]

    def _form(self, index: int, form: Sequence[Segment]) -> None:
        vocabulary = self._vocabulary
        facets = [segment.facet for segment in form if segment.facet]
        for facet in facets:
            self._holders[facet].add(index)
        self._said.append((index, frozenset(facets)))
        if self._colours.intersection(facets):
            vocabulary.coloured.add(index)
        for segment in form:
            if segment.facet:
                self._segment(index, segment, segment.facet)
        self._runs(index, form)

    def _name(self, index: int, facets: frozenset[str]) -> None:
        """Takes a form as a full name, and without its brand where the rest is the brand's alone."""
        names = {facets}
        bare = frozenset(facet for facet in facets if facet[0] != "!")
        if bare != facets and bare and self._one_brand(bare):
            names.add(bare)
        for name in names:
            if name and name not in self._vocabulary.forms_by_product[index]:
                self._vocabulary.forms[name].add(index)
                self._vocabulary.forms_by_product[index].append(name)

    def _one_brand(self, facets: frozenset[str]) -> bool:
        known = self._brand_alone.get(facets)
        if known is None:
            fewest, *others = sorted((self._holders[facet] for facet in facets), key=len)
            holders = fewest.intersection(*others)
            known = len({self._vocabulary.products[index].brand for index in holders}) == 1
            self._brand_alone[facets] = known
        return known

    def _segment(self, index: int, segment: Segment, facet: str) -> None:
        if facet[0] == "#" and (unit := self._vocabulary.units_of(facet)):
            self._vocabulary.by_unit[unit].add(index)
        if facet in self._facets:
            return
        self._facets.add(facet)
        if facet[0] == "#":
            digits = facet[1 : len(facet) - len(self._vocabulary.units_of(facet))]
            self._vocabulary.numbers[digits].append(facet)
        elif any(char.isdigit() for char in facet):
            self._code(facet, segment)
        elif facet in self._colours:
            for word in (word for word, colour in self._wording.colours.items() if colour == facet):
                self._term(word, Term((facet,), "word", (word,)))

    def _code(self, code: str, segment: Segment) -> None:
        """A code, and what is left of it when its first or last letters were not heard."""
        self._term(code, Term((code,), "code", ()))
        tokens = [token.norm for token in segment.tokens]
        if tokens[0].isalpha():
            self._vocabulary.code_letters.add(tokens[0])
        if len(tokens) > 2 and tokens[-1].isalpha():
            self._term("".join(tokens[:-1]), Term((code,), "code", (), weak=0.1))
        if tokens[0].isalpha() and len(tokens) == 2:
            self._term(tokens[1], Term((code,), "code", (), weak=0.35))

    def _runs(self, index: int, form: Sequence[Segment]) -> None:
        """Each run of spoken segments as one term, so that words run together or torn apart are found."""
        for first, segment in enumerate(form):
            for last in range(first + 1, min(first + self._longest_run, len(form)) + 1):
                run = form[first:last]
                if not run[-1].spoken:
                    break
                if run[-1].facet and not (last == first + 1 and (segment.facet or "")[0] in "@!"):
                    self._vocabulary.spoken[index].append(self._run(run))

    def _run(self, run: Sequence[Segment]) -> Term:
        words = tuple(token.low for segment in run for token in segment.tokens)
        facets = tuple(segment.facet for segment in run if segment.facet)
        known = self._run_terms.get((words, facets))
        if known is None:
            norms = [token.norm for segment in run for token in segment.tokens]
            known = self._run_terms[words, facets] = Term(facets, "word", words)
            self._term("".join(norms), known)
            self._term("".join(self._wording.stem(norm) for norm in norms), known)
        return known

    # --- terms

    def _phrase_term(self, text: str, facets: tuple[str, ...], kind: TermKind) -> None:
        tokens = tokenize(text)
        term = Term(facets, kind, tuple(token.low for token in tokens))
        self._term("".join(token.norm for token in tokens), term)
        self._term("".join(self._wording.stem(token.norm) for token in tokens), term)

    def _term(self, key: str, term: Term) -> None:
        known = self._vocabulary.terms[key] if key else []
        if key and not any((other.kind, other.facets) == (term.kind, term.facets) for other in known):
            known.append(term)
            self._vocabulary.beginnings.update(key[:length] for length in range(1, _BEGINNING + 1))

    def _lines(self) -> None:
        lines: dict[tuple[str, frozenset[str]], set[int]] = defaultdict(set)
        for facets, holders in self._vocabulary.forms.items():
            words = frozenset(facet for facet in facets if not self._is_size(facet))
            if words != facets:
                for index in holders:
                    lines[self._vocabulary.products[index].category, words].add(index)
        for (category, words), holders in lines.items():
            if len(holders) > 1:
                self._vocabulary.lines[words].add(category)

    def _is_size(self, facet: str) -> bool:
        return facet.startswith("#") and bool(self._vocabulary.units_of(facet))
