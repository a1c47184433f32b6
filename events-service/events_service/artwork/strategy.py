"""What finds pictures has this shape; the picker chooses a finder by event type, and lives with its failures."""

import asyncio
import re
from collections.abc import Mapping
from typing import Protocol

import structlog

log = structlog.get_logger()

PATIENCE_S = 3.0
"""How long the creation of an event may wait for its picture."""

# What a page may load: our pages' policy allows pictures from these two hosts alone. One plain form of address, so that
# two parsers cannot disagree about its host.
_ALLOWED = re.compile(r"https://(image\.tmdb\.org|i\.scdn\.co)/[A-Za-z0-9/._~-]{1,200}", re.ASCII)


def is_allowed_picture(address: str) -> bool:
    """Whether `address` is a picture on one of the hosts that we trust to serve pictures."""
    return _ALLOWED.fullmatch(address) is not None


class ArtworkUnavailable(Exception):
    """The service that was asked for a picture did not answer as it should."""


class ArtworkStrategy(Protocol):
    """Finds the picture of an event by its name."""

    async def find(self, name: str) -> str | None:
        """The picture's address, or `None` when there is none. Raises `ArtworkUnavailable`."""
        ...


class GeneratedArtwork:
    """Finds nothing, so that the event shows the picture that we draw."""

    async def find(self, name: str) -> str | None:
        """Always `None`."""
        return None


class ArtworkPicker:
    """Picks the picture of a new event."""

    def __init__(self, strategies: Mapping[str, ArtworkStrategy], *, patience_s: float = PATIENCE_S) -> None:
        """`strategies` by event type; other types get the generated picture."""
        self._strategies = strategies
        self._patience_s = patience_s

    async def pick(self, *, event_type: str, name: str) -> str | None:
        """An allowed address, or `None` for the generated picture. Never raises, and takes `patience_s` at most."""
        strategy = self._strategies.get(event_type, GeneratedArtwork())
        try:
            async with asyncio.timeout(self._patience_s):
                found = await strategy.find(name)
        except (ArtworkUnavailable, TimeoutError) as error:
            log.warning("artwork.unavailable", strategy=type(strategy).__name__, error=type(error).__name__)
            return None
        return found if found is not None and is_allowed_picture(found) else None
