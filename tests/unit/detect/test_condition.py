"""The tree that a condition is."""

from sentinel.detect.condition import (
    AllOf,
    AnyOf,
    ExistsAtom,
    FieldAtom,
    KeywordAtom,
    Not,
    NullAtom,
    Place,
    ReferenceAtom,
    rename,
)
from sentinel.detect.values import BoolTest, TextTest


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
