"""Asking other people's services: fixed hosts, no redirects, little patience, small answers."""

from typing import TypeVar

import httpx
import msgspec

from events_service.artwork.strategy import PATIENCE_S, ArtworkUnavailable

MAX_ANSWER_BYTES = 1024 * 1024

Answer = TypeVar("Answer")


def create_client(transport: httpx.AsyncBaseTransport | None = None) -> httpx.AsyncClient:
    """The client for `fetch`. `transport` replaces the network, for tests."""
    return httpx.AsyncClient(
        transport=transport,
        timeout=PATIENCE_S,
        follow_redirects=False,  # a redirect would choose the host we talk to
        trust_env=False,
        headers={"Accept": "application/json", "User-Agent": "frontrow"},
    )


async def fetch(client: httpx.AsyncClient, request: httpx.Request, answer: type[Answer]) -> Answer:
    """The JSON answer, as an `answer`. Raises `ArtworkUnavailable` for anything but a small, well-formed 200."""
    try:
        response = await client.send(request, stream=True)
        try:
            if response.status_code != httpx.codes.OK:
                raise ArtworkUnavailable
            body = b""
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > MAX_ANSWER_BYTES:
                    raise ArtworkUnavailable
        finally:
            await response.aclose()
        return msgspec.json.decode(body, type=answer)
    except (httpx.HTTPError, msgspec.DecodeError, UnicodeDecodeError) as error:
        # `from None`: an HTTP error carries the address that was asked, and with it a key.
        raise ArtworkUnavailable(type(error).__name__) from None
