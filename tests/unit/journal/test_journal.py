"""What every journal does: records stay, in order, under offsets that are never used twice."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sentinel.journal.memory import MemoryJournal
from sentinel.journal.sqlite import SqliteJournal
from sentinel.model.ids import InputName, Offset, SourceId
from sentinel.model.record import Position, Record
from sentinel.ports import Entry, Journal
from tests.samples import a_record

SMALL = 40_000  # bytes: a few batches fill a file


class Kept:
    """A journal that can be closed and opened again, which means nothing to the one in memory."""

    def __init__(self, reopen: Callable[[], Journal]) -> None:
        self._reopen = reopen
        self.now = reopen()

    def reopen(self) -> Journal:
        self.now.close()
        self.now = self._reopen()
        return self.now


@pytest.fixture(params=["memory", "sqlite"])
def kept(request, tmp_path):
    memory = MemoryJournal()
    kept = Kept(
        lambda: memory if request.param == "memory" else SqliteJournal(tmp_path, file_bytes=SMALL)
    )
    yield kept
    kept.now.close()


@pytest.fixture
def journal(kept):
    return kept.now


def _raws(entries):
    return [entry.record.raw for entry in entries]


def test_a_new_journal_is_empty(journal):
    """Nothing is in it, and its name is 8 hex digits."""
    assert journal.last() == 0
    assert journal.read(Offset(0), 10) == []
    assert journal.positions(InputName("files")) == {}
    assert journal.damaged() == []
    assert len(journal.id) == 8
    assert int(journal.id, 16) >= 0


def test_records_come_back_in_order_under_offsets_from_one(journal):
    """Two batches are one row of offsets, and a record comes back equal."""
    first = [a_record("a"), a_record("b")]
    second = [a_record("c", source=None, truncated=True)]

    offsets = [journal.append(first), journal.append(second)]

    assert offsets == [2, 3]
    assert journal.last() == 3
    assert journal.read(Offset(0), 10) == [
        Entry(Offset(number), record) for number, record in enumerate([*first, *second], 1)
    ]


def test_appending_nothing_changes_nothing(journal):
    """The offset of the last record is still the last."""
    journal.append([a_record()])

    assert journal.append([]) == 1
    assert journal.last() == 1


@pytest.mark.parametrize(
    ("after", "limit", "expected"),
    [(0, 2, [b"0", b"1"]), (1, 3, [b"1", b"2", b"3"]), (4, 9, [b"4"]), (5, 9, []), (9, 9, [])],
)
def test_reading_starts_after_an_offset_and_stops_at_the_limit(journal, after, limit, expected):
    """A reader can take any step from any place, also inside a batch."""
    journal.append([a_record(str(number)) for number in range(5)])

    assert _raws(journal.read(Offset(after), limit)) == expected


def test_the_newest_mark_of_each_stream_is_known(kept):
    """Marks belong to an input and a stream; the last one given wins, also after a restart."""
    one, two = InputName("files"), InputName("other")
    kept.now.append(
        [
            a_record(input=one, position=Position(stream="a", mark="1")),
            a_record(input=one, position=Position(stream="a", mark="2")),
            a_record(input=two, position=Position(stream="a", mark="9")),
        ]
    )
    kept.now.append([a_record(input=one, position=Position(stream="b", mark="5")), a_record()])

    for journal in (lambda: kept.now, kept.reopen):
        assert journal().positions(one) == {"a": "2", "b": "5"}
        assert kept.now.positions(two) == {"a": "9"}
        assert kept.now.positions(InputName("none")) == {}


def test_an_opened_journal_goes_on_where_it_was(kept):
    """The name, the records and the numbering outlive a restart."""
    name = kept.now.id
    kept.now.append([a_record("a")])

    journal = kept.reopen()

    assert journal.id == name
    assert journal.last() == 1
    assert journal.append([a_record("b")]) == 2
    assert _raws(journal.read(Offset(0), 10)) == [b"a", b"b"]


def test_dropping_takes_nothing_that_is_newer(kept):
    """Every reader is past an offset: what follows it stays, and numbering goes on."""
    raws = [f"{number} ".encode() * 1500 for number in range(30)]
    for raw in raws:
        kept.now.append([a_record(raw)])

    kept.now.drop_through(Offset(17))
    kept.now.drop_through(Offset(3))

    for journal in (lambda: kept.now, kept.reopen):
        assert _raws(journal().read(Offset(17), 100)) == raws[17:]
        assert kept.now.last() == 30


def test_positions_outlive_the_files_that_held_them(kept):
    """A stream that is silent for long keeps its mark when its record's file is gone."""
    silent = a_record(input=InputName("files"), position=Position(stream="a", mark="1"))
    kept.now.append([silent])
    for _ in range(30):
        kept.now.append([a_record(b"x" * 3000)])

    kept.now.drop_through(Offset(31))

    assert kept.reopen().positions(InputName("files")) == {"a": "1"}


