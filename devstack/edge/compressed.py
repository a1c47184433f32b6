"""Text files in gzip: compressed when first asked for, and kept until the file changes.

A page is some sixty files, and most of what they say repeats itself. nginx does the same in Compose (ADR-0037).
"""

import gzip
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from aiohttp import ETag, web

_TEXT = re.compile(r"text/|application/(?:\w+\+)?json\b|image/svg\+xml")
_REFUSED = re.compile(r"gzip\s*;\s*q=0(?:\.0*)?\s*(?:,|$)")


def is_worth_it(content_type: str) -> bool:
    """Whether it is text. Faces and photographs are compressed as they are."""
    return _TEXT.match(content_type) is not None


def takes_gzip(accept_encoding: Sequence[str]) -> bool:
    """What the lines of Accept-Encoding say; several of them are one list (RFC 9110 §5.3)."""
    offered = ",".join(accept_encoding).lower()
    return "gzip" in offered and _REFUSED.search(offered) is None


@dataclass(frozen=True, slots=True)
class CompressedFile:
    """One version of a file."""

    version: tuple[int, int]
    content: bytes

    @property
    def tag(self) -> str:
        """Names these bytes: other than the file's own, which have another tag."""
        written_at, size = self.version
        return f"{written_at:x}-{size:x}-gzip"

    def answer(self, request: web.Request, headers: Mapping[str, str]) -> web.Response:
        """The bytes, or 304 to a browser that has them."""
        if any(tag.value in (self.tag, "*") for tag in request.if_none_match or ()):
            response = web.Response(status=304, headers=headers)
        else:
            response = web.Response(body=self.content, headers={**headers, "Content-Encoding": "gzip"})
        response.etag = ETag(self.tag)
        return response


class CompressedFiles:
    """Keeps the last version of each file that was asked for: a folder of pages, some 300 kB."""

    def __init__(self) -> None:
        self._kept: dict[Path, CompressedFile] = {}

    def of(self, file: Path) -> CompressedFile:
        """The file as it is now; it must exist. Reads and compresses it when it is not the version that is kept."""
        found = file.stat()
        version = (found.st_mtime_ns, found.st_size)
        kept = self._kept.get(file)
        if kept is None or kept.version != version:
            kept = self._kept[file] = CompressedFile(version, gzip.compress(file.read_bytes(), mtime=0))
        return kept
