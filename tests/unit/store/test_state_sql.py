"""What is special to the state in a database: other processes, crashes, files that will not do."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import event

from sentinel.errors import SentinelError
from sentinel.ports import AlertQuery
from sentinel.store.sqlite_engine import JournalMode, database_file
from sentinel.store.state_sql import SqlState
from tests.samples import an_alert

ROOT = Path(__file__).resolve().parents[3]

TAKE_NUMBERS = """
state = SqlState(sys.argv[1])
for _ in range(25):
    with state.transaction() as change:
        print(change.take_number("CB", 2026))
"""
STAY_INSIDE = """
with SqlState(sys.argv[1]).transaction() as change:
    change.advance(99)
    change.put_windows({str(number): bytes(4096) for number in range(1000)})
    print("inside", flush=True)
    sys.stdin.read()
"""
WRITE_WITHOUT_END = """
state = SqlState(sys.argv[1])
number = 0
while True:
    number += 1
    with state.transaction() as change:
        change.advance(number)
        change.put_windows({str(key): b"%d" % number * 500 for key in range(20)})
        change.put_secret("number", str(number))
    print(number, flush=True)
"""


def start(script, url):
    """Another process of this program."""
    code = f"import sys\nfrom sentinel.store.state_sql import SqlState\n{script}"
    return subprocess.Popen(
        [sys.executable, "-c", code, url],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def kill(process):
    process.kill()
    process.communicate(timeout=60)


@pytest.fixture
def state(url):
    opened = SqlState(url)
    yield opened
    opened.close()


def test_processes_that_take_numbers_at_once_leave_no_gap(url):
    """Three commands and no service: each number once, from 1."""
    processes = [start(TAKE_NUMBERS, url) for _ in range(3)]
    outputs = [process.communicate(timeout=120)[0] for process in processes]
    numbers = sorted(int(line) for output in outputs for line in output.split())
    assert list(range(1, 76)) == numbers


def test_a_process_killed_inside_a_transaction_leaves_nothing_of_it(state, url):
    """kill -9: the next one finds what was there before, and may write at once."""
    with state.transaction() as change:
        change.advance(5)
    process = start(STAY_INSIDE, url)
    assert process.stdout.readline() == "inside\n"
    kill(process)
    with state.transaction() as change:
        found = change.offset(), change.windows()
        change.advance(6)
    assert found == (5, {})


def test_a_process_killed_at_any_moment_leaves_whole_transactions(state, url):
    """Offset, windows and secret are of the same one, and no older than what it had said."""
    process = start(WRITE_WITHOUT_END, url)
    said = [int(process.stdout.readline()) for _ in range(5)][-1]
    kill(process)
    with state.reading() as look:
        offset = look.offset()
        found = {look.secret("number")} | {
            value[: len(str(offset))].decode() for value in look.windows().values()
        }
    assert offset >= said
    assert {str(offset)} == found


def test_what_was_written_is_there_for_the_next_process(state, url):
    """The commands see what the service wrote, and the other way round."""
    with state.transaction() as change:
        change.put_alert(an_alert())
    second = SqlState(url)
    with second.reading() as look:
        found = look.alerts(AlertQuery())
    second.close()
    assert [an_alert()] == found


def test_a_writer_that_waits_too_long_for_another_process_is_told(url):
    """Nothing was written, and the text says what to look for."""
    first, second = SqlState(url), SqlState(url, patience=0.01)
    with (
        first.transaction(),
        pytest.raises(SentinelError, match=r"state\.db: database is locked.*no other program"),
        second.transaction(),
    ):
        pytest.fail("two writers at once")
    first.close()
    second.close()


def test_a_writer_that_waits_too_long_for_another_thread_is_told(url):
    """Also for itself: a transaction inside a transaction would never end."""
    state = SqlState(url, patience=0.01)
    with (
        state.transaction(),
        pytest.raises(SentinelError, match="another thread has been writing"),
        state.transaction(),
    ):
        pytest.fail("two writers at once")
    state.close()


def test_a_commit_that_cannot_be_made_undoes_the_block(url, monkeypatch):
    """Without WAL a reader who does not end keeps it from being written."""
    monkeypatch.setattr("sentinel.store.sqlite_engine.journal_mode", lambda _: JournalMode.TRUNCATE)
    state = SqlState(url, patience=0.01)

    def advance():
        with state.transaction() as change:
            change.advance(5)

    with ThreadPoolExecutor(1) as pool, state.reading() as look:
        look.offset()
        with pytest.raises(SentinelError, match="database is locked"):
            pool.submit(advance).result(timeout=60)
    with state.reading() as look:
        assert look.offset() == 0
    advance()
    state.close()


def test_a_full_disk_undoes_the_block_and_says_so(state):
    """As far as SQLite can tell: here its file may not grow."""

    @event.listens_for(state._engine, "begin")
    def no_room(connection):
        connection.exec_driver_sql("PRAGMA max_page_count = 1")

    def write_much():
        with state.transaction() as change:
            change.advance(5)
            change.put_windows({"w": bytes(1_000_000)})

    with pytest.raises(SentinelError, match=r"disk is full.*the disk has room"):
        write_much()
    with state.reading() as look:
        assert look.offset() == 0


def test_a_file_that_is_no_database_is_refused(url):
    """By name, and it stays as it was."""
    file = Path(database_file(url))
    file.write_text("not a database, " * 100)
    with pytest.raises(SentinelError, match=r"state\.db is damaged: file is not a database"):
        SqlState(url)
    assert file.read_text().startswith("not a database")


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        (b"CREATE TABLE agencies", b"CREATE TABLE \xff\xfe\xff\xfe\xff"),
        (b"CREATE TABLE", b"\0" * 12),
    ],
)
def test_a_damaged_file_is_named_with_a_way_out(state, url, was, becomes):
    """Whatever SQLite or the schema's reader trips over, a person is told what to do."""
    state.close()
    file = Path(database_file(url))
    file.write_bytes(file.read_bytes().replace(was, becomes))

    with pytest.raises(SentinelError, match=r"state\.db is damaged: .* put a backup"):
        SqlState(url)


def test_a_folder_that_is_not_there_is_not_made(tmp_path):
    """A typing error in the settings must not begin an empty state somewhere."""
    with pytest.raises(SentinelError, match=r"nowhere/state\.db: unable to open database file"):
        SqlState(f"sqlite:///{tmp_path}/nowhere/state.db")
