"""Showtimes by the movie's name, and browsing by city: both in any case, so the indexes have lower case."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """`events` is small (thousands of rows), so that writers wait for moments only. No query used the old index."""
    op.execute("CREATE INDEX events_lower_name_idx ON events (lower(name), start_time)")
    op.execute("CREATE INDEX events_lower_city_idx ON events (lower(city), start_time, id)")
    op.execute("DROP INDEX events_name_idx")


def downgrade() -> None:
    """There is no way back in place."""
    raise NotImplementedError("Migrations only go forward: restore a backup instead.")
