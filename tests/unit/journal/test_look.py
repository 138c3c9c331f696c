"""A look at a journal folder changes nothing, in use or not."""

from contextlib import closing
from datetime import timedelta

import pytest

from sentinel.journal.look import find, look
from sentinel.journal.sqlite import SqliteJournal
from sentinel.model.ids import EventId, Offset, event_id
from tests.samples import NOON, a_record


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "journal"


def _opened(folder, **changes) -> SqliteJournal:
    return SqliteJournal(folder, **({"reserve_bytes": 0} | changes))


def _bytes(folder):
    return {each.name: each.read_bytes() for each in folder.iterdir()}


def test_what_is_in_a_folder_that_nobody_uses(folder):
    """No file is made or changed."""
    with closing(_opened(folder)) as journal:
        journal.append([a_record(), a_record(at=NOON + timedelta(minutes=1))])
        name = journal.id
    before = _bytes(folder)

    seen = look(folder)

    assert (name, 2, NOON + timedelta(minutes=1)) == (seen.id, seen.last, seen.newest)
    assert (seen.files, seen.broken, seen.aside) == (1, (), ())
    assert seen.size == (folder / "000000000001.journal").stat().st_size
    assert before == _bytes(folder)


def test_what_the_service_has_written_a_moment_ago_is_seen(folder):
    """It stands in the write-ahead log still."""
    with closing(_opened(folder)) as journal:
        journal.append([a_record()])
        seen = look(folder)
        journal.append([a_record()])

        assert (seen.last, look(folder).last) == (1, 2)


def test_several_files_are_one_journal(folder):
    """The newest may be empty still: the newest record is in the one before."""
    with closing(_opened(folder, file_bytes=1)) as journal:
        journal.append([a_record()])
        journal.append([a_record(at=NOON + timedelta(hours=1))])
    with closing(_opened(folder, file_bytes=1)) as journal:
        assert journal._newest is not None

    seen = look(folder)

    assert (2, 2, NOON + timedelta(hours=1)) == (seen.files, seen.last, seen.newest)


def test_an_empty_journal(folder):
    """Made, and nothing has arrived."""
    _opened(folder).close()

    seen = look(folder)

    assert (seen.files, seen.last, seen.newest) == (1, 0, None)


def test_a_broken_file_is_named_and_left_where_it_is(folder):
    """The service sets it aside at its next start; a look does not."""
    with closing(_opened(folder, file_bytes=1)) as journal:
        journal.append([a_record()])
        journal.append([a_record()])
    (folder / "000000000001.journal").write_bytes(b"no database" * 1000)
    before = _bytes(folder)

    seen = look(folder)

    assert [each.partition(":")[0] for each in seen.broken] == ["000000000001.journal"]
    assert (seen.files, seen.last) == (1, 2)
    assert before == _bytes(folder)


def test_what_was_set_aside_before_is_named(folder):
    """Its write-ahead log is no file of its own."""
    _opened(folder).close()
    (folder / "000000000001.journal.damaged").write_bytes(b"")
    (folder / "000000000001.journal.damaged-wal").write_bytes(b"")

    assert look(folder).aside == ("000000000001.journal.damaged",)


def test_a_record_is_found_by_the_id_of_its_event(folder):
    """In whichever file it stands, and in use or not."""
    with closing(_opened(folder, file_bytes=1)) as journal:
        journal.append([a_record()])
        journal.append([a_record(raw=b"the second")])
        entry = find(folder, event_id(journal.id, Offset(2)))

        assert entry is not None
        assert (entry.offset, entry.record.raw) == (2, b"the second")


@pytest.mark.parametrize("name", ["nonsense", "ffffffff-000000000001", "ffffffff-000000000009"])
def test_the_event_of_another_journal_is_not_found(folder, name):
    """An offset means nothing without its journal."""
    with closing(_opened(folder)) as journal:
        journal.append([a_record()])

    assert find(folder, EventId(name)) is None
