"""Documents are sent with as few bytes as the request allows."""

import gzip
from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from starlette.types import Message

from events_service.documents import WORTH_COMPRESSING_BYTES, Document, Manner, send_document

LONG = b"seat " * WORTH_COMPRESSING_BYTES
KEPT = Manner("text/plain", "no-cache")


@dataclass
class Answer:
    """What was sent."""

    status: int
    headers: dict[str, str]
    content: bytes


async def sent(document: Document, manner: Manner, *headers: tuple[str, str]) -> Answer:
    """The answer to a request with `headers`."""
    messages: list[Message] = []

    async def send(message: Message) -> None:
        messages.append(message)

    scope = {"type": "http", "headers": [(name.encode(), value.encode()) for name, value in headers]}
    await send_document(document, manner, scope, send)
    start, body = messages
    raw: Sequence[tuple[bytes, bytes]] = start["headers"]
    return Answer(start["status"], {name.decode(): value.decode() for name, value in raw}, body["body"])


async def test_a_document_is_sent_with_its_tag() -> None:
    answer = await sent(Document(b"seats"), KEPT)

    assert (answer.status, answer.content) == (200, b"seats")
    assert answer.headers["etag"].startswith('"')
    assert answer.headers | {"etag": ""} == {
        "cache-control": "no-cache",
        "vary": "accept-encoding",
        "etag": "",
        "content-type": "text/plain",
        "content-length": "5",
    }


async def test_the_tag_changes_with_the_content_and_only_then() -> None:
    tags = [Document(content).tag for content in (b"a", b"a", b"b")]

    assert tags[0] == tags[1] != tags[2]
    assert Document(b"a", tag="its-name").tag == b"its-name"


@pytest.mark.parametrize("known", ['"{}"', 'W/"{}"', '"other", "{}"', 'W/"other",W/"{}"'])
async def test_who_has_it_is_told_so(known: str) -> None:
    document = Document(LONG)

    for accepted in ("identity", "gzip"):
        header = known.format(document.tag.decode())
        answer = await sent(document, KEPT, ("if-none-match", header), ("accept-encoding", accepted))

        assert (answer.status, answer.content) == (304, b"")
        assert answer.headers["cache-control"] == "no-cache"
        assert answer.headers["etag"].endswith(f'"{document.tag.decode()}"')
        assert not answer.headers.keys() & {"content-type", "content-length", "content-encoding"}


@pytest.mark.parametrize("known", ["", "*", '"other"', "{}", '"{}', '"' + "x" * 5000 + '"'])
async def test_who_has_another_one_gets_it(known: str) -> None:
    document = Document(LONG)

    answer = await sent(document, KEPT, ("if-none-match", known.format(document.tag.decode())))

    assert (answer.status, answer.content) == (200, LONG)


@pytest.mark.parametrize("accepted", ["gzip", "gzip, deflate, br", "br;q=1.0, GZIP;q=0.5", "deflate,gzip; q=0.001"])
async def test_who_takes_gzip_gets_it_compressed_once_for_all(accepted: str) -> None:
    document = Document(LONG)

    answers = [await sent(document, KEPT, ("accept-encoding", accepted)) for _ in range(2)]

    for answer in answers:
        assert gzip.decompress(answer.content) == LONG
        assert answer.headers["content-encoding"] == "gzip"
        assert answer.headers["content-length"] == str(len(answer.content))
        assert answer.headers["etag"] == f'W/"{document.tag.decode()}"'
    assert answers[0].content is answers[1].content


@pytest.mark.parametrize("accepted", ["", "identity", "br", "gzip;q=0", "gzip; q=0.000, br", "br, gzip ;q=0.0"])
async def test_who_does_not_take_gzip_gets_it_as_it_is(accepted: str) -> None:
    answer = await sent(Document(LONG), KEPT, ("accept-encoding", accepted))

    assert answer.content == LONG
    assert "content-encoding" not in answer.headers


async def test_small_documents_are_not_compressed() -> None:
    assert (await sent(Document(b"seats"), KEPT, ("accept-encoding", "gzip"))).content == b"seats"


async def test_what_is_true_for_the_moment_has_no_tag_and_is_not_compressed() -> None:
    momentary = Manner("application/json", "no-store", kept=False)

    answer = await sent(Document(LONG), momentary, ("accept-encoding", "gzip"), ("if-none-match", "*"))

    assert (answer.status, answer.content) == (200, LONG)
    assert answer.headers.keys() == {"cache-control", "content-type", "content-length"}
