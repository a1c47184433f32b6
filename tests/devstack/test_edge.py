"""The edge in front of services that say what they were asked."""

import asyncio
import gzip
import os
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp.test_utils import TestClient, TestServer
from yarl import URL

from devstack.edge.app import create_edge
from devstack.edge.upstreams import Upstreams
from devstack.ports import free_port
from tests.devstack.fake_service import create_fake

Edge = TestClient[Any, Any]

HEADERS = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'"}


@pytest.fixture
def frontend(tmp_path: Path) -> Path:
    """Pages, and a secret just outside of their folder."""
    (tmp_path / "secret.txt").write_text("for nobody")
    folder = tmp_path / "frontend"
    (folder / "lib").mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html>browse")
    (folder / "movie.html").write_text("<!doctype html>movie")
    (folder / "lib/app.js").write_text("export {};")
    (folder / "vendor/reader-1.0").mkdir(parents=True)
    for name in ("face-1.0-latin.woff2", "reader-1.0/read.js", "VENDOR.toml"):
        (folder / "vendor" / name).write_text("bytes")
    (folder / ".hidden").write_text("for nobody")
    (folder / "way-out").symlink_to(tmp_path / "secret.txt")
    return folder


@pytest.fixture
async def edge(frontend: Path) -> AsyncIterator[Edge]:
    """auth and booking run, two instances of booking beside a dead one; events does not run."""
    servers = {name: TestServer(create_fake(name)) for name in ("auth", "booking", "booking-2")}
    for server in servers.values():
        await server.start_server()
    address = {name: str(server.make_url("")).rstrip("/") for name, server in servers.items()}
    nobody = f"http://127.0.0.1:{free_port()}"
    upstreams = Upstreams(
        auth=[address["auth"]], events=[nobody], booking=[address["booking"], nobody, address["booking-2"]]
    )
    app = create_edge(upstreams, frontend=frontend, page_headers=HEADERS)
    async with TestClient(TestServer(app)) as client:
        yield client
    for server in servers.values():
        await server.close()


@pytest.mark.parametrize(
    ("path", "text", "content_type"),
    [
        ("/", "browse", "text/html; charset=utf-8"),
        ("/movie?name=Dune", "movie", "text/html; charset=utf-8"),
        ("/movie.html", "movie", "text/html; charset=utf-8"),
        ("/lib/app.js", "export {};", "text/javascript; charset=utf-8"),
    ],
)
async def test_a_page_comes_with_its_type_and_the_security_headers(
    edge: Edge, path: str, text: str, content_type: str
) -> None:
    answer = await edge.get(path)

    assert answer.status == 200
    assert text in await answer.text()
    assert answer.headers["Content-Type"] == content_type
    assert HEADERS.items() <= dict(answer.headers).items()
    assert "Server" not in answer.headers


@pytest.mark.parametrize(
    ("file", "cache"),
    [
        ("face-1.0-latin.woff2", "public, max-age=31536000, immutable"),
        ("reader-1.0/read.js", "public, max-age=31536000, immutable"),
        ("VENDOR.toml", "no-cache"),
    ],
)
async def test_what_is_named_by_its_version_is_kept(edge: Edge, file: str, cache: str) -> None:
    answer = await edge.get(f"/vendor/{file}")

    assert (answer.status, answer.headers["Cache-Control"]) == (200, cache)
    assert HEADERS.items() <= dict(answer.headers).items()
    if file.endswith(".woff2"):
        assert answer.headers["Content-Type"] == "font/woff2"


async def test_an_unchanged_page_is_not_sent_twice(edge: Edge) -> None:
    first = await edge.get("/movie")

    second = await edge.get("/movie", headers={"If-None-Match": first.headers["ETag"]})

    assert first.headers["Cache-Control"] == "no-cache"
    assert second.status == 304
    assert await second.read() == b""


@pytest.mark.parametrize("accepted", ["gzip", "gzip, deflate, br", "br;q=1.0, GZIP;q=0.5"])
async def test_text_is_compressed_for_who_takes_it(edge: Edge, frontend: Path, accepted: str) -> None:
    text = "export const seats = [];\n" * 100
    (frontend / "lib/app.js").write_text(text)

    head, content = await as_it_comes(edge, "/lib/app.js", {"Accept-Encoding": accepted})

    assert gzip.decompress(content).decode() == text
    assert (head["Content-Encoding"], head["Vary"]) == ("gzip", "Accept-Encoding")
    assert int(head["Content-Length"]) == len(content) < len(text) / 10
    assert HEADERS.items() <= dict(head).items()


