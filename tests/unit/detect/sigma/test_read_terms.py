"""Conditions over rules, as the ways to meet them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentinel.detect.ruleset import Term
from sentinel.detect.sigma.read_condition import NotHonoured
from sentinel.detect.sigma.read_terms import MAX_TERMS, names_in, read_terms

UUID = "4A1C0F2E-7D1B-4C55-9A6E-3F0D4B7F1A10"


@pytest.mark.parametrize(
    ("condition", "rules", "expected"),
    [
        ("a", ["a"], [Term((0,))]),
        ("a and b", ["b", "a"], [Term((0, 1))]),
        ("a or b", ["a", "b"], [Term((0,)), Term((1,))]),
        ("a and not b", ["a", "b"], [Term((0,), (1,))]),
        ("not (a and b)", ["a", "b"], [Term((), (0,)), Term((), (1,))]),
        ("not not a", ["a"], [Term((0,))]),
        ("a or a and b", ["a", "b"], [Term((0,))]),
        ("a or b and not a", ["a", "b"], [Term((0,)), Term((1,), (0,))]),
        ("not a or not b and c", ["a", "b", "c"], [Term((), (0,)), Term((2,), (1,))]),
        ("1 of x_* and y", ["x_1", "x_2", "y"], [Term((0, 2)), Term((1, 2))]),
        ("any of them", ["x", "y"], [Term((0,)), Term((1,))]),
        ("all of them", ["x", "y"], [Term((0, 1))]),
        ("not 1 of x* and (y)", ["x_1", "x_2", "y"], [Term((2,), (0, 1))]),
        (f"{UUID} and or_b", [UUID.lower(), "or_b"], [Term((0, 1))]),
        ("nothing and android", ["nothing", "android"], [Term((0, 1))]),
        ("a AND NOT b", ["a", "b"], [Term((0,), (1,))]),
    ],
)
def test_the_ways_to_meet_a_condition(condition, rules, expected):
    """None of which asks more than another."""
    assert list(read_terms(condition, rules)) == expected


_TREES = st.recursive(
    st.sampled_from(["a", "b", "c", "d"]),
    lambda below: st.one_of(
        st.tuples(st.just("not"), below),
        st.tuples(st.sampled_from(["and", "or"]), below, below),
    ),
    max_leaves=8,
)


def _written(tree):
    if isinstance(tree, str):
        return tree
    if len(tree) == 2:
        return f"not ({_written(tree[1])})"
    return f"({_written(tree[1])}) {tree[0]} ({_written(tree[2])})"


def _true(tree, seen):
    if isinstance(tree, str):
        return tree in seen
    if len(tree) == 2:
        return not _true(tree[1], seen)
    both = (_true(tree[1], seen), _true(tree[2], seen))
    return all(both) if tree[0] == "and" else any(both)


@given(_TREES, st.sets(st.sampled_from("abcd"), min_size=1))
def test_a_condition_is_true_where_one_of_its_ways_is_met(tree, seen):
    """For every set of rules that have occurred, one at least of those it names."""
    condition = _written(tree)
    rules = names_in(condition)
    places = {index for index, rule in enumerate(rules) if rule in seen}
    if not places:
        return
    try:
        terms = read_terms(condition, rules)
    except NotHonoured:
        terms = ()

    assert _true(tree, seen) == any(
        places.issuperset(term.present) and places.isdisjoint(term.absent) for term in terms
    )


def test_the_rules_that_a_condition_names():
    """In order, each once, ids in their usual spelling, selectors left out."""
    condition = f"b AND (a or not {UUID}) and b and 1 of c*"

    assert names_in(condition) == ("b", "a", UUID.lower())


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("", "cannot be read"),
        ("a b", "cannot be read"),
        ("and a", "cannot be read"),
        ("(a", "cannot be read"),
        ("a and", "cannot be read"),
        ("a or z", "'z', which is not among the rules; there are: a, b"),
        ("a", "does not say what b is for"),
        ("a and b and not a", "no events can meet"),
        ("not a and not b", "no events can meet"),
        ("a and b and all of c*", "stands for no rule"),
        ("a and b or " + "(" * 40 + "a" + ")" * 40, "too long"),
        ("a or b or " * 1000 + "a", "too long"),
    ],
)
def test_what_cannot_be_honoured_says_why(condition, said):
    """A condition is read whole or refused whole."""
    with pytest.raises(NotHonoured, match=said):
        read_terms(condition, ["a", "b"])


def test_too_many_ways_are_refused():
    """Each may be looked at for every event."""
    rules = [f"r{number}" for number in range(40)]
    pairs = " and ".join(f"({rules[at]} or {rules[at + 1]})" for at in range(0, 40, 2))

    with pytest.raises(NotHonoured, match=f"more than {MAX_TERMS} ways"):
        read_terms(pairs, rules)
    assert len(read_terms(" or ".join(rules), rules)) == 40
