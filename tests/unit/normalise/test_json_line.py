"""Lines that are JSON objects: which are read, and what is never taken from a sender."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from sentinel.normalise.json_line import JSON_UNREAD, MOST_FIELDS, read_json

NOON = datetime(2026, 11, 22, 5, tzinfo=UTC)
ICT = timezone(timedelta(hours=7))


def _read(line, *, told=False):
    return read_json(line, NOON, ICT, told=told)


@pytest.mark.parametrize(
    ("line", "told", "read"),
    [
        ('{"EventID": 1}', False, True),
        ('@cee: {"EventID": 1}', False, True),
        ('{"_path": "dns", "ts": 1, "query": "x"}', False, True),
        ('{"msg": "x"}', False, False),
        ('{"_path": "/tmp"}', False, False),
        ('{"msg": "x"}', True, True),
        ('["EventID"]', True, False),
        ("EventID 1", True, False),
        ('{"EventID": 1', False, False),
        ("", False, False),
    ],
)
def test_windows_and_what_is_known_is_read_everything_where_it_was_told(line, told, read):
    """Elsewhere an object is a line like any other."""
    assert read == (_read(line, told=told) is not None)


def test_what_is_no_object_where_one_was_told_says_so():
    """The line is kept, with a tag."""
    found = _read('{"a": ', told=True)

    assert (found.fields, found.tags) == ({"message": '{"a": '}, (JSON_UNREAD,))


def test_objects_that_would_fill_the_store_with_names_are_kept_as_text():
    """Too many names, or too deep."""
    many = '{"EventID": 1, ' + ", ".join(f'"n{n}": 1' for n in range(MOST_FIELDS)) + "}"
    deep = '{"a": ' * 100 + "1" + "}" * 100

    assert _read(many, told=True).tags == (JSON_UNREAD,)
    assert _read(many) is None
    assert _read(deep, told=True).tags == (JSON_UNREAD,)
    assert _read('{"EventID": 1, "a": ' + deep + "}") is None


def test_a_time_without_zone_is_the_sources():
    """And one that cannot be is none."""
    said = [
        _read(f'{{"EventID": 1, "EventTime": "{time}"}}').at
        for time in ("2026-11-22 11:00:00", "2036-11-22 11:00:00", "soon")
    ]

    assert said == [datetime(2026, 11, 22, 4, tzinfo=UTC), None, None]


def test_values_of_ecs_names_have_their_types():
    """What cannot be of a type is the sender's word alone."""
    line = '{"source.ip": "nowhere", "process": {"pid": "7"}, "own": 5, "message": "m"}'
    found = _read(line, told=True)

    assert found.fields == {
        "sentinel.sender.source.ip": "nowhere",
        "process.pid": 7,
        "own": 5,
        "message": "m",
    }


def test_what_sentinel_says_is_not_taken_from_a_sender():
    """Not its logsource, not who sent it."""
    line = (
        '{"sentinel.logsource.product": "windows", "sentinel": {"names": "native"},'
        ' "tags": ["a"], "observer": {"ip": "192.0.2.1"}, "event.kind": "alert"}'
    )
    found = _read(line, told=True)

    assert found.fields == {
        "sentinel.sender.tags": ["a"],
        "sentinel.sender.observer.ip": "192.0.2.1",
        "sentinel.sender.event.kind": "alert",
        "message": line,
    }
