"""Tells an outage of the database (503, try again) from a fault of ours (500)."""

import asyncpg

_OUTAGES = (
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
    asyncpg.QueryCanceledError,  # statement_timeout
    asyncpg.LockNotAvailableError,  # lock_timeout
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.InternalClientError,  # a connection that broke while it was being set up
    asyncpg.InterfaceError,  # "connection is closed", "pool is closing"
    ConnectionError,
    TimeoutError,
    OSError,
)


def is_database_outage(error: BaseException) -> bool:
    """Whether `error` says that PostgreSQL could not be asked, or did not answer in time."""
    if type(error).__module__ == "sqlalchemy.exc":
        return _is_outage_of_an_engine(error)
    return isinstance(error, _OUTAGES)


def _is_outage_of_an_engine(error: BaseException) -> bool:
    # Not above: who has no engine need not load SQLAlchemy (shared/database.py). Here it is loaded already.
    from sqlalchemy.exc import DBAPIError
    from sqlalchemy.exc import TimeoutError as PoolTimeout

    if isinstance(error, PoolTimeout):
        return True
    if not isinstance(error, DBAPIError):
        return False
    cause: BaseException | None = error.orig
    while cause is not None:
        if isinstance(cause, _OUTAGES):
            return True
        cause = cause.__cause__
    return error.connection_invalidated
