"""Files become fields, and an event only where one is wanted."""

import json
from datetime import UTC, datetime

from sentinel.batch.reading import Reader
from sentinel.batch.request import DetectRequest, Summary
from sentinel.detect.told import NO_TIME


def _reader(folder, lines, **parts):
    file = folder / "events.json"
    file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    summary = Summary()
    return Reader(file, 3, DetectRequest(rules=(), files=(file,), **parts), summary), summary


def _moments(folder, *records):
    reader, _ = _reader(folder, map(json.dumps, records))
    return [reader.event().at for _ in reader.records()]


def test_the_event_is_that_of_the_record_given_last(tmp_path):
    """Its id says the file and the record."""
    reader, _ = _reader(tmp_path, ['{"a": 1}', '{"a": 2}'])
    events = [reader.event() for _ in reader.records()]

    assert [event.id for event in events] == ["3:1", "3:2"]
    assert [event.fields["a"] for event in events] == [1, 2]


def test_a_record_without_a_time_happened_when_the_one_before_it_did(tmp_path):
    """Whether or not anybody asked for the time of the one before."""
    first = {"@timestamp": "2026-11-02T08:00:00Z"}
    reader, _ = _reader(tmp_path, [json.dumps(first), '{"a": 1}'])
    moments = [reader.moment() for fields, _ in reader.records() if "a" in fields]

    assert moments == [datetime(2026, 11, 2, 8, tzinfo=UTC)]


def test_a_time_that_cannot_be_read_does_not_hide_the_one_before(tmp_path):
    """The newest that says something counts."""
    at = datetime(2026, 11, 2, 8, tzinfo=UTC)

    assert _moments(
        tmp_path, {"@timestamp": "2026-11-02T08:00:00Z"}, {"@timestamp": "soon"}, {"a": 1}
    ) == [at, at, at]
    assert _moments(
        tmp_path, {"UtcTime": "2026-11-02 08:00:00"}, {"time": "soon"}, {"time": "x"}
    ) == [at, at, at]
    assert _moments(tmp_path, {"a": 1}) == [NO_TIME]


def test_the_line_is_given_with_what_stands_in_it_as_it_is(tmp_path):
    """Not with fields that were put together, nor with ECS names."""
    audit = {"EventID": 4688, "Channel": "Security", "SubjectUserName": "a"}
    plain, _ = _reader(tmp_path, ['{"a": "x"}', json.dumps(audit), '{"a": {"b": 1}}'])
    assert [text is not None for _, text in plain.records()] == [True, False, False]

    ecs, _ = _reader(tmp_path, ['{"a": "x"}'], pipeline="ecs")
    assert [text for _, text in ecs.records()] == [None]


def test_a_file_that_is_not_there_is_told(tmp_path):
    """And gives no record."""
    summary = Summary()
    file = tmp_path / "none.json"
    reader = Reader(file, 0, DetectRequest(rules=(), files=(file,)), summary)

    assert list(reader.records()) == []
    assert "cannot be read" in str(summary.refused[0])
