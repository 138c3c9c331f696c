"""What the inside asks of the world: every boundary of the house, on one page.

Each Protocol has a reference in memory, one or more real implementations, and one behaviour suite
that runs over all of them. `wiring.py` and `assembly.py` choose.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from enum import StrEnum
from typing import Protocol

from sentinel.model.agency import Agency, Others, Registry
from sentinel.model.alert import Alert, AlertState, Disposition
from sentinel.model.checkup import Check
from sentinel.model.entity import Entity
from sentinel.model.event import Event
from sentinel.model.ids import (
    AgencyId,
    AlertId,
    CauseKey,
    EventId,
    InputName,
    JobId,
    JournalId,
    Offset,
    PersonName,
    RuleId,
    SourceId,
    SuppressionId,
    WarningId,
)
from sentinel.model.job import AlertAction, Job, JobItem
from sentinel.model.person import LoginSession, Person, PersonRole, Preferences
from sentinel.model.profile import DetectionProfile, Resting
from sentinel.model.record import Record
from sentinel.model.source_mark import SourceMark
from sentinel.model.suppression import Hidden, Scope, Suppression
from sentinel.model.warning import AgencyWarning, Delivery, WarningState


class Clock(Protocol):
    """Time, as an argument."""

    def now(self) -> datetime:
        """The time of day, aware, in UTC."""
        ...


class Tokens(Protocol):
    """Chance, as an argument."""

    def token(self) -> str:
        """At least 128 bits nobody can guess, URL-safe."""
        ...


class Meter(Protocol):
    """Counters that a person can look at. Nothing is dropped, or kept unread, uncounted."""

    def count(self, name: str, amount: int = 1, **labels: str) -> None:
        """Add to the counter of this name and these labels."""
        ...


# -- journal: what has arrived stays -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Entry:
    """A record in its place."""

    offset: Offset
    record: Record


class Journal(Protocol):
    """Every record, in order. One process writes; it may be called from several threads."""

    @property
    def id(self) -> JournalId:
        """Its name, made once: 8 hex digits that never change and go into each event's id."""
        ...

    def append(self, records: Sequence[Record]) -> Offset:
        """Keep these records, in this order, and return the offset of the last.

        On return they and the positions they carry are on disk (fsync), all or none.

        Raises:
            JournalFull: the disk reserve is reached. Nothing was taken.
        """
        ...

    def read(self, after: Offset, limit: int) -> Sequence[Entry]:
        """The entries that follow `after`, in order: at most `limit`, [] where there are none.

        Fewer than there are where they are large: what is read has to fit into memory.

        Offsets of a damaged file that was set aside are passed over.
        """
        ...

    def last(self) -> Offset:
        """The offset of the newest record, 0 before the first."""
        ...

    def positions(self, input_name: InputName) -> Mapping[str, str]:
        """The newest mark of each stream of this input, by stream."""
        ...

    def drop_through(self, offset: Offset) -> None:
        """Every reader is past `offset`: files that hold nothing newer may go."""
        ...

    def damaged(self) -> Sequence[str]:
        """What was set aside since the journal was opened, a sentence each."""
        ...

    def close(self) -> None:
        """Write what is pending and let go of the files."""
        ...


# -- store: events, to be found again ------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class EventQuery:
    """Events of one agency (None: of nobody), newest first.

    `since` (inclusive) and `until` (exclusive) bound `Event.at`. `fields` must each equal the
    event's value as text, or an element of it where it is a list; case is ignored.
    """

    agency: AgencyId | None
    since: datetime | None = None
    until: datetime | None = None
    fields: Mapping[str, str] | None = None
    limit: int = 100


