"""What a correlation sees of an event: names, groups, values, numbers."""

from fractions import Fraction
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentinel.detect.correlate.occurrence import (
    LONGEST_VALUE,
    Occurrence,
    exact,
    group_key,
    group_of,
    is_numeric,
    measured_values,
)
from sentinel.detect.ruleset import Kind, Logsource
from sentinel.model.ids import AgencyId
from tests.unit.detect.correlate.streams import a_correlation


def _seen(rule="a", **fields):
    return Occurrence(rule, fields)


def test_a_rule_asks_for_fields_by_its_own_names():
    """Sigma's names of web logs are bound where events are normalised, and only there."""
    fields = {"source.ip": "192.0.2.1"}
    bound = Occurrence("a", fields, Logsource(category="webserver"))

    assert bound.value("c-ip") == "192.0.2.1"
    assert Occurrence("a", fields).value("c-ip") is None


def test_a_correlation_has_its_group_before_the_fields_of_the_event():
    """Also for one over it, and for one over that."""
    first = _seen(user="u", host="h").completing("inner", {"who": "v", "host": "H"})
    second = first.completing("outer", {"all": 1})

    assert (first.rule, first.value("host"), first.value("who")) == ("inner", "H", "v")
    assert (second.rule, second.value("who"), second.value("all")) == ("outer", "v", 1)
    assert second.value("user") == "u"


def test_a_group_needs_all_of_its_values():
    """Null, nothing and an empty list are missing; an empty text is there."""
    correlation = a_correlation(group_by=("ip",))
    found = [group_of(correlation, _seen(ip=value)) for value in (None, [], [None], "", 0)]

    assert found == [None, None, None, {"ip": ""}, {"ip": 0}]
    assert group_of(correlation, _seen()) is None


def test_aliases_are_names_in_the_events_of_each_rule():
    """A rule that an alias does not speak of has the name itself."""
    aliases = MappingProxyType({"host": {"a": "src", "b": "dst"}})
    correlation = a_correlation(group_by=("host",), aliases=aliases)
    found = [group_of(correlation, _seen(rule, src=1, dst=2, host=3)) for rule in "abc"]

    assert found == [{"host": 1}, {"host": 2}, {"host": 3}]


def test_groups_are_told_apart_and_their_spelling_is_not():
    """By agency, and by values that cannot pretend to be others."""
    keys = [
        group_key(AgencyId("so-a"), {"x": "A"}),
        group_key(AgencyId("so-a"), {"x": "a"}),
        group_key(None, {"x": "a"}),
        group_key(None, {"x": ["a", "b"]}),
        group_key(None, {"x": ["B", "a", "a"]}),
        group_key(None, {"x": "a", "y": "b"}),
        group_key(None, {"x": 'a", "b'}),
    ]

    assert (keys[0] == keys[1], keys[3] == keys[4]) == (True, True)
    assert len(set(keys)) == 5


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (3, 3),
        (-2, -2),
        (0.1, Fraction(1, 10)),
        (5.0, 5),
        (1e-7, Fraction(1, 10**7)),
        ("12", 12),
        ("+1.50", Fraction(3, 2)),
        ("0.1", Fraction(1, 10)),
        ("9007199254740993", 2**53 + 1),
        ("0.10000000000000000001", Fraction("0.10000000000000000001")),
        (True, None),
        (None, None),
        ("", None),
        (" 5", None),
        ("0x10", None),
        ("1e3", None),
        (float("inf"), None),
        (float("nan"), None),
        (10**301, None),
        (10**400, None),
    ],
)
def test_what_is_a_number_and_which(value, expected):
    """With all of its decimals, or none at all."""
    found = exact(value)

    assert (found, type(found)) == (expected, type(expected))


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e290, max_value=1e290))
def test_a_float_is_what_it_prints(value):
    """The shortest decimals that mean it."""
    assert exact(value) == Fraction(repr(value))


def test_what_is_measured_of_an_event():
    """Nothing, a place, values, numbers; None where there is nothing to measure."""
    numbers = a_correlation(Kind.VALUE_SUM, fields=("n",))
    values = a_correlation(Kind.VALUE_COUNT, fields=("n",))
    both = a_correlation(Kind.VALUE_COUNT, fields=("n", "m"))
    event = _seen("b", n=[1, "X", "x", None], m="y")

    assert measured_values(a_correlation(), event) == ()
    assert measured_values(a_correlation(Kind.TEMPORAL), event) == (1,)
    assert measured_values(numbers, event) == (1,)
    assert measured_values(values, event) == ("1", "x")
    assert measured_values(both, event) == ('[["1", "x"], ["y"]]',)
    assert measured_values(both, _seen(n=1)) is None
    assert measured_values(numbers, _seen(n="x")) is None


def test_a_share_is_of_values_and_a_percentile_of_numbers():
    """By whether there is a rank."""
    share = a_correlation(Kind.VALUE_PERCENTILE, fields=("n",))
    rank = a_correlation(Kind.VALUE_PERCENTILE, fields=("n",), percentile=95)

    assert (is_numeric(share), is_numeric(rank)) == (False, True)
    assert measured_values(share, _seen(n=5)) == ("5",)
    assert measured_values(rank, _seen(n=5)) == (5,)


def test_long_values_and_halves_of_letters_are_remembered_by_their_hash():
    """Short enough for the database, and told apart."""
    correlation = a_correlation(Kind.VALUE_COUNT, fields=("n",))
    written = ["x" * 5000, "x" * 5000 + "y", "\ud800", "\ud801", "đ"]
    found = [measured_values(correlation, _seen(n=value))[0] for value in written]

    assert len(set(found)) == 5
    assert found[4] == "đ"
    assert [len(each) for each in found if len(each.encode()) > LONGEST_VALUE + 20] == []
