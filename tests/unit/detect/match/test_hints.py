"""What is known of a rule before any event comes."""

from sentinel.detect.condition import AllOf, AnyOf, ExistsAtom, FieldAtom, KeywordAtom, Not
from sentinel.detect.match.clues import Literal, Presence
from sentinel.detect.match.hints import OPTIONS, hints_of
from sentinel.detect.values import KeywordTest, NumberTest, Segment, TextTest


def _is(field, text):
    return FieldAtom(field, TextTest((Segment((text,)),)))


def _has(field, text):
    return FieldAtom(field, TextTest((Segment(()), Segment((text,)), Segment(()))))


def test_each_part_that_must_hold_is_a_way_to_find_the_rule():
    """The rarest first, at most a few, one for the same fields."""
    fields = [_has(name, "mimikatz" + name) for name in "abcde"]
    hints = hints_of(AllOf((AllOf((_has("a", ".exe"), *fields)), ExistsAtom("z", expected=True))))

    assert len(hints.options) == OPTIONS
    assert hints.options[0].any_of == {Literal("a", "mimikatza")}
    assert [option.rate for option in hints.options] == sorted(
        option.rate for option in hints.options
    )


def test_a_way_by_a_settled_field_is_not_taken():
    """Where the events were parted by it already, all of them have the right value."""
    hints = hints_of(AllOf((_has("a", "a very rare text"), ExistsAtom("b", expected=True))))

    both = [{Literal("a", "a very rare text")}, {Presence("b", True)}]
    assert [clues.any_of for clues in hints.clues(None)] == both
    assert [clues.any_of for clues in hints.clues("a")] == both[1:]
    assert hints_of(_has("a", "x")).clues("a") == ()
    assert hints_of(Not(_has("a", "x"))).options == ()


def test_keywords_are_settled_by_no_field():
    """Their field is None, which is not that nothing is settled."""
    word = KeywordAtom(KeywordTest(_has("a", "mimikatz").test))

    for settled in (None, "a"):
        (clues,) = hints_of(word).clues(settled)
        assert clues.any_of == {Literal(None, "mimikatz")}


def test_values_that_are_asked_for_are_known():
    """Whole texts and numbers, where each alternative asks for the field."""
    hints = hints_of(
        AllOf((AnyOf((FieldAtom("id", NumberTest(1)), _is("id", "x"))), _has("a", "y")))
    )

    assert {field: set(values) for field, values in hints.asked.items()} == {"id": {1, "x"}}


def test_an_alternative_without_the_field_asks_for_nothing():
    """The rule may be met whatever the field's value."""
    assert hints_of(AnyOf((_is("id", "x"), _is("a", "y")))).asked == {}
    assert hints_of(Not(_is("id", "x"))).asked == {}
    assert hints_of(AnyOf(())).asked == {}
