"""What alembic runs: the steps, over the connection that `upgrade` hands in. No alembic.ini."""

from __future__ import annotations

from alembic import context

from sentinel.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite changes a table by making it anew
)
with context.begin_transaction():
    context.run_migrations()
