"""An hour of a source as sixty little bars: the shape is the message, the figures stand beside it.

Drawn here and not in the browser, so that it is there without a script.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

MINUTES = 60  # bars, one unit wide each
HEIGHT = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Sparkline:
    """The bars as an SVG path in a box of `MINUTES` by `HEIGHT`, and what they say in figures.

    `now` is the last whole minute, or the one under way where nothing came before it. `seen`
    counts the minutes that are known.
    """

    path: str
    now: int
    is_under_way: bool
    most: int
    total: int
    seen: int


def sparkline(minutes: Sequence[int]) -> Sparkline:
    """Draw events a minute, oldest first, the minute under way last; only the last 60 count."""
    known = minutes[-MINUTES:]
    most = max(known, default=0)
    # A source that has just begun is not silent: its first minute counts before it is over.
    first = any(known[-1:]) and not any(known[:-1])
    return Sparkline(
        path=_path([_height(events, most) for events in known]),
        now=sum(known[-1:] if first else known[-2:-1]),
        is_under_way=first,
        most=most,
        total=sum(known),
        seen=len(known),
    )


def _height(events: int, most: int) -> int:
    """At least one unit where there was anything at all: a trickle is not silence."""
    return 0 if events == 0 else max(1, round(events / most * HEIGHT))


def _path(heights: Sequence[int]) -> str:
    """Outline the bars from left to right; neighbours of one height share their line."""
    if not any(heights):
        return ""
    left = MINUTES - len(heights)
    steps = [f"M{left} {HEIGHT}"]
    level = 0
    for place, height in enumerate(heights, left):
        if height != level:
            steps.append(f"H{place}V{HEIGHT - height}")
            level = height
    return "".join([*steps, f"H{MINUTES}V{HEIGHT}z"])
