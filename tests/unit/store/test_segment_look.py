"""A look at the event store's folder changes nothing."""

import pytest

from sentinel.model.ids import EventId
from sentinel.store.events_parquet import ParquetEvents
from sentinel.store.segment_look import find, look
from tests.samples import an_event


@pytest.fixture
def folder(tmp_path):
    store = ParquetEvents(tmp_path / "events", seal_events=2)
    store.append([an_event(offset) for offset in (1, 2, 3, 4)])
    store.close()
    return tmp_path / "events"


def test_what_is_there(folder):
    """Segments with their events, bytes and times."""
    seen = look(folder)

    assert (seen.segments, seen.events, seen.broken, seen.aside) == (2, 4, (), ())
    assert sorted(path.stat().st_size for path in folder.iterdir()) == sorted(
        size for _, size in seen.bytes_at
    )


def test_a_broken_segment_is_named_and_left_where_it_is(folder):
    """The service sets it aside; a look does not."""
    broken = min(folder.iterdir())
    broken.write_bytes(broken.read_bytes()[:-20])
    names = sorted(path.name for path in folder.iterdir())

    seen = look(folder)

    assert (seen.segments, seen.events) == (1, 2)
    assert [broken.name] == [sentence.partition(":")[0] for sentence in seen.broken]
    assert names == sorted(path.name for path in folder.iterdir())


def test_what_was_set_aside_before_is_named(folder):
    """And not counted."""
    first = min(folder.iterdir())
    first.rename(folder / f"{first.name}.damaged")
    (folder / "events-9-9.parquet.part").write_bytes(b"half")

    seen = look(folder)

    assert (1, (f"{first.name}.damaged",)) == (seen.segments, seen.aside)


def test_a_folder_that_is_not_there_is_an_error(tmp_path):
    """The doctor says what that means."""
    with pytest.raises(FileNotFoundError):
        look(tmp_path / "nowhere")


def test_an_event_is_found_by_its_id_and_nothing_is_changed(folder):
    """Whoever's it is; one that no segment holds is not there."""
    names = sorted(path.name for path in folder.iterdir())
    wanted = an_event(3)

    assert wanted == find(folder, wanted.id)
    assert find(folder, EventId("nowhere")) is None
    assert names == sorted(path.name for path in folder.iterdir())


def test_a_broken_segment_hides_no_event_of_another(folder):
    """What can be read is."""
    broken = min(folder.iterdir())
    broken.write_bytes(broken.read_bytes()[:-20])

    assert an_event(4) == find(folder, an_event(4).id)
