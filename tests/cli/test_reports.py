"""`voyaltis-flow reports`: what is in the store, and a report to the byte."""

from __future__ import annotations

import asyncio
import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.reports.scene import ended, opened, order, turn
from voyaltis_flow.reports import Store

REPORT = '{"conversation": "over-1", "feedback": "Ils ont adoré l’image"}  \r\n'
Reports = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def reports(flow: Run, tmp_path: Path) -> Reports:
    """Runs `reports` on the store of the user's data folder."""
    return lambda *arguments: flow("reports", *arguments, XDG_DATA_HOME=str(tmp_path / "data"))


@pytest.fixture
def filled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """That store with a conversation that is over, one that is running, and one that waits."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    store = Store.open()
    asyncio.run(_fill(store))
    store.close()


async def _fill(store: Store) -> None:
    lease = await store.take(order("over-1"), "job-1")
    await store.append(lease, [opened("over-1", rep="Zoé [b]\x1b[1m"), *turn(0), ended()])
    await store.keep_report(lease, REPORT.encode())
    await store.release(lease)
    await store.append(await store.take(order("running-1"), "job-2"), [opened("running-1")])
    await store.place(order("running-2"))


@pytest.mark.usefixtures("filled")
def test_the_list_is_a_table_newest_first(reports: Reports) -> None:
    done = reports("list")
    assert done.returncode == 0, done.stderr
    head, *lines = [line.split() for line in done.stdout.splitlines()]
    assert head == ["id", "begun", "rep", "flow", "state", "ended", "because"]
    assert [line[0] for line in lines] == ["running-2", "running-1", "over-1"]
    assert lines[0][3:] == ["waiting"]
    assert lines[1][3:] == ["Thomas", "event_debrief", "running"]
    assert lines[2][3:] == ["Zoé", "[b]", "[1m", "event_debrief", "over", "complete"]


@pytest.mark.usefixtures("filled")
def test_the_list_is_json_when_asked_for(reports: Reports) -> None:
    done = reports("list", "--json", "--limit", "2")
    newest, before = json.loads(done.stdout)
    assert (newest["conversation"], newest["state"], newest["started"]) == ("running-2", "waiting", None)
    assert before["started"] == "1970-01-01T00:01:40.000Z"
    assert before["reported"] is False
    assert list(newest) == list(before)


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("name", ["over-1", "ov"])
def test_a_report_is_shown_to_the_byte(name: str, reports: Reports) -> None:
    done = reports("show", name)
    assert (done.returncode, done.stdout, done.stderr) == (0, REPORT, "")


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize(
    ("name", "code", "told"),
    [
        ("running-1", 1, ["running-1 has no report", "it is running"]),
        ("running-2", 1, ["running-2 has no report", "it waits for an agent"]),
        ("running", 2, ["several", "running-1", "running-2"]),
        ("unheard-of", 2, ["`unheard-of`", "reports list"]),
    ],
)
def test_a_report_that_cant_be_shown_is_told(name: str, code: int, told: list[str], reports: Reports) -> None:
    done = reports("show", name)
    assert (done.returncode, done.stdout) == (code, "")
    for words in told:
        assert words in done.stderr


def test_a_conversation_that_ended_without_a_report_has_one_made_of_what_was_kept(
    reports: Reports, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    store = Store.open()

    async def fill() -> None:
        lease = await store.take(order("lost-1"), "job-1")
        await store.append(lease, [opened("lost-1"), *turn(0)])
        await store.release(lease)

    asyncio.run(fill())
    store.close()
    done = reports("show", "lost-1")
    assert done.returncode == 0, done.stderr
    assert "made of what was kept" in done.stderr
    assert json.loads(done.stdout)["conversation"] == "lost-1"


def test_an_empty_store_is_no_fault(reports: Reports) -> None:
    done = reports("list")
    assert (done.returncode, done.stdout) == (0, "")
    assert "empty" in done.stderr
    assert reports("list", "--json").stdout == "[]\n"


def test_help_and_wrong_use(reports: Reports) -> None:
    told = reports("--help").stdout
    assert "list" in told
    assert "show" in told
    assert reports("forge").returncode == 2
    assert reports("show").returncode == 2


def test_a_store_that_cant_be_opened_is_told_without_its_password(flow: Run) -> None:
    done = flow("reports", "list", VOYALTIS_STORE="postgresql+pg8000://ann:s3cret@localhost/db")
    assert done.returncode == 3
    assert "pip install pg8000" in done.stderr
    done = flow("reports", "list", VOYALTIS_STORE="store s3cret")
    assert done.returncode == 2
    assert "VOYALTIS_STORE" in done.stderr
    assert "s3cret" not in done.stderr


def test_without_the_extra_it_says_what_to_install(flow: Run, tmp_path: Path) -> None:
    missing = 'raise ModuleNotFoundError("No module named \'sqlalchemy\'", name="sqlalchemy")\n'
    (tmp_path / "sqlalchemy.py").write_text(missing)
    done = flow("reports", "list", PYTHONPATH=str(tmp_path))
    assert done.returncode == 3
    assert "pip install 'voyaltis-flow[store]'" in done.stderr


@pytest.mark.usefixtures("filled")
def test_what_reps_said_comes_out_as_extract_and_diff_read_it(reports: Reports, flow: Run, tmp_path: Path) -> None:
    done = reports("transcripts", "--flow", "event_debrief")
    over, running = map(json.loads, done.stdout.splitlines())
    assert (over["id"], over["lang"], running["turns"]) == ("over-1", "fr", [])
    assert over["turns"] == [{"says": "J'ai vendu deux frigos à Mme Péchard 0"}]
    (tmp_path / "month.jsonl").write_text(done.stdout, encoding="utf-8")
    same = flow("diff", "event_debrief", "event_debrief", "--transcripts", "month.jsonl")
    assert (same.returncode, same.stdout) == (0, "2 transcripts, 0 with changes\n")
    assert reports("transcripts", "--flow", "shop_visit").stdout == ""
    assert reports("transcripts", "--since", "2999-01-01").stdout == ""
