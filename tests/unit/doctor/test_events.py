"""Can the events that were stored be found again?"""

from dataclasses import replace

import pytest

from sentinel.assembly import events_folder
from sentinel.doctor.events import aside, examine_events, segments
from sentinel.ports import SegmentsSeen
from sentinel.store.events_parquet import ParquetEvents
from tests.samples import an_event

SEEN = SegmentsSeen(segments=1, events=2, bytes_at=((0.0, 5 << 20),), broken=(), aside=())


def test_before_the_first_start_there_is_none(patient, standing):
    """And that is well."""
    assert standing(examine_events(patient)) == [("events.segments", "ok")]


def test_a_store_on_disk(patient, standing):
    """What can be read and what cannot."""
    folder = events_folder(patient.settings)
    store = ParquetEvents(folder)
    store.append([an_event()])
    store.close()
    whole = standing(examine_events(patient))
    (segment,) = folder.iterdir()
    segment.write_bytes(segment.read_bytes()[:-9])

    assert whole == [("events.segments", "ok"), ("events.damaged", "ok")]
    assert standing(examine_events(patient))[0] == ("events.segments", "fail")


@pytest.mark.parametrize(("broken", "expected"), [((), "ok"), (("a: odd",), "fail")])
def test_segments(broken, expected):
    """Those that the service would set aside."""
    assert segments(replace(SEEN, broken=broken)).status.value == expected


def test_how_much_there_is():
    """Number, events, bytes."""
    assert segments(SEEN).found.en == "Segments: 1, with 2 events, 5 MiB, all readable."


@pytest.mark.parametrize(("names", "expected"), [((), "ok"), (("a.damaged",), "warn")])
def test_what_was_set_aside(names, expected):
    """Somebody should know."""
    assert aside(replace(SEEN, aside=names)).status.value == expected
