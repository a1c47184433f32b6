"""Posters of movies, from The Movie Database (developer.themoviedb.org, `GET /3/search/movie`)."""

import httpx
import msgspec
from pydantic import SecretStr

from events_service.artwork.fetch import fetch

SEARCH = "https://api.themoviedb.org/3/search/movie"
POSTERS = "https://image.tmdb.org/t/p/w500"


class _Movie(msgspec.Struct):
    title: str = ""
    original_title: str = ""
    poster_path: str | None = None


class _Movies(msgspec.Struct):
    results: list[_Movie] = []


class TmdbArtwork:
    """Finds the poster of the movie with exactly this title: another movie's poster is worse than none."""

    def __init__(self, client: httpx.AsyncClient, api_key: SecretStr) -> None:
        self._client = client
        self._api_key = api_key

    async def find(self, name: str) -> str | None:
        """See `ArtworkStrategy`."""
        query = {"query": name, "api_key": self._api_key.get_secret_value()}
        found = await fetch(self._client, self._client.build_request("GET", SEARCH, params=query), _Movies)
        title = name.casefold()
        for movie in found.results:
            if movie.poster_path and title in (movie.title.casefold(), movie.original_title.casefold()):
                return POSTERS + movie.poster_path
        return None
