"""JSON objects out of lines, however they are written."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentinel.formats.jsontext import (
    Broken,
    Found,
    NotJson,
    by_line,
    records,
    value_of,
    whole_lines,
)

OBJECTS = st.lists(
    st.dictionaries(st.text(max_size=3), st.one_of(st.integers(), st.text(max_size=4))),
    min_size=1,
    max_size=5,
)


def _read(text):
    return list(records(text.encode().splitlines(keepends=True)))


def _objects(text):
    return [found.record for found in _read(text)]


@given(OBJECTS)
def test_every_way_of_writing_holds_the_same_objects(objects):
    """One a line, in an array, over many lines, one after the other."""
    lines = "".join(f"{json.dumps(each)}\n\n" for each in objects)
    apart = "".join(json.dumps(each, indent=2) + "\n" for each in objects)

    assert objects == _objects(lines)
    assert objects == _objects(json.dumps(objects))
    assert objects == _objects(json.dumps(objects, indent=1))
    assert objects == _objects(apart)


def test_record_separators_are_blank():
    """RFC 7464 puts one before each text."""
    assert _objects('\x1e{"a": 1}\n\x1e{"a": 2}\n') == [{"a": 1}, {"a": 2}]


def test_nothing_holds_nothing():
    """An empty file is no fault."""
    assert _read("") == [] == _read("\n \n")


def test_a_broken_line_is_told_and_the_others_are_read():
    """The first one too, and values that are no objects."""
    middle = _read('{"a": 1}\n{"a": \n[{"a": 2}, 3]\n')
    first = _read('{"a"\n{"a": 1}\n')

    assert [type(each) for each in middle] == [Found, Broken, Found, Broken]
    assert [each.line for each in middle if isinstance(each, Broken)] == [2, 3]
    assert [type(each) for each in first] == [Broken, Found]


def test_what_comes_after_a_break_is_told():
    """A file that was cut off: what is whole is read."""
    found = _read('{\n"a": 1\n}\n{\n"a"')

    assert found[0] == Found({"a": 1})
    assert [(type(each), each.line) for each in found[1:]] == [(Broken, 4)]


def test_a_broken_object_does_not_give_its_parts_as_objects():
    """Only a line that begins with a bracket begins something new."""
    found = _read('{\n "a": 1\n "b": [\n  {"c": 1}\n ]\n}\n{"d": 1}\n')

    assert [type(each) for each in found] == [Broken, Found]
    assert found[1] == Found({"d": 1})


def test_what_is_no_json_at_all_says_so():
    """Its lines are handed back: they may be something else."""
    with pytest.raises(NotJson) as caught:
        records([b"[Sun Nov 22] error\n", b"\n", b"[Sun Nov 22] other\n"])

    assert caught.value.lines == [b"[Sun Nov 22] error\n", b"[Sun Nov 22] other\n"]


def test_objects_of_lines_are_not_collected():
    """One object a line is read as it comes."""
    taken = []

    def lines():
        for number in range(3):
            taken.append(number)
            yield b'{"a": %d}\n' % number

    first = next(records(lines()))

    assert (first, taken) == (Found({"a": 0}), [0])


def test_nesting_without_end_is_no_crash():
    """A line of brackets is a broken line."""
    found = _read('{"a": 1}\n' + "[" * 100_000 + "\n")

    assert [type(each) for each in found] == [Found, Broken]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b'{"a": 123456789012345678901234567890}', {"a": 123456789012345678901234567890}),
        (b'{"a": {"b": [18446744073709551616]}}', {"a": {"b": [18446744073709551616]}}),
        (b'{"a": "\xff"}', {"a": "\\xff"}),
        (b'{"a": "\\ud800"}', {"a": "\ud800"}),
        (b'{"a": 1.5, "b": 1e300}', {"a": 1.5, "b": 1e300}),
    ],
)
def test_what_the_quick_reader_cannot_read_is_read_all_the_same(text, expected):
    """Whole numbers of any size are exact, bytes that are no UTF-8 are shown, halves are kept."""
    assert list(records([text])) == [Found(expected)]
    assert value_of(text) == expected


def test_a_value_is_an_object_or_a_list():
    """Numbers and words alone are none."""
    assert [value_of(each) for each in (b"[1]", b"5", b"x", b"")] == [[1], None, None, None]


def _until(numbered):
    found = []
    reading = whole_lines(numbered)
    while True:
        try:
            found.append(next(reading))
        except StopIteration as end:
            return found, end.value


def test_lines_are_read_up_to_one_that_is_no_value_by_itself():
    """It is handed back, and what follows is not touched; from there on, the rest is read."""
    lines = [b'{"a": 1}\n', b"\n", b"[5]\n", b'{"a":\n', b"2}\n", b'{"a": 3}\n']
    numbered = enumerate(lines, start=7)
    found, left = _until(numbered)

    assert found == [Found({"a": 1}), Broken(9, "this is no object: '5'")]
    assert left == (10, b'{"a":\n')
    assert list(by_line(iter([left, *numbered]))) == [Found({"a": 2}), Found({"a": 3})]
    assert _until(enumerate(lines[:2], start=1)) == ([Found({"a": 1})], None)
