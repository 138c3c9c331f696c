"""What adds up: counts are sums, times are those of the newest."""

from datetime import timedelta

from sentinel.model.source_mark import SourceMark
from sentinel.model.suppression import Hidden
from sentinel.store.sums import with_hidden, with_mark
from tests.samples import NOON

MINUTE = timedelta(minutes=1)


def a_mark(events, received, at):
    return SourceMark(
        source="s", agency="so-a", events=events, unparsed=1, received=received, at=at
    )


def test_hidden_detections_add_up_and_the_last_time_never_goes_back():
    """Batches may come late."""
    first = with_hidden(None, 2, NOON)
    later = with_hidden(first, 3, NOON + MINUTE)
    earlier = with_hidden(later, 4, NOON - MINUTE)
    assert [first, later, earlier] == [
        Hidden(detections=2, last=NOON),
        Hidden(detections=5, last=NOON + MINUTE),
        Hidden(detections=9, last=NOON + MINUTE),
    ]


def test_a_mark_keeps_the_times_of_the_newer_record():
    """What it says of its own time belongs to when it came, however large it is."""
    known = a_mark(10, NOON, NOON + 9 * MINUTE)
    newer = with_mark(known, a_mark(1, NOON + MINUTE, NOON))
    older = with_mark(known, a_mark(1, NOON - MINUTE, NOON))
    assert (newer.events, newer.unparsed, newer.received, newer.at) == (11, 2, NOON + MINUTE, NOON)
    assert (older.events, older.received, older.at) == (11, NOON, NOON + 9 * MINUTE)


def test_of_two_records_received_at_once_the_one_that_is_added_counts():
    """It was read later."""
    assert with_mark(a_mark(1, NOON, NOON - MINUTE), a_mark(1, NOON, NOON)).at == NOON


def test_the_first_mark_is_taken_as_it_is():
    """There is nothing to add it to."""
    assert a_mark(3, NOON, NOON) == with_mark(None, a_mark(3, NOON, NOON))
