"""Bodies and ids that attack a service's parser, and one assertion that a route refuses every one of them.

    from tests.support.hostile import assert_refused

    await assert_refused(client, "POST", "/hold-seat", headers, example={"seat_ids": [1, 2]})
    await assert_refused(client, "DELETE", "/events/{event_id}", headers)

The first part of the bodies is wrong for every route, also for one that reads no body. `example` (a body that the route
would take) adds those that are wrong for this one: each value in it replaced by others of the wrong type, and members
that it does not have. Parts of the path in braces are replaced by hostile ids.
"""

import json
import re
from collections.abc import AsyncIterator, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import httpx

MARKER = "zq7-do-not-repeat-me"
"""Inside each body; an answer that contains it has echoed its input."""

MALFORMED = frozenset({400, 422})
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
MEGABYTE = b"x" * 1_000_000

# Any of these in a body is an attempt at mass assignment: nobody may choose them by asking.
UNASKED_MEMBERS: Mapping[str, Any] = {
    "role": "admin",
    "id": 1,
    "is_admin": True,
    "token_epoch": 7,
    "password_hash": MARKER,
    "version": 1,
    "held_by": 1,
}


@dataclass(frozen=True, slots=True)
class HostileBody:
    """One attack. `chunked` sends it without a content length; `statuses` are the refusals that are right for it."""

    name: str
    content: bytes
    statuses: frozenset[int] = MALFORMED
    content_type: str | None = JSON
    chunked: bool = False

    def request(self) -> Mapping[str, Any]:
        """The keyword arguments of `client.request`."""
        headers = {"Content-Type": self.content_type} if self.content_type else {}
        return {"headers": headers, "content": self._stream() if self.chunked else self.content}

    async def _stream(self) -> AsyncIterator[bytes]:
        for start in range(0, len(self.content), 4096):
            yield self.content[start : start + 4096]


def hostile_bodies(example: Any = None) -> Iterator[HostileBody]:
    """Bodies that must be refused: by every route, and by the one that would take `example`."""
    yield from _wrong_for_everybody()
    yield from _wrong_content_types(example)
    if example is not None:
        yield from _wrong_shapes(example)


def hostile_forms(example: Mapping[str, str]) -> Iterator[HostileBody]:
    """Forms that a route which takes `example` as a form must refuse."""
    good = "&".join(f"{name}={value}" for name, value in example.items()).encode()
    too_large, wrong_type = frozenset({413}), frozenset({415})
    yield HostileBody("form: 10 MB", b"username=" + MEGABYTE * 10, too_large, FORM)
    yield HostileBody("form: 10 MB, chunked", b"username=" + MEGABYTE * 10, too_large, FORM, chunked=True)
    yield HostileBody("form: JSON instead", json.dumps({**example, "x": MARKER}).encode(), wrong_type, JSON)
    yield HostileBody("form: text/plain", good, wrong_type, "text/plain")
    yield HostileBody("form: no content type", good, wrong_type, None)
    yield HostileBody("form: multipart", b"--x\r\n\r\n--x--", wrong_type, "multipart/form-data; boundary=x")
    yield HostileBody("form: empty", b"", content_type=FORM)
    yield HostileBody("form: nothing but separators", b"&&&===&" + MARKER.encode(), content_type=FORM)
    yield HostileBody("form: unasked member", good + b"&role=" + MARKER.encode(), content_type=FORM)
    for name in example:
        others = {other: value for other, value in example.items() if other != name}
        rest = "&".join(f"{other}={value}" for other, value in others.items()).encode()
        for label, value in {
            "NUL": b"a%00b",
            "raw NUL": b"a\0b",
            "broken UTF-8": b"%ff%fe",
            "surrogate": b"%ED%A0%80",
        }.items():
            yield HostileBody(f"form: {label} in {name}", rest + b"&" + name.encode() + b"=" + value, content_type=FORM)
        yield HostileBody(
            f"form: {name} twice", good + b"&" + name.encode() + b"=" + MARKER.encode(), content_type=FORM
        )
        yield HostileBody(f"form: without {name}", rest, content_type=FORM)


def hostile_ids() -> Iterator[str]:
    """Path segments, percent-encoded, that are no ids although Python's `int()` takes many of them."""
    yield from ("0", "-1", "+1", "1.0", "1e3", "1_000", "007", "0x10", "true", "null", "NaN", "%20", "1%20", "%0A1")
    yield from (str(2**63), "9" * 400, "%D9%A4%D9%A2", "%EF%BC%94", "%FF", "1%00", "%00", "%ED%A0%80")
    yield from ("'%20OR%201=1--", "%7B%7D", "%F0%9F%8E%AD")


