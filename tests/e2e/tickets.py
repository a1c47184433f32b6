"""Buying without the map, being signed in without the form, what somebody holds: for tests of what comes after."""

import json
from typing import Any

from playwright.async_api import StorageState

from devstack.stack import Stack
from tests.e2e.conftest import Customer


async def buy(customer: Customer, seat_ids: list[int]) -> dict[str, Any]:
    """An order of these seats."""
    hold = await customer.post("/hold-seat", {"seat_ids": seat_ids})
    assert hold.status_code == 201, hold.text
    order = await customer.post("/confirm-booking", {"hold_id": hold.json()["hold_id"]})
    assert order.status_code == 201, order.text
    bought: dict[str, Any] = order.json()
    return bought


async def held_by(customer: Customer) -> list[dict[str, Any]]:
    """Somebody's holds, as the server has them."""
    items: list[dict[str, Any]] = (await customer.get("/my-holds")).json()["items"]
    return items


async def signed_in(customer: Customer, stack: Stack) -> StorageState:
    """What a browser keeps of somebody who has signed in."""
    tokens = (await customer.post("/login", {"email": customer.email, "password": customer.password})).json()
    session = {name: tokens[name] for name in ("access_token", "refresh_token")}
    return {
        "cookies": [],
        "origins": [
            {
                "origin": stack.edge_url,
                "localStorage": [{"name": "frontrow.session", "value": json.dumps(session)}],
            }
        ],
    }
