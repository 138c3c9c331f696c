"""A route finds what its values lead to, and remembering changes nothing."""

from dataclasses import dataclass

import pytest

from sentinel.detect.condition import AllOf, ExistsAtom, FieldAtom, KeywordAtom, Not, NullAtom
from sentinel.detect.match.hints import Hints, hints_of
from sentinel.detect.match.memory import Memories
from sentinel.detect.match.route import LONGEST, Route
from sentinel.detect.match.scan import Databases
from sentinel.detect.values import BoolTest, KeywordTest, NumberTest, Segment, TextTest


@dataclass(frozen=True)
class Named:
    name: str
    hints: Hints


def _has(field, text):
    return FieldAtom(field, TextTest((Segment(()), Segment((text,)), Segment(()))))


def _route(memory=100_000, settled=None, **conditions):
    leads = [Named(name, hints_of(condition)) for name, condition in conditions.items()]
    return Route(leads, Memories(memory), Databases(), settled)


def _found(route, fields, text=None):
    return [lead.name for lead in route.leads(fields, text)]


EVERY = {
    "text": _has("a", "cmd"),
    "number": FieldAtom("a", NumberTest(1)),
    "boolean": FieldAtom("a", BoolTest(boolean=True)),
    "one": _has("a", "1"),
    "sixteen": _has("a", "1e+16"),
    "null": NullAtom("a"),
    "there": ExistsAtom("a", expected=True),
    "missing": ExistsAtom("b", expected=False),
    "absent": Not(_has("a", "x")),
    "keyword": KeywordAtom(KeywordTest(_has("", "mimikatz").test)),
}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, {"null", "missing"}),
        ({"a": None, "b": 1}, {"null", "there"}),
        ({"a": "CMD", "b": 1}, {"text", "there"}),
        ({"a": ["cmd", "mimikatz"]}, {"text", "there", "missing", "keyword"}),
        ({"a": 1, "b": "mimikatz"}, {"number", "one", "there", "keyword"}),
    ],
)
def test_an_event_leads_to_the_rules_that_it_may_meet(fields, expected):
    """In order, with those that only a look can tell; the same when it comes again."""
    route = _route(**EVERY)
    found = _found(route, fields)

    assert expected | {"absent"} == set(found)
    assert [name for name in EVERY if name in found] == found
    assert found == _found(route, fields)


# Values that Python takes for one key of a dictionary, though rules tell them apart.
ALIKE = (1, True, 1.0, 0, False, -0.0, 0.0, 10**16, 1e16, 2**53, 2.0**53, 2**53 + 1, "", None, "1")


@pytest.mark.parametrize("first", ALIKE, ids=repr)
@pytest.mark.parametrize("second", ALIKE, ids=repr)
def test_what_is_remembered_of_one_value_is_not_taken_for_another(first, second):
    """Python says that True is 1 and 10**16 is 1e16; their texts differ."""
    route = _route(**EVERY)
    _found(route, {"a": first})

    assert _found(_route(**EVERY), {"a": second}) == _found(route, {"a": second})


def test_what_is_settled_is_not_asked_again():
    """The way through the junction has answered it; other clues are used, or none."""
    both = AllOf((FieldAtom("id", NumberTest(1)), _has("a", "cmd")))

    only = FieldAtom("id", NumberTest(1))
    route = _route(settled="id", both=both, only=only)

    assert _found(route, {"a": "cmd"}) == ["both", "only"]
    assert _found(route, {"a": "x"}) == ["only"]


def test_a_memory_that_is_always_full_changes_no_answer():
    """Forgetting costs time alone."""
    small, large = _route(memory=1, **EVERY), _route(**EVERY)
    events = [{"a": value} for value in (*ALIKE, "cmd", ["cmd"], "x")] * 3

    assert [_found(large, each) for each in events] == [_found(small, each) for each in events]


def test_long_values_are_not_remembered():
    """One such value may be as large as all of the memory."""
    memories = Memories(10**9)
    route = Route([Named("text", hints_of(EVERY["text"]))], memories, Databases())
    route.leads({"a": "x" * (LONGEST + 1)}, None)

    assert memories.values.dictionaries == [{}]


def test_no_rules_lead_nowhere():
    """Some logs have none."""
    assert _found(_route(), {"a": 1}) == []