class EventStore(Protocol):
    """Every event with its raw line. One process writes; reading threads are welcome."""

    def append(self, events: Sequence[Event]) -> None:
        """Take events in journal order. Visible to readers at once, on disk when sealed.

        An event at or below `sealed_through()` is known already and passed over.
        """
        ...

    def sealed_through(self) -> Offset:
        """Everything up to this offset is on disk; what follows must come again after a crash."""
        ...

    def seal(self) -> None:
        """Put the tail on disk now. With an empty tail it does nothing."""
        ...

    def get(self, agency: AgencyId | None, event: EventId) -> Event:
        """One event of this agency.

        Raises:
            NotFound: this agency has no such event.
        """
        ...

    def search(self, query: EventQuery) -> Sequence[Event]:
        """Events that fit, newest first by (at, offset)."""
        ...

    def damaged(self) -> Sequence[str]:
        """What was set aside since the store was opened, a sentence each."""
        ...

    def close(self) -> None:
        """Seal and let go."""
        ...


# -- state: alerts, warnings, outbox, offsets ----------------------------------------------------


class AlertOrder(StrEnum):
    """SCORE: highest score, then newest `last_seen`. NEWEST: newest `last_seen` alone."""

    SCORE = "score"
    NEWEST = "newest"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertQuery:
    """Which alerts, in which order. Empty means any.

    Each of `words` must occur, case ignored, in the alert's id, agency, system, rule title, advice
    title (either language) or a value of its subject. `opened_after` is exclusive. `scope` asks
    for what a suppression of this scope would hide; its agency is the one that counts then.
    `skip` and `limit` cut a page out; counts and `alert_ids` do not look at them.
    """

    states: frozenset[AlertState] = frozenset()
    agency: AgencyId | None = None
    unassigned: bool = False  # only alerts of no agency; `agency` must be None
    min_score: int = 0
    max_score: int = 100
    rule: RuleId | None = None
    assignee: str | None = None  # "" asks for those that nobody has taken
    dispositions: frozenset[Disposition] = frozenset()
    words: tuple[str, ...] = ()
    entity: Entity | None = None
    scope: Scope | None = None
    opened_after: datetime | None = None
    seen_since: datetime | None = None  # `last_seen` at or after
    order: AlertOrder = AlertOrder.SCORE
    skip: int = 0
    limit: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningQuery:
    """Warnings, newest first. Empty means any. `skip` and `limit` cut a page out."""

    states: frozenset[WarningState] = frozenset()
    agency: AgencyId | None = None
    alert: AlertId | None = None
    skip: int = 0
    limit: int = 100


