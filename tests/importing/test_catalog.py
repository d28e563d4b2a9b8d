"""A table of products becomes a catalog; nothing is left out without a word."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from voyaltis_flow.checks import check
from voyaltis_flow.importing import Imported, TableError, imported, read_table, written
from voyaltis_flow.script.layout import laid_out
from voyaltis_flow.script.load import read
from voyaltis_flow.script.models import Catalog


def take(text: str, language: str = "fr", **told: str) -> Imported:
    return imported(read_table(text.encode()), "shop", language, told)


def products(found: Imported) -> list[tuple[str, str, str]]:
    return [(product.id, product.name, product.category) for product in found.catalog.products]


@pytest.mark.parametrize(
    ("headers", "roles"),
    [
        ("Réf.;Désignation produit;Famille;Marque", ["id", "name", "category", "brand"]),
        ("SKU;Product name;Product category;Brand", ["id", "name", "category", "brand"]),
        ("Code article;Libellé article;Libellé famille;Unité", ["id", "name", "category", "unit"]),
        ("Article;Synonymes (FR);Nicknames EN;Code EAN", ["name", "aliases", "aliases", "code"]),
        ("Item;Type;Colour;Start date;End date", ["name", "category", "variant", "from", "to"]),
        ("Nom;Nom court;Description;Statut", ["name", "aliases", "active"]),
        ("Nom;Libellé caisse;Vendu par", ["name", "aliases", "sold_by"]),
        ("ID;Description;Rayon", ["id", "name", "category"]),
        ("Produit;Prix du produit;Product price;Stock produit;Marge %", ["name"]),
    ],
)
def test_columns_are_known_by_their_headers(headers: str, roles: list[str]) -> None:
    found = take(f"{headers}\n{';'.join('abcdefgh'[: headers.count(';') + 1])}\n")
    assert [column.role for column in found.columns.taken] == roles
    taken = {column.header for column in found.columns.taken}
    assert set(found.columns.left_out) == set(headers.split(";")) - taken


def test_a_column_can_be_told() -> None:
    text = "A;B;C\nx;TV;y\n"
    with pytest.raises(TableError, match=r"one has `A`, `B`, `C`\. Say which one it is"):
        take(text)
    found = take(text, name="B", id="c")
    assert products(found) == [("y", "TV", "autres")]
    with pytest.raises(TableError, match="has `D`"):
        take(text, name="D")


def test_a_header_may_stand_below_a_title() -> None:
    found = take("Tarif 2026 des produits;;\n\nRéf;Produit;Marque\n1;TV;X\n")
    assert (found.columns.row, products(found)) == (2, [("1", "TV", "autres")])


def test_rows_that_are_no_products_are_skipped_with_their_reason() -> None:
    found = take(
        "Réf;Nom;Famille;Statut;Prix\n1;TV;Image;;9\n;;;;\n2;;Image;;9\nRéf;Nom;Famille;Statut;Prix\n"
        f"3;Radio;Son;arrêté;9\n;Total;;;18\n1;TV;Image;;8\n4;{'x' * 201};Son;;1\n"
    )
    assert products(found) == [("1", "TV", "image")]
    assert found.skipped == {
        "blank": [3],
        "no name": [4],
        "the header once more": [5],
        "no longer sold": [6],
        "a total": [7],
        "the same as a row above": [8],
        "a name of more than 200 letters": [9],
    }


def test_an_id_of_two_products_is_numbered_and_one_that_can_not_be_is_rewritten() -> None:
    found = take("Réf;Nom\nA1;TV\nA1;Radio\nB 2/x;Four\n;Été 2026\n;Été 2026 !\n")
    assert [product.id for product in found.catalog.products] == ["A1", "A1-2", "b-2-x", "ete-2026", "ete-2026-2"]
    assert found.changed["an id that another row has, too, and was numbered"] == [3, 6]
    assert found.changed["an id that can't be one, and was written otherwise"] == [4]


def test_a_name_that_stands_there_twice_is_told_apart_by_its_variant() -> None:
    found = take("Nom;Couleur;Taille\nVélo;rouge;\nVélo;bleu;L\n")
    assert [product.name for product in found.catalog.products] == ["Vélo", "Vélo bleu L"]


def test_lone_cells_head_the_products_below_them() -> None:
    found = take(
        "Réf;Nom;Marque\nTÉLÉVISEURS;;\n;TV 1;X\n;TV 2;X\n;FRIGOS;\n;Frigo;X\n;Sans marque;\n;Divers :;\n;Sac;Y\n"
    )
    assert [(name, category) for _, name, category in products(found)] == [
        ("TV 1", "autres"),
        ("TV 2", "autres"),
        ("Frigo", "frigos"),
        ("Sans marque", "frigos"),
        ("Sac", "divers"),
    ]
    assert found.skipped == {"no name": [2]}
    assert found.changed["taken as the heading of those below"] == [5, 8]


def test_aliases_are_split_and_told_apart_by_language() -> None:
    found = take('Nom;Synonymes\nTV 55;"télé, TV 55 ; l\'écran / la grande|télé"\n')
    assert found.catalog.products[0].aliases.root == {"*": ("télé", "l'écran", "la grande")}
    found = take("Nom;Alias FR;Alias EN;Alias\nVTT;vélo;bike;Trail\n")
    assert found.catalog.products[0].aliases.root == {"fr": ("vélo", "Trail"), "en": ("bike",)}


def test_what_else_a_product_has() -> None:
    text = "Name;Brand;EAN;Unit;Sold by;From;To\nBoots;V;0123;pair;;01/03/2026;2027-02-28\nHat;V;;;pair;soon;\n"
    boots, hat = take(text, "en").catalog.products
    assert (boots.brand, boots.code, boots.unit, boots.sold_by) == ("V", "0123", "pair", "pair")
    assert boots.active
    assert (boots.active.from_, boots.active.to) == ("2026-03-01", "2027-02-28")
    assert (hat.sold_by, hat.active) == ("pair", None)
    assert take(text, "en").changed == {
        "no category; put under “Others”": [2, 3],
        "a time of sale that can't be read, and was left out": [3],
    }


def test_an_id_of_the_catalog_that_can_not_be_is_written_otherwise() -> None:
    table = read_table(b"Nom\nTV\n")
    assert [imported(table, name, "fr", {}).catalog.catalog for name in ("shop-1", "Mes produits !")] == [
        "shop-1",
        "mes-produits",
    ]


def test_a_brand_that_all_have_tells_nothing() -> None:
    assert take("Nom;Marque\na;V\nb;V\n").catalog.house_brands == ("V",)
    assert take("Nom;Marque\na;V\nb;W\n").catalog.house_brands == ()


cells = st.text(st.sampled_from("aéZ09 .,;:/'\"#-[]{}&*!|%@`\\\n€no"), max_size=14) | st.sampled_from(
    ["", "no", "1", "1.0", "~", "true", "TV", "Total", "pair", "2026-01-01", "- a", "a: b", "x" * 70]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(cells, min_size=6, max_size=6), max_size=12), st.sampled_from([",", ";", "\t"]))
def test_whatever_a_table_says_its_catalog_is_right_and_is_what_is_written(
    rows: list[list[str]], separator: str
) -> None:
    file = io.StringIO()
    csv.writer(file, delimiter=separator).writerows([["Réf", "Nom", "Famille", "Marque", "Alias", "Unité"], *rows])
    assume(read_table(file.getvalue().encode()).rows[0][0] == "Réf")  # in a tiny table another sign may look the part
    found = take(file.getvalue())
    text = written(found.catalog, "a header")
    again = read(Catalog, "shop.yaml", text)
    assert again.value == found.catalog, text
    assert laid_out(again.document) == text
    assert [coded.code.name for coded in check(found.catalog) if coded.code.severity == "error"] == []
    lines = len(found.catalog.products) + sum(map(len, found.skipped.values()))
    headings = len(found.changed.get("taken as the heading of those below", ()))
    assert lines + headings == len(rows), "each row is a product, a heading, or told"
