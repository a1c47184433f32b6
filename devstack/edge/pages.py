"""The front end's files: clean addresses, security headers, compressed, and a fresh copy after every change."""

import asyncio
import mimetypes
import re
from collections.abc import Mapping
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path

from aiohttp import web

from devstack.edge.compressed import CompressedFiles, is_worth_it, takes_gzip
from devstack.edge.problems import problem

# Named here, because a system's own table may lack them or differ.
_CONTENT_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}

# Carries its version in its name (frontend/vendor/VENDOR.toml), so what lies under a name never changes.
_NAMED_BY_VERSION = re.compile(r"/vendor/[a-z-]+-[0-9][^/]*(?:/[^/]+)?\.(?:woff2|m?js)")


class Pages:
    """Serves `folder`. `/movie` is movie.html, `/` is index.html."""

    def __init__(self, folder: Path, headers: Mapping[str, str]) -> None:
        self._folder = folder.resolve()
        self._headers = dict(headers)
        self._compressed = CompressedFiles()

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """The file, or 304 when the browser's copy is still right, or a problem."""
        if request.method not in ("GET", "HEAD"):
            refusal = problem(HTTPStatus.METHOD_NOT_ALLOWED, "A page can only be read", path=request.path)
            refusal.headers["Allow"] = "GET, HEAD"
            return refusal
        file = self.find(request.path)
        if file is None:
            return problem(HTTPStatus.NOT_FOUND, "No such page", path=request.path)
        suffix = file.suffix.lower()
        content_type = _CONTENT_TYPES.get(suffix) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        headers = {**self._headers, "Content-Type": content_type, "Cache-Control": _cache_control(request.path)}
        if is_worth_it(content_type):
            headers["Vary"] = "Accept-Encoding"
            if takes_gzip(request.headers.getall("Accept-Encoding", [])):
                # One that cannot be read, or has just gone, is answered for below.
                with suppress(OSError):
                    return (await asyncio.to_thread(self._compressed.of, file)).answer(request, headers)
        return web.FileResponse(file, headers=headers)

    def find(self, path: str) -> Path | None:
        """The file of a decoded path; None when there is none, or when it lies outside of the folder."""
        parts = [part for part in path.split("/") if part]
        # Neither `..` nor hidden files; a backslash or a NUL is no part of any name of ours.
        if any(part.startswith(".") or "\\" in part or "\0" in part for part in parts):
            return None
        wanted = self._folder.joinpath(*parts)
        candidates = [wanted / "index.html"] if path.endswith("/") else [wanted, Path(f"{wanted}.html")]
        for candidate in candidates:
            try:
                found = candidate.resolve()
                # After following links: one that leads out of the folder is not followed.
                if found.is_relative_to(self._folder) and found.is_file():
                    return found
            except OSError:
                # A name longer than the file system allows.
                return None
        return None


def _cache_control(path: str) -> str:
    if _NAMED_BY_VERSION.fullmatch(path):
        return "public, max-age=31536000, immutable"
    # Keep it, but ask each time: the answer is a short 304 until the file changes (ETag).
    return "no-cache"
