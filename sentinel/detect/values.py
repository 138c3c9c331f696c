"""One value, one test: what it means that a value of an event fits a value of a rule.

Everything here looks at a single scalar that is there (never None); fields, lists and absence are
`reference.py`'s business. Each choice that the specification leaves open stands in `docs/sigma.md`.
"""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any, Protocol

import regex  # type: ignore[import-untyped]  # it ships no types

from sentinel.detect.patience import seconds_left
from sentinel.model.event import Scalar

RegexError = regex.error

_LONGEST = 100  # characters of an address, with its zone, and of a time
_NUMERAL = re.compile(r"[+-]?[0-9]{1,40}(\.[0-9]{1,40})?", re.ASCII)
_REMEMBERED = 500  # characters of a text that is remembered with what was made of it
_EXACT = 2**53  # up to here a float holds every whole number


class Test(Protocol):
    """A test that one value passes or not."""

    def holds(self, value: Scalar) -> bool:
        """Say whether this value, which is not None, passes."""
        ...


class Case(Enum):
    """Whether upper and lower case differ."""

    IGNORED = "ignored"
    KEPT = "kept"


class Single(Enum):
    """The wildcard `?`: exactly one character."""

    CHARACTER = "?"


@dataclass(frozen=True, slots=True)
class Segment:
    """What stands between two `*`: characters, and `?` that stand for any one character.

    `length` is how many characters it covers.
    """

    pieces: tuple[str | Single, ...]
    length: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        length = sum(len(piece) if isinstance(piece, str) else 1 for piece in self.pieces)
        object.__setattr__(self, "length", length)

    def stands_at(self, text: str, at: int) -> bool:
        """Say whether it covers the text from here."""
        for piece in self.pieces:
            if isinstance(piece, str):
                if not text.startswith(piece, at):
                    return False
                at += len(piece)
            else:
                at += 1
        return at <= len(text)

    def find(self, text: str, start: int, end: int) -> int | None:
        """Where it stands first between start and end."""
        if len(self.pieces) == 1 and isinstance(self.pieces[0], str):
            found = text.find(self.pieces[0], start, end)
            return None if found < 0 else found
        for at in range(start, end - self.length + 1):
            if self.stands_at(text, at):
                return at
        return None


@dataclass(frozen=True, slots=True)
class TextTest:
    """Text with wildcards. `segments` is what stands between the `*`: one segment without any.

    Letters are folded already where case is ignored, so `?` is one character of folded text.
    """

    segments: tuple[Segment, ...]
    case: Case = Case.IGNORED

    def holds(self, value: Scalar) -> bool:
        """The whole value fits: the first segment begins it, the last ends it."""
        text = as_text(value)
        return _fits(self.segments, fold(text) if self.case is Case.IGNORED else text)


@dataclass(frozen=True, slots=True)
class KeywordTest:
    """A word looked for anywhere in a value, as in a full-text search."""

    within: TextTest

    def holds(self, value: Scalar) -> bool:
        """The value contains it."""
        return self.within.holds(value)


@dataclass(frozen=True, slots=True)
class NumberTest:
    """A number; text that is written as the same number is equal to it."""

    number: int | float

    def holds(self, value: Scalar) -> bool:
        """The value is this number."""
        return as_number(value) == self.number


@dataclass(frozen=True, slots=True)
class BoolTest:
    """True or false; text that says so is equal to it, numbers are not."""

    boolean: bool

    def holds(self, value: Scalar) -> bool:
        """The value is this boolean."""
        if isinstance(value, str):
            return fold(value) == str(self.boolean).lower()
        return value is self.boolean


class Order(Enum):
    """How two numbers stand to each other."""

    LT = "lt"
    LTE = "lte"
    GT = "gt"
    GTE = "gte"
    EQ = "eq"
    NEQ = "neq"

    def holds(self, left: float, right: float) -> bool:
        """Say whether `left` stands in this order to `right`."""
        match self:
            case Order.LT:
                return left < right
            case Order.LTE:
                return left <= right
            case Order.GT:
                return left > right
            case Order.GTE:
                return left >= right
            case Order.EQ:
                return left == right
            case Order.NEQ:
                return left != right


@dataclass(frozen=True, slots=True)
class OrderTest:
    """Less or greater than a number. What is no number never passes."""

    order: Order
    number: int | float

    def holds(self, value: Scalar) -> bool:
        """The value is a number in this order."""
        number = as_number(value)
        return number is not None and self.order.holds(number, self.number)


