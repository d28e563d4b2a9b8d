"""Rules over the names of a catalog: what people will say, and which product they will then get."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from voyaltis_flow.catalog.wording import Wording, wording
from voyaltis_flow.checks.alike import alike_names
from voyaltis_flow.checks.rules import RuleBook
from voyaltis_flow.checks.surroundings import Surroundings
from voyaltis_flow.checks.texts import variants
from voyaltis_flow.language.lexicon import available_languages
from voyaltis_flow.language.tokens import tokenize
from voyaltis_flow.script.models import Catalog, Product
from voyaltis_flow.script.problems import Finding, Path, listing

Words = frozenset[str]


class Name(NamedTuple):
    """Something that a product is called, and where that stands."""

    product: int
    path: Path
    text: str


class Names:
    """The names and aliases of a catalog, and the words that they are made of."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self.products = catalog.products
        self._wording: Wording = wording(available_languages())
        self._shared: dict[tuple[str | None, str], Words] = {}

    @cached_property
    def aliases(self) -> list[Name]:
        return [
            Name(index, path, alias)
            for index, product in enumerate(self.products)
            for path, alias in variants(("products", index, "aliases"), product.aliases)
        ]

    @cached_property
    def by_text(self) -> Mapping[str, list[Name]]:
        """All that something is called, by what it is called."""
        names = [Name(index, ("products", index, "name"), product.name) for index, product in enumerate(self.products)]
        found: dict[str, list[Name]] = defaultdict(list)
        for name in (*names, *self.aliases):
            found[name.text].append(name)
        return found

    @cached_property
    def telling(self) -> list[Words]:
        """By product: the words of its name that are neither brand nor category."""
        return [self._words(product.name) - self.common(product) for product in self.products]

    @cached_property
    def holders(self) -> Mapping[str, set[int]]:
        """By word: the products that have it in their names."""
        found: dict[str, set[int]] = defaultdict(set)
        for index, words in enumerate(self.telling):
            for word in words:
                found[word].add(index)
        return found

    def common(self, product: Product) -> Words:
        """The words that a product shares with its brand and its category."""
        shared = (product.brand, product.category)
        if shared not in self._shared:
            brand = self._words(product.brand) if product.brand else self._house
            self._shared[shared] = brand | self._categories.get(product.category, frozenset())
        return self._shared[shared]

    def owner(self, alias: Name) -> int | None:
        """Another product that an alias names better than the one that has it."""
        said, own = self._words(alias.text), self.telling[alias.product]
        ours = self.common(self.products[alias.product])
        for index in self._having(said - ours):
            telling, common = self.telling[index], self.common(self.products[index])
            named = said - common
            if index != alias.product and named <= telling and (not named <= own or named == telling != own):
                return index
        return None

    def _having(self, words: Words) -> list[int]:
        """The products that have those of these words in their names that any product has."""
        holders = sorted((self.holders[word] for word in words if word in self.holders), key=len)
        return sorted(holders[0].intersection(*holders[1:])) if holders else []

    def _words(self, text: str) -> Words:
        stem, empty = self._wording.stem, self._wording.empty
        return frozenset(stem(token.norm) for token in tokenize(text) if token.norm not in empty)

    @cached_property
    def _house(self) -> Words:
        return self._words(" ".join(self.catalog.house_brands))

    @cached_property
    def _categories(self) -> Mapping[str, Words]:
        said = {category.id: (*category.words.words(), *category.label.words()) for category in self.catalog.categories}
        return {category: self._words(" ".join(words)) for category, words in said.items()}


NAME_RULES: RuleBook[Names] = RuleBook()


@NAME_RULES.rule("VF508", "Two products whose names sound alike", "warning", reads=("language",))
def names_alike(names: Names, known: Surroundings) -> Iterator[Finding]:
    likes: dict[int, list[tuple[float, Name, Name]]] = defaultdict(list)
    for one, other, score in alike_names(names.by_text, names.catalog.language):
        ours, theirs = names.by_text[one], names.by_text[other]
        if not {name.product for name in ours} & {name.product for name in theirs}:
            first, second = sorted((ours[0], theirs[0]))
            likes[second.product].append((score, second, first))
    for found in likes.values():
        score, name, like = max(found)
        product = names.products[like.product].id
        message = f"“{name.text}” sounds like “{like.text}” (`{product}`): {score:.2f} of 1, by sound and letters."
        more = f" {len(found) - 1} more sound like it, too." if len(found) > 1 else ""
        yield Finding(name.path, message + more, "Call one of them what it can't be mistaken for.")


@NAME_RULES.rule("VF509", "An alias made of another product's words", "warning", reads=("house_brands",))
def stolen_words(names: Names, known: Surroundings) -> Iterator[Finding]:
    for alias in names.aliases:
        if (owner := names.owner(alias)) is not None:
            product, thief = names.products[owner], names.products[alias.product].id
            message = f"“{alias.text}” are the words of “{product.name}” (`{product.id}`), and would find `{thief}`."
            yield Finding(alias.path, message, f"Give it to `{product.id}`, or add the word that makes it `{thief}`.")


@NAME_RULES.rule("VF510", "An alias that is the word for a whole category", "warning", reads=("categories",))
def category_as_alias(names: Names, known: Surroundings) -> Iterator[Finding]:
    of = {
        _folded(word): each for each in names.catalog.categories for word in (*each.words.words(), *each.label.words())
    }
    of.pop((), None)
    sizes = Counter(product.category for product in names.products)
    for alias in names.aliases:
        product, category = names.products[alias.product], of.get(_folded(alias.text))
        if category and sizes[category.id] - (category.id == product.category):
            message = f"“{alias.text}” is the word for any `{category.id}`, and would always find `{product.id}`."
            yield Finding(alias.path, message, "Take it out: “which one?” is asked then, where there are several.")


@NAME_RULES.rule("VF511", "A category without products", "warning", reads=("products.category",))
def empty_category(names: Names, known: Surroundings) -> Iterator[Finding]:
    filled = {product.category for product in names.products}
    for index, category in enumerate(names.catalog.categories):
        if category.id not in filled and names.products:
            words = category.words.words()
            lost = f": {listing(words, 4)} find nothing" if words else ""
            message = f"No product is of the category `{category.id}`{lost}."
            yield Finding(("categories", index, "id"), message, "Take it out, or list what is sold of it.")


def _folded(text: str) -> tuple[str, ...]:
    return tuple(token.norm for token in tokenize(text))
