"""What a batch of events says of its sources: how many came, how many were unreadable, the newest.

A source whose clock is wrong, or that was silent for a day, shows in two times side by side: when
its newest record came, and what that record says of its own time.
"""

from __future__ import annotations

from collections.abc import Sequence

from sentinel.model.event import Event
from sentinel.model.ids import AgencyId, SourceId
from sentinel.model.source_mark import SourceMark
from sentinel.normalise.read import UNPARSED


def source_marks(events: Sequence[Event]) -> Sequence[SourceMark]:
    """Count events by source and agency, in the order in which they were first met."""
    of_source: dict[tuple[SourceId | None, AgencyId | None], list[Event]] = {}
    for event in events:
        of_source.setdefault((event.source, event.agency), []).append(event)
    return [_mark(those) for those in of_source.values()]


def _mark(events: Sequence[Event]) -> SourceMark:
    """Count the events of one source. Of records that came at the same moment the last is newer."""
    newest = max(events, key=lambda event: (event.received, event.offset))
    return SourceMark(
        source=newest.source,
        agency=newest.agency,
        events=len(events),
        unparsed=sum(map(_is_unparsed, events)),
        received=newest.received,
        at=newest.at,
    )


def _is_unparsed(event: Event) -> bool:
    tags = event.fields.get("tags")
    return isinstance(tags, list) and UNPARSED in tags
