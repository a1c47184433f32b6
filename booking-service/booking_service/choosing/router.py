"""The route that finds seats."""

import msgspec
from fastapi import APIRouter, Response

from booking_service.choosing.errors import UnknownCategory, UnknownSection
from booking_service.choosing.schemas import FindSeats, OffersOut
from booking_service.choosing.service import ChoosingDep
from booking_service.holds.errors import EventNotOnSale
from booking_service.settings import SettingsDep
from shared.chassis.problems import NotFound, Unavailable, Unprocessable, problem_responses

router = APIRouter(tags=["choosing"])


@router.post(
    "/best-available",
    response_model=OffersOut,
    summary="The best places for a party",
    responses=problem_responses(NotFound, EventNotOnSale, UnknownCategory, UnknownSection, Unprocessable, Unavailable),
)
async def best_available(body: FindSeats, choosing: ChoosingDep, settings: SettingsDep) -> Response:
    """Up to three different blocks, best first, each with its price and what speaks for it; nothing is held yet.

    Take one with `POST /hold-seat` and its `seat_ids`, or choose and hold in one call there.
    """
    if body.quantity > settings.max_seats_per_hold:
        raise Unprocessable(f"At most {settings.max_seats_per_hold} seats in one hold.")
    offers = await choosing.offers(body.asked())
    return Response(msgspec.json.encode(offers), media_type="application/json", headers={"Cache-Control": "no-store"})
