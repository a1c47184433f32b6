"""The events service: its list of routers, and what lives as long as it does."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from typing import Any

import httpx
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.middleware import Middleware

from events_service.administration.router import router as administration
from events_service.artwork.fetch import create_client
from events_service.artwork.router import router as artwork
from events_service.artwork.spotify import SpotifyArtwork
from events_service.artwork.strategy import ArtworkPicker, ArtworkStrategy
from events_service.artwork.tmdb import TmdbArtwork
from events_service.catalog.cache import CatalogCache
from events_service.catalog.cursors import Cursors
from events_service.catalog.router import router as catalog
from events_service.catalog.seats import SeatReader
from events_service.catalog.service import Catalog
from events_service.known_addresses import KnownAddresses, ShortWay
from events_service.overview.router import router as overview
from events_service.quick_redis import QuickRedis, create_redis
from events_service.rooms.router import router as rooms
from events_service.settings import EventsSettings
from events_service.startup import wait_until_durable
from shared.chassis.health import Dependency
from shared.chassis.identity import TokenIdentifier, engine_lookup
from shared.chassis.service import create_service
from shared.contracts.pictures import PictureAddresses
from shared.database import open_pool
from shared.engine import create_engine, create_session_factory

NAME = "events-service"
DESCRIPTION = """
What is on, where its seats are, and what administrators do about it.

Reading needs no account. For the administration, sign in with **Authorize**; the account must be an administrator's.
"""


def create_app(
    settings: EventsSettings | None = None, *, artwork_transport: httpx.AsyncBaseTransport | None = None
) -> FastAPI:
    """The app. Without `settings` they are read from the environment. `artwork_transport` replaces the network to the
    picture services, for tests.
    """
    chosen = settings or EventsSettings()

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[Mapping[str, Any]]:
        async with AsyncExitStack() as stack:
            engine = create_engine(chosen, application_name=NAME)
            stack.push_async_callback(engine.dispose)
            redis = create_redis(str(chosen.redis_url))
            stack.push_async_callback(redis.aclose)
            client = await stack.enter_async_context(create_client(artwork_transport))
            await wait_until_durable(engine, chosen.environment)

            pool = await stack.enter_async_context(open_pool(chosen, application_name=NAME))
            sessions = create_session_factory(engine)
            secret = chosen.jwt_secret.get_secret_value()
            quick_redis = QuickRedis(redis)
            cache = CatalogCache(quick_redis, ttl=timedelta(seconds=chosen.browse_cache_ttl_s))
            cursors = Cursors(secret)
            pictures = PictureAddresses(chosen.public_api_prefix)
            yield {
                "identifier": TokenIdentifier(secret=secret, lookup=engine_lookup(engine)),
                "dependencies": (
                    Dependency("postgres", lambda: _probe(engine), required=True),
                    Dependency("redis", redis.ping, required=False),
                ),
                "sessions": sessions,
                "quick_redis": quick_redis,
                "cache": cache,
                "addresses": KnownAddresses(),
                "cursors": cursors,
                "pictures": pictures,
                "catalog": Catalog(
                    sessions, cache, cursors, pictures, SeatReader(pool, wait_s=chosen.database_pool_wait_s)
                ),
                "artwork": ArtworkPicker(_strategies(chosen, client)),
            }

    app = create_service(
        name=NAME,
        title="Frontrow events",
        description=DESCRIPTION,
        settings=chosen,
        lifespan=lifespan,
        # The overview first: `/events/overview` is no event's id.
        routers=(overview, catalog, artwork, administration, rooms),
    )
    app.user_middleware.append(Middleware(ShortWay))  # at the end, which is inside of all the others
    return app


async def _probe(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        await connection.execute(text("SELECT 1"))


def _strategies(settings: EventsSettings, client: httpx.AsyncClient) -> dict[str, ArtworkStrategy]:
    strategies: dict[str, ArtworkStrategy] = {}
    if settings.tmdb_api_key is not None:
        strategies["movie"] = TmdbArtwork(client, settings.tmdb_api_key)
    if settings.spotify_client_id is not None and settings.spotify_client_secret is not None:
        strategies["concert"] = SpotifyArtwork(client, settings.spotify_client_id, settings.spotify_client_secret)
    return strategies
