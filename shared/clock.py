"""The application's clock. It dates tokens and log lines; who owns a seat is for the database's clock."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    """The present instant, aware, in UTC."""
    return datetime.now(UTC)
