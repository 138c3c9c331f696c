"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_OPEN = sa.text("state != 'closed'")
_NUMBERED = sa.text("number != ''")
_PENDING = sa.text("state IN ('queued', 'attempting')")


def upgrade() -> None:
    """Make all tables."""
    _small_tables()
    _alerts()
    _warnings()
    _deliveries()


def _small_tables() -> None:
    op.create_table(
        "marks",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("value", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_marks"),
    )
    op.create_table(
        "agencies",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("rest", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_agencies"),
    )
    op.create_table(
        "numbers",
        sa.Column("series", sa.Text, nullable=False),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("last", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("series", "year", name="pk_numbers"),
    )
    op.create_table(
        "windows",
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("value", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_windows"),
    )
    op.create_table(
        "secrets",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_secrets"),
    )


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
    op.create_index("alerts_by_cause", "alerts", ["agency", "cause", "opened"])
    op.create_index("alerts_by_score", "alerts", ["state", "score", "last_seen", "id"])
    op.create_index("alerts_by_agency", "alerts", ["agency", "state", "score", "last_seen", "id"])
    _entries("alert", "alerts")


def _warnings() -> None:
    op.create_table(
        "warnings",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("number", sa.Text, nullable=False),
        sa.Column("agency", sa.Text, nullable=False),
        sa.Column("alert", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rest", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_warnings"),
    )
    op.create_index(
        "one_warning_a_number",
        "warnings",
        ["number"],
        unique=True,
        sqlite_where=_NUMBERED,
        postgresql_where=_NUMBERED,
    )
    op.create_index("warnings_by_age", "warnings", ["state", "created", "id"])
    op.create_index("warnings_by_agency", "warnings", ["agency", "state", "created", "id"])
    op.create_index("warnings_by_alert", "warnings", ["alert", "state", "created", "id"])
    _entries("warning", "warnings")


def _deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("warning", sa.Text, nullable=False),
        sa.Column("contact", sa.Text, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("message_id", sa.Text, nullable=False),
        sa.Column("token", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rest", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("warning", "contact", name="pk_deliveries"),
        sa.ForeignKeyConstraint(["warning"], ["warnings.id"], name="fk_deliveries_warning"),
        sa.UniqueConstraint("message_id", name="uq_deliveries_message_id"),
        sa.UniqueConstraint("token", name="uq_deliveries_token"),
    )
    op.create_index(
        "deliveries_pending",
        "deliveries",
        ["due", "warning", "contact"],
        sqlite_where=_PENDING,
        postgresql_where=_PENDING,
    )


def _entries(owner: str, owners: str) -> None:
    op.create_table(
        f"{owner}_entries",
        sa.Column(owner, sa.Text, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.Text, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint(owner, "position", name=f"pk_{owner}_entries"),
        sa.ForeignKeyConstraint([owner], [f"{owners}.id"], name=f"fk_{owner}_entries_{owner}"),
    )
