"""Each event says in which time zone its venue's clocks run."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A constant default rewrites no rows."""
    op.execute("ALTER TABLE events ADD COLUMN time_zone text DEFAULT 'UTC' NOT NULL")


def downgrade() -> None:
    """There is no way back in place."""
    raise NotImplementedError("Migrations only go forward: restore a backup instead.")
