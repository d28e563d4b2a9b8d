"""`python -m tests.mutants [HOW_MANY [SEED]]`: how many mutants of a sample `simulate` notices, and which it does not.

Exits with 1 when it is less than the goal.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.progress import track

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


def tried(sample: list[Site], baselines: Path) -> list[tuple[Mutant, int]]:
    """Each mutant, and what was noticed of it."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        broken = [mutant(ROOT, site) for site in sample]
        trials = pool.map(lambda each: noticed(each, baselines), broken)
        console = Console(stderr=True)
        seen = track(trials, "mutants", len(sample), console=console, disable=not console.is_terminal)
        return list(zip(broken, seen, strict=True))


def main(how_many: int = HOW_MANY, seed: int = SEED) -> int:
    """Prints those that nothing noticed, a line each, and the shares that were noticed."""
    known = all_sites()
    sample = Random(seed).sample(known, min(how_many, len(known)))
    with TemporaryDirectory() as folder:
        if noticed(None, Path(folder)) != UNNOTICED:
            print("`simulate` fails on what ships, with nothing broken", file=sys.stderr)
            return 1
        results = tried(sample, Path(folder))
    for each in sorted(str(one) for one, seen in results if seen == UNNOTICED):
        print(f"not noticed: {each}")
    count = Counter(seen for _, seen in results)
    by_figures, all_of_them = count[BY_FIGURES], count[BY_FIGURES] + count[EXACTLY]
    print(f"{len(sample)} of {len(known):,} mutants (seed {seed})")
    print(f"noticed by scripts, goals and baseline: {by_figures} ({by_figures / len(sample):.1%})")
    print(f"noticed with --exact: {all_of_them} ({all_of_them / len(sample):.1%})")
    return 0 if all_of_them >= GOAL * len(sample) else 1


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
