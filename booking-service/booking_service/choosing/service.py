"""Finding the best seats, and holding them in the same call."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import Depends, Request

from booking_service.answers import Answer
from booking_service.choosing.asked import Asked
from booking_service.choosing.errors import NotEnoughSeats, UnknownCategory, UnknownSection
from booking_service.choosing.pacing import PacedSearches
from booking_service.choosing.reasons import reasons
from booking_service.choosing.scenes import Scene, Scenes
from booking_service.choosing.schemas import Offer, Offers
from booking_service.choosing.wishes import Block, Wish
from booking_service.holds.errors import EventNotOnSale, SeatUnavailable
from booking_service.holds.service import HoldService
from booking_service.seat_directory import SeatBlock
from shared.chassis.idempotency import RequestKey
from shared.chassis.problems import NotFound
from shared.contracts.live_messages import SeatChange, SeatChanges

OFFERS = 3
TRIES = 8
"""Races for different blocks that one call may lose, one after the other, before it is refused."""
UNLUCKY = 2
"""After so many, what is free is asked of the database, before the next."""


class Choosing:
    """Chooses from memory; what is really free, the hold decides."""

    def __init__(self, scenes: Scenes, holds: HoldService) -> None:
        self._scenes = scenes
        self._holds = holds
        self._searches = PacedSearches()

    async def offers(self, asked: Asked) -> Offers:
        """Up to three different blocks, best first. Raises `NotFound`, `EventNotOnSale`, `UnknownCategory`,
        `UnknownSection`, `Unavailable`."""
        scene = await self._scenes.open(asked.event_id)
        wish = wish_of(scene, asked)
        if not scene.facts.is_on_sale:
            raise EventNotOnSale
        return await self._searches.run(lambda: _offers(scene, asked, wish))

    async def hold(self, asked: Asked, *, holder: int, key: RequestKey | None, instance: str) -> Answer:
        """Hold the best block for `holder`, or as good a one, if others are faster.

        Makes the promises of `HoldService.place`. Raises besides `NotFound`, `NotEnoughSeats`, `UnknownCategory`,
        `UnknownSection`.
        """
        try:
            scene = await self._scenes.open(asked.event_id)
        except NotFound as gone:
            return await self._holds.refuse(gone, key=key, instance=instance)
        wish = wish_of(scene, asked)
        seats = SeatBlock(scene.facts.event_id, scene.facts.first_seat_id, scene.facts.seat_count, scene.facts.currency)
        lost: set[int] = set()
        for tries_left in reversed(range(TRIES)):
            block = next(iter(scene.best(wish, most=1, without=frozenset(lost))), None)
            if block is None:
                break
            seat_ids = scene.seat_ids(block)
            with scene.crowd.holding(block.places):
                try:
                    return await self._holds.attempt(seat_ids, seats, holder=holder, key=key, instance=instance)
                except SeatUnavailable as race:
                    lost.update(self._learned(scene, race))
                    if not tries_left:
                        return await self._holds.give_up(race, seat_ids, seats, key=key, instance=instance)
            if tries_left <= TRIES - UNLUCKY:  # it is not chance any more: this instance does not know what others do
                await self._scenes.catch_up(scene)
        problem = NotEnoughSeats(quantity=wish.quantity, free=scene.count_free(wish))
        return await self._holds.refuse(problem, key=key, instance=instance)

    def _learned(self, scene: Scene, race: SeatUnavailable) -> Sequence[int]:
        """The places that were lost; what PostgreSQL said of them is taken over, for others here must not lose them."""
        changes = [SeatChange(s["seat_id"], s["status"], s["version"]) for s in race.refused if "version" in s]
        self._scenes.learn(SeatChanges(scene.facts.event_id, changes))
        return [seat["seat_id"] - scene.facts.first_seat_id for seat in race.refused]


def _choosing(request: Request) -> Choosing:
    choosing: Choosing = request.state.choosing
    return choosing


ChoosingDep = Annotated[Choosing, Depends(_choosing)]


def wish_of(scene: Scene, asked: Asked) -> Wish:
    """What is asked for, in the indexes of the event's plan. Raises `UnknownCategory`, `UnknownSection`."""
    places = scene.house.places
    categories = [category.key for category in places.categories]
    sections = [section.id for section in places.sections]
    if asked.categories is not None and not set(asked.categories) <= set(categories):
        raise UnknownCategory(categories)
    if asked.sections is not None and not set(asked.sections) <= set(sections):
        raise UnknownSection(sections)
    return Wish(
        asked.quantity,
        frozenset(map(categories.index, asked.categories)) if asked.categories is not None else None,
        frozenset(map(sections.index, asked.sections)) if asked.sections is not None else None,
        asked.accessible,
    )


def _offers(scene: Scene, asked: Asked, wish: Wish) -> Offers:
    free = scene.feed.free()
    blocks = scene.best(wish, most=OFFERS)
    if blocks:
        scene.crowd.offered(blocks[0].places)
    offers = [_offer(scene, block, wish, free) for block in blocks]
    return Offers(asked.event_id, asked.quantity, scene.facts.currency, offers)


def _offer(scene: Scene, block: Block, wish: Wish, free: bytes) -> Offer:
    seats = scene.seats(block)
    return Offer(
        scene.seat_ids(block),
        seats,
        sum(seat.price for seat in seats),
        block.is_together,
        reasons(scene.house, block, wish=wish, free=free, prices=scene.prices),
    )
