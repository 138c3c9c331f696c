"""When it happened, as bars: how many events in each stretch of the time, and where evidence is.

A picture because its shape is the message: a burst, a drum beat, a slow drip. Bars are counts in
stretches of equal length; the tallest is as high as the picture.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

STRETCHES = 60
WIDTH, HEIGHT = 600, 40  # units of the picture
_STEP = WIDTH // STRETCHES


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One stretch with events: its place and height in the picture, its begin, its count."""

    x: int
    height: int
    at: datetime
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """Bars from `begin` to `end`; `marks` are the places of evidence; `busiest` the tallest bar."""

    begin: datetime
    end: datetime
    stretch: timedelta
    bars: tuple[Bar, ...]
    marks: tuple[int, ...]
    busiest: Bar | None


def timeline(
    times: Iterable[datetime], evidence: Iterable[datetime], begin: datetime, end: datetime
) -> Timeline:
    """Count the times between begin and end (both inclusive); what lies outside is left out."""
    stretch = max((end - begin) / STRETCHES, timedelta(seconds=1))
    counts = [0] * STRETCHES
    for at in times:
        if begin <= at <= end:
            counts[_place(at, begin, stretch)] += 1
    most = max(counts)
    bars = tuple(
        Bar(x=n * _STEP, height=_height(count, most), at=begin + n * stretch, count=count)
        for n, count in enumerate(counts)
        if count
    )
    marks = {_place(at, begin, stretch) * _STEP for at in evidence if begin <= at <= end}
    return Timeline(
        begin=begin,
        end=end,
        stretch=stretch,
        bars=bars,
        marks=tuple(sorted(marks)),
        busiest=max(bars, key=lambda bar: bar.count, default=None),
    )


def _place(at: datetime, begin: datetime, stretch: timedelta) -> int:
    return min((at - begin) // stretch, STRETCHES - 1)


def _height(count: int, most: int) -> int:
    return max(2, HEIGHT * count // most)
