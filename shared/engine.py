"""SQLAlchemy's ways into the database: sessions (auth, events), and addresses for commands."""

from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from shared.database import DURABILITY_SETTINGS, SESSION_SETTINGS, refuse_unsafe_settings
from shared.settings import Environment, SharedSettings


def sqlalchemy_url(database_url: object, *, driver: str) -> str:
    """`database_url` (libpq form) for SQLAlchemy with `driver`, for example ``asyncpg`` or ``psycopg2``."""
    return make_url(str(database_url)).set(drivername=f"postgresql+{driver}").render_as_string(hide_password=False)


def create_engine(settings: SharedSettings, *, application_name: str) -> AsyncEngine:
    """An engine for short transactions. Nothing connects until it is used."""
    return create_async_engine(
        sqlalchemy_url(settings.database_url, driver="asyncpg"),
        pool_size=settings.database_pool_size,
        max_overflow=0,
        pool_timeout=settings.database_pool_wait_s,
        pool_pre_ping=True,
        connect_args={
            "server_settings": {**SESSION_SETTINGS, "application_name": application_name},
            "timeout": 5,
        },
    )


def create_session_factory(engine: AsyncEngine) -> async_sessionmaker[AsyncSession]:
    """Sessions whose objects stay readable after commit, since answers are built after it."""
    return async_sessionmaker(engine, expire_on_commit=False)


async def assert_durable(engine: AsyncEngine, environment: Environment) -> None:
    """Ask the server behind `engine`; raises `UnsafeDatabase`."""
    async with engine.connect() as connection:
        shown = (await connection.execute(text(DURABILITY_SETTINGS))).mappings().one()
    refuse_unsafe_settings(dict(shown), environment)
