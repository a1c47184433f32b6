"""Only small, plain, unambiguous bodies get past the first layer of a service."""

import asyncio
import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Message, Receive, Scope, Send

from shared.chassis import strict_json
from shared.chassis.problems import Problem, Unprocessable
from shared.chassis.strict_json import MAX_BODY_BYTES, MAX_DEPTH, StrictBodies, check_form, parse
from tests.support.hostile import hostile_bodies, hostile_forms

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
PLAIN_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner),
    max_leaves=20,
)
# Those with too few or too many fields are well-formed: it takes the route to refuse them.
HOSTILE_FORMS = [
    form
    for form in hostile_forms({"username": "a", "password": "b"})
    if form.content and not form.name.startswith(("form: without", "form: unasked"))
]
SHAPELESS = [body for body in hostile_bodies() if body.statuses == {400, 422}]


@given(PLAIN_JSON)
def test_plain_json_is_read_as_it_is(value: Any) -> None:
    assert parse(json.dumps(value).encode()) == value
    assert parse(json.dumps(value, ensure_ascii=False).encode()) == value


@given(st.binary(max_size=200))
def test_any_bytes_are_json_or_a_problem(body: bytes) -> None:
    with suppress(Unprocessable):
        parse(body)


@pytest.mark.parametrize("body", SHAPELESS, ids=lambda body: body.name)
def test_hostile_json_is_refused(body: Any) -> None:
    with pytest.raises(Unprocessable):
        parse(body.content)


def test_the_deepest_body_allowed_is_read_and_one_level_more_is_not() -> None:
    deepest = b"[" * (MAX_DEPTH - 1) + b"1" + b"]" * (MAX_DEPTH - 1)

    parse(deepest)

    with pytest.raises(Unprocessable, match="levels deep"):
        parse(b"[" + deepest + b"]")


def test_a_surrogate_pair_is_one_character_and_welcome() -> None:
    assert parse(rb'"\ud83c\udfad"') == "🎭"


@pytest.mark.parametrize("form", [b"username=ann%40example.com&password=a+b%C3%BC&scope=", b"a=1"])
def test_a_plain_form_is_taken(form: bytes) -> None:
    check_form(form)


@pytest.mark.parametrize(
    "form",
    HOSTILE_FORMS,
    ids=lambda form: form.name,
)
def test_hostile_forms_are_refused(form: Any) -> None:
    assert _status(_ask(form.content, content_type=form.content_type, path="/token")) in form.statuses


def test_more_form_fields_than_anybody_needs_are_refused() -> None:
    with pytest.raises(Unprocessable):
        check_form("&".join(f"f{number}=1" for number in range(100)).encode())


def test_the_largest_body_allowed_gets_through_in_any_number_of_pieces() -> None:
    body = json.dumps("x" * (MAX_BODY_BYTES - 2)).encode()
    assert len(body) == MAX_BODY_BYTES

    assert _status(_ask(body)) == 200
    assert _status(_ask(body, piece=100)) == 200
    assert _status(_ask(body + b" ")) == 413
    assert _status(_ask(body + b" ", piece=100)) == 413


def test_a_body_that_says_it_is_too_large_is_refused_before_it_is_read() -> None:
    pieces_read = 0

    async def receive() -> Message:
        nonlocal pieces_read
        pieces_read += 1
        return {"type": "http.request", "body": b"{}", "more_body": False}

    sent = asyncio.run(_call(receive, {b"content-type": b"application/json", b"content-length": b"999999"}))

    assert _status(sent) == 413
    assert pieces_read == 0


@pytest.mark.parametrize("content_type", ["application/json", "Application/JSON; charset=utf-8"])
def test_json_is_known_by_its_media_type_alone(content_type: str) -> None:
    assert _status(_ask(b"{}", content_type=content_type)) == 200


@pytest.mark.parametrize("content_type", ["text/plain", "application/jsonp", "application/merge-patch+json", None])
def test_what_is_not_called_json_is_refused(content_type: str | None) -> None:
    assert _status(_ask(b"{}", content_type=content_type)) == 415


def test_no_body_needs_no_content_type() -> None:
    assert _status(_ask(b"", content_type=None)) == 200


@pytest.mark.parametrize(("path", "query"), [("/events/\0", b""), ("/events", b"q=a%00b")])
def test_a_nul_in_the_address_is_refused(path: str, query: bytes) -> None:
    assert _status(_ask(b"", path=path, query=query)) == 422


def test_a_body_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strict_json, "BODY_TIMEOUT_S", 0.01)

    async def receive() -> Message:
        await asyncio.sleep(60)
        raise AssertionError("nobody waits that long")

    assert _status(asyncio.run(_call(receive, {}))) == 408


def test_a_client_that_leaves_in_the_middle_is_a_bad_request() -> None:
    async def receive() -> Message:
        return {"type": "http.disconnect"}

    assert _status(asyncio.run(_call(receive, {}))) == 400


def test_a_get_is_not_kept_waiting_for_a_body_that_it_does_not_announce() -> None:
    reads = 0

    async def receive() -> Message:
        nonlocal reads
        reads += 1
        return {"type": "http.request", "body": b"", "more_body": False}

    assert _status(asyncio.run(_call(receive, {}, method="GET"))) == 200
    assert reads == 1  # by the service, not by us


@pytest.mark.parametrize("announced", [(b"content-length", b"3"), (b"transfer-encoding", b"chunked")])
def test_the_body_of_a_get_is_checked_as_any_other(announced: tuple[bytes, bytes]) -> None:
    async def receive() -> Message:
        return {"type": "http.request", "body": b"NaN", "more_body": False}

    headers = dict([announced, (b"content-type", b"application/json")])
    assert _status(asyncio.run(_call(receive, headers, method="GET"))) == 422


def test_the_service_reads_the_body_that_was_checked() -> None:
    sent = _ask(b'{"seat_id": 7}', piece=3)

    assert sent[1]["body"] == b'{"seat_id": 7}'


def test_refusals_are_problems() -> None:
    sent = _ask(b"NaN")
    problem = json.loads(sent[1]["body"])

    assert dict(sent[0]["headers"])[b"content-type"] == b"application/problem+json"
    assert problem["type"] == "/problems/invalid-request"
    assert problem["instance"] == "/hold-seat"
    assert issubclass(Unprocessable, Problem)


def _status(sent: list[Message]) -> int:
    status: int = sent[0]["status"]
    return status


def _ask(
    body: bytes,
    *,
    content_type: str | None = "application/json",
    path: str = "/hold-seat",
    query: bytes = b"",
    piece: int | None = None,
) -> list[Message]:
    size = piece or max(len(body), 1)
    pieces = [body[start : start + size] for start in range(0, len(body), size)] or [b""]

    async def receive() -> Message:
        return {"type": "http.request", "body": pieces.pop(0), "more_body": bool(pieces)}

    headers = {b"content-type": content_type.encode()} if content_type else {}
    return asyncio.run(_call(receive, headers, path=path, query=query))


async def _call(
    receive: Receive,
    headers: Mapping[bytes, bytes],
    *,
    method: str = "POST",
    path: str = "/hold-seat",
    query: bytes = b"",
) -> list[Message]:
    """What `StrictBodies` sends, around an app that sends back the body it got."""
    sent: list[Message] = []

    async def echo(_scope: Scope, receive: Receive, send: Send) -> None:
        body = (await receive())["body"]
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": body})

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": query,
        "headers": list(headers.items()),
    }
    await StrictBodies(echo, form_paths=frozenset({"/token"}))(scope, receive, send)
    return sent
