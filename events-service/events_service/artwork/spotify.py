"""Pictures of artists, from Spotify (developer.spotify.com: client credentials flow, `GET /v1/search`)."""

import re
import time
from collections.abc import Callable

import httpx
import msgspec
from pydantic import SecretStr

from events_service.artwork.fetch import fetch

TOKEN = "https://accounts.spotify.com/api/token"  # noqa: S105 - an address, not a secret
SEARCH = "https://api.spotify.com/v1/search"
LIFETIME_MARGIN_S = 60.0


class _Token(msgspec.Struct):
    access_token: str
    expires_in: float


class _Image(msgspec.Struct):
    url: str


class _Artist(msgspec.Struct):
    name: str
    images: list[_Image] = []


class _Artists(msgspec.Struct):
    items: list[_Artist] = []


class _Found(msgspec.Struct):
    artists: _Artists


class SpotifyArtwork:
    """Finds the picture of the artist whom a concert's name begins with, such as "Orbit: the farewell tour"."""

    def __init__(
        self,
        client: httpx.AsyncClient,
        client_id: SecretStr,
        client_secret: SecretStr,
        *,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._credentials = httpx.BasicAuth(client_id.get_secret_value(), client_secret.get_secret_value())
        self._monotonic = monotonic
        self._token = ""
        self._token_ends_at = float("-inf")

    async def find(self, name: str) -> str | None:
        """See `ArtworkStrategy`."""
        request = self._client.build_request(
            "GET",
            SEARCH,
            params={"q": name, "type": "artist", "limit": "5"},
            headers={"Authorization": f"Bearer {await self._access_token()}"},
        )
        found = await fetch(self._client, request, _Found)
        for artist in found.artists.items:
            if artist.images and _begins_with(name, artist.name):
                return artist.images[0].url
        return None

    async def _access_token(self) -> str:
        if self._monotonic() >= self._token_ends_at:
            request = self._client.build_request("POST", TOKEN, data={"grant_type": "client_credentials"})
            token = await fetch(self._client, next(self._credentials.auth_flow(request)), _Token)
            self._token = token.access_token
            self._token_ends_at = self._monotonic() + token.expires_in - LIFETIME_MARGIN_S
        return self._token


def _begins_with(event_name: str, artist: str) -> bool:
    return bool(artist) and re.match(rf"{re.escape(artist.casefold())}(?!\w)", event_name.casefold()) is not None