async def assert_refused(
    client: httpx.AsyncClient,
    method: str,
    path: str,
    headers: Mapping[str, str] | None = None,
    *,
    example: Any = None,
    form_example: Mapping[str, str] | None = None,
) -> None:
    """Send every hostile body, and every hostile id for each `{part}` of `path`; all must be refused in good order.

    That is: the right 4xx, a problem document, nothing of the input in it. `headers` are those of a caller who may use
    the route, so that it is the input that is refused. `client` calls the app in this process (`httpx.ASGITransport`):
    a real server may hang up in the middle of 10 MB. Raises `AssertionError` with a line for each that was not.
    """
    plain = re.sub(r"\{[^}]*\}", "1", path)
    bodies = hostile_forms(form_example) if form_example is not None else hostile_bodies(example)
    faults: list[str] = []
    for body in bodies:
        request = body.request()
        answer = await client.request(
            method, plain, content=request["content"], headers={**(headers or {}), **request["headers"]}
        )
        faults += [f"{method} {plain}, {body.name}: {fault}" for fault in refusal_faults(answer, body.statuses)]
    for hostile_path in hostile_paths(path):
        answer = await client.request(method, hostile_path, headers=headers, json=example)
        faults += [f"{method} {hostile_path}: {fault}" for fault in refusal_faults(answer, frozenset({400, 404, 422}))]
    assert not faults, "\n" + "\n".join(faults)


def hostile_paths(template: str) -> Iterator[str]:
    """`template` with a hostile id in one of its `{parts}` and 1 in the others."""
    names = re.findall(r"\{[^}]*\}", template)
    for name, hostile_id in product(names, hostile_ids()):
        yield re.sub(r"\{[^}]*\}", "1", template.replace(name, hostile_id))


def refusal_faults(answer: httpx.Response, statuses: frozenset[int] = MALFORMED) -> Iterator[str]:
    """What is wrong with `answer` as a refusal of hostile input with one of `statuses`."""
    if answer.status_code not in statuses:
        yield f"answered {answer.status_code} {answer.text[:200]!r}, expected {sorted(statuses)}"
        return
    if answer.headers.get("content-type") != "application/problem+json":
        yield f"content type {answer.headers.get('content-type')}"
        return
    if MARKER in answer.text or len(answer.content) > 4096:
        yield f"echoed its input: {answer.text[:200]!r}"
    problem = answer.json()
    missing = {"type", "title", "status", "detail", "instance"} - problem.keys()
    if missing:
        yield f"the problem lacks {sorted(missing)}"
    elif problem["status"] != answer.status_code:
        yield f"the problem says {problem['status']}, the answer {answer.status_code}"


@dataclass(frozen=True, slots=True)
class Route:
    """One operation of an OpenAPI document; `example` and `form_example` as for `assert_refused`."""

    method: str
    path: str
    example: Any = None
    form_example: Mapping[str, str] | None = None
    needs_token: bool = field(default=False)

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def routes(document: Mapping[str, Any]) -> Iterator[Route]:
    """Every operation of an OpenAPI document, with the example of its body taken from the document itself."""
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            content = operation.get("requestBody", {}).get("content", {})
            yield Route(
                method=method.upper(),
                path=path,
                example=_example(document, content[JSON]) if JSON in content else None,
                form_example=_example(document, content[FORM]) if FORM in content else None,
                needs_token=bool(operation.get("security")),
            )


