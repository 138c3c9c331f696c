"""What adds up in the state: one way of counting for the memory and for the databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sentinel.model.source_mark import SourceMark
from sentinel.model.suppression import Hidden


def with_hidden(known: Hidden | None, detections: int, last: datetime) -> Hidden:
    """What a suppression has hidden, with so many detections more; `last` only moves forward."""
    if known is None or known.last is None:
        return Hidden(detections=detections, last=last)
    return Hidden(detections=known.detections + detections, last=max(known.last, last))


def with_mark(known: SourceMark | None, mark: SourceMark) -> SourceMark:
    """Add a mark of the same source and agency; the times are those of the newer record.

    Of two that were received at once the one that is added counts.
    """
    if known is None:
        return mark
    newer = mark if mark.received >= known.received else known
    return replace(
        newer,
        events=known.events + mark.events,
        unparsed=known.unparsed + mark.unparsed,
    )