@pytest.mark.parametrize(
    "record",
    [
        a_record(b""),
        a_record(bytes(range(256))),
        a_record(b"x" * 3_000_000),
        a_record(origin="/var/log/\udcff\0\n", peer="\u1ebf", format='"', time_zone=""),
        a_record(position=Position(stream="\0\ud800\u1ebf", mark="")),
        a_record(at=datetime(1, 1, 1, tzinfo=UTC)),
        a_record(at=datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)),
        a_record(at=datetime(2026, 1, 1, 7, tzinfo=timezone(timedelta(hours=7)))),
    ],
    ids=range(8),
)
def test_an_odd_record_comes_back_equal(kept, record):
    """Empty, huge, binary, undecodable file names, NUL: what arrived is what is read."""
    kept.now.append([a_record(), record])

    assert kept.reopen().read(Offset(1), 1) == [Entry(Offset(2), record)]


def test_one_thread_may_read_while_another_appends(journal):
    """The reader sees whole batches, in order, without a gap."""
    amount = 60
    writer = Thread(
        target=lambda: [journal.append([a_record(str(i)), a_record(str(i))]) for i in range(amount)]
    )
    seen: list[Entry] = []

    writer.start()
    while len(seen) < 2 * amount:
        seen += journal.read(Offset(seen[-1].offset if seen else 0), 7)
    writer.join()

    assert [entry.offset for entry in seen] == list(range(1, 2 * amount + 1))
    assert _raws(seen) == [str(i // 2).encode() for i in range(2 * amount)]


RECORDS = st.builds(
    a_record,
    raw=st.binary(max_size=9000),
    source=st.none() | st.just(SourceId("so-b")),
    position=st.none()
    | st.builds(Position, stream=st.sampled_from("abc"), mark=st.text(max_size=5)),
)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("append"), st.lists(RECORDS, min_size=1, max_size=5)),
        st.tuples(st.just("drop"), st.integers(0, 60)),
        st.tuples(st.just("reopen"), st.none()),
    ),
    max_size=25,
)


@settings(deadline=None, max_examples=60)
@given(steps=STEPS)
def test_no_sequence_of_steps_loses_or_renumbers_a_record(steps):
    """Append, restart, drop in any order: what is newer than the drop is there, as it was."""
    appended: list[Record] = []
    marks: dict[str, str] = {}
    dropped = 0
    with TemporaryDirectory() as folder:
        kept = Kept(lambda: SqliteJournal(Path(folder), file_bytes=SMALL))
        for step, argument in steps:
            if step == "append":
                appended += argument
                marks |= {r.position.stream: r.position.mark for r in argument if r.position}
                assert kept.now.append(argument) == len(appended)
            elif step == "drop":
                kept.now.drop_through(Offset(argument))
                dropped = max(dropped, argument)
            else:
                kept.reopen()

            entries = kept.now.read(Offset(min(dropped, len(appended))), 1000)
            assert [entry.record for entry in entries] == appended[dropped:]
            assert [entry.offset for entry in entries] == list(
                range(dropped + 1, len(appended) + 1)
            )
            assert kept.now.positions(InputName("syslog-udp")) == marks
        assert kept.now.damaged() == []
        kept.now.close()
