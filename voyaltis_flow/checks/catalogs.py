"""Rules over a catalog."""

from __future__ import annotations

from collections.abc import Iterator

from voyaltis_flow.checks.points import is_date
from voyaltis_flow.checks.rules import RuleBook
from voyaltis_flow.checks.surroundings import Surroundings
from voyaltis_flow.checks.texts import repeats, variants
from voyaltis_flow.script.models import Catalog
from voyaltis_flow.script.problems import Finding, did_you_mean, there_are

CATALOG_RULES: RuleBook[Catalog] = RuleBook()


@CATALOG_RULES.rule("VF211", "A category that there is not", reads=("categories.id",))
def unknown_category(catalog: Catalog, known: Surroundings) -> Iterator[Finding]:
    names = {category.id: None for category in catalog.categories}
    for index, product in enumerate(catalog.products):
        if product.category not in names:
            message = f"No category is named `{product.category}`."
            others = there_are(list(names)) if names else "List it under `categories:`."
            yield Finding(("products", index, "category"), message, did_you_mean(product.category, names, others))


@CATALOG_RULES.rule("VF501", "Two products of one id")
def equal_products(catalog: Catalog, known: Surroundings) -> Iterator[Finding]:
    for index in repeats([product.id for product in catalog.products]):
        message = f"A product above has the id `{catalog.products[index].id}` as well."
        yield Finding(("products", index, "id"), message, "Give it another id, or keep one of the two.")


@CATALOG_RULES.rule("VF502", "Two categories of one id")
def equal_categories(catalog: Catalog, known: Surroundings) -> Iterator[Finding]:
    for index in repeats([category.id for category in catalog.categories]):
        message = f"A category above has the id `{catalog.categories[index].id}` as well."
        yield Finding(("categories", index, "id"), message, "Give it another id, or keep one of the two.")


@CATALOG_RULES.rule("VF503", "A name or a word with nothing in it")
def blank_word(catalog: Catalog, known: Surroundings) -> Iterator[Finding]:
    for index, product in enumerate(catalog.products):
        if not product.name.strip():
            yield Finding(("products", index, "name"), f"`{product.id}` has no name.", "Write what it is called.")
        for path, alias in variants(("products", index, "aliases"), product.aliases):
            if not alias.strip():
                yield Finding(path, f"An alias of `{product.id}` is empty.", "Take it out.")
    for index, category in enumerate(catalog.categories):
        for path, word in variants(("categories", index, "words"), category.words):
            if not word.strip():
                yield Finding(path, f"A word of `{category.id}` is empty.", "Take it out.")


@CATALOG_RULES.rule("VF504", "Two products of one name", "warning")
def equal_names(catalog: Catalog, known: Surroundings) -> Iterator[Finding]:
    for index in repeats([product.name.casefold().strip() for product in catalog.products]):
        product = catalog.products[index]
        message = f"A product above is called “{product.name}” as well: nobody can tell them apart."
        yield Finding(("products", index, "name"), message, "Say in the name what makes the difference.")


@CATALOG_RULES.rule("VF505", "A time of sale that can't be")
def impossible_dates(catalog: Catalog, known: Surroundings) -> Iterator[Finding]:
    for index, product in enumerate(catalog.products):
        if product.active is None:
            continue
        dates = {"from": product.active.from_, "to": product.active.to}
        for key, written in dates.items():
            if written is not None and not is_date(written):
                message = f"`{written}` is no date."
                yield Finding(("products", index, "active", key), message, "Write it as `2026-11-24`.")
        if all(map(is_date, dates.values())) and str(dates["from"]) > str(dates["to"]):
            message = f"`{product.id}` is sold from a day that comes after its last."
            yield Finding(("products", index, "active"), message, "Swap the two dates.")


@CATALOG_RULES.rule("VF506", "A catalog without products", "warning")
def no_products(catalog: Catalog, known: Surroundings) -> Iterator[Finding]:
    if not catalog.products:
        yield Finding((), "This catalog has no products.", "List them under `products:`.")
