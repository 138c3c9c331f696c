"""One rule met one event, or a correlation met several."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sentinel.model.event import Event, Value
from sentinel.model.ids import EventId
from sentinel.model.rule import RuleCard


@dataclass(frozen=True, slots=True, kw_only=True)
class Detection:
    """One rule met one event, or a correlation met several.

    `event` is the event that completed it. `matched` are the fields that matched with their
    values; keyword hits stand under "". For a correlation `group` holds the group-by values,
    `events` the ids that counted, oldest first and ending with `event.id` (bounded; `count` is
    exact), and `first` the time of the first of them. `witnesses` are some of those events
    themselves, oldest first and without `event`, so that a person can read the lines. `measured`
    is what a correlation of values found: how many different ones, their sum, their mean ...
    """

    rule: RuleCard
    event: Event
    matched: Mapping[str, Value]
    events: tuple[EventId, ...]
    count: int
    first: datetime
    group: Mapping[str, Value] | None = None
    witnesses: tuple[Event, ...] = ()
    measured: float | None = None
