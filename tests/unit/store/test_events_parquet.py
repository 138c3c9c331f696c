"""Events on disk: what a crash leaves, what damage costs, what a search sees while it is sealed."""

import shutil
from datetime import timedelta
from threading import Event as Signal
from threading import Thread
from types import SimpleNamespace

import duckdb
import pytest

from sentinel.errors import NotFound, SentinelError
from sentinel.model.ids import AgencyId, Offset, event_id
from sentinel.ports import EventQuery
from sentinel.store import events_parquet, segment
from sentinel.store.events_parquet import ParquetEvents
from tests.samples import JOURNAL, NOON, an_event

A = AgencyId("so-a")


def _event(offset, **changes):
    return an_event(offset, at=NOON + timedelta(seconds=offset), **changes)


def _offsets(store, **query):
    return [
        event.offset for event in store.search(EventQuery(**{"agency": A, "limit": 999} | query))
    ]


def _names(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def store(tmp_path):
    store = ParquetEvents(tmp_path, seal_events=10)
    yield store
    store.close()


@pytest.fixture
def closed(tmp_path):
    """A folder with three segments of 10 events each."""
    store = ParquetEvents(tmp_path, seal_events=10)
    store.append([_event(n) for n in range(1, 31)])
    store.close()
    assert _names(tmp_path) == [
        "events-1-10.parquet",
        "events-11-20.parquet",
        "events-21-30.parquet",
    ]
    return tmp_path


def test_the_tail_is_sealed_by_itself(store, tmp_path):
    """At `seal_events` events; what is sealed is on disk, what is not comes again."""
    store.append([_event(n) for n in range(1, 26)])

    assert _names(tmp_path) == ["events-1-10.parquet", "events-11-20.parquet"]
    assert store.sealed_through() == 20
    assert _offsets(store) == list(range(25, 0, -1))


def test_a_heavy_tail_is_sealed_earlier(tmp_path, monkeypatch):
    """Memory is bounded by what the events weigh, not only by how many they are."""
    monkeypatch.setattr(events_parquet, "SEAL_BYTES", 1000)
    store = ParquetEvents(tmp_path)

    store.append([_event(n, raw="x" * 400) for n in range(1, 6)])

    assert store.sealed_through() == 3
    store.close()


def test_after_a_crash_the_sealed_events_are_there_and_the_tail_is_asked_for(store, tmp_path):
    """The journal brings it again; nothing is there twice."""
    store.append([_event(n) for n in range(1, 16)])

    again = ParquetEvents(tmp_path, seal_events=10)

    assert again.sealed_through() == 10
    assert _offsets(again) == list(range(10, 0, -1))
    again.append([_event(n) for n in range(8, 16)])
    assert _offsets(again) == list(range(15, 0, -1))


def test_closing_seals(closed):
    """A service that stops in order asks for nothing again."""
    store = ParquetEvents(closed)
    store.append([_event(31)])
    store.close()

    assert ParquetEvents(closed).sealed_through() == 31


def test_a_half_written_segment_is_never_seen(closed):
    """It is removed at the opening; files of other names are left alone."""
    (closed / "events-31-40.parquet.part").write_bytes(b"half")
    (closed / "events-notes.parquet").write_bytes(b"a person's")

    store = ParquetEvents(closed)

    assert "events-31-40.parquet.part" not in _names(closed)
    assert "events-notes.parquet" in _names(closed)
    assert (store.sealed_through(), store.damaged()) == (30, [])


def test_when_the_disk_refuses_the_tail_stays(store, tmp_path, monkeypatch):
    """The caller is told; the events can still be found, and the next seal writes them all."""

    def fail(*_):
        raise OSError("no space left")

    with monkeypatch.context() as patch:
        patch.setattr(segment.os, "fsync", fail)
        with pytest.raises(OSError, match="no space left"):
            store.append([_event(n) for n in range(1, 16)])
    assert _offsets(store) == list(range(10, 0, -1))
    assert (store.sealed_through(), _names(tmp_path)) == (0, [])

    store.append([_event(n) for n in range(1, 16)])
    store.seal()
    assert _offsets(store) == list(range(15, 0, -1))
    assert store.sealed_through() == 15


# -- searching ----------------------------------------------------------------------------------


def test_a_search_reads_page_after_page_until_it_has_enough(tmp_path, monkeypatch):
    """A rare value behind many that must be judged one by one; equal times do not confuse it."""
    monkeypatch.setattr(events_parquet, "PAGE", 3)
    monkeypatch.setattr(events_parquet, "LARGEST_PAGE", 5)
    store = ParquetEvents(tmp_path, seal_events=40)
    store.append(
        [
            an_event(n, at=NOON + timedelta(seconds=n // 7), fields={"x": str(n % 10), "y": ["0"]})
            for n in range(1, 41)
        ]
    )

    assert _offsets(store, fields={"x": "0"}, limit=2) == [40, 30]
    assert _offsets(store, fields={"y": "0", "x": "1"}) == [31, 21, 11, 1]
    assert _offsets(store, fields={"y": "0"}) == list(range(40, 0, -1))
    store.close()


def test_a_search_over_many_segments_opens_no_more_than_it_needs(tmp_path, monkeypatch):
    """The newest files answer for the newest events."""
    monkeypatch.setattr(events_parquet, "FILES_AT_ONCE", 2)
    store = ParquetEvents(tmp_path, seal_events=2)
    store.append([_event(n) for n in range(1, 21)])
    for number in range(1, 15, 2):
        (tmp_path / f"events-{number}-{number + 1}.parquet").unlink()

    assert _offsets(store, limit=4) == [20, 19, 18, 17]
    assert _offsets(store, since=NOON + timedelta(seconds=19)) == [20, 19]
    assert store.damaged() == []
    store.close()


@pytest.mark.parametrize("name", ["a b", "a*", "a?[x]", "[ab]", "a'b", "{a,b}", "\u1ebf"])
def test_the_folder_may_have_any_name(tmp_path, name):
    """Nothing in a path is a pattern, and no neighbour's events come in by one."""
    for folder in ("ab", "a", "b", "ax"):
        neighbour = ParquetEvents(tmp_path / folder)
        neighbour.append([_event(1, raw="a neighbour's")])
        neighbour.close()
    store = ParquetEvents(tmp_path / name)
    store.append([_event(1, raw="ours")])
    store.seal()

    assert [event.raw for event in store.search(EventQuery(agency=A))] == ["ours"]
    store.close()


def test_a_search_sees_each_event_once_while_it_is_sealed(store, monkeypatch):
    """A reader that began before the seal, one in its midst and one after see the same."""
    store.append([_event(n) for n in range(1, 16)])
    written, go_on = Signal(), Signal()
    write = segment.write_segment

    def write_and_wait(folder, events):
        made = write(folder, events)
        written.set()
        assert go_on.wait(60)
        return made

    monkeypatch.setattr(events_parquet, "write_segment", write_and_wait)
    sealing = Thread(target=store.seal)

    before = store._snapshot()
    sealing.start()
    assert written.wait(60)
    during = _offsets(store)
    go_on.set()
    sealing.join()

    expected = list(range(15, 0, -1))
    assert during == expected
    assert _offsets(store) == expected
    monkeypatch.setattr(store, "_snapshot", lambda: before)
    assert _offsets(store) == expected


def test_readers_and_the_writer_do_not_disturb_each_other(store):
    """While one thread appends and seals, every search is a run of offsets without a gap."""
    done = Signal()
    wrong: list[list[int]] = []

    def read():
        while not done.is_set():
            found = _offsets(store)
            if found != list(range(len(found), 0, -1)):
                wrong.append(found)

    readers = [Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for number in range(1, 101):
        store.append([_event(number)])
    done.set()
    for reader in readers:
        reader.join()

    assert wrong == []
    assert _offsets(store) == list(range(100, 0, -1))


# -- damage --------------------------------------------------------------------------------------


def _break_pages(path):
    body = bytearray(path.read_bytes())
    body[4:-2000] = bytes(byte ^ 0x55 for byte in body[4:-2000])
    path.write_bytes(body)


def test_a_broken_segment_is_set_aside_at_the_opening(closed):
    """It says why and what it is called now; the rest serves."""
    (closed / "events-11-20.parquet").write_bytes(b"?" * 500)

    store = ParquetEvents(closed)

    assert _offsets(store) == [*range(30, 20, -1), *range(10, 0, -1)]
    (told,) = store.damaged()
    assert told == (
        f"{closed}/events-11-20.parquet: its end is not that of a Parquet file; set aside as "
        "events-11-20.parquet.damaged: its events (offsets 11 to 20) cannot be found"
    )
    assert (closed / "events-11-20.parquet.damaged").read_bytes() == b"?" * 500
    assert store.sealed_through() == 30


def test_a_broken_newest_segment_comes_again_from_the_journal(closed):
    """What is sealed ends before it, so the events are asked for once more."""
    (closed / "events-21-30.parquet").write_bytes(b"?")
    store = ParquetEvents(closed, seal_events=10)
    assert store.sealed_through() == 20

    store.append([_event(n) for n in range(21, 31)])

    assert _offsets(store) == list(range(30, 0, -1))
    assert _names(closed)[-2:] == ["events-21-30.parquet", "events-21-30.parquet.damaged"]


def test_a_segment_that_breaks_later_is_set_aside_by_the_search_that_meets_it(closed):
    """The same search answers from the others, and says how much is missing."""
    store = ParquetEvents(closed)
    _break_pages(closed / "events-11-20.parquet")

    assert _offsets(store) == [*range(30, 20, -1), *range(10, 0, -1)]

    (told,) = store.damaged()
    assert "10 events (offsets 11 to 20) cannot be found" in told
    assert (closed / "events-11-20.parquet.damaged").exists()
    assert store.sealed_through() == 30
    assert _offsets(store) == [*range(30, 20, -1), *range(10, 0, -1)]
    assert len(store.damaged()) == 1


def test_getting_an_event_from_a_broken_segment_finds_nothing(closed):
    """It is gone, which is told; an event of another segment is there."""
    store = ParquetEvents(closed)
    _break_pages(closed / "events-11-20.parquet")

    with pytest.raises(NotFound):
        store.get(A, event_id(JOURNAL, Offset(15)))

    assert len(store.damaged()) == 1
    assert store.get(A, event_id(JOURNAL, Offset(5))) == _event(5)


def test_a_segment_that_was_taken_away_is_told(closed):
    """Also where a person did it."""
    store = ParquetEvents(closed)
    (closed / "events-1-10.parquet").unlink()

    assert _offsets(store) == list(range(30, 10, -1))
    assert len(store.damaged()) == 1


def test_two_searches_that_meet_the_same_damage_both_answer(closed):
    """The second finds the file gone already: it is not told twice."""
    store = ParquetEvents(closed)
    _break_pages(closed / "events-11-20.parquet")
    found: list[list[int]] = []
    threads = [Thread(target=lambda: found.append(_offsets(store))) for _ in range(4)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == [[*range(30, 20, -1), *range(10, 0, -1)]] * 4
    assert len(store.damaged()) == 1


def test_two_files_of_one_name_are_both_kept(closed):
    """What is set aside is never overwritten."""
    for body in (b"first", b"second"):
        (closed / "events-11-20.parquet").write_bytes(body)
        ParquetEvents(closed)

    assert {path.read_bytes() for path in closed.glob("*.damaged*")} == {b"first", b"second"}


def test_no_flipped_byte_gives_an_agency_another_s_event(tmp_path):
    """Whatever is found is what was written, and what it is asked for; the page checksums and the
    rows' own see to it."""
    other = AgencyId("so-b")
    store = ParquetEvents(tmp_path / "whole")
    events = {n: _event(n, agency=(A, other, None)[n % 3]) for n in range(1, 31)}
    store.append(list(events.values()))
    store.close()
    (whole,) = (tmp_path / "whole").iterdir()
    body = whole.read_bytes()
    for place in range(0, len(body), len(body) // 60):
        folder = tmp_path / str(place)
        folder.mkdir()
        flipped = body[:place] + bytes([body[place] ^ 0x10]) + body[place + 1 :]
        (folder / whole.name).write_bytes(flipped)
        broken = ParquetEvents(folder)
        for agency in (A, other, None):
            for event in broken.search(EventQuery(agency=agency)):
                assert (event.agency, event) == (agency, events[event.offset])
        broken.close()
        shutil.rmtree(folder)


def test_a_search_that_cannot_be_made_now_is_refused_in_a_sentence(tmp_path, monkeypatch):
    """Whole files and a search that fails: no damage, and nobody has to know DuckDB's errors."""
    store = ParquetEvents(tmp_path)
    store.append([an_event()])
    store.seal()

    def refused():
        raise duckdb.OutOfMemoryException("out of memory")

    monkeypatch.setattr(store, "_duckdb", SimpleNamespace(cursor=refused, close=lambda: None))
    with pytest.raises(SentinelError, match=r"cannot be searched now: out of memory"):
        store.get(an_event().agency, an_event().id)

    assert store.damaged() == []
    store.close()
