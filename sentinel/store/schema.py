"""The tables of the state database, and the promises that they hold by themselves.

A field that somebody asks for is a column; the rest of a value is JSON text in `rest`, the last
column, so that SQLite reads what stands before it without reading it. "" in `alerts.agency` is
nobody's: NULLs are never equal, and the unassigned alerts are one owner's too.
A change here needs a migration beside it; a test compares the two.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    literal_column,
)
from sqlalchemy.types import TypeDecorator

from sentinel.model.alert import AlertState
from sentinel.model.warning import DeliveryState


class Moment(TypeDecorator[datetime]):
    """An aware time, kept in UTC with a fixed width, so that it sorts as text too."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn it to UTC, whatever zone it came in."""
        del dialect
        if value is not None and value.tzinfo is None:
            raise ValueError(f"a time without zone cannot be kept: {value.isoformat()}")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Say again that it is UTC: SQLite keeps no zone."""
        del dialect
        return None if value is None else value.replace(tzinfo=UTC)


metadata = MetaData(
    naming_convention={
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    }
)

marks = Table(
    "marks",  # "offset", "registry-version"
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", BigInteger, nullable=False),
)

agencies = Table(
    "agencies",
    metadata,
    Column("id", Text, primary_key=True),
    Column("rest", Text, nullable=False),
)

alerts = Table(
    "alerts",
    metadata,
    Column("id", Text, primary_key=True),
    Column("agency", Text, nullable=False),
    Column("cause", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("score", Integer, nullable=False),
    Column("opened", Moment, nullable=False),
    Column("last_seen", Moment, nullable=False),
    Column("rule", Text, nullable=False),
    Column("assignee", Text, nullable=False),
    Column("disposition", Text, nullable=False),  # "" while there is none
    Column("words", Text, nullable=False),  # see `lookup.words_of`
    Column("rest", Text, nullable=False),
)

alert_keys = Table(
    "alert_keys",  # see `lookup.keys_of`
    metadata,
    Column("alert", Text, ForeignKey("alerts.id"), primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("value", Text, primary_key=True),
    Column("agency", Text, nullable=False),  # the alert's
    sqlite_with_rowid=False,
)

alert_entries = Table(
    "alert_entries",
    metadata,
    Column("alert", Text, ForeignKey("alerts.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("who", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("disposition", Text, nullable=False),  # "" but for a closing
)

warnings = Table(
    "warnings",
    metadata,
    Column("id", Text, primary_key=True),
    Column("number", Text, nullable=False),
    Column("agency", Text, nullable=False),
    Column("alert", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("created", Moment, nullable=False),
    Column("rest", Text, nullable=False),
)

warning_entries = Table(
    "warning_entries",
    metadata,
    Column("warning", Text, ForeignKey("warnings.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("who", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("reason", Text, nullable=False),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("warning", Text, ForeignKey("warnings.id"), primary_key=True),
    Column("contact", Text, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("message_id", Text, nullable=False),
    Column("token", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("due", Moment, nullable=False),
    Column("rest", Text, nullable=False),
    UniqueConstraint("message_id"),
    UniqueConstraint("token"),
)

numbers = Table(
    "numbers",
    metadata,
    Column("series", Text, primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("last", Integer, nullable=False),
)

windows = Table(
    "windows",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", LargeBinary, nullable=False),
)

secrets = Table(
    "secrets",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

suppressions = Table(
    "suppressions",  # a row a version
    metadata,
    Column("id", Text, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("begun", Moment, nullable=False),
    Column("rest", Text, nullable=False),
)

hidden = Table(
    "hidden",
    metadata,
    Column("suppression", Text, primary_key=True),
    Column("detections", BigInteger, nullable=False),
    Column("last", Moment, nullable=False),
)

jobs = Table(
    "jobs",
    metadata,
    Column("id", Text, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("finished", Moment),
    Column("rest", Text, nullable=False),
)

job_items = Table(
    "job_items",
    metadata,
    Column("job", Text, ForeignKey("jobs.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("rest", Text, nullable=False),
    sqlite_with_rowid=False,
)

people = Table(
    "people",
    metadata,
    Column("name", Text, primary_key=True),
    Column("rest", Text, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("token", Text, primary_key=True),
    Column("person", Text, nullable=False),
    Column("started", Moment, nullable=False),
    Column("seen", Moment, nullable=False),
)

source_marks = Table(
    "source_marks",  # "" is no source, "" no agency
    metadata,
    Column("source", Text, primary_key=True),
    Column("agency", Text, primary_key=True),
    Column("events", BigInteger, nullable=False),
    Column("unparsed", BigInteger, nullable=False),
    Column("received", Moment, nullable=False),
    Column("at", Moment, nullable=False),
)


def _word(word: str) -> ColumnElement[str]:
    """A word written out: a planner uses a partial index only where it can read the condition."""
    return literal_column(f"'{word}'", Text)


# The conditions of the partial indexes. Queries use the very same ones.
ALERT_IS_OPEN = alerts.c.state != _word(AlertState.CLOSED.value)
WARNING_IS_NUMBERED = warnings.c.number != _word("")
DELIVERY_IS_PENDING = deliveries.c.state.in_(
    [_word(DeliveryState.QUEUED.value), _word(DeliveryState.ATTEMPTING.value)]
)
JOB_IS_UNFINISHED = jobs.c.finished.is_(None)

# What `AlertQuery` asks about beside the order. It stands in the indexes that alerts are walked
# by, so that narrowing and counting never go to the rows, a page of the file each.
_ASKED = (
    alerts.c.rule,
    alerts.c.assignee,
    alerts.c.disposition,
    alerts.c.opened,
    alerts.c.words,
)

Index(
    "one_open_alert_a_cause",
    alerts.c.agency,
    alerts.c.cause,
    unique=True,
    sqlite_where=ALERT_IS_OPEN,
    postgresql_where=ALERT_IS_OPEN,
)
Index("alerts_by_cause", alerts.c.agency, alerts.c.cause, alerts.c.opened)
Index(
    "alerts_by_score",
    alerts.c.state,
    alerts.c.score,
    alerts.c.last_seen,
    alerts.c.id,
    alerts.c.agency,
    *_ASKED,
)
Index(
    "alerts_by_agency",
    alerts.c.agency,
    alerts.c.state,
    alerts.c.score,
    alerts.c.last_seen,
    alerts.c.id,
    *_ASKED,
)
Index(
    "alerts_by_age",
    alerts.c.state,
    alerts.c.last_seen,
    alerts.c.id,
    alerts.c.agency,
    alerts.c.score,
    *_ASKED,
)
Index(
    "alerts_by_key",
    alert_keys.c.kind,
    alert_keys.c.value,
    alert_keys.c.agency,
    alert_keys.c.alert,
)
Index(
    "one_warning_a_number",
    warnings.c.number,
    unique=True,
    sqlite_where=WARNING_IS_NUMBERED,
    postgresql_where=WARNING_IS_NUMBERED,
)
Index("warnings_by_age", warnings.c.state, warnings.c.created, warnings.c.id)
Index(
    "warnings_by_agency",
    warnings.c.agency,
    warnings.c.state,
    warnings.c.created,
    warnings.c.id,
)
Index("warnings_by_alert", warnings.c.alert, warnings.c.state, warnings.c.created, warnings.c.id)
Index(
    "deliveries_pending",
    deliveries.c.due,
    deliveries.c.warning,
    deliveries.c.contact,
    sqlite_where=DELIVERY_IS_PENDING,
    postgresql_where=DELIVERY_IS_PENDING,
)
Index("jobs_by_age", jobs.c.at, jobs.c.id)
Index(
    "jobs_unfinished",
    jobs.c.at,
    jobs.c.id,
    sqlite_where=JOB_IS_UNFINISHED,
    postgresql_where=JOB_IS_UNFINISHED,
)
Index("sessions_by_person", sessions.c.person)
