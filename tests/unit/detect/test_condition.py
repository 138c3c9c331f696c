"""From pySigma's tree to ours: what is new in it, and what is refused."""

import pytest
from sigma.conditions import ConditionFieldEqualsValueExpression, ConditionValueExpression
from sigma.types import SigmaQueryExpression, SigmaString

from sentinel.detect.condition import (
    AllOf,
    AnyOf,
    ExistsAtom,
    FieldAtom,
    KeywordAtom,
    Not,
    NotHonoured,
    NullAtom,
    Place,
    ReferenceAtom,
    read_condition,
    rename,
)
from sentinel.detect.values import BoolTest, TextTest


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


def test_every_name_in_a_tree_is_renamed():
    """Renaming reaches every kind of atom, references on both sides."""
    test = BoolTest(True)
    tree = AllOf(
        (
            AnyOf((FieldAtom("a", test), NullAtom("b"))),
            Not(ExistsAtom("c", True)),
            ReferenceAtom("d", "e", Place.WHOLE),
            KeywordAtom(TextTest(())),
        )
    )
    expected = AllOf(
        (
            AnyOf((FieldAtom("A", test), NullAtom("B"))),
            Not(ExistsAtom("C", True)),
            ReferenceAtom("D", "E", Place.WHOLE),
            KeywordAtom(TextTest(())),
        )
    )

    assert expected == rename(tree, str.upper)
