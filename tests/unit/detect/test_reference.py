"""The reference evaluator: laws that every condition obeys, and what it reports."""

from hypothesis import given
from hypothesis import strategies as st

from sentinel.detect.condition import AllOf, AnyOf, ExistsAtom, FieldAtom, Not, NullAtom
from sentinel.detect.reference import evaluate, values
from sentinel.detect.values import NumberTest

NAMES = ("a", "b", "c")
SCALARS = st.one_of(st.none(), st.integers(0, 2), st.sampled_from(["", "0", "1", "x"]))
FIELDS = st.dictionaries(
    st.sampled_from(NAMES), st.one_of(SCALARS, st.lists(SCALARS, max_size=3)), max_size=3
)
ATOMS = st.one_of(
    st.builds(FieldAtom, st.sampled_from(NAMES), st.builds(NumberTest, st.integers(0, 2))),
    st.builds(NullAtom, st.sampled_from(NAMES)),
    st.builds(ExistsAtom, st.sampled_from(NAMES), st.booleans()),
)
CONDITIONS = st.recursive(
    ATOMS,
    lambda parts: st.one_of(
        st.builds(AllOf, st.lists(parts, min_size=1, max_size=3).map(tuple)),
        st.builds(AnyOf, st.lists(parts, min_size=1, max_size=3).map(tuple)),
        st.builds(Not, parts),
    ),
    max_leaves=8,
)


def _holds(condition, fields):
    return evaluate(condition, fields) is not None


@given(CONDITIONS, FIELDS)
def test_not_is_the_opposite(condition, fields):
    """A condition or its negation holds, never both."""
    assert _holds(condition, fields) != _holds(Not(condition), fields)


@given(CONDITIONS, CONDITIONS, FIELDS)
def test_de_morgan(one, other, fields):
    """None of two is not any of them."""
    both = AllOf((Not(one), Not(other)))

    assert _holds(Not(AnyOf((one, other))), fields) == _holds(both, fields)


@given(CONDITIONS, FIELDS)
def test_what_is_reported_is_what_the_event_says(condition, fields):
    """Matched values are the event's own."""
    hits = evaluate(condition, fields) or {}

    assert {name: fields.get(name) for name in hits} == dict(hits)


@given(CONDITIONS, FIELDS)
def test_only_reported_fields_and_absence_matter(condition, fields):
    """The evaluator changes nothing it is given."""
    before = {
        name: list(value) if isinstance(value, list) else value for name, value in fields.items()
    }
    evaluate(condition, fields)

    assert before == fields


def test_the_values_of_a_field():
    """A single value, the elements of a list, and nothing for null."""
    assert [list(values(value)) for value in ("x", ["x", None, 1], None, [None])] == [
        ["x"],
        ["x", 1],
        [],
        [],
    ]
