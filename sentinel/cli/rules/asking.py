r"""A rule's test as a sentence: "ends with '\cmd.exe'", in the reader's language."""

from __future__ import annotations

from sentinel.cli.screen import Screen
from sentinel.detect.condition import (
    Atom,
    ExistsAtom,
    FieldAtom,
    KeywordAtom,
    NullAtom,
    Place,
    ReferenceAtom,
)
from sentinel.detect.values import (
    BoolTest,
    Case,
    KeywordTest,
    NetworkTest,
    NumberTest,
    Order,
    OrderTest,
    RegexTest,
    Segment,
    Single,
    Test,
    TextTest,
    TimePartTest,
)
from sentinel.model.event import Value

LONGEST = 120  # characters of a value or a pattern that are shown

SIGNS = {
    Order.LT: "<",
    Order.LTE: "≤",
    Order.GT: ">",
    Order.GTE: "≥",
    Order.EQ: "=",
    Order.NEQ: "≠",
}


def sentence(screen: Screen, atom: Atom) -> str:
    """What the atom asks, with the field it asks it of."""
    if isinstance(atom, KeywordAtom):
        return screen.text("some value {asked}", asked=_asked(screen, atom.test))
    return f"{atom.field} {predicate(screen, atom)}"


def predicate(screen: Screen, atom: Atom) -> str:
    """What the atom asks of its field."""
    match atom:
        case FieldAtom() | KeywordAtom():
            return _asked(screen, atom.test)
        case NullAtom():
            return screen.text("is missing, null or empty")
        case ExistsAtom(expected=True):
            return screen.text("is in the event")
        case ExistsAtom():
            return screen.text("is not in the event")
        case ReferenceAtom():
            return _refers(screen, atom)


def shown(value: Value) -> str:
    """A value as it is shown: short, and a text in quotes so that blanks can be seen."""
    if isinstance(value, list):
        return "[" + ", ".join(shown(each) for each in value[:5]) + (", …]" if value[5:] else "]")
    if isinstance(value, str):
        return f"'{short(value)}'"
    return str(value)


def short(text: str) -> str:
    """The beginning of a text that is too long to be shown."""
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _refers(screen: Screen, atom: ReferenceAtom) -> str:
    match atom.place:
        case Place.WHOLE:
            return screen.text("equals the field {other}", other=atom.other)
        case Place.START:
            return screen.text("begins with the field {other}", other=atom.other)
        case Place.END:
            return screen.text("ends with the field {other}", other=atom.other)
        case Place.ANYWHERE:
            return screen.text("contains the field {other}", other=atom.other)


def _asked(screen: Screen, test: Test) -> str:
    match test:
        case TextTest():
            return _text(screen, test)
        case KeywordTest(within):
            return _text(screen, within)
        case RegexTest(pattern):
            return screen.text("fits the expression {pattern}", pattern=short(pattern))
        case NetworkTest(network):
            return screen.text("is an address of {network}", network=network)
    return _counted(screen, test)


def _counted(screen: Screen, test: Test) -> str:
    match test:
        case NumberTest(number):
            return screen.text("is the number {number}", number=number)
        case BoolTest(boolean):
            return screen.text("is {value}", value=str(boolean).lower())
        case OrderTest(order, number):
            return screen.text("is a number {sign} {number}", sign=SIGNS[order], number=number)
        case TimePartTest(part, order, number):
            return screen.text(
                "is a time whose {part} is {sign} {number}",
                part=part.value,
                sign=SIGNS[order],
                number=number,
            )
    return str(test)


def _text(screen: Screen, test: TextTest) -> str:
    said = _placed(screen, [_plain(segment) for segment in test.segments])
    if test.case is Case.KEPT:
        return screen.text("{asked} (case counts)", asked=said)
    return said


def _placed(screen: Screen, parts: list[str]) -> str:
    match parts:
        case [whole]:
            return screen.text("is {value}", value=shown(whole))
        case ["", ""]:
            return screen.text("is anything at all")
        case ["", end]:
            return screen.text("ends with {value}", value=shown(end))
        case [start, ""]:
            return screen.text("begins with {value}", value=shown(start))
        case ["", inner, ""]:
            return screen.text("contains {value}", value=shown(inner))
    return screen.text("fits the pattern {value}", value=shown("*".join(parts)))


def _plain(segment: Segment) -> str:
    return "".join("?" if piece is Single.CHARACTER else str(piece) for piece in segment.pieces)