def _wrong_for_everybody() -> Iterator[HostileBody]:
    m = MARKER.encode()
    yield HostileBody("NaN", b'{"seat_id": NaN, "x": "' + m + b'"}')
    yield HostileBody("Infinity", b'{"seat_id": Infinity, "x": "' + m + b'"}')
    yield HostileBody("-Infinity", b'{"seat_id": -Infinity, "x": "' + m + b'"}')
    yield HostileBody("1e400", b'{"seat_id": 1e400, "x": "' + m + b'"}')
    yield HostileBody("-1e400 in a list", b'{"seat_ids": [1, -1e400], "x": "' + m + b'"}')
    yield HostileBody("5,000 digits", b'{"seat_id": ' + b"9" * 5000 + b', "x": "' + m + b'"}')
    yield HostileBody("lone surrogate", b'{"email": "\\ud800", "x": "' + m + b'"}')
    yield HostileBody("lone low surrogate in a name", b'{"\\udfff": "' + m + b'"}')
    yield HostileBody("surrogate encoded as UTF-8", b'{"x": "\xed\xa0\x80' + m + b'"}')
    yield HostileBody("NUL", b'{"email": "a\\u0000b", "x": "' + m + b'"}')
    yield HostileBody("NUL in a name", b'{"a\\u0000": "' + m + b'"}')
    yield HostileBody("raw control character", b'{"x": "' + m + b'\x01"}')
    yield HostileBody("the same key twice", b'{"x": "' + m + b'", "x": 1}')
    yield HostileBody("the same key twice, deeper", b'{"a": [{"x": "' + m + b'", "x": 1}]}')
    yield HostileBody("40 lists", b'{"x": ' + b"[" * 40 + b'"' + m + b'"' + b"]" * 40 + b"}")
    yield HostileBody("40 objects", b'{"x": ' * 40 + b'"' + m + b'"' + b"}" * 40)
    yield HostileBody("8,000 open brackets", b"[" * 8000)
    yield HostileBody("invalid UTF-8", b'{"x": "\xff\xfe' + m + b'"}')
    yield HostileBody("overlong UTF-8", b'{"x": "\xc0\xaf' + m + b'"}')
    yield HostileBody("UTF-16", ('{"x": "' + MARKER + '"}').encode("utf-16"))
    yield HostileBody("byte order mark", b'\xef\xbb\xbf{"x": "' + m + b'"}')
    yield HostileBody("cut off", b'{"x": "' + m)
    yield HostileBody("two values", b'{"x": "' + m + b'"} {}')
    yield HostileBody("single quotes", b"{'x': '" + m + b"'}")
    yield HostileBody("trailing comma", b'{"x": "' + m + b'",}')
    yield HostileBody("only white space", b"   ")
    yield HostileBody("10 MB", b'{"x": "' + MEGABYTE * 10 + b'"}', frozenset({413}))
    yield HostileBody("10 MB, chunked", b'{"x": "' + MEGABYTE * 10 + b'"}', frozenset({413}), chunked=True)
    yield HostileBody("17 kB, chunked", b'{"x": "' + b"y" * 17_000 + b'"}', frozenset({413}), chunked=True)


def _wrong_content_types(example: Any) -> Iterator[HostileBody]:
    content = json.dumps(example if example is not None else {"x": MARKER}).encode()
    for content_type in (
        "text/plain",
        FORM,
        "application/xml",
        "multipart/form-data; boundary=x",
        "application/jsonp",
        "*/*",
    ):
        yield HostileBody(f"content type {content_type}", content, frozenset({415}), content_type)
    yield HostileBody("no content type", content, frozenset({415}), None)


def _wrong_shapes(example: Any) -> Iterator[HostileBody]:
    for value in ([], [example], MARKER, 42, 1.5, True, None):
        yield HostileBody(f"{json.dumps(value)[:20]} instead of the object", json.dumps(value).encode())
    yield HostileBody("nothing", b"")
    for where, value in _leaves(example):
        for wrong in _wrong_values(value):
            changed = _replaced(example, where, wrong)
            name = ".".join(map(str, where))
            yield HostileBody(f"{json.dumps(wrong)[:30]} as {name}", json.dumps(changed).encode())
    for member, value in UNASKED_MEMBERS.items():
        if isinstance(example, dict) and member not in example:
            yield HostileBody(f"unasked {member}", json.dumps({**example, member: value}).encode())
    if isinstance(example, dict):
        odd_name = "<script>" + MARKER
        yield HostileBody("unasked member with an odd name", json.dumps({**example, odd_name: 1}).encode())


def _wrong_values(value: Any) -> Iterator[Any]:
    """Values that a careless parser takes for one of the type of `value`, and some that none would."""
    match value:
        case bool():
            yield from (1, 0, "true", "yes")
        case int():
            yield from (True, 1.0, 1.5, "42", "1_000", 2**63, -(2**63) - 1, 10**30, MARKER)
        case float():
            yield from (True, "1.0", MARKER)
        case str():
            yield from (42, True, 1.5, [MARKER], {"x": MARKER}, "\0" + MARKER, "\ud800" + MARKER)
        case _:
            return
    yield from ([value], {"x": value})


def _leaves(value: Any, where: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    if isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for key, inner in items:
            yield from _leaves(inner, (*where, key))
    elif where:
        yield where, value


def _replaced(example: Any, where: tuple[str | int, ...], value: Any) -> Any:
    changed = deepcopy(example)
    place = changed
    for key in where[:-1]:
        place = place[key]
    place[where[-1]] = value
    return changed


def _example(document: Mapping[str, Any], content: Mapping[str, Any]) -> Any:
    if "example" in content:
        return content["example"]
    if "examples" in content:
        return next(iter(content["examples"].values()))["value"]
    schema = content["schema"]
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
    if schema.get("examples"):
        return schema["examples"][0]
    properties: Mapping[str, Any] = schema.get("properties", {})
    return {name: described["examples"][0] for name, described in properties.items() if described.get("examples")}
