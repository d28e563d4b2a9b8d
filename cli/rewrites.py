"""What `fmt` and `migrate` do with the files that they would rewrite: write them, or only tell."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from voyaltis_flow.project import NotFoundError
from voyaltis_flow.project.rewriting import Rewrite

from .exits import Code, CommandError


def carry_out(rewrites: Iterable[Rewrite], *, check: bool, done: str) -> None:
    """Writes what changes and names it on standard output; with `check`, only names it, and that is a failure."""
    count = changed = faulty = 0
    try:
        for rewrite in rewrites:
            count += 1
            for fault in rewrite.faults:
                print(fault, file=sys.stderr)
            if rewrite.changes:
                print(f"{rewrite.name}: {', '.join(rewrite.changes)}")
                if not check:
                    rewrite.write()
            faulty += bool(rewrite.faults)
            changed += bool(rewrite.changes)
    except NotFoundError as error:
        raise CommandError(Code.MISUSE, str(error)) from error
    print(_summary(count, changed, faulty, f"to be {done}" if check else done), file=sys.stderr)
    if faulty or (check and changed):
        raise CommandError(Code.FAILED)


def _summary(count: int, changed: int, faulty: int, done: str) -> str:
    files = "1 file" if count == 1 else f"{count:,} files"
    told = [f"{changed:,} {done}" if changed else f"none {done}"]
    return f"{files}: {', '.join(told + ([f'{faulty:,} with mistakes, left as they are'] if faulty else []))}"
