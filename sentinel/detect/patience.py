"""How long the looks at one event may take: rules are input, and so is what they are held against.

A look that takes too long ends with TimeoutError, and the engine lets its rule rest. One slow rule
has its second; a hundred of them have two seconds together, and what is simple is still looked at.
Whoever asks a rule outside of an engine has a second for each expression on each value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar, Token
from itertools import islice
from typing import TypeVar

LOOK = 1.0  # seconds of wall time for one rule's look at one event
EVENT = 2.0  # seconds for all looks at one event
LEAST = 0.02  # seconds that a look has even when these are spent
CHARACTER = 5e-8  # seconds that an expression may take for each, before it looks at the clock

STEP = 1_000  # values after which the time is asked for

T = TypeVar("T")


class Patience:
    """The time that is left for one event's looks. The clock is asked when it matters first."""

    __slots__ = ("_event_ends", "_look_ends", "_seconds")

    def __init__(self, seconds: Callable[[], float]) -> None:
        self._seconds = seconds
        self._event_ends: float | None = None
        self._look_ends: float | None = None

    def begin(self) -> Token[Patience | None]:
        """Begin with an event; `end` takes what it gives."""
        self._event_ends = self._look_ends = None
        return _CURRENT.set(self)

    @staticmethod
    def end(begun: Token[Patience | None]) -> None:
        """Be done with the event."""
        _CURRENT.reset(begun)

    def next_look(self) -> None:
        """Go on to the next rule."""
        self._look_ends = None

    def left(self) -> float:
        """The seconds that are left, more than 0.

        Raises:
            TimeoutError: there are none.
        """
        now = self._seconds()
        if self._look_ends is None:
            if self._event_ends is None:
                self._event_ends = now + EVENT
            self._look_ends = now + max(LEAST, min(LOOK, self._event_ends - now))
        left = self._look_ends - now
        if left <= 0:
            raise TimeoutError
        return left


_CURRENT: ContextVar[Patience | None] = ContextVar("patience", default=None)


def seconds_left(characters: int = 0) -> float:
    """The seconds that an expression may take now, on a text of so many characters.

    Raises:
        TimeoutError: there are none left, or too few to go through the text at all.
    """
    patience = _CURRENT.get()
    left = LOOK if patience is None else patience.left()
    if characters * CHARACTER > left:
        raise TimeoutError
    return left


def patiently(values: Iterable[T]) -> Iterator[T]:
    """The same values; between every so many of them the time that is left is asked for.

    Raises:
        TimeoutError: there is none.
    """
    rest = iter(values)
    while some := list(islice(rest, STEP)):
        yield from some
        if len(some) == STEP:
            seconds_left()
