"""The real system, with a link between each booking instance and its servers, and a clock for each service."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from chaos.clocks.skew import Skew
from chaos.proxy.link import Link, PostgresLink, RedisLink
from chaos.terms import Terms
from devstack.ports import free_port
from devstack.stack import Parts, Stack

# A part that we kill ten times a minute is not one that dies of itself: it is started again at once each time.
_BACKOFF_S = (0.05,)


class BreakableStack(Stack):
    """A stack whose booking instances reach PostgreSQL and Redis through links that exist beforehand. Its services can
    be given a wrong wall clock, which stays wrong when they are killed and started again, as that of a machine would.
    """

    def __init__(
        self,
        terms: Terms,
        *,
        parts: Parts | None = None,
        more_settings: Mapping[str, str],
        say: Callable[[str], None],
    ) -> None:
        super().__init__(
            instances=terms.instances,
            environment="test",
            settings={**terms.service_settings(), **more_settings},
            sample_data=False,
            backoff_s=_BACKOFF_S,
            parts=parts,
            say=say,
        )
        names = terms.booking_parts()
        self.database_links = {n: PostgresLink(n, port=free_port(), server=self._database_address) for n in names}
        self.redis_links = {n: RedisLink(n, port=free_port(), server=self._redis_address) for n in names}

    def skew_of(self, name: str) -> Skew:
        """The clock of one service."""
        return Skew(self._clock(name))

    def command_of(self, name: str, command: Sequence[str]) -> Sequence[str]:
        """See Stack."""
        if name == "edge":
            return command
        _run_module, module, *arguments = command
        return ("-m", "chaos.clocks.run", str(self._clock(name)), module, *arguments)

    def _clock(self, name: str) -> Path:
        return self.folder.path / "clocks" / name

    def environment_of(self, name: str) -> dict[str, str]:
        """See Stack."""
        environment = super().environment_of(name)
        if name in self.database_links:
            environment["DATABASE_URL"] = _through(self.database_url, self.database_links[name])
            environment["REDIS_URL"] = _through(self.redis_url, self.redis_links[name])
        return environment

    def _database_address(self) -> tuple[str, int]:
        return _address(self.database_url)

    def _redis_address(self) -> tuple[str, int]:
        return _address(self.redis_url)


class Links:
    """All links of a stack, open while inside the `async with`: before its services start and until they have ended."""

    def __init__(self, stack: BreakableStack) -> None:
        self._links: list[Link] = [*stack.database_links.values(), *stack.redis_links.values()]
        self._opened = AsyncExitStack()

    async def __aenter__(self) -> Self:
        for link in self._links:
            await self._opened.enter_async_context(link)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._opened.aclose()


def _address(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    return parts.hostname or "127.0.0.1", parts.port or 0


def _through(url: str, link: Link) -> str:
    parts = urlsplit(url)
    return url.replace(f"{parts.hostname}:{parts.port}", f"127.0.0.1:{link.port}")
