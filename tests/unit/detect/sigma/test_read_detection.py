"""A detection with its condition: what is refused before it is put together."""

import pytest
from sigma.exceptions import SigmaConditionError
from sigma.rule import SigmaDetections

from sentinel.detect.condition import AnyOf, FieldAtom
from sentinel.detect.sigma.read_condition import NotHonoured
from sentinel.detect.sigma.read_detection import (
    MAX_CONDITION,
    MAX_NAME,
    check_detections,
    parse_only,
    read_detections,
)


def _detections(condition, **parts):
    return SigmaDetections.from_dict({**(parts or {"a": {"x": 1}}), "condition": condition})


def test_several_conditions_are_alternatives():
    """Sigma, "Condition": a list is linked with or."""
    tree = read_detections(_detections(["a", "a"]))

    assert isinstance(tree, AnyOf)
    assert [type(part) for part in tree.parts] == [FieldAtom, FieldAtom]


def test_the_plain_tree_has_names_only():
    """For those who ask how a condition says something."""
    parsed = parse_only(_detections("not 1 of a*").parsed_condition[0])

    assert type(parsed).__name__ == "ConditionNOT"


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        (5, "must be a text"),
        ("a or " * MAX_CONDITION + "a", "too long"),
        ([f"{'a or ' * 1000}a"] * 2, "too long"),
        ("(" * 33 + "a" + ")" * 33, "too long"),
        ("nothing", "does not begin with not"),
        ("a and 1 of b*", "stands for no detection; there are: a"),
        ("1 of a-*", "cannot be read"),
        ("1 of *a*a*a*", "cannot be read"),
    ],
)
def test_what_would_be_misread_or_never_end_is_refused(condition, said):
    """With what is wrong, at the condition."""
    with pytest.raises(NotHonoured, match=said) as caught:
        check_detections(_detections(condition))

    assert caught.value.below == ("condition",)


def test_a_condition_that_repeats_much_is_refused():
    """Each time that a large detection is named it is put together once more."""
    many = {"x": [f"v{number}" for number in range(500)]}

    with pytest.raises(NotHonoured, match="400500 tests"):
        check_detections(_detections(" or ".join(["1 of *"] * 801), a=many))


def test_names_of_detections_have_an_end():
    """pySigma searches them by patterns."""
    name = "a" * (MAX_NAME + 1)

    with pytest.raises(NotHonoured, match="name"):
        check_detections(_detections(name, **{name: {"x": 1}}))


def test_what_pysigma_cannot_parse_is_its_error():
    """The caller tells it with its line."""
    with pytest.raises(SigmaConditionError):
        check_detections(_detections("a and"))
