"""What the console needs: alerts found by anything, people, suppressions, jobs, marks of sources.

The alerts that are there move into a table that has what they are found by. What that is, today's
code is asked, because it is today's code that will look for it.
"""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa
from alembic import op

from sentinel.model.alert import Alert
from sentinel.store.codec import value_of
from sentinel.store.lookup import Key, keys_of, words_of

revision = "0002"
down_revision = "0001"

_OPEN = sa.text("state != 'closed'")
_UNFINISHED = sa.text("finished IS NULL")
_ASKED = ["rule", "assignee", "disposition", "opened", "words"]
_KEPT = ["id", "agency", "cause", "state", "score", "opened", "last_seen"]
_AT_ONCE = 500  # alerts that are moved together


def upgrade() -> None:
    """Move the alerts, make the new tables."""
    _move_alerts()
    _suppressions()
    _jobs()
    _people()
    _source_marks()


def _move_alerts() -> None:
    # SQLite adds a column behind the last one only, and drops no table that another refers to:
    # both are set aside and made anew.
    op.execute("CREATE TABLE old_alerts AS SELECT * FROM alerts")
    op.execute("CREATE TABLE old_alert_entries AS SELECT * FROM alert_entries")
    op.drop_table("alert_entries")
    op.drop_table("alerts")
    _alerts()
    _alert_entries()
    _alert_keys()
    _fill_alerts()
    # Until now an alert was closed once: what its closing said is what it says.
    op.execute(
        "INSERT INTO alert_entries (alert, position, at, who, action, reason, disposition)"
        " SELECT e.alert, e.position, e.at, e.who, e.action, e.reason,"
        " CASE e.action WHEN 'closed' THEN a.disposition ELSE '' END"
        " FROM old_alert_entries AS e JOIN alerts AS a ON a.id = e.alert"
    )
    op.drop_table("old_alert_entries")
    op.drop_table("old_alerts")


def _fill_alerts() -> None:
    connection = op.get_bind()
    moved = [*_KEPT, "rule", "assignee", "disposition", "words", "rest"]
    alerts = sa.table("alerts", *map(sa.column, moved))
    keys = sa.table("alert_keys", *map(sa.column, ("alert", "kind", "value", "agency")))
    # Texts as they are: times are not read and written again.
    old = connection.execute(sa.text("SELECT * FROM old_alerts")).mappings()
    for some in old.partitions(_AT_ONCE):
        found = [_found_by(row) for row in some]
        connection.execute(alerts.insert(), [row for row, _ in found])
        named = [
            {"alert": row["id"], "kind": kind, "value": value, "agency": row["agency"]}
            for row, its in found
            for kind, value in its
        ]
        if named:
            connection.execute(keys.insert(), named)


def _found_by(old: sa.RowMapping) -> tuple[dict[str, Any], frozenset[Key]]:
    """The new row of an alert, and its keys."""
    rest = json.loads(old["rest"])
    kept = {name: old[name] for name in _KEPT}
    columns = {name: kept[name] for name in _KEPT if name != "score"}
    alert = value_of(Alert, old["rest"], **columns | {"agency": old["agency"] or None})
    new = kept | {
        "rule": rest["card"]["id"],
        "assignee": rest.pop("assignee", ""),
        "disposition": rest.pop("disposition", None) or "",
        "words": words_of(alert),
        "rest": json.dumps(rest, ensure_ascii=False, separators=(",", ":")),
    }
    return new, keys_of(alert)


def _alerts() -> None:
    op.create_table(
        "alerts",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("agency", sa.Text, nullable=False),
        sa.Column("cause", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("score", sa.Integer, nullable=False),
        sa.Column("opened", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("assignee", sa.Text, nullable=False),
        sa.Column("disposition", sa.Text, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("rest", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_alerts"),
    )
    op.create_index(
        "one_open_alert_a_cause",
        "alerts",
        ["agency", "cause"],
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )
    order = ["state", "score", "last_seen", "id"]
    op.create_index("alerts_by_cause", "alerts", ["agency", "cause", "opened"])
    op.create_index("alerts_by_score", "alerts", [*order, "agency", *_ASKED])
    op.create_index("alerts_by_agency", "alerts", ["agency", *order, *_ASKED])
    by_age = ["state", "last_seen", "id", "agency", "score"]
    op.create_index("alerts_by_age", "alerts", [*by_age, *_ASKED])


def _alert_entries() -> None:
    op.create_table(
        "alert_entries",
        sa.Column("alert", sa.Text, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("disposition", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("alert", "position", name="pk_alert_entries"),
        sa.ForeignKeyConstraint(["alert"], ["alerts.id"], name="fk_alert_entries_alert"),
    )


def _alert_keys() -> None:
    op.create_table(
        "alert_keys",
        sa.Column("alert", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("agency", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("alert", "kind", "value", name="pk_alert_keys"),
        sa.ForeignKeyConstraint(["alert"], ["alerts.id"], name="fk_alert_keys_alert"),
        sqlite_with_rowid=False,
    )
    op.create_index("alerts_by_key", "alert_keys", ["kind", "value", "agency", "alert"])


def _suppressions() -> None:
    op.create_table(
        "suppressions",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("begun", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rest", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", "version", name="pk_suppressions"),
    )
    op.create_table(
        "hidden",
        sa.Column("suppression", sa.Text, nullable=False),
        sa.Column("detections", sa.BigInteger, nullable=False),
        sa.Column("last", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("suppression", name="pk_hidden"),
    )


def _jobs() -> None:
    op.create_table(
        "jobs",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished", sa.DateTime(timezone=True)),
        sa.Column("rest", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_jobs"),
    )
    op.create_index("jobs_by_age", "jobs", ["at", "id"])
    op.create_index(
        "jobs_unfinished",
        "jobs",
        ["at", "id"],
        sqlite_where=_UNFINISHED,
        postgresql_where=_UNFINISHED,
    )
    op.create_table(
        "job_items",
        sa.Column("job", sa.Text, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("rest", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("job", "position", name="pk_job_items"),
        sa.ForeignKeyConstraint(["job"], ["jobs.id"], name="fk_job_items_job"),
        sqlite_with_rowid=False,
    )


def _people() -> None:
    op.create_table(
        "people",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("rest", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_people"),
    )
    op.create_table(
        "sessions",
        sa.Column("token", sa.Text, nullable=False),
        sa.Column("person", sa.Text, nullable=False),
        sa.Column("started", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("token", name="pk_sessions"),
    )
    op.create_index("sessions_by_person", "sessions", ["person"])


def _source_marks() -> None:
    op.create_table(
        "source_marks",
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("agency", sa.Text, nullable=False),
        sa.Column("events", sa.BigInteger, nullable=False),
        sa.Column("unparsed", sa.BigInteger, nullable=False),
        sa.Column("received", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("source", "agency", name="pk_source_marks"),
    )
