"""`python -m tests.mutants [HOW_MANY [SEED]]`: how many mutants of a sample `simulate` notices, and which it does not.

Exits with 1 when it is less than the goal.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from tests.mutants.changes import Mutant, Site, mutant, sites
from tests.mutants.trial import BY_FIGURES, EXACTLY, ROOT, UNNOTICED, noticed

PACKAGES = ("engine", "reading", "catalog")
APART = ("voyaltis_flow/catalog/points.py",)
"""What no conversation comes to: the other way to score, of `resolve --scorer points`."""
GOAL = 0.8
HOW_MANY, SEED = 150, 1


def all_sites() -> list[Site]:
    """Every site of the packages, in order."""
    files = [file for name in PACKAGES for file in sorted((ROOT / "voyaltis_flow" / name).rglob("*.py"))]
    names = [file.relative_to(ROOT) for file in files]
    return [site for name in names if name.as_posix() not in APART for site in sites(ROOT, name)]


def tried(sample: list[Site], baselines: Path) -> Iterator[tuple[Mutant, int]]:
    """Each mutant, and what was noticed of it, as soon as it is known."""
    broken = [mutant(ROOT, site) for site in sample]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        yield from zip(broken, pool.map(lambda each: noticed(each, baselines), broken), strict=True)


def main(how_many: int = HOW_MANY, seed: int = SEED) -> int:
    """Prints those that nothing noticed, a line each, and the shares that were noticed."""
    known = all_sites()
    sample = Random(seed).sample(known, min(how_many, len(known)))
    count: Counter[int] = Counter()
    with TemporaryDirectory() as folder:
        if noticed(None, Path(folder)) != UNNOTICED:
            print("`simulate` fails on what ships, with nothing broken", file=sys.stderr)
            return 1
        for each, seen in tried(sample, Path(folder)):
            count[seen] += 1
            if seen == UNNOTICED:
                print(f"not noticed: {each}", flush=True)
            print(f"\r{count.total()} of {len(sample)} ", end="", file=sys.stderr, flush=True)
    all_of_them = count[BY_FIGURES] + count[EXACTLY]
    print(
        f"{len(sample)} of {len(known):,} mutants (seed {seed}), {all_of_them} noticed: {all_of_them / len(sample):.1%}"
    )
    print(f"{count[BY_FIGURES]} of them by a script, a goal or a figure before --exact was looked at")
    return 0 if all_of_them >= GOAL * len(sample) else 1


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
