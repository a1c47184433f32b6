"""The first schema: tables, the guard of the seats, the ledger."""

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Run the two SQL files beside this one, as they are: the database should be read in its own language."""
    here = Path(__file__).parent
    for part in ("0001_tables.sql", "0001_guards.sql"):
        op.get_bind().exec_driver_sql((here / part).read_text(encoding="utf-8").replace("%", "%%"))


def downgrade() -> None:
    """There is no way back in place."""
    raise NotImplementedError("Migrations only go forward: restore a backup instead.")
