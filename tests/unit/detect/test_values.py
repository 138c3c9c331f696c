"""One value, one test: the corners that the corpus cannot say in YAML."""

import re
from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentinel.detect import patience, values
from sentinel.detect.values import (
    Case,
    NetworkTest,
    NumberTest,
    Order,
    RegexTest,
    Segment,
    Single,
    TextTest,
    as_number,
    as_text,
)

PIECES = st.lists(
    st.one_of(st.text(alphabet="ab", min_size=1, max_size=3), st.sampled_from(["*", "?"])),
    max_size=6,
)


def _pattern(pieces):
    """The test and the regular expression of the same wildcard pattern."""
    segments = [[]]
    for piece in pieces:
        if piece == "*":
            segments.append([])
        else:
            segments[-1].append(Single.CHARACTER if piece == "?" else piece)
    test = TextTest(tuple(Segment(tuple(each)) for each in segments), Case.KEPT)
    wild = {"*": ".*", "?": "."}
    return test, "".join(wild.get(piece) or re.escape(piece) for piece in pieces)


@given(PIECES, st.text(alphabet="ab\n", max_size=8))
def test_wildcards_fit_what_the_regular_expression_fits(pieces, text):
    """Without going back, the matcher agrees with one that does."""
    test, expression = _pattern(pieces)

    assert (re.fullmatch(expression, text, re.DOTALL) is not None) == test.holds(text)


def test_a_pattern_of_many_stars_takes_no_exponential_time():
    """A rule cannot keep the engine busy with stars."""
    test, _ = _pattern(["a", "*"] * 200 + ["b"])

    assert not test.holds("a" * 5000)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"),
        (5.0, "5"),
        (-0.0, "0"),
        (1.5, "1.5"),
        (2.0**60, "1.152921504606847e+18"),
        (float("inf"), "inf"),
        (2**70, str(2**70)),
    ],
)
def test_a_value_as_text(value, text):
    """Numbers look as a person writes them; a float that may be inexact shows that it is one."""
    assert text == as_text(value)


@pytest.mark.parametrize(
    "value",
    ["", " 1", "1 ", "0x1", "1e3", "nan", "inf", "1_0", "\u0661", "9" * 50, True, None],
)
def test_what_is_no_number(value):
    """Python reads more texts as numbers than a person does; those are none here."""
    assert as_number(value) is None


def test_a_number_that_is_not_finite_equals_nothing():
    """NaN in an event is not even equal to zero."""
    assert not NumberTest(0).holds(float("nan"))


def test_a_regular_expression_that_takes_too_long_is_stopped(monkeypatch):
    """Nested repetition on a long value ends in TimeoutError, not in a standing engine."""
    monkeypatch.setattr(patience, "LOOK", 0.05)
    test = RegexTest(r"(.*a){20}b")

    with pytest.raises(TimeoutError):
        test.holds("a" * 200)


def test_a_regular_expression_is_compiled_once():
    """When it is first asked for, and never again; one that is none says so then."""
    test = RegexTest("a[b", "i")

    with pytest.raises(values.RegexError):
        _ = test.compiled
    assert RegexTest("ab", "i").compiled.flags & values.regex.IGNORECASE
    test = RegexTest("ab")
    assert test.compiled is test.compiled


def test_an_ipv6_network_of_mapped_addresses_holds_them():
    """Both spellings of an address are looked for in a network."""
    test = NetworkTest(ip_network("::ffff:0:0/96"))

    assert test.holds("::ffff:192.0.2.1")
    assert not test.holds("192.0.2.1")


def test_every_order_of_two_numbers():
    """The six orders, on a smaller and on an equal number."""
    expected = {
        "lt": (1, 0),
        "lte": (1, 1),
        "gt": (0, 0),
        "gte": (0, 1),
        "eq": (0, 1),
        "neq": (1, 0),
    }

    found = {order.value: (order.holds(1, 2), order.holds(2, 2)) for order in Order}

    assert expected == found
