"""Circular garbage is looked for seldom here: events make none, and rules are much to look at."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

FEW = 200_000  # new containers after which Python looks for circles among them


@contextmanager
def little_garbage() -> Iterator[None]:
    """Leave out what is there now, and look at what is new seldom.

    A process that is forked meanwhile keeps it so; what nobody looks at stays shared with it.
    """
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(FEW, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
