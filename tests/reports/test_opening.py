"""A store that is opened: where it lies, who may read it, which tables it has, and what is said when it can't be."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import stat
import traceback
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text

from tests.reports.scene import ORDER, WORDS, opened, turn
from voyaltis_flow.reports import DriverMissing, Store, StoreError, sqlite
from voyaltis_flow.reports.migrate import MIGRATIONS
from voyaltis_flow.reports.tables import METADATA

PASSWORD = "s3cret"


@pytest.fixture(params=[0o000, 0o022, 0o077], ids=oct)
def umask(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.umask(request.param)
    yield
    os.umask(before)


@pytest.mark.usefixtures("umask")
def test_the_default_is_a_file_for_its_owner_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    folder = tmp_path / "data" / "voyaltis-flow"
    _written(Store.open())
    assert _modes(folder) == {"store.db": 0o600, "store.db-shm": 0o600, "store.db-wal": 0o600}
    assert _mode(folder) == 0o700
    folder.chmod(0o755)
    (folder / "store.db").chmod(0o644)
    Store.open().close()
    assert (_mode(folder), _mode(folder / "store.db")) == (0o700, 0o600)


@pytest.mark.usefixtures("umask")
def test_a_file_of_ones_own_is_made_private_and_keeps_the_mode_it_is_given(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'own.db'}"
    _written(Store.open(url))
    assert _modes(tmp_path) == {"own.db": 0o600, "own.db-shm": 0o600, "own.db-wal": 0o600}
    (tmp_path / "own.db").chmod(0o640)
    Store.open(url).close()
    assert _mode(tmp_path / "own.db") == 0o640


async def test_what_was_written_is_there_when_it_is_opened_again(url: str) -> None:
    first = Store.open(url)
    await first.append(await first.take(ORDER, "job-1"), [opened(), *turn(0)])
    first.close()
    second = Store.open(url)
    assert await second.events("c1") == (opened(), *turn(0))
    second.close()


async def test_memory_is_a_store_too() -> None:
    store = Store.open("sqlite://")
    lease = await store.take(ORDER, "job-1")
    await asyncio.gather(*(store.append(lease, turn(number)) for number in range(20)))
    assert len(await store.events("c1")) == 20 * len(turn(0))
    store.close()


async def test_a_new_file_that_another_is_setting_up_is_waited_for(tmp_path: Path) -> None:
    file = tmp_path / "store.db"
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")  # on which SQLite does not wait with its write-ahead log, but fails
        opening = asyncio.create_task(asyncio.to_thread(Store.open, f"sqlite:///{file}"))
        done, _ = await asyncio.wait({opening}, timeout=0.3)
        assert not done
        other.execute("COMMIT")
    (await opening).close()


def test_the_migrations_make_the_tables_that_the_code_uses(url: str) -> None:
    Store.open(url).close()
    engine = create_engine(url)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
    engine.dispose()


def test_a_migration_is_found_by_the_number_that_its_file_begins_with() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    scripts = [*ScriptDirectory.from_config(config).walk_revisions()]
    assert len(scripts) == len([*(MIGRATIONS / "versions").glob("[0-9]*_*.py")])
    assert [Path(script.path).name.partition("_")[0] for script in scripts] == [script.revision for script in scripts]
    assert [script.revision for script in scripts] == sorted((script.revision for script in scripts), reverse=True)


def test_a_store_that_a_newer_version_has_changed_is_refused(url: str) -> None:
    Store.open(url).close()
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(StoreError, match=r"a newer version of voyaltis-flow .*9999"):
        Store.open(url)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        (f"postgresql+pg8000://ann:{PASSWORD}@localhost/db", "pip install pg8000"),
        (f"oracle://ann:{PASSWORD}@localhost/db?password={PASSWORD}", "pip install"),
        (f"pigeon://ann:{PASSWORD}@localhost/db", "pigeon"),
        (f"postgresql://ann:{PASSWORD}@localhost:{PASSWORD}/db", "VOYALTIS_STORE"),
        (PASSWORD, "VOYALTIS_STORE"),
        ("sqlite:////nowhere/store.db", "/nowhere/store.db: No such file or directory"),
    ],
    ids=["driver", "other driver", "kind", "port", "no url", "no folder"],
)
def test_what_cant_be_opened_is_told_in_words_without_the_password(url: str, told: str) -> None:
    with pytest.raises(StoreError) as raised:
        Store.open(url)
    assert told in str(raised.value)
    assert isinstance(raised.value, DriverMissing) == ("pip install" in told)
    assert PASSWORD not in "".join(traceback.format_exception(raised.value))


def test_a_file_that_is_something_else_is_left_as_it_is(tmp_path: Path) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("Not a database, but somebody's.\n" * 100)
    with pytest.raises(StoreError, match="not a database"):
        Store.open(f"sqlite:///{notes}")
    assert notes.read_text() == "Not a database, but somebody's.\n" * 100


async def test_a_write_that_fails_tells_none_of_the_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "PATIENCE", 0.05)
    url = f"sqlite:///{tmp_path / 'store.db'}"
    store, other = Store.open(url), create_engine(url)
    lease = await store.take(ORDER, "job-1")
    with other.connect() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="database is locked") as raised:
            await store.hold(lease, WORDS, 1.0)
    assert WORDS not in "".join(traceback.format_exception(raised.value))
    await store.hold(lease, WORDS, 1.0)
    other.dispose()
    store.close()


async def test_a_table_that_refuses_a_value_does_not_tell_it(store: Store, url: str) -> None:
    lease = await store.take(ORDER, "job-1")
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE reports"))
    engine.dispose()
    with pytest.raises(StoreError, match="reports") as raised:
        await store.keep_report(lease, WORDS.encode())
    assert "Péchard" not in "".join(traceback.format_exception(raised.value))


def _written(store: Store) -> None:
    """Leaves it open: the files beside the store are there until it is closed."""
    asyncio.run(store.place(ORDER))


def _modes(folder: Path) -> dict[str, int]:
    return {path.name: _mode(path) for path in folder.iterdir()}


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)
