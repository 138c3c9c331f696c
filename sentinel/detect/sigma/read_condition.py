"""A rule's condition: what pySigma parsed, reduced to what has a meaning here.

A value whose meaning the engine cannot honour raises `NotHonoured`: such a rule is refused whole.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sigma.conditions import (
    ConditionAND,
    ConditionFieldEqualsValueExpression,
    ConditionItem,
    ConditionNOT,
    ConditionOR,
    ConditionValueExpression,
)
from sigma.types import (
    Placeholder,
    SigmaBool,
    SigmaCasedString,
    SigmaCIDRExpression,
    SigmaCompareExpression,
    SigmaExists,
    SigmaExpansion,
    SigmaFieldReference,
    SigmaNull,
    SigmaNumber,
    SigmaRegularExpression,
    SigmaString,
    SigmaTimestampPart,
    SigmaType,
    SpecialChars,
)

from sentinel.detect.condition import (
    AllOf,
    AnyOf,
    Condition,
    ExistsAtom,
    FieldAtom,
    KeywordAtom,
    Not,
    NullAtom,
    Place,
    ReferenceAtom,
)
from sentinel.detect.sigma.expression import too_much
from sentinel.detect.values import (
    BoolTest,
    Case,
    KeywordTest,
    NetworkTest,
    NumberTest,
    Order,
    OrderTest,
    RegexError,
    RegexTest,
    Segment,
    Single,
    Test,
    TextTest,
    TimePart,
    TimePartTest,
    fold,
)


class NotHonoured(ValueError):  # noqa: N818 - reads as the sentence it is
    """The rule means something the engine cannot do; the message says what, and a way out.

    `below` is the way down from `detection` to what it is about, as far as that is known.
    """

    def __init__(self, message: str, *below: str) -> None:
        super().__init__(message)
        self.below = below


class NotExpanded(NotHonoured):
    """A placeholder cannot get its values; `allowed` says what would do."""

    def __init__(self, name: str, message: str = "", allowed: str = "") -> None:
        super().__init__(message or f"the placeholder %{name}% has no values here")
        self.name = name
        self.allowed = allowed


def read_condition(parsed: object) -> Condition:
    """Turn pySigma's condition tree into ours.

    Raises:
        NotHonoured: something in it has no meaning here.
    """
    if isinstance(parsed, ConditionFieldEqualsValueExpression):
        return _field_atoms(parsed.field, parsed.value)
    if isinstance(parsed, ConditionValueExpression):
        return _keyword_atoms(parsed.value)
    if isinstance(parsed, ConditionItem):
        parts = tuple(read_condition(part) for part in parsed.args)
        if isinstance(parsed, ConditionNOT):
            return Not(parts[0])
        if isinstance(parsed, ConditionAND):
            return AllOf(parts)
        if isinstance(parsed, ConditionOR):
            return AnyOf(parts)
    raise NotHonoured(f"the condition holds something unknown ({type(parsed).__name__})")


def _field_atoms(field: str, value: SigmaType) -> Condition:
    match value:
        case SigmaExpansion():
            return AnyOf(tuple(_field_atoms(field, each) for each in value.values))
        case SigmaNull():
            return NullAtom(field)
        case SigmaExists():
            return ExistsAtom(field, value.exists)
        case SigmaFieldReference():
            return ReferenceAtom(field, value.field, _place(value))
    return FieldAtom(field, _test(value))


def _keyword_atoms(value: SigmaType) -> Condition:
    match value:
        case SigmaExpansion():
            return AnyOf(tuple(_keyword_atoms(each) for each in value.values))
        case SigmaString():
            return KeywordAtom(KeywordTest(_anywhere(_text(value))))
        case SigmaRegularExpression() | SigmaCIDRExpression():
            return KeywordAtom(_test(value))
        case SigmaNumber() if not isinstance(value, SigmaTimestampPart):
            return KeywordAtom(_test(value))
    kind = type(value).__name__.removeprefix("Sigma")
    raise NotHonoured(
        f"a keyword (a value without a field) cannot be a {kind}; "
        "name a field, or put the word in quotes"
    )


def _test(value: SigmaType) -> Test:
    make = _TESTS.get(type(value))
    if make is None:
        kind = type(value).__name__.removeprefix("Sigma")
        raise NotHonoured(f"a value of the kind {kind} has no meaning here")
    return make(value)


def _text(value: SigmaString) -> TextTest:
    case = Case.KEPT if isinstance(value, SigmaCasedString) else Case.IGNORED
    segments: list[list[str | Single]] = [[]]
    for part in value.s:
        if isinstance(part, Placeholder):
            raise NotExpanded(part.name)
        if part is SpecialChars.WILDCARD_MULTI:
            segments.append([])
        elif part is SpecialChars.WILDCARD_SINGLE:
            segments[-1].append(Single.CHARACTER)
        elif isinstance(part, str):
            segments[-1].append(part if case is Case.KEPT else fold(part))
    return TextTest(tuple(Segment(tuple(pieces)) for pieces in segments), case)


def _anywhere(test: TextTest) -> TextTest:
    empty = Segment(())
    return TextTest((empty, *test.segments, empty), test.case)


def _regex(value: SigmaRegularExpression) -> RegexTest:
    for part in value.regexp.s:
        if isinstance(part, Placeholder):
            raise NotExpanded(part.name)
    if reason := too_much(value.regexp.to_plain()):
        raise NotHonoured(reason)
    letters = "".join(sorted(value.sigma_to_re_flag[flag] for flag in value.flags))
    test = RegexTest(value.regexp.to_plain(), letters)
    try:
        _ = test.compiled
    except RegexError as cause:
        raise NotHonoured(f"this regular expression cannot be used: {cause}") from cause
    return test


def _order(value: SigmaCompareExpression) -> Test:
    order = Order(value.op.name.lower())
    if isinstance(value.number, SigmaTimestampPart):
        part = TimePart(value.number.timestamp_part.name.lower())
        return TimePartTest(part, order, value.number.number)
    return OrderTest(order, value.number.number)


def _time_part(value: SigmaTimestampPart) -> TimePartTest:
    return TimePartTest(TimePart(value.timestamp_part.name.lower()), Order.EQ, value.number)


def _place(value: SigmaFieldReference) -> Place:
    if value.starts_with and value.ends_with:
        return Place.ANYWHERE
    if value.starts_with:
        return Place.START
    return Place.END if value.ends_with else Place.WHOLE


_TESTS: dict[type[SigmaType], Callable[[Any], Test]] = {
    SigmaString: _text,
    SigmaCasedString: _text,
    SigmaNumber: lambda value: NumberTest(value.number),
    SigmaBool: lambda value: BoolTest(value.boolean),
    SigmaRegularExpression: _regex,
    SigmaCIDRExpression: lambda value: NetworkTest(value.network),
    SigmaCompareExpression: _order,
    SigmaTimestampPart: _time_part,
}
