"""`python -m shared.migrations`: bring the database of DATABASE_URL up to date; safe when several start at once."""

import argparse
import os
import sys
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from shared.engine import sqlalchemy_url

# Any number will do, as long as nothing else locks it: two migrations at once take turns instead of failing
# (three services that each called `create_all` at start failed in 30 starts of 30).
MIGRATION_LOCK = 0x66726F6E74726F77  # "frontrow"


def upgrade(database_url: str, revision: str = "head") -> None:
    """Run the migrations up to `revision`. `database_url` in libpq form. Raises what the database raises."""
    engine = sa.create_engine(sqlalchemy_url(database_url, driver="psycopg2"), poolclass=sa.NullPool)
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    with engine.connect() as guard, engine.connect() as connection:
        guard.execute(sa.text("SELECT pg_advisory_lock(:lock)"), {"lock": MIGRATION_LOCK})
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()


def main() -> int:
    """Parse the command line and migrate."""
    parser = argparse.ArgumentParser(prog="python -m shared.migrations", description=__doc__)
    parser.add_argument("--database-url", default=os.environ.get("DATABASE_URL"), help="default: $DATABASE_URL")
    arguments = parser.parse_args()
    if not arguments.database_url:
        parser.error("set DATABASE_URL or pass --database-url")
    try:
        upgrade(arguments.database_url)
    except sa.exc.OperationalError as error:
        print(f"The database did not answer: {error.orig}", file=sys.stderr)
        return 1
    print("The database is up to date.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
