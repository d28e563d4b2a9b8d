"""The conversations' metrics, gathered from the files of their processes.

Each conversation leaves two files behind, so a busy agent would have tens of thousands to read at every scrape. What
processes that are gone have counted is therefore summed up in one file of each kind, and theirs are removed.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
from prometheus_client import CollectorRegistry, disable_created_metrics, generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.mmap_dict import MmapedDict
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from voyaltis_flow.voice.observe.metrics import AGENT, CONVERSATIONS

SUMMED = ("counter", "histogram")
VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
_OF_CONVERSATIONS = {family.name for family in CONVERSATIONS.collect()}
"""What is read from files. LiveKit's own metrics are in them, too, and the agent's as the zeros of other processes."""


class Gathering(Collector):
    """The metrics of an agent and of all its conversations, those that are over included.

    Its folder is private and goes away with `close`. Each worker process is given a folder of its own in it, since a
    LiveKit worker empties the one that it finds.
    """

    def __init__(self) -> None:
        self._made = TemporaryDirectory(prefix="voyaltis-metrics-", ignore_cleanup_errors=True)
        self._folder = Path(self._made.name)
        self._gone = self._folder / "gone"
        self._gone.mkdir()
        self._lock = threading.Lock()
        self._registry = CollectorRegistry()
        self._registry.register(self)
        disable_created_metrics()  # type: ignore[no-untyped-call]

    def folder(self, name: str) -> Path:
        """A worker process's folder, to be named to it as `PROMETHEUS_MULTIPROC_DIR`."""
        made = self._folder / name
        made.mkdir()
        return made

    def text(self) -> bytes:
        """All metrics in Prometheus's text format. Reads files: not for an event loop."""
        return generate_latest(AGENT) + generate_latest(self._registry)

    def collect(self) -> Iterator[Metric]:
        """The conversations' metrics."""
        with self._lock:
            self._sum_up()
            files = [str(path) for path in self._files(self._folder)]
            gathered: Iterable[Metric] = MultiProcessCollector.merge(files)  # type: ignore[no-untyped-call]
        yield from (metric for metric in gathered if metric.name in _OF_CONVERSATIONS)

    def sum_up(self) -> None:
        """Sums up what processes that are gone have counted, for an agent that nobody scrapes."""
        with self._lock:
            self._sum_up()

    def close(self) -> None:
        """Removes the folder."""
        self._made.cleanup()

    def _files(self, folder: Path) -> list[Path]:
        """The files that are whole: one that was just made has no size yet."""
        return [path for path in folder.rglob("*.db") if path.name.startswith(SUMMED) and path.stat().st_size]

    def _sum_up(self) -> None:
        living = _living()
        files = [path for path in self._files(self._folder) if path.parent != self._gone]
        gone = [path for path in files if int(path.stem.rpartition("_")[2]) not in living]
        for kind in SUMMED:
            ended = [path for path in gone if path.name.startswith(kind)]
            if ended:
                self._add(ended, self._gone / f"{kind}_0.db")
        for path in gone:
            path.unlink()

    def _add(self, ended: list[Path], total: Path) -> None:
        sums = MmapedDict(str(total))  # type: ignore[no-untyped-call]
        for path in ended:
            for key, value, _, _ in MmapedDict.read_all_values_from_file(str(path)):  # type: ignore[no-untyped-call]
                known, _ = sums.read_value(key)  # type: ignore[no-untyped-call]
                sums.write_value(key, known + value, 0.0)  # type: ignore[no-untyped-call]
        sums.close()  # type: ignore[no-untyped-call]


def _living() -> set[int]:
    """The processes below this one. Another's that was given the number of one of ours is not among them."""
    below = psutil.Process().children(recursive=True)
    return {process.pid for process in below if _lives(process)}


def _lives(process: psutil.Process) -> bool:
    with suppress(psutil.NoSuchProcess):
        return process.status() != psutil.STATUS_ZOMBIE
    return False
