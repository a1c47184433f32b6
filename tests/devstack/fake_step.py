"""`python -m tests.devstack.fake_step STEP`: stands in for migrations, sample data and the admin account."""

import os
import sys

import psycopg2


def main() -> None:
    """Note in the database that the step was done, with what came on standard input."""
    step = " ".join(sys.argv[1:])
    given = sys.stdin.read().strip()
    connection = psycopg2.connect(os.environ["DATABASE_URL"])
    with connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS steps (step text, given text)")
        cursor.execute("INSERT INTO steps VALUES (%s, %s)", (step, given))
    connection.close()


if __name__ == "__main__":
    main()
