"""The metrics of processes: summed over those that are gone, without a ghost, and without end."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from voyaltis_flow.voice.observe import metrics
from voyaltis_flow.voice.observe.gathering import VARIABLE, Gathering

COUNTS = """
import sys
from voyaltis_flow.voice.observe import metrics
metrics.turns.labels("event_debrief").inc(3)
metrics.questions_spent.labels("event_debrief").observe(4)
import livekit.agents.telemetry
print("counted", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def gathering() -> Iterator[Gathering]:
    made = Gathering()
    yield made
    made.close()


def job(folder: Path) -> subprocess.Popen[str]:
    """A conversation's process that has counted, and lives until its input ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", COUNTS],
        env={**os.environ, VARIABLE: str(folder)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "counted\n"
    return process


def samples(gathering: Gathering) -> dict[str, float]:
    """Every sample of ours, by its name."""
    families = text_string_to_metric_families(gathering.text().decode())
    found = [sample for family in families for sample in family.samples]
    return {f"{sample.name}{sample.labels.get('le', '')}": sample.value for sample in found}


def files(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*.db") if path.name.startswith(("counter", "histogram"))]


def test_what_processes_count_is_summed_and_stays_when_they_are_gone(gathering: Gathering) -> None:
    one, other = gathering.folder("worker-1-0"), gathering.folder("worker-2-0")
    jobs = [job(one), job(one), job(other)]
    assert samples(gathering)["voyaltis_turns_total"] == 9
    for process in jobs:
        process.communicate()
    for _ in range(2):
        known = samples(gathering)
        assert known["voyaltis_turns_total"] == 9
        assert known["voyaltis_questions_spent_count"] == 3
        assert known["voyaltis_questions_spent_sum"] == 12
        assert (known["voyaltis_questions_spent_bucket3.0"], known["voyaltis_questions_spent_bucket4.0"]) == (0, 3)
        assert known["voyaltis_questions_spent_bucket+Inf"] == 3


def test_processes_that_are_gone_leave_no_files_behind(gathering: Gathering) -> None:
    folder = gathering.folder("worker-1-0")
    for _ in range(3):
        job(folder).communicate()
    assert len(files(folder)) == 6
    gathering.sum_up()
    assert files(folder) == []
    assert len(files(folder.parent)) == 2
    assert samples(gathering)["voyaltis_turns_total"] == 9


def test_a_process_that_lives_goes_on_counting_in_its_file(gathering: Gathering) -> None:
    folder = gathering.folder("worker-1-0")
    process = job(folder)
    gathering.sum_up()
    assert len(files(folder)) == 2
    process.communicate()


def test_a_file_that_is_just_being_made_is_passed_over(gathering: Gathering) -> None:
    (gathering.folder("worker-1-0") / "counter_1.db").touch()
    assert "voyaltis_turns_total" not in samples(gathering)


def test_each_metric_is_told_once_and_is_one_of_ours(gathering: Gathering) -> None:
    process = job(gathering.folder("worker-1-0"))
    text = gathering.text().decode()
    process.communicate()
    told = re.findall(r"^# TYPE (\S+)", text, re.MULTILINE)
    assert len(told) == len(set(told))
    assert all(name.startswith("voyaltis_") and not name.endswith("_created") for name in told)
    samples = [line.rpartition(" ")[0] for line in text.splitlines() if not line.startswith("#")]
    assert len(samples) == len(set(samples))


def test_the_folder_is_private_and_goes_away(gathering: Gathering) -> None:
    folder = gathering.folder("worker-1-0").parent
    assert folder.stat().st_mode & 0o777 == 0o700
    gathering.close()
    assert not folder.exists()


def test_the_agents_own_metrics_stand_beside_them(gathering: Gathering) -> None:
    metrics.conversations_active.set(2)
    assert samples(gathering)["voyaltis_conversations_active"] == 2
    metrics.conversations_active.set(0)
    assert samples(gathering)["voyaltis_conversations_active"] == 0
