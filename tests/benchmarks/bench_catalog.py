"""How long a mention takes to resolve, how long a large catalog takes to index, and what it weighs."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial

from voyaltis_flow.catalog.index import CatalogIndex
from voyaltis_flow.language.tokens import tokenize
from voyaltis_flow.project import load_catalog
from voyaltis_flow.script.models import Catalog, Product

SYLLABLES = [
    *("ba", "ko", "ri", "ta", "lo", "mi", "ven", "sar", "dul", "pex"),
    *("nor", "qui", "zam", "fle", "gor", "hel", "jun", "cra", "tis", "wen"),
]
LETTERS = "ABCDEFGHKLMNPRSTVX"
VARIANTS = ["pro", "ultra", "plus", "mini", "max", "lite", "classic", "edge", "eco", "duo"]
SIZES = (24, 27, 32, 43, 50, 55, 65, 75)
MENTIONS = 400
TURN = "alors j'ai vendu deux {} et trois {}, le client hésitait avec une autre marque mais il est reparti content"


def rows() -> list[tuple[str, str, str]]:
    """What was measured, the figure, and the goal."""
    shipped = load_catalog("electronics").value
    return [
        *_resolving("82 products", CatalogIndex([shipped]), shipped.products, "3 ms"),
        *_large("10 000 products", 10_000, "20 ms"),
        *_large("100 000 products", 100_000, "20 ms"),
    ]


def _large(what: str, size: int, goal: str) -> Iterator[tuple[str, str, str]]:
    """In a process of its own, so that what it weighs is its own."""
    code = f"from {__name__} import measure; measure({what!r}, {size}, {goal!r})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    for line in done.stdout.splitlines():
        first, second, third = line.split("\t")
        yield first, second, third


def measure(what: str, size: int, goal: str) -> None:
    """Prints the rows of a catalog of so many synthetic products."""
    catalog = synthetic(size)
    before, started = _resident(), time.process_time()
    index = CatalogIndex([catalog])
    seconds = time.process_time() - started
    limit = "15 s" if size >= 100_000 else "-"
    print(f"index of {what}, CPU\t{seconds:.1f} s\t{limit}")
    print(f"index of {what}, memory\t{_resident() - before:.0f} MB\t{'1000 MB' if size >= 100_000 else '-'}")
    for row in _resolving(what, index, catalog.products, goal):
        print("\t".join(row))


def _resolving(what: str, index: CatalogIndex, products: tuple[Product, ...], goal: str) -> list[tuple[str, str, str]]:
    rng = random.Random(2)
    mentions = [_mention(rng, rng.choice(products)) for _ in range(MENTIONS)]
    times = sorted(_timed(partial(index.resolve, mention, "fr")) for mention in mentions)
    turns = [tokenize(TURN.format(*rng.sample(mentions, 2))) for _ in range(MENTIONS)]
    spotting = sorted(_timed(partial(index.spot, turn, "fr")) for turn in turns)
    return [
        (f"resolve a mention, {what}, p95", f"{times[int(MENTIONS * 0.95)]:.2f} ms", goal),
        (
            f"spot in a turn, {what}, median",
            f"{spotting[MENTIONS // 2]:.2f} ms",
            "1 ms" if len(products) < 100 else "-",
        ),
    ]


def _mention(rng: random.Random, product: Product) -> str:
    """The whole name, its end, its beginning, some words of it, or one of them misspelled."""
    words = product.name.split()
    misspelled = [word[:-1] + "e" if at == 1 else word for at, word in enumerate(words)]
    kept = [word for word in words if rng.random() < 0.6] or words
    return " ".join(rng.choice((words, words[-2:], words[:3], kept, misspelled)))


def _timed(call: Callable[[], object]) -> float:
    started = time.process_time()
    call()
    return 1000 * (time.process_time() - started)


def _resident() -> float:
    with open("/proc/self/status", encoding="ascii") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmRSS"))


def synthetic(size: int) -> Catalog:
    """A catalog of so many products in 200 categories and 3,000 lines, by 40 brands."""
    rng = random.Random(1)

    def word(syllables: int) -> str:
        return "".join(rng.choice(SYLLABLES) for _ in range(syllables))

    categories, lines = [word(3) for _ in range(200)], [word(rng.choice((2, 3))) for _ in range(3000)]
    brands = [word(2).title() for _ in range(40)]
    products = []
    for number in range(size):
        line, variant, brand = rng.choice(lines), rng.choice(VARIANTS), rng.choice(brands)
        code = f"{rng.choice(LETTERS)}{rng.choice(LETTERS)}{rng.randrange(10, 9999)}"
        place, inches = rng.randrange(200), rng.choice(SIZES)
        products.append(
            {
                "id": f"p{number}",
                "name": f"{brand} {categories[place]} {line.title()} {variant} {code} {inches} pouces",
                "category": f"c{place}",
                "brand": brand,
                "aliases": [code, f"{line} {variant} {inches}"],
            }
        )
    named = [{"id": f"c{place}", "label": label, "words": [label]} for place, label in enumerate(categories)]
    return Catalog.model_validate(
        {"version": 1, "house_brands": brands[:20], "categories": named, "products": products}
    )