class StateReader(Protocol):
    """One consistent look at the state."""

    def offset(self) -> Offset:
        """Everything up to here has been detected on; 0 at first."""
        ...

    def registry(self) -> Registry:
        """All agencies."""
        ...

    def registry_version(self) -> int:
        """A number that grows with every change of the registry; 0 before the first."""
        ...

    def alert(self, alert: AlertId) -> Alert:
        """One alert with its history.

        Raises:
            NotFound: there is none.
        """
        ...

    def alerts(self, query: AlertQuery) -> Sequence[Alert]:
        """Alerts that fit, without history."""
        ...

    def count_alerts(self, query: AlertQuery) -> int:
        """How many fit, exactly."""
        ...

    def alert_ids(self, query: AlertQuery) -> Sequence[AlertId]:
        """The ids of all that fit, in the query's order."""
        ...

    def agencies_with(self, entity: Entity) -> frozenset[AgencyId]:
        """The agencies that have an alert in which this entity has part."""
        ...

    def open_alert(self, agency: AgencyId | None, cause: CauseKey) -> Alert | None:
        """The alert of this cause that is not closed."""
        ...

    def last_closed(self, agency: AgencyId | None, cause: CauseKey) -> AlertId | None:
        """The closed alert of this cause that was opened last."""
        ...

    def warning(self, warning: WarningId) -> AgencyWarning:
        """One warning with its deliveries and history; also found by its number.

        Raises:
            NotFound: there is none.
        """
        ...

    def warnings(self, query: WarningQuery) -> Sequence[AgencyWarning]:
        """Warnings that fit, with deliveries, without history."""
        ...

    def delivery_by_token(self, token_sha256: str) -> Delivery | None:
        """The copy this acknowledge token belongs to."""
        ...

    def due_deliveries(self, now: datetime, limit: int) -> Sequence[Delivery]:
        """Copies queued, or found "attempting" after a crash, whose time has come; oldest first."""
        ...

    def count_pending(self) -> int:
        """How many copies have not left yet, whether or not their time has come."""
        ...

    def windows(self) -> Mapping[str, bytes]:
        """The state of every correlation window."""
        ...

    def secret(self, name: str) -> str | None:
        """A small named text: the API token's hash, the id of the journal that offsets mean."""
        ...

    def suppressions(self) -> Sequence[Suppression]:
        """The newest version of each, lifted and expired ones too; newest begun first."""
        ...

    def suppression(self, suppression: SuppressionId) -> Sequence[Suppression]:
        """All versions of one, oldest first.

        Raises:
            NotFound: there is none.
        """
        ...

    def hidden(self) -> Mapping[SuppressionId, Hidden]:
        """What each suppression has hidden; those that hid nothing are left out."""
        ...

    def job(self, job: JobId) -> Job:
        """One job.

        Raises:
            NotFound: there is none.
        """
        ...

    def jobs(self, limit: int, *, unfinished: bool = False) -> Sequence[Job]:
        """Jobs, newest first; only those that are not finished, oldest first, if so wished."""
        ...

    def job_items(self, job: JobId, limit: int, *, after: int = 0) -> Sequence[JobItem]:
        """Items of a job in its order, `after` of them passed over."""
        ...

    def people(self) -> Sequence[Person]:
        """Everybody, inactive ones too, by name."""
        ...

    def person(self, name: PersonName) -> Person:
        """One person.

        Raises:
            NotFound: there is none.
        """
        ...

    def session(self, token_sha256: str) -> LoginSession | None:
        """The session this cookie belongs to."""
        ...

    def source_marks(self) -> Sequence[SourceMark]:
        """What has been seen of each source, by (source, agency); the unclaimed (None) first."""
        ...


class StateTransaction(StateReader, Protocol):
    """All or nothing, durable when the block ends; its reads see its writes."""

    def advance(self, offset: Offset) -> None:
        """Everything up to here has been detected on.

        Raises:
            ValueError: it would go backwards.
        """
        ...

    def put_alert(self, alert: Alert) -> None:
        """Write an alert whole; history entries it does not have yet are added."""
        ...

    def put_warning(self, warning: AgencyWarning) -> None:
        """Write a warning with its deliveries; history entries it does not have yet are added."""
        ...

    def put_delivery(self, delivery: Delivery) -> None:
        """Write one delivery of a warning that is there."""
        ...

    def take_number(self, series: str, year: int) -> int:
        """The next number of this series and year, from 1, without gaps."""
        ...

    def put_windows(self, changed: Mapping[str, bytes | None]) -> None:
        """Write the windows that changed; None removes one."""
        ...

    def put_agencies(self, agencies: Sequence[Agency]) -> None:
        """Add agencies or replace those of the same id; grows the registry's version."""
        ...

    def remove_agencies(self, agencies: Sequence[AgencyId]) -> None:
        """Take agencies out of the registry, if they are there; their alerts and warnings stay."""
        ...

    def put_secret(self, name: str, value: str) -> None:
        """Write a small named text."""
        ...

    def put_suppression(self, suppression: Suppression) -> None:
        """Add a version.

        Raises:
            ValueError: it is not the version after the newest (1 where there is none).
        """
        ...

    def add_hidden(self, suppression: SuppressionId, detections: int, last: datetime) -> None:
        """Add to what a suppression has hidden; `last` only moves forward."""
        ...

    def put_job(self, job: Job, items: Sequence[JobItem] = ()) -> None:
        """Write a job; `items` are added behind those it has."""
        ...

    def put_job_items(self, job: JobId, after: int, items: Sequence[JobItem]) -> None:
        """Write the items that follow the first `after` ones over those that are there."""
        ...

    def put_person(self, person: Person) -> None:
        """Write a person, added or replaced."""
        ...

    def put_session(self, session: LoginSession) -> None:
        """Write a session, added or replaced."""
        ...

    def remove_sessions(
        self,
        *,
        token_sha256: str | None = None,
        person: PersonName | None = None,
        seen_before: datetime | None = None,
        started_before: datetime | None = None,
    ) -> int:
        """Remove the sessions that fit any of what is given; returns how many."""
        ...

    def add_source_marks(self, marks: Sequence[SourceMark]) -> None:
        """Add counts to those of the same source and agency; `received`, `at` are of the newer."""
        ...


