"""A catalog: what the company sells, and what people call it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from voyaltis_flow.script.models.base import NO_META, NO_TEXT, Id, LanguageCode, Meta, NoBoolean, Node, Text, doc


class Category(Node):
    """A kind of product and the words people use for it."""

    id: Annotated[Id, doc("Its name, for `category:` of the products.", "refrigerateur")]
    label: Annotated[Text, doc("A name for people.", "Réfrigérateur", {"fr": "Réfrigérateur", "en": "Fridge"})]
    words: Annotated[
        Text,
        doc("What people say for any product of it.", ["frigo", "fridge"], {"fr": ["frigo"], "en": ["fridge"]}),
    ] = NO_TEXT


class Active(Node):
    """When a product is sold (ISO dates, both included)."""

    from_: Annotated[str | None, Field(alias="from"), doc("The first day, as an ISO date.", "2026-03-01")] = None
    to: Annotated[str | None, doc("The last day, as an ISO date.", "2027-02-28")] = None


class Product(Node):
    """Something the company sells. `aliases` are what people call it."""

    id: Annotated[Id, doc("The product's id, as reports have it.", "galaxy-s25")]
    name: Annotated[str, doc("Its full name.", "Samsung Galaxy S25")]
    category: Annotated[str, doc("The id of its category.", "smartphone")]
    brand: Annotated[str | None, doc("Its brand.", "Samsung")] = None
    aliases: Annotated[
        Text,
        doc(
            "What people call it, to the letter.",
            ["S25", "Galaxy S25"],
            {"fr": ["vélo tout-terrain"], "en": ["mountain bike"]},
        ),
    ] = NO_TEXT
    code: Annotated[str | None, doc("Its code in your own systems. Put one of digits alone in quotes.", "V-0009")] = (
        None
    )
    unit: Annotated[str | None, doc("What it is counted in.", "piece")] = None
    sold_by: Annotated[Literal["piece", "pair"], doc("`pair`: “two pairs” are two of it, not four.", "pair")] = "piece"
    active: Annotated[
        Active | None, doc("The days between which it is sold.", {"from": "2026-03-01", "to": "2027-02-28"})
    ] = None
    meta: Meta = NO_META


class Catalog(Node):
    """What the company sells, and what people call it."""

    version: Annotated[Literal[1], NoBoolean, doc("The format of this file.", 1)]
    catalog: Annotated[Id | None, doc("The catalog's id; else the file's name.", "electronics")] = None
    language: Annotated[LanguageCode, doc("The language of the products' names.", "fr")] = "fr"
    house_brands: Annotated[
        tuple[str, ...], doc("Brands that say nothing about which product is meant.", ["Samsung"])
    ] = ()
    competitors: Annotated[
        tuple[str, ...], doc("Brands that are never yours, whatever is said with them.", ["Apple", "LG"])
    ] = ()
    categories: Annotated[
        tuple[Category, ...],
        doc("The kinds of products.", [{"id": "bike", "label": "Vélo", "words": ["vélo", "bicyclette"]}]),
    ] = ()
    products: Annotated[
        tuple[Product, ...],
        doc("What is sold.", [{"id": "city-7", "name": "Velora City 7", "category": "bike", "aliases": ["City"]}]),
    ] = ()
    meta: Meta = NO_META
