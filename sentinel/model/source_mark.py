"""What has been seen of a source, kept across restarts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sentinel.model.ids import AgencyId, SourceId


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceMark:
    """Counts of one source (None: records that no source claims) since the beginning.

    `received` is when its newest record came, `at` what that record says of its own time: a
    difference is a clock that is wrong, or a queue.
    """

    source: SourceId | None
    agency: AgencyId | None
    events: int
    unparsed: int
    received: datetime
    at: datetime