class State(Protocol):
    """The state database. Several processes may use it (the service and the commands)."""

    def transaction(self) -> AbstractContextManager[StateTransaction]:
        """One writer at a time; others wait. An exception in the block undoes all of it."""
        ...

    def reading(self) -> AbstractContextManager[StateReader]:
        """One consistent look; never waits for a writer longer than a commit takes."""
        ...

    def close(self) -> None:
        """Let go."""
        ...


# -- what the doctor looks at, changing nothing ---------------------------------------------------


class Tables(StrEnum):
    """How a state database's tables stand to those this program knows."""

    CURRENT = "current"
    BEHIND = "behind"  # the next start brings them up to date
    NEWER = "newer"  # a newer Sentinel wrote them
    NONE = "none"  # made, and never filled


class StateLook(Protocol):
    """One consistent look at a state database that somebody else may have open."""

    @property
    def reader(self) -> StateReader:
        """What is in it. Only where the tables are CURRENT it is sure to answer."""
        ...

    def tables(self) -> Tables:
        """How its tables stand to ours."""
        ...

    def damage(self, seconds: float | None) -> Sequence[str] | None:
        """What a quick check finds, nothing where all is well; None: that time was too short."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentsSeen:
    """What is in the event store's folder. `broken` are sentences, `aside` names of files.

    `bytes_at` holds each readable segment's time of writing (seconds since 1970) and its bytes.
    """

    segments: int
    events: int
    bytes_at: Sequence[tuple[float, int]]
    broken: Sequence[str]
    aside: Sequence[str]


# -- mail ----------------------------------------------------------------------------------------


class Mailer(Protocol):
    """Hands one message to the mail world."""

    async def send(self, message: EmailMessage, sender: str, recipient: str) -> str:
        """Send to one envelope recipient and return the server's last answer.

        Raises:
            TemporaryRefusal: 4xx, time-out, no connection: try again later.
            PermanentRefusal: 5xx: never try again.
        """
        ...


# -- what people do, as the web and the commands see it ------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class WarningNotice:
    """What the acknowledge page shows to whoever holds a token: the letter and where it stands."""

    warning: AgencyWarning
    delivery: Delivery
    agency: Agency


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Do this with these alerts: named ones, or all that fit a query now.

    `note` is the reason where the action is CLOSE, which also needs a `disposition`. `filter` is
    the query as the person typed it, for the record.
    """

    action: AlertAction
    alerts: AlertQuery | tuple[AlertId, ...]
    who: str
    note: str = ""
    disposition: Disposition | None = None
    filter: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """Other alerts that an entity has part in: how many, and the newest few.

    `agencies` counts the other agencies among all of them: of a public address only.
    """

    entity: Entity
    total: int
    agencies: int
    newest: Sequence[Alert]