@pytest.mark.parametrize("accepted", ["identity", "br", "gzip;q=0", "br, gzip ;q=0.0"])
async def test_who_does_not_take_gzip_gets_text_as_it_is(edge: Edge, accepted: str) -> None:
    head, content = await as_it_comes(edge, "/lib/app.js", {"Accept-Encoding": accepted})

    assert content == b"export {};"
    assert "Content-Encoding" not in head
    assert head["Vary"] == "Accept-Encoding"


async def test_a_face_is_compressed_already(edge: Edge) -> None:
    head, content = await as_it_comes(edge, "/vendor/face-1.0-latin.woff2", {"Accept-Encoding": "gzip"})

    assert content == b"bytes"
    assert {"Content-Encoding", "Vary"}.isdisjoint(head)


async def test_each_form_of_a_file_has_its_own_tag(edge: Edge) -> None:
    tags = {
        (await as_it_comes(edge, "/movie", {"Accept-Encoding": accepted}))[0]["ETag"]: accepted
        for accepted in ("identity", "gzip")
    }

    assert len(tags) == 2
    for tag, accepted in tags.items():
        for other in ("identity", "gzip"):
            answer = await edge.get("/movie", headers={"Accept-Encoding": other, "If-None-Match": f'"x", W/{tag}'})
            assert answer.status == (304 if accepted == other else 200)
            assert answer.headers["Vary"] == "Accept-Encoding"


async def test_a_changed_file_is_compressed_anew(edge: Edge, frontend: Path) -> None:
    before, _ = await as_it_comes(edge, "/movie", {"Accept-Encoding": "gzip"})
    written_at = (frontend / "movie.html").stat().st_mtime_ns
    (frontend / "movie.html").write_text("<!doctype html>MOVIE")
    os.utime(frontend / "movie.html", ns=(written_at + 1, written_at + 1))

    answer = await edge.get("/movie", headers={"If-None-Match": before["ETag"]})

    assert answer.status == 200
    assert await answer.text() == "<!doctype html>MOVIE"


async def test_a_look_at_the_head_says_how_long_the_compressed_file_is(edge: Edge) -> None:
    head, content = await as_it_comes(edge, "/movie", {"Accept-Encoding": "gzip"})

    answer = await edge.head("/movie", headers={"Accept-Encoding": "gzip"})

    assert answer.headers["Content-Length"] == str(len(content)) == head["Content-Length"]
    assert answer.headers["ETag"] == head["ETag"]


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/lib/..%2f..%2fsecret.txt",
        "/lib/%2e%2e/%2e%2e/secret.txt",
        "/..%5csecret.txt",
        "/.hidden",
        "/way-out",
        "/movie%00.html",
        "/nothing",
        "/lib/",
        "/" + "a" * 5000,
    ],
)
async def test_what_is_no_page_of_the_folder_is_not_found(edge: Edge, path: str) -> None:
    status, head, body = await raw_request(edge, f"GET {path} HTTP/1.1")

    assert status == 404
    assert "application/problem+json" in head
    assert "for nobody" not in body


async def test_a_page_can_only_be_read(edge: Edge) -> None:
    answer = await edge.post("/movie")

    assert answer.status == 405
    assert answer.headers["Allow"] == "GET, HEAD"


async def test_the_api_loses_its_prefix_and_keeps_everything_else(edge: Edge) -> None:
    answer = await edge.post(
        # As it is: the client would turn %2F into a slash by itself.
        URL("/api/cancel-booking/7?a=1%2F2&b=%20", encoded=True),
        data=b"{}",
        headers={"Content-Type": "application/json", "Authorization": "Bearer x", "Host": "shop.example"},
    )

    assert answer.status == 201
    assert answer.headers["X-Answer"] == "yes"
    asked = await answer.json()
    assert asked["path"] == "/cancel-booking/7?a=1%2F2&b=%20"
    assert asked["body"] == "{}"
    assert asked["headers"]["host"] == "shop.example"
    assert asked["headers"]["authorization"] == "Bearer x"
    assert asked["headers"]["content-type"] == "application/json"


async def test_headers_about_one_connection_end_there(edge: Edge) -> None:
    answer = await edge.get("/api/me", headers={"Connection": "X-Mine", "X-Mine": "1"})

    assert "X-Hop" not in answer.headers
    assert "x-mine" not in (await answer.json())["headers"]


