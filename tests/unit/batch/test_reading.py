"""Files become fields, and an event only where one is wanted."""

import json
from datetime import UTC, datetime

from sentinel.batch.reading import FAULTS_TOLD, Block, Reader, Shape
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


def test_a_stamp_that_only_looks_like_one_does_not_hide_those_before(tmp_path):
    """Whether or not anybody asked for them, and however many follow."""
    good = {"@timestamp": "2026-11-02T08:00:00Z"}
    bad = {"@timestamp": "20 o'clock, Z"}
    for amount in (1, 15, 16, 40):
        reader, _ = _reader(tmp_path, map(json.dumps, [good, *[bad] * amount]))
        for _ in reader.records():
            pass

        assert reader.moment() == datetime(2026, 11, 2, 8, tzinfo=UTC)


def test_a_broken_line_is_told_with_its_number_in_the_file(tmp_path):
    """Blank lines at the top count; and a bounded number of records is told one by one."""
    reader, summary = _reader(tmp_path, ["", " ", '{"a": 1}', "", *["[5]"] * (FAULTS_TOLD + 2)])
    list(reader.records())

    assert summary.refused[0].place.endswith("events.json:5")
    assert summary.refused[0].message.startswith("record 2: ")
    assert len(summary.refused) == FAULTS_TOLD + 1
    assert "2 more records" in str(summary.refused[-1])


def _pieces(folder, lines, size=20, **parts):
    reader, _ = _reader(folder, lines, **parts)
    return [
        piece.lines if isinstance(piece, Block) else [fields for fields, _ in piece]
        for piece in reader.pieces(size)
    ]


def test_lines_with_a_record_each_come_in_blocks(tmp_path):
    """Text does, and JSON that begins with an object on its line; the rest comes as fields."""
    objects = ['{"a": 1}', '{"a": 2}', '{"a": 3}']

    assert _pieces(tmp_path, objects) == [b'{"a": 1}\n{"a": 2}\n{"a": 3}\n']
    assert _pieces(tmp_path, objects, 9) == [f"{each}\n".encode() for each in objects]
    assert _pieces(tmp_path, ["", "a text"]) == [b"\na text\n"]
    assert _pieces(tmp_path, ['[{"a": 1},', '{"a": 2}]']) == [[{"a": 1}, {"a": 2}]]
    assert _pieces(tmp_path, [""], format="json") == [[]]


def test_a_block_is_read_up_to_a_value_on_several_lines(tmp_path):
    """The line is named; what follows is read from there on as far as the file goes."""
    reader, _ = _reader(tmp_path, [])
    lines = b'{"a": 1}\n[3]\n{"a":\n'
    block = Block(3, Shape.JSON, lines, datetime(2026, 11, 22, tzinfo=UTC))

    assert [fields for fields, _ in reader.within(block)] == [{"a": 1}]
    assert (reader.record, reader.left, reader.broken_all) == (2, 3, 1)
    assert [fields for fields, _ in reader.go_on([b'{"a":\n', b"2}\n"], 3)] == [{"a": 2}]
    assert reader.event().id == "3:3"


def test_what_was_read_elsewhere_counts(tmp_path):
    """Records, and when the last of them happened."""
    at = datetime(2026, 11, 22, tzinfo=UTC)
    reader, _ = _reader(tmp_path, ['{"a": 1}'])
    before = reader.event_of(1, {}, None)
    reader.passed(5, at, at)
    behind = reader.event_of(1, {}, None)
    list(reader.records())

    assert (before.id, before.at) == ("3:1", NO_TIME)
    assert (behind.id, behind.at) == ("3:6", at)
    assert (reader.event().id, reader.event().at, reader.newest) == ("3:6", at, at)
