"""What every part of the desk works with."""

from __future__ import annotations

from sentinel.desk.issuing import Issuing
from sentinel.ports import Clock, State


class Seat:
    """A part of the desk: the state it reads and writes, what lets a warning go, the time."""

    def __init__(self, state: State, issuing: Issuing, clock: Clock) -> None:
        self._state = state
        self._issuing = issuing
        self._clock = clock