async def test_what_a_client_says_about_its_address_is_not_believed(edge: Edge) -> None:
    answer = await edge.get("/api/me", headers={"X-Forwarded-For": "8.8.8.8", "X-Forwarded-Proto": "https"})

    headers = (await answer.json())["headers"]
    assert headers["x-forwarded-for"] == "127.0.0.1"
    assert headers["x-forwarded-proto"] == "http"


async def test_a_chunked_body_is_passed_on(edge: Edge) -> None:
    async def parts() -> AsyncIterator[bytes]:
        for _ in range(5):
            yield b"x" * 100_000

    answer = await edge.post("/api/login", data=parts())

    assert len((await answer.json())["body"]) == 500_000


async def test_instances_take_turns_and_a_dead_one_is_passed_over(edge: Edge) -> None:
    names = [(await (await edge.post("/api/hold-seat")).json())["service"] for _ in range(6)]

    assert set(names) == {"booking", "booking-2"}


async def test_a_service_that_does_not_run_is_a_bad_gateway(edge: Edge) -> None:
    answer = await edge.get("/api/events/browse")

    assert answer.status == 503
    assert answer.content_type == "application/problem+json"
    problem = await answer.json()
    assert problem["status"] == 503
    assert problem["instance"] == "/api/events/browse"


async def test_a_service_that_breaks_off_is_unavailable(frontend: Path) -> None:
    async with TestServer(create_fake("events")) as server:
        address = str(server.make_url("")).rstrip("/")
        upstreams = Upstreams(auth=[address], events=[address], booking=[address])
        app = create_edge(upstreams, frontend=frontend, page_headers=HEADERS)
        async with TestClient(TestServer(app)) as client:
            answer = await client.post("/api/events/silence")
            assert answer.status == 201

            answer = await client.get("/api/events/silence")

            assert answer.status == 503
            assert (await answer.json())["type"] == "/problems/unavailable"


@pytest.mark.parametrize("path", ["/api/", "/api/nothing", "/api/../me", "/ws/", "/ws/nothing"])
async def test_an_address_of_no_service_is_not_found(edge: Edge, path: str) -> None:
    status, head, _body = await raw_request(edge, f"GET {path} HTTP/1.1")

    assert status == 404
    assert "application/problem+json" in head


async def test_the_edge_answers_for_its_own_health(edge: Edge) -> None:
    assert (await edge.get("/health")).status == 200


async def test_a_socket_carries_messages_both_ways(edge: Edge) -> None:
    headers = {"Origin": "http://shop.example", "Host": "shop.example"}
    async with edge.ws_connect("/ws/events/7", protocols=["frontrow.v1"], headers=headers) as viewer:
        hello = await viewer.receive_json()
        await viewer.send_str("text")
        await viewer.send_bytes(b"\0\1")

        assert (hello["host"], hello["origin"]) == ("shop.example", "http://shop.example")
        assert viewer.protocol == "frontrow.v1"
        assert await viewer.receive_str() == "text"
        assert await viewer.receive_bytes() == b"\0\1"


async def test_the_services_code_for_closing_reaches_the_viewer(edge: Edge) -> None:
    async with edge.ws_connect("/ws/events/7") as viewer:
        await viewer.receive_json()
        await viewer.send_str("close")

        message = await viewer.receive()

        assert (message.type, message.data, message.extra) == (aiohttp.WSMsgType.CLOSE, 4404, "no such event")


async def test_a_refusal_at_the_handshake_reaches_the_viewer(edge: Edge) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await edge.ws_connect("/ws/events/404")

    assert refused.value.status == 404


async def as_it_comes(edge: Edge, path: str, headers: dict[str, str]) -> tuple[Mapping[str, str], bytes]:
    """Headers, and the content without undoing its encoding."""
    async with aiohttp.ClientSession(auto_decompress=False) as client:
        answer = await client.get(edge.make_url(path), headers=headers)
        return answer.headers, await answer.read()


async def raw_request(edge: Edge, line: str) -> tuple[int, str, str]:
    """Send a path exactly as written: clients tidy up `..` by themselves."""
    reader, writer = await asyncio.open_connection(edge.host, edge.port)
    writer.write(f"{line}\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    answer = (await reader.read()).decode()
    writer.close()
    await writer.wait_closed()
    head, _, body = answer.partition("\r\n\r\n")
    return int(head.split()[1]), head, body
