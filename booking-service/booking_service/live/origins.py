"""Whose pages may open a socket: browsers do not keep other sites from doing so, the server must (RFC 6455 §10.2)."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

_DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Origin:
    """A web origin (RFC 6454): where a page comes from."""

    scheme: str
    host: str
    port: int


def parse_origin(text: str) -> Origin | None:
    """The origin in `text`; `None` for `null` and everything else that is no http(s) origin."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return None
    is_bare = not (parts.path or parts.query or parts.fragment or "@" in parts.netloc or text != text.strip())
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname or not is_bare:
        return None
    return Origin(parts.scheme, parts.hostname, port if port is not None else _DEFAULT_PORTS[parts.scheme])


def may_watch(*, origins: list[str], hosts: list[str], is_secure: bool, allowed: Iterable[str]) -> bool:
    """Whether a handshake with these `Origin` and `Host` headers comes from a page of ours, or from no page at all.

    A program other than a browser sends no origin, and may watch. `is_secure`: the connection is known to be encrypted;
    then a page that was not is foreign. When it is not known (a proxy ends TLS and does not tell), both schemes pass.
    """
    if not origins:
        return True
    if len(origins) > 1 or len(hosts) != 1:
        return False
    origin = parse_origin(origins[0])
    if origin is None:
        return False
    if origin in {parse_origin(entry) for entry in allowed}:
        return True
    if is_secure and origin.scheme != "https":
        return False
    # `Host` has no scheme: read it as the origin's own, so that a missing port means that scheme's.
    return origin == parse_origin(f"{origin.scheme}://{hosts[0]}")
