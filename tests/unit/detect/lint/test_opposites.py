"""What is said of two tests is true of every value."""

from hypothesis import given
from hypothesis import strategies as st

from sentinel.detect.lint.opposites import at_odds, implies, whole
from sentinel.detect.values import Case, NumberTest, Order, OrderTest, Segment, Single, TextTest

LETTERS = st.text(alphabet="ab", max_size=3)
TEXTS = st.builds(
    lambda parts, case: TextTest(tuple(Segment((part,) if part else ()) for part in parts), case),
    st.lists(LETTERS, min_size=1, max_size=3),
    st.sampled_from(Case),
)
NUMBERS = st.one_of(
    st.builds(NumberTest, st.integers(-3, 3)),
    st.builds(OrderTest, st.sampled_from(Order), st.integers(-3, 3)),
)
TESTS = TEXTS | NUMBERS
VALUES = st.text(alphabet="abAB", max_size=6) | st.integers(-5, 5) | st.floats(-4, 4)


@given(TESTS, TESTS, VALUES)
def test_no_value_passes_both_of_two_that_are_at_odds(one, other, value):
    """Whatever it is."""
    assert not (at_odds(one, other) and one.holds(value) and other.holds(value))


@given(TESTS, TESTS, VALUES)
def test_what_passes_one_passes_what_it_implies(one, other, value):
    """Whatever it is."""
    assert not (implies(one, other) and one.holds(value) and not other.holds(value))


@given(TESTS, TESTS)
def test_being_at_odds_goes_both_ways(one, other):
    """The order of a condition's parts says nothing."""
    assert at_odds(one, other) is at_odds(other, one)


def test_the_one_text_that_passes():
    """None where a wildcard lets several pass."""
    assert whole(TextTest((Segment(("a",)),))) == "a"
    assert whole(TextTest((Segment(("a",)), Segment(())))) is None
    assert whole(TextTest((Segment(("a", Single.CHARACTER)),))) is None