@dataclass(frozen=True, slots=True)
class RegexTest:
    """A regular expression, found anywhere in the value unless it is anchored.

    `flags` are letters of "ims". Python's `regex`, with a limit of time: rules are input too.
    """

    pattern: str
    flags: str = ""
    _compiled: Any = field(init=False, default=None, repr=False, compare=False)

    @property
    def compiled(self) -> Any:  # noqa: ANN401 - `regex` ships no types
        """The compiled expression. Made when it is first asked for: a start needs few of them.

        Raises:
            RegexError: it is none.
        """
        if self._compiled is None:
            options = {"i": regex.IGNORECASE, "m": regex.MULTILINE, "s": regex.DOTALL}
            flags = regex.VERSION0
            for letter in self.flags:
                flags |= options[letter]
            with warnings.catch_warnings():
                # `regex` muses about expressions ("possible nested set"); they are used as written.
                warnings.simplefilter("ignore")
                object.__setattr__(self, "_compiled", regex.compile(self.pattern, flags))
        return self._compiled

    def holds(self, value: Scalar) -> bool:
        """The expression is found.

        Raises:
            TimeoutError: it took longer than there is patience for.
        """
        text = as_text(value)
        return self.compiled.search(text, timeout=seconds_left(len(text))) is not None


@dataclass(frozen=True, slots=True)
class NetworkTest:
    """An address inside a network (CIDR). An IPv4 address may be written as IPv6 (RFC 4291)."""

    network: IPv4Network | IPv6Network

    def holds(self, value: Scalar) -> bool:
        """The value is an address of this network."""
        if not isinstance(value, str) or len(value) > _LONGEST:
            return False
        return any(address in self.network for address in _addresses(value))


class TimePart(Enum):
    """A number that a time stamp says."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


_OF_THE_DAY = (TimePart.MINUTE, TimePart.HOUR)
_DATE_LENGTH = len("2026-11-22")


@dataclass(frozen=True, slots=True)
class TimePartTest:
    """A part of a time stamp, as written: zones are not converted (Sigma, "Time Modifiers")."""

    part: TimePart
    order: Order
    number: int | float

    def holds(self, value: Scalar) -> bool:
        """The value is an ISO 8601 time whose part is in this order to the number."""
        if not isinstance(value, str) or len(value) > _LONGEST:
            return False
        try:
            at = datetime.fromisoformat(value)
        except ValueError:
            return False
        if self.part in _OF_THE_DAY and len(value) <= _DATE_LENGTH:
            return False  # a date alone says nothing of the time of day
        found = (
            at.isocalendar().week if self.part is TimePart.WEEK else getattr(at, self.part.value)
        )
        return self.order.holds(found, self.number)


def as_text(value: Scalar) -> str:
    """The value as a rule's text sees it: true and false in words, 5.0 as "5"."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) <= _EXACT:
        return str(int(value))
    return str(value)


def as_number(value: Scalar) -> int | float | None:
    """The value as a number; None for what is none: booleans, "0x10", "1e3", "4 "."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, str):
        numeral = _NUMERAL.fullmatch(value)
        if numeral is None:
            return None
        return float(value) if numeral[1] else int(value)
    return value


def fold(text: str) -> str:
    """Without the difference of upper and lower case, in every script (Unicode full folding)."""
    return _fold(text) if len(text) <= _REMEMBERED else text.casefold()


@lru_cache(maxsize=8192)
def _fold(text: str) -> str:
    return text.casefold()


def _fits(segments: tuple[Segment, ...], text: str) -> bool:
    first, last = segments[0], segments[-1]
    if len(segments) == 1:
        return len(text) == first.length and first.stands_at(text, 0)
    at, end = first.length, len(text) - last.length
    if end < at or not first.stands_at(text, 0) or not last.stands_at(text, end):
        return False
    for segment in segments[1:-1]:
        # The leftmost place leaves the most room for what follows: no going back is needed.
        found = segment.find(text, at, end)
        if found is None:
            return False
        at = found + segment.length
    return True


@lru_cache(maxsize=8192)
def _addresses(text: str) -> tuple[IPv4Address | IPv6Address, ...]:
    """The address that a text is, in every family it can be read in; () where it is none."""
    try:
        address = ip_address(text)
    except ValueError:
        return ()
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address, address.ipv4_mapped
    return (address,)
