"""From pySigma's tree to ours: what is new in it, and what is refused."""

import pytest
from sigma.conditions import ConditionFieldEqualsValueExpression, ConditionValueExpression
from sigma.types import SigmaQueryExpression, SigmaString

from sentinel.detect.condition import FieldAtom
from sentinel.detect.sigma.read_condition import NotHonoured, read_condition


def test_a_field_and_its_value_become_an_atom():
    """The plainest condition there is."""
    parsed = ConditionFieldEqualsValueExpression("user", SigmaString("a*"))
    atom = read_condition(parsed)

    assert isinstance(atom, FieldAtom)
    assert (atom.field, len(atom.test.segments)) == ("user", 2)


@pytest.mark.parametrize(
    "parsed",
    [
        None,
        "text",
        ConditionFieldEqualsValueExpression("f", SigmaQueryExpression("x", "y")),
        ConditionValueExpression(SigmaQueryExpression("x", "y")),
    ],
)
def test_what_has_no_meaning_is_refused(parsed):
    """A kind of value that pySigma may learn is never passed over."""
    with pytest.raises(NotHonoured):
        read_condition(parsed)
