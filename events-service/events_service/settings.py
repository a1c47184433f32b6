"""What the events service reads from its environment."""

from pydantic import Field, SecretStr

from shared.settings import SharedSettings


class EventsSettings(SharedSettings):
    """The shared settings, and those of catalogue and artwork."""

    browse_cache_ttl_s: int = Field(default=60, ge=1, le=3600)
    """How long an answer of the catalogue may be served again. Writes end it earlier, unless Redis missed the news."""

    tmdb_api_key: SecretStr | None = None
    """With it, new movies get their poster from The Movie Database."""
    spotify_client_id: SecretStr | None = None
    spotify_client_secret: SecretStr | None = None
    """With both, new concerts get their artist's picture from Spotify."""
