"""Answers that a client may already have (RFC 9110 §8.8.3, §13.1.2)."""

import re
from typing import Annotated

from fastapi import Header, Response

_TAG = re.compile(r'(?:W/)?"([^"]{0,128})"')

IfNoneMatch = Annotated[
    str | None,
    Header(alias="If-None-Match", description="ETags that the client has; the answer is 304 when one is current."),
]


def known_tags(if_none_match: str | None) -> frozenset[str]:
    """The tags in an `If-None-Match` header, without quotes; weak ones count, as the RFC wants it."""
    return frozenset(_TAG.findall(if_none_match or ""))


def tagged(content: bytes | str | None, *, tag: str, media_type: str, cache_control: str) -> Response:
    """`content` with its tag; 304 for `None`: the client has it."""
    headers = {"ETag": f'"{tag}"', "Cache-Control": cache_control}
    if content is None:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=media_type, headers=headers)