class Desk(Protocol):
    """The SOC desk: what people do, each action one transaction that says what it changed.

    `who` is the person's name, as it goes into the history.
    """

    def alerts(self, query: AlertQuery) -> Sequence[Alert]:
        """The queue."""
        ...

    def alert(self, alert: AlertId) -> Alert:
        """One alert with its history. Raises NotFound."""
        ...

    def count(self, query: AlertQuery) -> int:
        """How many alerts fit, exactly."""
        ...

    def related(self, alert: Alert) -> Sequence[Related]:
        """Other alerts of its host, user and address, an entry an entity that has any."""
        ...

    def act(self, order: Order) -> Job:
        """Do something with every alert of the order, each once; those it may not are counted.

        A small order is finished on return; a large one goes on in the background. Raises
        NotAllowed where the order itself makes no sense (nobody named, no reason to close).
        """
        ...

    def undo(self, job: JobId, who: str) -> Job:
        """Put back what a job changed, but for alerts that have moved on since: a job too.

        Raises NotFound, NotAllowed: it is not finished, too old, or undone already.
        """
        ...

    def job(self, job: JobId) -> Job:
        """One job and how far it is. Raises NotFound."""
        ...

    def jobs(self, limit: int) -> Sequence[Job]:
        """The newest jobs."""
        ...

    def acknowledge(self, alert: AlertId, who: str, note: str = "") -> Alert:
        """Somebody has seen it. Raises NotFound, NotAllowed."""
        ...

    def take(self, alert: AlertId, who: str, note: str = "") -> Alert:
        """Somebody works on it. Raises NotFound, NotAllowed."""
        ...

    def close(self, alert: AlertId, who: str, disposition: Disposition, reason: str) -> Alert:
        """It is over, and this is why. Raises NotFound, NotAllowed."""
        ...

    def warnings(self, query: WarningQuery) -> Sequence[AgencyWarning]:
        """Warnings, newest first."""
        ...

    def warning(self, warning: WarningId) -> AgencyWarning:
        """One warning, by id or number. Raises NotFound."""
        ...

    def draft(self, alert: AlertId, who: str) -> AgencyWarning:
        """Begin a warning about an alert that has none. Raises NotFound, NotAllowed."""
        ...

    def preview(self, warning: WarningId) -> AgencyWarning:
        """A draft as it would leave now: deadlines and letters, nothing written.

        Its number is the next one, its links open nothing. What was released comes back as it is.
        Raises NotFound, NotAllowed where there is nobody to send it to.
        """
        ...

    def approve(self, warning: WarningId, who: str) -> AgencyWarning:
        """Number it and put a copy a recipient into the outbox. Raises NotFound, NotAllowed."""
        ...

    def agencies(self) -> Sequence[Agency]:
        """The registry, by id."""
        ...

    def import_agencies(
        self, agencies: Sequence[Agency], who: str, others: Others = Others.KEEP
    ) -> Sequence[AgencyId]:
        """Add or replace these agencies, all or none; returns what was changed or removed.

        Raises RegistryError where a source would belong to two agencies.
        """
        ...

    def notice(self, token: str) -> WarningNotice:
        """The letter behind an acknowledge token; reading it changes nothing. Raises NotFound."""
        ...

    def acknowledge_warning(self, token: str, name: str) -> WarningNotice:
        """The agency has it. A second time changes nothing. Raises NotFound, NotAllowed."""
        ...


class Suppressing(Protocol):
    """What is hidden for a while, by whom and why."""

    def suppressions(self) -> Sequence[tuple[Suppression, Hidden]]:
        """Every suppression as it stands now, and what it has hidden; newest first."""
        ...

    def suppression(self, suppression: SuppressionId) -> Sequence[Suppression]:
        """All versions of one, oldest first. Raises NotFound."""
        ...

    def would_hide(self, scope: Scope, days: int, limit: int) -> tuple[int, Sequence[Alert]]:
        """How many alerts last seen in the past `days` it would have hidden; the newest few."""
        ...

    def suppress(self, scope: Scope, who: str, reason: str, until: datetime) -> Suppression:
        """Hide what fits from now on.

        Raises:
            NotAllowed: no reason, a rule that no alert knows, an end that is past or too far off.
        """
        ...

    def prolong(
        self, suppression: SuppressionId, who: str, reason: str, until: datetime
    ) -> Suppression:
        """Set another end. Raises NotFound, NotAllowed."""
        ...

    def lift(self, suppression: SuppressionId, who: str, reason: str) -> Suppression:
        """End it now. Raises NotFound, NotAllowed: it has ended already."""
        ...


