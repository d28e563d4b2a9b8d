"""What Alembic runs: the migrations, within the transaction of whoever opens the store."""

from __future__ import annotations

from alembic import context

from voyaltis_flow.reports.tables import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
