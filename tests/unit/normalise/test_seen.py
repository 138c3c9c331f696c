"""Sources are counted as they are seen: exactly, and with the newest record's two times."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from sentinel.model.ids import AgencyId, SourceId
from sentinel.model.source_mark import SourceMark
from sentinel.normalise.seen import source_marks
from tests.samples import NOON, an_event

MINUTE = timedelta(minutes=1)


def test_each_source_of_each_agency_has_a_mark_of_its_own():
    """A source that moved to another agency is two; what nobody claims is one too."""
    events = [
        an_event(1),
        an_event(2, fields={"tags": ["_unparsed"]}),
        an_event(3, agency=AgencyId("so-b")),
        an_event(4, agency=None, source=None),
        an_event(5),
    ]

    marks = source_marks(events)

    assert [(mark.source, mark.agency, mark.events, mark.unparsed) for mark in marks] == [
        ("so-a-syslog", "so-a", 3, 1),
        ("so-a-syslog", "so-b", 1, 0),
        (None, None, 1, 0),
    ]


def test_the_newest_record_is_the_one_that_came_last():
    """Not the one that claims the latest time; of one moment, the one that was written last."""
    events = [
        an_event(1, received=NOON, at=NOON + 60 * MINUTE),
        an_event(2, received=NOON + MINUTE, at=NOON - MINUTE),
        an_event(3, received=NOON + MINUTE, at=NOON - 2 * MINUTE),
    ]

    (mark,) = source_marks(events)

    assert (
        SourceMark(
            source=SourceId("so-a-syslog"),
            agency=AgencyId("so-a"),
            events=3,
            unparsed=0,
            received=NOON + MINUTE,
            at=NOON - 2 * MINUTE,
        )
        == mark
    )


def test_a_tag_of_another_kind_is_not_unparsed():
    """Only our own tag counts, and only in a list of tags."""
    events = [an_event(1, fields={"tags": "_unparsed"}), an_event(2, fields={"tags": ["else"]})]

    assert [mark.unparsed for mark in source_marks(events)] == [0]


@given(st.lists(st.sampled_from(["a", "b", None]), max_size=20))
def test_no_event_is_left_out_or_counted_twice(sources):
    """The marks add up to the batch."""
    events = [an_event(n + 1, source=source) for n, source in enumerate(sources)]

    assert len(events) == sum(mark.events for mark in source_marks(events))
