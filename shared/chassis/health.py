"""`GET /health`: 200 when this service can serve, and what it sees of what it depends on."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from fastapi import APIRouter, Request, Response

from shared.chassis.fields import Output

PROBE_TIMEOUT_S = 2.0


@dataclass(frozen=True, slots=True)
class Dependency:
    """Something a service talks to. `required`: without it the service cannot serve."""

    name: str
    probe: Callable[[], Awaitable[object]]
    required: bool


class Health(Output):
    """What `/health` answers."""

    status: Literal["ok", "degraded", "down"]
    service: str
    dependencies: Mapping[str, Literal["up", "down"]]


async def _is_up(dependency: Dependency) -> bool:
    probe = asyncio.ensure_future(dependency.probe())
    # Not `asyncio.timeout`: a cancelled asyncpg call asks the server to stop and waits for it, and the server that we
    # are asking about may be the one that hangs.
    done, _ = await asyncio.wait([probe], timeout=PROBE_TIMEOUT_S)
    if not done:
        probe.cancel()
        probe.add_done_callback(lambda late: late.cancelled() or late.exception())
        return False
    return probe.exception() is None


def health_router(service: str) -> APIRouter:
    """The route; it reads `dependencies` (a sequence of `Dependency`) from the lifespan state."""
    router = APIRouter(tags=["operations"])

    @router.get("/health", summary="Can this service serve?", responses={503: {"model": Health}})
    async def health(request: Request, response: Response) -> Health:
        """200 when it can (`degraded`: slower, for example without Redis), 503 when it cannot."""
        dependencies: tuple[Dependency, ...] = request.state.dependencies
        up = await asyncio.gather(*(_is_up(dependency) for dependency in dependencies))
        broken = [dependency for dependency, is_up in zip(dependencies, up, strict=True) if not is_up]
        down = any(dependency.required for dependency in broken)
        response.status_code = 503 if down else 200
        response.headers["Cache-Control"] = "no-store"
        return Health(
            status="down" if down else "degraded" if broken else "ok",
            service=service,
            dependencies={d.name: "up" if is_up else "down" for d, is_up in zip(dependencies, up, strict=True)},
        )

    return router
