"""A detection as one plain object."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sentinel.detect.told import NO_TIME, told
from sentinel.model.ids import EventId
from tests.samples import a_detection

FILES = ["one.json", "two.json"]


def _detection(**changes):
    detection = a_detection()
    event = replace(detection.event, id=EventId("1:7"), at=datetime(2026, 11, 22, 5, tzinfo=UTC))
    return replace(detection, **{"event": event, "group": None, "matched": {"a": 1}} | changes)


def test_a_hit_names_its_record_and_what_matched():
    """The file as it was given, the record's number, the event's fields."""
    detection = _detection()
    found = told(detection, FILES)

    assert (found["source"], found["record"], found["matched"]) == ("two.json", 7, {"a": 1})
    assert found["event"] == dict(detection.event.fields)
    assert found["@timestamp"] == "2026-11-22T05:00:00Z"
    assert found["rule"]["level"] == detection.rule.level.word
    assert "records" not in found


def test_a_correlation_names_its_records_and_its_group():
    """In place of one record, its event and what matched."""
    events = (EventId("0:3"), EventId("1:7"))
    found = told(_detection(group={"user": "a"}, events=events), FILES)

    assert found["records"] == [
        {"source": "one.json", "record": 3},
        {"source": "two.json", "record": 7},
    ]
    assert found["group"] == {"user": "a"}
    assert not {"record", "event", "matched"} & found.keys()


def test_a_time_that_nobody_said_is_none():
    """Rather than 1970; a fraction of a second stays."""
    at = datetime(2026, 11, 22, 5, tzinfo=UTC) + timedelta(milliseconds=5)
    event = replace(_detection().event, at=NO_TIME)

    assert told(_detection(event=event), FILES)["@timestamp"] is None
    assert told(_detection(event=replace(event, at=at)), FILES)["@timestamp"] == (
        "2026-11-22T05:00:00.005000Z"
    )
