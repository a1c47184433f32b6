"""The sale as it should be: what every request is answered, and what becomes of every seat. Pure, and without hurry.

It knows nothing of SQL, locks or gates. One request happens after the other, and the clock moves in between.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tests.stateful.model_check_in import ModelDoor, used
from tests.stateful.model_state import (
    BOOKING_NOT_FOUND,
    DONE,
    EVENT_NOT_FOUND,
    HOLD_CONFIRMED,
    HOLD_ENDED,
    HOLD_NOT_FOUND,
    INVALID,
    KEY_REUSED,
    NOT_AN_ADMIN,
    NOT_ENOUGH,
    NOT_ON_SALE,
    SEAT_NOT_FOUND,
    SEATS_OF_TWO_EVENTS,
    ModelBooking,
    ModelHold,
    ModelOrder,
    ModelSeat,
    Terms,
)
from tests.stateful.requests import (
    Answer,
    Booking,
    CancelBooking,
    CheckIn,
    ConfirmHold,
    ConfirmSeat,
    ExtendHold,
    Hold,
    HoldBest,
    Order,
    PlaceHold,
    ReleaseHold,
    Request,
)


@dataclass
class Sale:
    """Two or more events, and people who want their seats.

    What answers a request is a sequence, since in two cases both of two refusals are right; whoever got one of them
    tells it with `remember`, so that it is the answer to the same key from now on.
    """

    events: Sequence[int]
    """The number of seats of each event; seats are numbered through."""
    sale_ends_at: Sequence[int]
    customers: int
    """Users from this number on are administrators."""
    terms: Terms = field(default_factory=Terms)
    now: int = 0

    def __post_init__(self) -> None:
        """Put all seats on sale."""
        every_seat = [event for event, count in enumerate(self.events) for _ in range(count)]
        self.seats: dict[int, ModelSeat] = {number: ModelSeat(event) for number, event in enumerate(every_seat)}
        self.event_of = dict(enumerate(every_seat))
        self.holds: list[ModelHold] = []
        self.orders: list[ModelOrder] = []
        self.bookings: list[ModelBooking] = []
        self.door = ModelDoor()
        self.deleted: set[int] = set()
        self._held_when_deleted: dict[int, ModelHold] = {}
        self._kept: dict[tuple[int, str], tuple[Request, Answer]] = {}

    # What people ask

    def answers(self, request: Request, *, chosen: Sequence[int] = ()) -> Sequence[Answer]:
        """Do what is asked; what may be answered to it. `chosen`: the seats that the service says it has held, since
        which ones are best is up to it."""
        if isinstance(request, CheckIn) and request.user < self.customers:
            return (NOT_AN_ADMIN,)
        if not self._is_well_formed(request):
            return (INVALID,)
        if isinstance(request, PlaceHold) and self._are_of_two_events(request.seats):
            return (SEATS_OF_TWO_EVENTS,)
        if request.key is not None and (request.user, request.key) in self._kept:
            first, answer = self._kept[request.user, request.key]
            return (answer if first == request.meaning() else KEY_REUSED,)
        return self._do(request, chosen)

    def remember(self, request: Request, answer: Answer) -> None:
        """This is what was answered: the same key gets it again, whatever has happened since."""
        if request.key is not None and answer not in (INVALID, SEATS_OF_TWO_EVENTS, NOT_AN_ADMIN):
            self._kept.setdefault((request.user, request.key), (request.meaning(), answer))

    def depends_on_the_instance(self, request: Request) -> bool:
        """Whether both "no such seat" and "of two events" are right: some of the seats were of an event that is
        deleted, and an instance may or may not have heard of it."""
        return (
            isinstance(request, PlaceHold)
            and self._are_of_two_events(request.seats)
            and any(self.event_of.get(seat) in self.deleted for seat in request.seats)
        )

    def delete_event(self, event: int, *, is_admin: bool, force: bool) -> Answer:
        """Remove the event with its seats, holds and bookings; sold seats need `force`."""
        if not is_admin:
            return NOT_AN_ADMIN
        if event in self.deleted:
            return EVENT_NOT_FOUND
        sold = sum(booking.order.event == event for booking in self.sold())
        if sold and not force:
            return Answer(409, "event-has-bookings", sold)
        self.deleted.add(event)
        for number in self._seats_of(event):
            seat = self.seats.pop(number)
            if seat.hold:
                self._held_when_deleted[number] = seat.hold
        return DONE

    def seats_of(self, event: int) -> Answer:
        """Everybody's view of the event's seats."""
        if event in self.deleted:
            return EVENT_NOT_FOUND
        return Answer(200, content=tuple(self.shown(event)))

    def shown(self, event: int) -> Sequence[tuple[int, str, int]]:
        """Number, status and version of the event's seats. An ended hold reads as available."""
        return [(n, self._shown(self.seats[n]), self.seats[n].version) for n in self._seats_of(event)]

    def must_find(self, event: int, quantity: int) -> bool:
        """Whether every instance finds so many places as soon as it has heard the news. Until then `not-enough-seats`
        is right. No news tells it that the clock was moved to the end of a hold: nothing is said of seats under one.
        """
        on_sale = event not in self.deleted and self.now < self.sale_ends_at[event]
        return on_sale and sum(self.seats[n].status == "available" for n in self._seats_of(event)) >= quantity

    def my_holds(self, user: int) -> Answer:
        """The user's live holds, oldest first."""
        return Answer(200, content=tuple(self._told_hold(hold) for hold in self.live_holds() if hold.user == user))

    def my_bookings(self, user: int) -> Answer:
        """The user's bookings, newest first; those of one order, made at one instant, in no order."""
        orders = [order for order in reversed(self.orders) if order.user == user and order.event not in self.deleted]
        return Answer(200, content=tuple(frozenset(map(self._told_booking, order.bookings)) for order in orders))

    def people_at_the_door(self, event: int) -> Answer:
        """How many have come to the event, and whom two doors let in with one ticket."""
        if event in self.deleted:
            return EVENT_NOT_FOUND
        return Answer(200, content=self.door.told(event, self._bookings_of(event)))

    def known_tickets(self, event: int) -> Answer:
        """Every ticket of the event as a scanner without network knows it."""
        if event in self.deleted:
            return EVENT_NOT_FOUND
        return Answer(200, content=self.door.known(self._bookings_of(event)))

    # What happens by itself

    def sweep(self) -> None:
        """Free the seats of ended holds."""
        for seat in self.seats.values():
            if seat.hold and not self._is_live(seat.hold):
                self._change(seat)

    def live_holds(self) -> Sequence[ModelHold]:
        """The holds that have not ended."""
        return [hold for hold in self.holds if self._seats_under(hold) and self._is_live(hold)]

    def sold(self) -> Sequence[ModelBooking]:
        """The bookings that are confirmed, and whose event there is."""
        return [b for b in self.bookings if b.status == "confirmed" and b.order.event not in self.deleted]

    def rows(self) -> Mapping[int, tuple[str, int]]:
        """Status and version of every seat that there is, as the database has them."""
        return {number: (seat.status, seat.version) for number, seat in self.seats.items()}

    # The rules

    def _do(self, request: Request, chosen: Sequence[int]) -> Sequence[Answer]:
        match request:
            case PlaceHold():
                return self._place(request)
            case HoldBest():
                return self._place_best(request, chosen)
            case ReleaseHold():
                return (self._of_my_hold(request.user, request.hold, self._release),)
            case ExtendHold():
                return (self._of_my_hold(request.user, request.hold, self._extend),)
            case ConfirmHold():
                return (self._of_my_hold(request.user, request.hold, self._confirm),)
            case ConfirmSeat():
                latest = [h.number for h in self.holds if h.user == request.user and request.seat in h.seats][-1:]
                return (self._of_my_hold(request.user, latest[0], self._confirm) if latest else HOLD_NOT_FOUND,)
            case CancelBooking():
                return (self._cancel(request.user, request.booking),)
            case CheckIn():
                return (self.door.admit(request, self._known_booking(request.booking), now=self.now),)
            case _:
                raise TypeError(request)

    def _is_well_formed(self, request: Request) -> bool:
        match request:
            case PlaceHold(seats=seats):
                return 1 <= len(seats) == len(set(seats)) <= self.terms.seats_per_hold
            case HoldBest(quantity=quantity):
                return 1 <= quantity <= self.terms.seats_per_hold
            case CheckIn(told_at=int(told_at)):
                return told_at <= self.now
            case _:
                return True

    def _are_of_two_events(self, seats: Iterable[int]) -> bool:
        return len({self.event_of[seat] for seat in seats if seat in self.event_of}) > 1

    def _place(self, request: PlaceHold) -> Sequence[Answer]:
        if any(number not in self.event_of for number in request.seats):
            return (SEAT_NOT_FOUND,)
        event = self.event_of[request.seats[0]]
        if event in self.deleted:
            # The gates of the seats that were held then may go on refusing for as long as those holds would have
            # lasted, unless a tidy-up opens them.
            gates = {
                (n, "held")
                for n in request.seats
                if n in self._held_when_deleted and self._is_live(self._held_when_deleted[n])
            }
            return (SEAT_NOT_FOUND, _unavailable(gates)) if gates else (SEAT_NOT_FOUND,)
        wanted = {number: self.seats[number] for number in request.seats}
        taken = [(n, self._shown(seat)) for n, seat in wanted.items() if self._shown(seat) != "available"]
        if self.now >= self.sale_ends_at[event]:
            # The gate, which knows of holds only, is asked before the event is.
            behind_a_gate = any(status == "held" for _, status in taken)
            return (NOT_ON_SALE, _unavailable(taken)) if behind_a_gate else (NOT_ON_SALE,)
        if taken:
            return (_unavailable(taken),)
        if beyond := self._beyond_the_limit(request.user, event, len(wanted)):
            return (beyond,)
        hold = ModelHold(
            number=len(self.holds),
            user=request.user,
            event=event,
            seats=tuple(sorted(wanted)),
            began_at=self.now,
            ends_at=self.now + self.terms.hold_lasts_s,
        )
        self.holds.append(hold)
        for seat in wanted.values():
            self._change(seat, hold=hold)
        return (Answer(201, content=self._told_hold(hold)),)

    def _place_best(self, request: HoldBest, chosen: Sequence[int]) -> Sequence[Answer]:
        event = request.event
        if event in self.deleted:
            # An instance may not have heard of it, and looks for places until it has.
            return (EVENT_NOT_FOUND, SEAT_NOT_FOUND, NOT_ENOUGH)
        free = {n for n, status, _ in self.shown(event) if status == "available"}
        if chosen and len(set(chosen)) == request.quantity and free.issuperset(chosen):
            return self._place(PlaceHold(request.user, request.key, tuple(chosen)))
        if len(free) < request.quantity:
            return (NOT_ENOUGH,)
        if self.now >= self.sale_ends_at[event]:
            return (NOT_ON_SALE, NOT_ENOUGH)
        beyond = self._beyond_the_limit(request.user, event, request.quantity)
        return (beyond, NOT_ENOUGH) if beyond else (NOT_ENOUGH,)

    def _beyond_the_limit(self, user: int, event: int, more: int) -> Answer | None:
        held = sum(
            seat.hold is not None and seat.hold.user == user and self._is_live(seat.hold)
            for seat in self.seats.values()
            if seat.event == event
        )
        is_beyond = held + more > self.terms.seats_per_user
        return Answer(409, "hold-limit-reached", (self.terms.seats_per_user, held)) if is_beyond else None

    def _of_my_hold(self, user: int, number: int, act: Callable[[ModelHold], Answer]) -> Answer:
        if not 0 <= number < len(self.holds) or self.holds[number].user != user:
            return HOLD_NOT_FOUND
        return act(self.holds[number])

    def _release(self, hold: ModelHold) -> Answer:
        if hold.order and hold.event not in self.deleted:
            return HOLD_CONFIRMED
        for seat in self._seats_under(hold):
            self._change(seat)
        return DONE

    def _extend(self, hold: ModelHold) -> Answer:
        if not self._seats_under(hold) or not self._is_live(hold):
            return HOLD_ENDED
        longest = hold.began_at + self.terms.hold_lasts_at_most_s
        hold.ends_at = max(hold.ends_at, min(self.now + self.terms.hold_lasts_s, longest))
        for seat in self._seats_under(hold):
            self._change(seat, hold=hold)
        return Answer(200, content=self._told_hold(hold))

    def _confirm(self, hold: ModelHold) -> Answer:
        if hold.order and hold.event not in self.deleted:
            return Answer(201, content=self._told_order(hold.order))
        if not self._seats_under(hold) or not self._is_live(hold):
            return HOLD_ENDED
        order = hold.order = ModelOrder(len(self.orders), hold.user, hold.event)
        first = len(self.bookings)
        order.bookings = [ModelBooking(first + n, order, seat, self.now) for n, seat in enumerate(hold.seats)]
        self.orders.append(order)
        self.bookings += order.bookings
        for booking in order.bookings:
            self._change(self.seats[booking.seat], booking=booking)
        return Answer(201, content=self._told_order(order))

    def _cancel(self, user: int, number: int) -> Answer:
        booking = self._known_booking(number)
        if booking is None or booking.order.user != user:
            return BOOKING_NOT_FOUND
        if booking.entry:
            return used(booking.entry)
        if booking.cancelled_at is None:
            booking.cancelled_at = self.now
            self._change(self.seats[booking.seat])
        return Answer(200, content=self._told_booking(booking))

    def _known_booking(self, number: int) -> ModelBooking | None:
        booking = self.bookings[number] if 0 <= number < len(self.bookings) else None
        return booking if booking and booking.order.event not in self.deleted else None

    def _bookings_of(self, event: int) -> Sequence[ModelBooking]:
        return [booking for booking in self.bookings if booking.order.event == event]

    @staticmethod
    def _change(seat: ModelSeat, *, hold: ModelHold | None = None, booking: ModelBooking | None = None) -> None:
        seat.hold, seat.booking, seat.version = hold, booking, seat.version + 1

    def _is_live(self, hold: ModelHold) -> bool:
        return hold.ends_at > self.now

    def _shown(self, seat: ModelSeat) -> str:
        return "available" if seat.hold and not self._is_live(seat.hold) else seat.status

    def _seats_of(self, event: int) -> Sequence[int]:
        return [number for number, seat in self.seats.items() if seat.event == event]

    def _seats_under(self, hold: ModelHold) -> Sequence[ModelSeat]:
        """What it still has of its seats: all while it lives; afterwards fewer and fewer."""
        return [self.seats[n] for n in hold.seats if n in self.seats and self.seats[n].hold is hold]

    def _told_hold(self, hold: ModelHold) -> Hold:
        return Hold(
            hold=hold.number,
            event=hold.event,
            seats=tuple((number, self.seats[number].version) for number in hold.seats),
            total=self.terms.price * len(hold.seats),
            expires_at=hold.ends_at,
            expires_in=hold.ends_at - self.now,
            extendable_until=hold.began_at + self.terms.hold_lasts_at_most_s,
        )

    def _told_order(self, order: ModelOrder) -> Order:
        bookings = tuple((booking.number, booking.seat, booking.status) for booking in order.bookings)
        return Order(order.number, order.event, bookings, self.terms.price * len(bookings))

    @staticmethod
    def _told_booking(booking: ModelBooking) -> Booking:
        return Booking(
            booking=booking.number,
            order=booking.order.number,
            event=booking.order.event,
            seat=booking.seat,
            status=booking.status,
            created_at=booking.created_at,
            cancelled_at=booking.cancelled_at,
        )


def _unavailable(seats: Iterable[tuple[int, str]]) -> Answer:
    return Answer(409, "seat-unavailable", frozenset(seats))
