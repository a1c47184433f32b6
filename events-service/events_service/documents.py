"""Answers that many people get: made once, sent whole, compressed, or as "you have it" (RFC 9110 §8.8.3, §13.1.2)."""

import asyncio
import gzip
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Header
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

_TAG = re.compile(rb'(?:W/)?"([^"]{0,128})"')
_REFUSED = re.compile(rb"gzip\s*;\s*q=0(?:\.0*)?\s*(?:,|$)")

WORTH_COMPRESSING_BYTES = 1024
"""Below it an answer is one packet either way."""

RawHeaders = tuple[tuple[bytes, bytes], ...]

IfNoneMatch = Annotated[
    str | None,
    Header(alias="If-None-Match", description="ETags that the client has; the answer is 304 when one is current."),
]


@dataclass(frozen=True, slots=True)
class Manner:
    """How documents of one kind are sent. Those that are `kept` have an ETag and are compressed for who takes it: once,
    for everybody. Others are sent once, and compressing them is left to the server in front.
    """

    media_type: str
    cache_control: str
    kept: bool = True
    more_headers: RawHeaders = ()
    headers: RawHeaders = field(init=False)

    def __post_init__(self) -> None:
        headers = ((b"cache-control", self.cache_control.encode()), *self.more_headers)
        if self.kept:
            headers = (*headers, (b"vary", b"accept-encoding"))
        object.__setattr__(self, "headers", headers)


class Document:
    """Bytes, with their tag and their compressed form; both are made when first asked for."""

    def __init__(self, content: bytes, *, tag: str | None = None) -> None:
        """`tag`: what names exactly these bytes, when that is known already."""
        self.content = content
        self._tag = tag
        self._compression: asyncio.Task[bytes] | None = None

    @property
    def tag(self) -> bytes:
        """The ETag without quotes."""
        if self._tag is None:
            self._tag = hashlib.sha256(self.content).hexdigest()[:32]
        return self._tag.encode()

    async def compressed(self) -> bytes:
        """The content in gzip. Concurrent callers share the work, which is done in a thread."""
        if self._compression is None:
            self._compression = asyncio.ensure_future(asyncio.to_thread(gzip.compress, self.content, mtime=0))
        return await asyncio.shield(self._compression)


class DocumentResponse(Response):
    """A document, as a route answers it."""

    def __init__(self, document: Document, manner: Manner) -> None:
        super().__init__()
        self._document = document
        self._manner = manner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        await send_document(self._document, self._manner, scope, send)


async def send_document(document: Document, manner: Manner, scope: Scope, send: Send) -> None:
    """Answer the request of `scope` with as few bytes as it allows."""
    headers = list(manner.headers)
    status, content = 200, document.content
    if manner.kept:
        accept_encoding, if_none_match = _wishes(scope)
        compressed = len(content) >= WORTH_COMPRESSING_BYTES and _takes_gzip(accept_encoding)
        # A strong tag names bytes; the compressed ones are others. Comparison is weak, so either finds the other.
        headers.append((b"etag", (b'W/"%b"' if compressed else b'"%b"') % document.tag))
        if if_none_match and document.tag in _TAG.findall(if_none_match):
            status = 304
        elif compressed:
            content = await document.compressed()
            headers.append((b"content-encoding", b"gzip"))
    if status == 304:
        content = b""
    else:
        headers += ((b"content-type", manner.media_type.encode()), (b"content-length", b"%d" % len(content)))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})


def _wishes(scope: Scope) -> tuple[bytes, bytes]:
    """The values of Accept-Encoding and If-None-Match; several lines of one name count as one list (RFC 9110 §5.3)."""
    accept_encoding = if_none_match = b""
    headers: Sequence[tuple[bytes, bytes]] = scope["headers"]
    for name, value in headers:
        if name == b"accept-encoding":
            accept_encoding += b"," + value
        elif name == b"if-none-match":
            if_none_match += b"," + value
    return accept_encoding, if_none_match


def _takes_gzip(accept_encoding: bytes) -> bool:
    offered = accept_encoding.lower()
    return b"gzip" in offered and _REFUSED.search(offered) is None
