"""The sessions that the services open, as the database sees them."""

from sqlalchemy import text

from shared.database import open_pool
from shared.engine import create_engine
from shared.settings import SharedSettings
from tests.support.apps import environ


async def test_no_session_compiles_its_statements(database_url: str, redis_url: str) -> None:
    """On a PostgreSQL that can, compiling cost a hold a quarter of a second."""
    settings = SharedSettings.model_validate(environ(database_url=database_url, redis_url=redis_url))
    async with open_pool(settings, application_name="connections") as pool:
        booking = await pool.fetchval("SHOW jit")
    engine = create_engine(settings, application_name="connections")
    async with engine.connect() as connection:
        others = await connection.scalar(text("SHOW jit"))
    await engine.dispose()

    assert (booking, others) == ("off", "off")
