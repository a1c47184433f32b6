"""Log lines are one JSON object each, whatever is in them."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import httpx
import pytest
import structlog
from starlette.types import Receive, Scope, Send

from shared.chassis.logging import configure_logging
from shared.chassis.request_log import RequestLog


def lines(capsys: pytest.CaptureFixture[str]) -> list[Mapping[str, Any]]:
    """What was logged; every line is a JSON object in ASCII."""
    written = capsys.readouterr().out
    assert written.isascii()
    return [json.loads(line) for line in written.splitlines()]


def test_odd_text_and_odd_values_stay_within_their_line(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging("INFO")
    odd = 'a\r\nb\x1b[31m\x9b"\x00ü\ud800'

    structlog.get_logger().info("hold.placed", text=odd, value=frozenset({1}))

    (line,) = lines(capsys)
    assert line["text"] == odd
    assert line["value"] == "frozenset({1})"
    assert line.keys() == {"event", "text", "value", "level", "timestamp"}


async def test_a_request_leaves_one_line_and_the_lines_within_it_have_its_id(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logging("INFO")

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        structlog.get_logger().info("hold.placed")
        scope["state"]["user_id"] = 7
        await send({"type": "http.response.start", "status": 201, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    transport = httpx.ASGITransport(app=RequestLog(app))
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver") as client:
        await client.get("/wish?secret=1", headers={"X-Request-ID": "trace-0001"})
        await client.get("/health")
    await asyncio.sleep(0)  # the lines of requests are written when the turn of the loop is over

    within, _within_health, line = lines(capsys)
    assert within["request_id"] == line["request_id"] == "trace-0001"
    assert line["event"] == "request"
    assert {name: line[name] for name in ("method", "path", "status", "user_id")} == {
        "method": "GET", "path": "/wish", "status": 201, "user_id": 7,
    }  # fmt: skip
    assert line["duration_ms"] >= 0
    assert "secret" not in json.dumps(line)