class Accounts(Protocol):
    """Who may log in, and who is logged in."""

    def log_in(self, name: str, password: str) -> tuple[str, Person]:
        """Begin a session: the cookie's value and the person.

        Raises NotAllowed, in the same words and after the same work whatever was wrong.
        """
        ...

    def log_out(self, token: str) -> None:
        """End this session for ever."""
        ...

    def who(self, token: str, *, acting: bool = True) -> Person | None:
        """Whose cookie this is, None where the session is over or the person inactive.

        `acting` False for looks that a page makes by itself: they do not keep a session alive.
        """
        ...

    def people(self) -> Sequence[Person]:
        """Everybody, by name."""
        ...

    def add(self, name: str, role: PersonRole, by: str) -> tuple[Person, str]:
        """Add somebody; returns the first password, to be changed. Raises NotAllowed."""
        ...

    def set_role(self, name: PersonName, role: PersonRole, by: str) -> Person:
        """Change what somebody may do. Raises NotFound, NotAllowed: the last active admin."""
        ...

    def set_active(self, name: PersonName, active: bool, by: str) -> Person:  # noqa: FBT001
        """Let somebody in or not; who is not loses every session. Raises NotFound, NotAllowed."""
        ...

    def reset_password(self, name: PersonName, by: str) -> str:
        """A new first password; every session of the person ends. Raises NotFound."""
        ...

    def change_password(self, token: str, old: str, new: str) -> str:
        """Change one's own; every session ends but a new one, whose cookie value is returned.

        Raises NotAllowed: the old one is wrong, the new one too short or too well known.
        """
        ...

    def prefer(self, name: PersonName, preferences: Preferences) -> Person:
        """Keep somebody's habits. Raises NotFound."""
        ...


class Checkup(Protocol):
    """The doctor."""

    def examine(self) -> Sequence[Check]:
        """Look at everything, in a fixed order; what cannot be looked at is UNKNOWN."""
        ...


class EventFinder(Protocol):
    """The events around an alert."""

    def events_of(self, alert: Alert, limit: int) -> Sequence[Event]:
        """The events that are the alert's evidence, oldest first."""
        ...

    def events_around(self, alert: Alert, minutes: int, limit: int) -> Sequence[Event]:
        """Events of the same agency and subject around the alert's time, newest first."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class InputStatus:
    """How one input is doing. `state`: running, waiting (after a failure), stopped."""

    name: InputName
    collector: str
    state: str
    listening: str = ""
    records: int = 0
    restarts: int = 0
    last_record: datetime | None = None
    last_error: str = ""
    dropped: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceStatus:
    """How one source is doing. `mark` None: never seen. `input` "": no source of the registry.

    `minutes` are the events of the last 60 minutes since the service started, oldest first, the
    minute under way last.
    """

    source: SourceId | None
    agency: AgencyId | None
    input: str
    mark: SourceMark | None
    minutes: Sequence[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceStatus:
    """The service at a glance. `lag` is records journalled but not yet detected on."""

    ready: bool
    started: datetime
    version: str
    lag: int
    inputs: Sequence[InputStatus]
    counters: Mapping[str, int]
    problems: Sequence[str]
    rules: int
    rules_refused: Sequence[str]
    sources: Sequence[SourceStatus] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """One counter of the meter, since the service started. `labels` by name."""

    name: str
    labels: Mapping[str, str]
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """What monitoring asks for besides the status. Sizes are of all files of a folder, in bytes.

    `journal_records` is the number of the newest record; `outbox` the letters that have not left;
    `windows_dropped` the kept windows of correlations that could not be taken up at the start.
    """

    counts: Sequence[Count]
    journal_records: int
    journal_bytes: int
    store_records: int  # through which record events are on disk
    store_bytes: int
    outbox: int
    windows_dropped: int


class Health(Protocol):
    """Asks the running service how it is."""

    def status(self) -> ServiceStatus:
        """The service at a glance."""
        ...

    def resting(self) -> Sequence[Resting]:
        """The rules that are switched off now; cheap enough for every page."""
        ...

    def profile(self) -> DetectionProfile:
        """What detection costs, the way of an event before and behind it included."""
        ...

    def measures(self) -> Measures:
        """Counters and sizes, looked up now."""
        ...
