"""From the journal to the outbox: the only place that knows the order of the stages.

One step takes a batch of entries from the journal, reads them, keeps the events, detects on them,
and writes offset, alerts, warnings, outbox and correlation windows in one transaction. A crash at
any point leaves the offset and what was made of the records before it together: a replay writes
nothing twice and leaves nothing out.

A record that a stage was not made for stops nobody: it is found by halving its batch, kept as it
arrived, counted and told, and the others go their way. What a person has suppressed becomes no
alert; it is counted in the same transaction.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from sentinel.alert import group
from sentinel.alert.group import Cause
from sentinel.alert.suppress import Working
from sentinel.desk import Issuing
from sentinel.detect.engine import Engine
from sentinel.errors import MISTAKES, NotAllowed, NotFound, SentinelError
from sentinel.meter import Stopwatch
from sentinel.model.agency import Agency, Release
from sentinel.model.alert import Alert
from sentinel.model.attribution import Attribution
from sentinel.model.detection import Detection
from sentinel.model.event import Event
from sentinel.model.ids import (
    AgencyId,
    AssetId,
    CauseKey,
    EventId,
    Offset,
    SuppressionId,
    event_id,
)
from sentinel.model.profile import MATCH, DetectionProfile, Resting
from sentinel.model.record import Record
from sentinel.normalise.read import UNPARSED, read
from sentinel.normalise.seen import source_marks
from sentinel.ports import (
    Clock,
    Entry,
    EventStore,
    Journal,
    Meter,
    State,
    StateTransaction,
    WarningQuery,
)
from sentinel.roll import Roll
from sentinel.score import score
from sentinel.warn import release

# Points that a fault test may stop the process at. They do nothing in service.
OFFSET_WRITTEN = "between offset and alert"
EVENTS_KEPT = "between store and state"

# The steps that are timed besides MATCH.
JOURNAL, READ, STORE, COMMIT = "journal", "read", "store", "commit"

LONGEST_FAULT = 200  # characters of an error that are shown

WITNESSES = 4  # lines of a correlation that are shown besides the one that completed it

Reach = Callable[[str], None]
EngineMaker = Callable[[Mapping[str, bytes]], Engine]

_log = structlog.get_logger("sentinel.pipeline")


def nothing(point: str) -> None:
    """Reach a named point and go on."""
    del point


@dataclass(frozen=True, slots=True, kw_only=True)
class Stations:
    """What the pipeline runs between."""

    journal: Journal
    store: EventStore
    state: State
    roll: Roll
    issuing: Issuing
    clock: Clock
    meter: Meter


class Pipeline:
    """Takes the journal's entries through the stages, a batch a step."""

    def __init__(
        self, stations: Stations, make_engine: EngineMaker, *, reach: Reach = nothing
    ) -> None:
        self._at = stations
        self._make_engine = make_engine
        self._reach = reach
        self._renewed: deque[EngineMaker] = deque(maxlen=1)
        self._counts: Counter[tuple[str, str, str]] = Counter()  # of the step under way
        self._passed_over = 0
        self._last_fault = ""
        self._unreadable = ""
        self._watch = Stopwatch()
        self._arrived: datetime | None = None  # the newest event that was detected on
        self._detected = self._end = Offset(0)
        self._engine = self._recover()
        self._broken_off = False
        self._read = Offset(min(self._detected, stations.store.sealed_through()))

    @property
    def engine(self) -> Engine:
        """The engine that detects, for those who ask what it holds."""
        return self._engine

    @property
    def problem(self) -> str:
        """A sentence where records were met that a stage was not made for, else ""."""
        problems = [self._unreadable] if self._unreadable else []
        if self._passed_over:
            problems.append(
                f"{self._passed_over} records could not be read or held against the rules; they"
                f" are kept as they arrived. The last: {self._last_fault}"
            )
        return "; ".join(problems)

    def profile(self) -> DetectionProfile:
        """What an event costs, from the journal to the commit."""
        return self._engine.profile().on_the_way(self._watch.costs())

    def resting(self) -> Sequence[Resting]:
        """The rules that what is detected on now is not held against."""
        now = self._at.clock.now()
        if self._arrived is not None and self.lag():
            now = min(now, self._arrived)  # what waits arrived earlier
        return [rest for rest in self._engine.profile().resting if rest.holds(now)]

    def lag(self) -> int:
        """Records journalled and not yet detected on."""
        return max(self._at.journal.last() - max(self._detected, self._end), 0)

    def renew(self, make_engine: EngineMaker) -> None:
        """Detect with engines of this maker from the next step on. Any thread may say so.

        No event is lost or judged twice: between two steps nothing is under way, and the new
        engine goes on with the windows that are committed.
        """
        self._renewed.append(make_engine)

    def step(self, limit: int = 2000) -> int:
        """Take the next batch through; returns how many entries it had, 0 when there is nothing.

        If it fails, nothing of the batch has happened and the next step begins it again.
        """
        if self._renewed:
            self._make_engine = self._renewed.pop()
            self._broken_off = True
            self._go_back()
        end = self._at.journal.last()
        lap = self._watch.lap()
        entries = self._at.journal.read(self._read, limit)
        if not entries:
            # Offsets of a damaged file are passed over: the end may lie behind the last entry.
            self._end = end
            return 0
        lap.ends(JOURNAL, len(entries))
        self._at.roll.refresh()
        attribution = self._at.roll.attribution
        events = [self._understand(entry, attribution) for entry in entries]
        lap.ends(READ, len(events))
        self._at.store.append(events)
        lap.ends(STORE, len(events))
        self._reach(EVENTS_KEPT)
        self._go_back()
        fresh = [event for event in events if event.offset > self._detected]
        if fresh:
            self._detect_or_pass_over(fresh, attribution)
        self._read = entries[-1].offset
        return len(entries)

    def clear_journal(self) -> None:
        """Let the journal drop what has been detected on and sealed."""
        self._at.journal.drop_through(min(self._detected, self._at.store.sealed_through()))

    def _go_back(self) -> None:
        """Where a step broke off, or the rules are others: begin again from what is committed."""
        if self._broken_off:
            self._engine = self._recover()
            self._broken_off = False

    def _recover(self) -> Engine:
        """What is committed: the offset, and the windows that belong to it."""
        with self._at.state.reading() as state:
            self._detected = state.offset()
            return self._make_engine(state.windows())

    def _understand(self, entry: Entry, attribution: Attribution) -> Event:
        record = entry.record
        name = event_id(self._at.journal.id, entry.offset)
        try:
            event = read(record, name, entry.offset)
        except MISTAKES as fault:
            event = _unread(record, name, entry.offset)
            self._tell(event, fault)
        agency = attribution.agency(record.agency)
        asset = None if agency is None else _asset(agency, event)
        return replace(event, agency=record.agency, asset=asset)

    def _detect_or_pass_over(self, events: Sequence[Event], attribution: Attribution) -> None:
        """Detect on all that can be detected on; what a stage was not made for is told."""
        try:
            self._detect(events, attribution)
        except (*MISTAKES, NotAllowed, NotFound) as fault:
            if len(events) == 1:
                self._pass_over(events[0], fault)
                return
            middle = len(events) // 2
            for half in (events[:middle], events[middle:]):
                self._detect_or_pass_over(half, attribution)

    def _pass_over(self, event: Event, fault: Exception) -> None:
        with self._at.state.transaction() as state:
            state.advance(event.offset)
            state.add_source_marks(source_marks([event]))
        self._detected, self._arrived = event.offset, event.received
        self._tell(event, fault)
        self._count_events([event])
        self._hand_in_counts()

    def _tell(self, event: Event, fault: Exception) -> None:
        self._passed_over += 1
        self._last_fault = f"{event.id} ({type(fault).__name__}: {str(fault)[:LONGEST_FAULT]})"
        self._at.meter.count("events_passed_over", source=event.source or "unassigned")
        _log.error("event passed over", event_id=event.id, exc_info=fault)

    def _count(self, name: str, label: str = "", value: str = "", amount: int = 1) -> None:
        self._counts[name, label, value] += amount

    def _count_events(self, events: Sequence[Event]) -> None:
        """Say of each source how many events it sent, and how many could not be read."""
        for mark in source_marks(events):
            source = mark.source or "unassigned"
            self._count("events", "source", source, mark.events)
            if mark.unparsed:
                self._count("events_unparsed", "source", source, mark.unparsed)

    def _hand_in_counts(self) -> None:
        """What was counted is committed: only now does it count, however often it was tried."""
        for (name, label, value), amount in self._counts.items():
            self._at.meter.count(name, amount, **({label: value} if label else {}))
        self._counts.clear()

    def _detect(self, events: Sequence[Event], attribution: Attribution) -> None:
        self._go_back()
        # Until the commit: what the engine counts from here on must not be counted again.
        self._broken_off = True
        self._counts.clear()
        lap = self._watch.lap()
        found = [
            self._with_witnesses(detection)
            for event in events
            for detection in self._engine.match(event)
        ]
        lap.ends(MATCH, len(events))
        last = events[-1].offset
        with self._at.state.transaction() as state:
            state.advance(last)
            self._reach(OFFSET_WRITTEN)
            state.add_source_marks(source_marks(events))
            for alert in self._fold(state, self._unhidden(state, found), attribution):
                state.put_alert(alert)
                self._warn(state, alert, attribution)
            state.put_windows(self._engine.changes())
        lap.ends(COMMIT, len(events))
        self._detected, self._arrived = last, events[-1].received
        self._broken_off = False
        self._count("detections", amount=len(found))
        self._count_events(events)
        self._hand_in_counts()

    def _with_witnesses(self, detection: Detection) -> Detection:
        """Give a correlation some of its events: a letter about ten log-ins shows several."""
        others = [event for event in detection.events if event != detection.event.id]
        if len(others) > WITNESSES:
            others = [*others[: WITNESSES // 2], *others[-(WITNESSES // 2) :]]
        found = [self._stored(detection.event.agency, event) for event in others]
        return replace(detection, witnesses=tuple(event for event in found if event is not None))

    def _stored(self, agency: AgencyId | None, event: EventId) -> Event | None:
        try:
            return self._at.store.get(agency, event)
        except SentinelError:
            return None  # gone, or not to be read now: a letter is not held up for one line more

    def _unhidden(
        self, state: StateTransaction, found: Sequence[Detection]
    ) -> Sequence[tuple[Detection, Cause]]:
        """The detections that nobody has suppressed, with their causes; the others are counted."""
        if not found:
            return []
        now = self._at.clock.now()
        working = self._suppressing(state, now)
        shown = []
        hidden: Counter[SuppressionId] = Counter()
        for detection in found:
            agency = detection.event.agency
            cause = group.cause(detection, agency)
            suppression = working.hiding(detection.rule.id, agency, cause.subject)
            if suppression is None:
                shown.append((detection, cause))
            else:
                hidden[suppression.id] += 1
        for name, amount in hidden.items():
            state.add_hidden(name, amount, now)
        self._count("detections_suppressed", amount=hidden.total())
        return shown

    def _suppressing(self, state: StateTransaction, now: datetime) -> Working:
        """What is suppressed now; nothing where that cannot be read: noise before silence."""
        try:
            working = Working(state.suppressions(), now)
        except MISTAKES as fault:
            self._unreadable = (
                f"the suppressions cannot be read, so none of them hides anything: {fault}"
            )
            return Working((), now)
        self._unreadable = ""
        return working

    def _fold(
        self,
        state: StateTransaction,
        found: Sequence[tuple[Detection, Cause]],
        attribution: Attribution,
    ) -> Sequence[Alert]:
        """Detections of one cause become one alert, the open one where there is one."""
        alerts: dict[tuple[AgencyId | None, CauseKey], Alert] = {}
        for detection, cause in found:
            agency = detection.event.agency
            alert = alerts.get((agency, cause.key)) or state.open_alert(agency, cause.key)
            at = self._at.clock.now()
            points = score(
                detection.rule,
                attribution.level(agency, detection.event.asset),
                1 if alert is None else alert.detections + 1,
                self._at.issuing.policy.weights,
            )
            if alert is None:
                previous = state.last_closed(agency, cause.key)
                alert = group.opened(detection, agency, cause, points, previous, at)
                self._count("alerts_opened")
            else:
                alert = group.joined(alert, detection, points)
            alerts[agency, cause.key] = alert
        return list(alerts.values())

    def _warn(self, state: StateTransaction, alert: Alert, attribution: Attribution) -> None:
        """An alert above its agency's threshold gets one warning, sent as the policy says."""
        agency = attribution.agency(alert.agency)
        if agency is None or alert.score.points < agency.policy.threshold:
            return
        if state.warnings(WarningQuery(alert=alert.id, limit=1)):
            return
        at = self._at.clock.now()
        warning = release.draft(alert, agency, at)
        state.put_warning(warning)
        self._count("warnings_drafted")
        if agency.policy.release is not Release.AT_ONCE:
            return
        try:
            release.recipients(agency)
        except NotAllowed:
            # Nobody to send it to: the draft stays in the queue, where a person sees it.
            self._count("warnings_without_recipient", "agency", agency.id)
            return
        self._at.issuing.release(state, warning, alert, agency, who="", at=at)


def _unread(record: Record, name: EventId, offset: Offset) -> Event:
    """The event of a record that the reader fell over: its text, as the reader tags it."""
    event = read(replace(record, format="raw"), name, offset)
    return replace(event, fields={**event.fields, "tags": [UNPARSED]})


def _asset(agency: Agency, event: Event) -> AssetId | None:
    asset = Attribution.asset(agency, event.fields)
    return None if asset is None else asset.id
