"""A clue is true of every event that its condition holds for, and of as few others as can be."""

from ipaddress import ip_network

import pytest

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
)
from sentinel.detect.match.clues import (
    END,
    LONGEST,
    START,
    Empty,
    Literal,
    Number,
    Passes,
    Pattern,
    Presence,
    clues_of,
    searchable,
)
from sentinel.detect.values import (
    Case,
    KeywordTest,
    NetworkTest,
    NumberTest,
    RegexTest,
    Segment,
    Single,
    TextTest,
)


def _has(text, field="Image"):
    return FieldAtom(field, TextTest((Segment(()), Segment((text,)), Segment(()))))


def _clues(condition):
    found = clues_of(condition)
    return None if found is None else set(found.any_of)


def test_a_whole_value_is_searched_for_with_its_ends():
    """`equals` is the text between START and END, so that no longer value is a hit."""
    assert _clues(FieldAtom("a", TextTest((Segment(("x",)),)))) == {Literal("a", START + "x" + END)}


def test_of_a_text_with_wildcards_the_rarest_piece_is_the_clue():
    """Each piece must be there; a long one is in fewer values."""
    pieces = Segment(("ab", Single.CHARACTER, "a long piece", Single.CHARACTER))

    assert _clues(FieldAtom("a", TextTest((pieces,)))) == {Literal("a", "a long piece")}


def test_cased_text_is_searched_for_folded():
    """The scan ignores case; the look does not."""
    test = TextTest((Segment(()), Segment(("STRASSE",)), Segment(())), Case.KEPT)

    assert _clues(FieldAtom("a", test)) == {Literal("a", "strasse")}


def test_a_text_of_wildcards_alone_is_asked_of_the_value():
    """There is nothing to search for, and presence alone would be true of too many."""
    test = TextTest((Segment((Single.CHARACTER,)), Segment(())))

    assert _clues(FieldAtom("a", test)) == {Passes("a", test)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\0longer", ["a", "longer"]),
        ("\0", []),
        (START, []),
        (START + "\0" + END, []),
        (START + END, [START + END]),
        ("x" * 5_000, ["x" * LONGEST]),
    ],
)
def test_only_what_can_be_searched_for_is_a_clue(text, expected):
    """Without NUL, no longer than a scanner takes, and not every value's beginning or end."""
    assert expected == list(searchable(text))


def test_of_parts_that_must_all_hold_the_rarest_is_the_clue():
    """Common words find nothing."""
    assert _clues(AllOf((_has(".exe"), _has("mimikatz")))) == {Literal("Image", "mimikatz")}


def test_of_alternatives_each_gives_a_clue():
    """Leaving one out would lose its events."""
    condition = AnyOf((_has("one"), NullAtom("b"), FieldAtom("c", NumberTest(5))))

    assert _clues(condition) == {Literal("Image", "one"), Empty("b"), Number("c", 5)}


def test_what_holds_by_absence_has_no_clue():
    """A rule that may be met by a missing field is looked at always."""
    assert clues_of(Not(_has("x"))) is None
    assert clues_of(AnyOf((_has("x"), Not(_has("y"))))) is None
    assert clues_of(AllOf(())) is None
    assert _clues(AnyOf(())) == set()


def test_a_negation_is_taken_apart():
    """`not (not a)` is a; `not (a or b)` is `not a and not b`."""
    assert _clues(Not(Not(_has("x")))) == {Literal("Image", "x")}
    assert _clues(Not(AnyOf((_has("x"), ExistsAtom("b", expected=True))))) == {Presence("b", False)}
    assert clues_of(Not(AllOf((_has("x"), NullAtom("b"))))) is None
    assert _clues(Not(NullAtom("b"))) == {Presence("b", True)}


def test_a_reference_needs_its_field():
    """What a missing field is compared with is nothing."""
    assert _clues(ReferenceAtom("a", "b", Place.WHOLE)) == {Presence("a", True)}


def test_a_keyword_is_a_clue_of_any_field():
    """Its field is None."""
    word = KeywordTest(_has("mimikatz").test)

    assert _clues(KeywordAtom(word)) == {Literal(None, "mimikatz")}
    assert _clues(KeywordAtom(NumberTest(5))) == {Passes(None, NumberTest(5))}


def test_an_expression_is_found_by_a_text_it_requires_or_by_itself():
    """The text is the clue only where it is rare, and only of ASCII values."""
    pattern = RegexTest("a.b")

    assert _clues(FieldAtom("a", RegexTest("^mimikatz.*x"))) == {Literal("a", "mimikatz", True)}
    assert _clues(FieldAtom("a", pattern)) == {Pattern("a", pattern)}


def test_what_has_no_text_is_asked_as_it_is():
    """Networks, comparisons, times: their test is the clue."""
    test = NetworkTest(ip_network("192.0.2.0/24"))

    assert _clues(FieldAtom("a", test)) == {Passes("a", test)}
