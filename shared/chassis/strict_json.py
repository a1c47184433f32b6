"""Bodies, read strictly: an ASGI layer in front of a service that lets only small, plain, unambiguous JSON through.

The framework alone answers 500 to `NaN` or a lone surrogate, and accepts duplicate keys and bodies of any size.
"""

import asyncio
import json
import math
from typing import Any, NoReturn
from urllib.parse import parse_qsl

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.chassis.problems import BadRequest, PayloadTooLarge, Problem, Unprocessable, UnsupportedMediaType

MAX_BODY_BYTES = 16 * 1024
MAX_DEPTH = 32
MAX_FORM_FIELDS = 20
BODY_TIMEOUT_S = 10.0
"""A client that has not sent its (small) body by then is not going to."""


class RequestTimeout(Problem):
    """The body did not arrive in time."""

    status, slug, title = 408, "body-too-slow", "The body did not arrive in time"


class StrictBodies:
    """Refuses hostile paths and bodies before anybody parses them; passes the rest on, read once."""

    def __init__(self, app: ASGIApp, *, form_paths: frozenset[str] = frozenset()) -> None:
        """`form_paths`: paths that take a form (OAuth2 asks for one) instead of JSON."""
        self._app = app
        self._form_paths = form_paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the class."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        try:
            _refuse_nul(scope)
            if not _ends_with_its_headers(scope):
                body = await _read(scope, receive)
                if body:
                    self._check(scope, body)
                receive = _replay(body, receive)
        except Problem as problem:
            await problem.response(scope["path"])(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _check(self, scope: Scope, body: bytes) -> None:
        media_type = _header(scope, b"content-type").split(b";")[0].strip().lower()
        if scope["path"] in self._form_paths:
            if media_type != b"application/x-www-form-urlencoded":
                raise UnsupportedMediaType("Send application/x-www-form-urlencoded.")
            check_form(body)
            return
        if media_type != b"application/json":
            raise UnsupportedMediaType("Send application/json.")
        parse(body)


def parse(body: bytes) -> Any:
    """The JSON value in `body`. Raises `Unprocessable` for anything that two parsers could read in two ways."""
    try:
        value = json.loads(
            body.decode("utf-8"),
            object_pairs_hook=_object_without_duplicates,
            parse_constant=_refuse_constant,
            parse_float=_finite,
        )
    except UnicodeDecodeError:
        raise Unprocessable("The body is not valid UTF-8.") from None
    except json.JSONDecodeError as error:
        raise Unprocessable(f"The body is not valid JSON: {error.msg} at character {error.pos}.") from None
    except (ValueError, RecursionError):  # digits beyond Python's limit; brackets beyond its stack
        raise Unprocessable("The body is not valid JSON.") from None
    _check_values(value)
    return value


def check_form(body: bytes) -> None:
    """Raise `Unprocessable` for a form that two parsers could read in two ways (RFC 6749 §3.2: no name twice)."""
    try:
        # The framework's parser reads other bytes as Latin-1, and broken escapes as the replacement character.
        pairs = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=True,
            errors="strict",
            max_num_fields=MAX_FORM_FIELDS,
        )
    except ValueError:
        raise Unprocessable("The body is not a valid form.") from None
    if len({name for name, _ in pairs}) != len(pairs):
        raise Unprocessable("The form has the same name twice.")
    for name, value in pairs:
        _check_text(name)
        _check_text(value)


def _check_values(root: Any) -> None:
    level = [root]
    for _ in range(MAX_DEPTH):
        deeper: list[Any] = []
        for value in level:
            if isinstance(value, str):
                _check_text(value)
            elif isinstance(value, list):
                deeper += value
            elif isinstance(value, dict):
                deeper += value.keys()
                deeper += value.values()
        if not deeper:
            return
        level = deeper
    raise Unprocessable(f"The body is nested more than {MAX_DEPTH} levels deep.")


def _check_text(text: str) -> None:
    if "\0" in text:
        raise Unprocessable("The body contains a NUL character.")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise Unprocessable("The body contains half of a surrogate pair.")


def _object_without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise Unprocessable("The body has an object with the same key twice.")
    return result


def _refuse_constant(_name: str) -> NoReturn:
    raise Unprocessable("The body contains NaN or Infinity, which are not JSON.")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise Unprocessable("The body contains a number that is too large.")
    return number


def _refuse_nul(scope: Scope) -> None:
    if "\0" in scope["path"] or b"%00" in scope.get("query_string", b""):
        raise Unprocessable("The address contains a NUL character.")


def _header(scope: Scope, name: bytes) -> bytes:
    found: bytes = next((value for key, value in scope["headers"] if key == name), b"")
    return found


def _ends_with_its_headers(scope: Scope) -> bool:
    """Whether this is a GET, and one without a body (RFC 9112 §6.3): waiting for none cost as much as the log line."""
    announced = any(name in (b"content-length", b"transfer-encoding") for name, _ in scope["headers"])
    return scope["method"] == "GET" and not announced


async def _read(scope: Scope, receive: Receive) -> bytes:
    declared = _header(scope, b"content-length")
    if declared.isdigit() and int(declared) > MAX_BODY_BYTES:
        raise PayloadTooLarge(f"A body may have at most {MAX_BODY_BYTES} bytes.")
    body: bytes = b""
    try:
        async with asyncio.timeout(BODY_TIMEOUT_S):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise BadRequest("The connection ended before the body did.")
                body += message.get("body", b"")
                if len(body) > MAX_BODY_BYTES:
                    raise PayloadTooLarge(f"A body may have at most {MAX_BODY_BYTES} bytes.")
                if not message.get("more_body", False):
                    return body
    except TimeoutError:
        raise RequestTimeout from None


def _replay(body: bytes, receive: Receive) -> Receive:
    sent = False

    async def replay() -> Message:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay
