"""Histories of a sale, made up by Hypothesis: every answer of the services must be the model's."""

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tests.stateful.box_office import BoxOffice
from tests.stateful.choices import (
    ADMINS,
    EVENTS,
    SALE_ENDS_IN_S,
    SEATS,
    USERS,
    a_few_seats,
    any_event,
    any_seats,
    back,
    by_whom,
    gates,
    instances,
    keyed,
    scanners,
    several_instances,
    told_at,
    users,
)
from tests.stateful.model import Sale
from tests.stateful.model_state import NOT_ENOUGH, ModelBooking
from tests.stateful.requests import (
    UNKNOWN,
    Answer,
    CancelBooking,
    CheckIn,
    ConfirmHold,
    ConfirmSeat,
    ExtendHold,
    Hold,
    HoldBest,
    PlaceHold,
    ReleaseHold,
    Request,
)

Run = Callable[[Coroutine[Any, Any, Any]], Any]
"""Runs a coroutine to its end; nothing else happens before or after."""

TURNS, TURN_S = 500, 0.02
"""How often somebody asks for places that there are, until an instance knows of them."""


class SaleMachine(RuleBasedStateMachine):
    """One history. Subclasses say where: see `machine_for`."""

    box_office: BoxOffice
    run: Run
    steps = 0
    met: Counter[str]
    """How often each kind of answer was given to each kind of request, over all histories."""

    def __init__(self) -> None:
        """Open the sale."""
        super().__init__()
        self.door = self.run(
            self.box_office.open_sale(events=EVENTS, sale_ends_in_s=SALE_ENDS_IN_S, users=USERS, admins=ADMINS)
        )
        began = self.run(self.box_office.clock.now_s())
        self.sale = Sale(
            events=EVENTS,
            sale_ends_at=[began + seconds for seconds in SALE_ENDS_IN_S],
            customers=USERS,
            terms=self.box_office.terms,
            now=began,
        )
        self.asked: list[Request] = []
        self.is_right = True

    # Holds

    @rule(user=users, seats=a_few_seats, keyed=keyed, at=several_instances)
    def hold(self, user: int, seats: Sequence[int], keyed: bool, at: Sequence[int]) -> None:
        self.ask(PlaceHold(user, self.fresh_key(keyed), tuple(seats)), at)

    @rule(user=users, seats=any_seats, keyed=keyed, at=several_instances)
    def hold_whatever(self, user: int, seats: Sequence[int], keyed: bool, at: Sequence[int]) -> None:
        self.ask(PlaceHold(user, self.fresh_key(keyed), tuple(seats)), at)

    @rule(user=users, event=any_event, quantity=st.sampled_from((1, 1, 2, 3, 4, 5)), keyed=keyed, at=several_instances)
    def hold_the_best(self, user: int, event: int, quantity: int, keyed: bool, at: Sequence[int]) -> None:
        """Until the instance has heard of every free seat."""
        for _ in range(TURNS):
            answer = self.ask(HoldBest(user, self.fresh_key(keyed), event, quantity), at)
            if answer != NOT_ENOUGH or not self.sale.must_find(event, quantity):
                return
            self.run(asyncio.sleep(TURN_S))
        raise AssertionError(f"{quantity} seats of event {event} are free, and never found")

    @precondition(lambda self: self.sale.holds)
    @rule(back=back, by=by_whom, keyed=keyed, at=several_instances)
    def release(self, back: int, by: int | None, keyed: bool, at: Sequence[int]) -> None:
        hold, holder = self.hold_before(back)
        self.ask(ReleaseHold(holder if by is None else by, self.fresh_key(keyed), hold), at)

    @precondition(lambda self: self.sale.holds)
    @rule(back=back, by=by_whom, keyed=keyed, at=several_instances)
    def extend(self, back: int, by: int | None, keyed: bool, at: Sequence[int]) -> None:
        hold, holder = self.hold_before(back)
        self.ask(ExtendHold(holder if by is None else by, self.fresh_key(keyed), hold), at)

    # Bookings

    @precondition(lambda self: self.sale.holds)
    @rule(back=back, by=by_whom, keyed=keyed, at=several_instances)
    def confirm(self, back: int, by: int | None, keyed: bool, at: Sequence[int]) -> None:
        hold, holder = self.hold_before(back)
        self.ask(ConfirmHold(holder if by is None else by, self.fresh_key(keyed), hold), at)

    @precondition(lambda self: self.sale.holds)
    @rule(back=back, by=by_whom, keyed=keyed, at=several_instances)
    def confirm_by_seat(self, back: int, by: int | None, keyed: bool, at: Sequence[int]) -> None:
        hold, holder = self.hold_before(back)
        seat = SEATS if hold == UNKNOWN else self.sale.holds[hold].seats[-1]
        self.ask(ConfirmSeat(holder if by is None else by, self.fresh_key(keyed), seat), at)

    @rule(user=users, seats=a_few_seats, keyed=keyed, at=several_instances)
    def buy(self, user: int, seats: Sequence[int], keyed: bool, at: Sequence[int]) -> None:
        """Hold and confirm, as most people do."""
        before = len(self.sale.holds)
        self.ask(PlaceHold(user, self.fresh_key(keyed), tuple(seats)), at)
        if len(self.sale.holds) > before:
            self.ask(ConfirmHold(user, self.fresh_key(keyed), before), at)

    @precondition(lambda self: self.sale.bookings)
    @rule(back=back, by=by_whom, keyed=keyed, at=several_instances)
    def cancel(self, back: int, by: int | None, keyed: bool, at: Sequence[int]) -> None:
        number = len(self.sale.bookings) - 1 - back
        buyer = self.sale.bookings[number].order.user if number >= 0 else 0
        self.ask(CancelBooking(buyer if by is None else by, self.fresh_key(keyed), max(number, UNKNOWN)), at)

    # The door

    @precondition(lambda self: self.sale.bookings)
    @rule(
        back=back,
        by=scanners,
        gate=gates,
        is_right_door=st.sampled_from((True, True, True, True, False)),
        told_at=told_at,
        keyed=keyed,
        at=several_instances,
    )
    def scan(
        self,
        back: int,
        by: int,
        gate: str | None,
        is_right_door: bool,
        told_at: int | None,
        keyed: bool,
        at: Sequence[int],
    ) -> None:
        """The ticket so many before the last one, as `back` says; beyond the first, a made up code."""
        number = len(self.sale.bookings) - 1 - back
        event = self.sale.bookings[number].order.event if number >= 0 else 0
        door = event if is_right_door else (event + 1) % len(EVENTS)
        self.ask(CheckIn(by, self.fresh_key(keyed), max(number, UNKNOWN), door, gate, told_at), at)

    # The same again

    @precondition(lambda self: self.asked)
    @rule(back=back, at=several_instances)
    def ask_again(self, back: int, at: Sequence[int]) -> None:
        """The very same request, with its key if it had one."""
        self.ask(self.asked[-1 - back % len(self.asked)], at)

    @precondition(lambda self: any(request.key for request in self.asked))
    @rule(back=back, user=users, seats=a_few_seats, at=several_instances)
    def use_a_key_again(self, back: int, user: int, seats: Sequence[int], at: Sequence[int]) -> None:
        """An earlier key, with another request or by another user, whose own it then is."""
        keys = [request.key for request in self.asked if request.key]
        self.ask(PlaceHold(user, keys[-1 - back % len(keys)], tuple(seats)), at)

    # Stories that chance alone would seldom tell

    @rule(user=users, event=any_event, at=several_instances)
    def want_more_and_more(self, user: int, event: int, at: Sequence[int]) -> None:
        """Hold whatever is free, two seats at a time, until it is refused."""
        free = [seat for seat, status, _ in self.sale.shown(event) if status == "available"]
        for first in range(0, len(free) - 1, 2):
            before = len(self.sale.holds)
            self.ask(PlaceHold(user, None, tuple(free[first : first + 2])), at)
            if len(self.sale.holds) == before:
                return

    @precondition(lambda self: self.cancelled_and_free())
    @rule(other=users, keyed=keyed, at=several_instances)
    def cancel_again_after_the_seat_was_sold_again(self, other: int, keyed: bool, at: Sequence[int]) -> None:
        """The second cancellation must not take the seat from whoever has bought it since."""
        booking = self.cancelled_and_free()[-1]
        self.buy(other, [booking.seat], keyed, at)
        self.ask(CancelBooking(booking.order.user, self.fresh_key(keyed), booking.number), at)

    @precondition(lambda self: self.sale.live_holds())
    @rule(
        seconds=st.sampled_from((-1, -1, 0, 1)),
        act=st.sampled_from(("confirm", "confirm", "extend", "release", "take over", "sweep")),
        other=users,
        at=several_instances,
    )
    def act_around_the_end_of_a_hold(self, seconds: int, act: str, other: int, at: Sequence[int]) -> None:
        """One second before it, at it, one second after it."""
        hold = min(self.sale.live_holds(), key=lambda live: live.ends_at)
        self.tick(max(hold.ends_at + seconds - 1 - self.sale.now, 0))
        match act:
            case "confirm":
                self.ask(ConfirmHold(hold.user, None, hold.number), at)
            case "extend":
                self.ask(ExtendHold(hold.user, None, hold.number), at)
            case "release":
                self.ask(ReleaseHold(hold.user, None, hold.number), at)
            case "take over":
                self.ask(PlaceHold(other, None, hold.seats), at)
            case _:
                self.tick()
                self.sweep()

    # The organiser, the clock, and what happens by itself

    @precondition(lambda self: len(self.asked) > 8)
    @rule(event=st.sampled_from((1, 1, 0)), is_admin=st.sampled_from((True, True, False)), force=st.booleans())
    def delete_event(self, event: int, is_admin: bool, force: bool) -> None:
        self.tick()
        expected = self.sale.delete_event(event, is_admin=is_admin, force=force)
        given = self.run(self.door.delete_event(event, is_admin=is_admin, force=force))
        self.compare(given, expected)
        self.count("DeleteEvent", given)

    @precondition(lambda self: self.sale.sold())
    @rule()
    def delete_an_event_with_sold_seats(self) -> None:
        """Refused, without force."""
        self.delete_event(self.sale.sold()[-1].order.event, is_admin=True, force=False)

    @rule(minutes=st.sampled_from((1, 10, 30, 70)))
    def time_passes(self, minutes: int) -> None:
        self.tick(minutes * 60)

    @rule()
    def sweep(self) -> None:
        self.sale.sweep()
        self.run(self.box_office.sweep())

    @rule()
    def redis_forgets(self) -> None:
        self.run(self.box_office.forget_gates())

    # What everybody sees

    @rule(event=any_event)
    def read_seats(self, event: int) -> None:
        self.compare(self.run(self.door.seats_of(event)), self.sale.seats_of(event))

    @rule(user=users, at=instances)
    def read_my_holds(self, user: int, at: int) -> None:
        self.compare(self.run(self.door.my_holds(user, instance=at)), self.sale.my_holds(user))

    @rule(user=users, at=instances, page=st.sampled_from([1, 2, 20]))
    def read_my_bookings(self, user: int, at: int, page: int) -> None:
        self.compare(self.run(self.door.my_bookings(user, instance=at, page=page)), self.sale.my_bookings(user))

    @rule(event=any_event, at=instances)
    def read_the_door(self, event: int, at: int) -> None:
        self.compare(self.run(self.door.people_at_the_door(event, instance=at)), self.sale.people_at_the_door(event))
        self.compare(self.run(self.door.known_tickets(event, instance=at)), self.sale.known_tickets(event))

    @invariant()
    def the_seats_are_as_the_model_has_them(self) -> None:
        type(self).steps += 1
        self.compare(self.run(self.box_office.rows(self.door)), self.sale.rows())

    def teardown(self) -> None:
        """After the last step: everything that can be read, and the auditor's opinion."""
        if not self.is_right:
            return
        for event in range(len(EVENTS)):
            self.read_seats(event)
            self.read_the_door(event, 0)
        for user in range(USERS):
            self.read_my_holds(user, 0)
            self.read_my_bookings(user, 0, 20)
        self.sweep()
        self.the_seats_are_as_the_model_has_them()
        report = self.box_office.audit()
        assert not report.errors, report.errors
        assert not report.findings, [(found.invariant.name, found.rows) for found in report.findings]

    # How it is asked and compared

    def ask(self, request: Request, at: Sequence[int]) -> Answer | None:
        """Ask, compare the answer, and return it. Only with a key may the same request arrive twice at a time."""
        if self.sale.depends_on_the_instance(request):
            return None
        self.tick()
        self.asked.append(request)
        given: Sequence[Answer] = self.run(self.door.ask(request, instances=at if request.key else at[:1]))
        held = given[0].content
        acceptable = self.sale.answers(
            request, chosen=[seat for seat, _ in held.seats] if isinstance(held, Hold) else ()
        )
        self.compare(given, [answer for answer in acceptable if answer in given][:1] * len(given), request, acceptable)
        self.sale.remember(request, given[0])
        self.count(type(request).__name__, given[0])
        return given[0]

    def count(self, request: str, answer: Answer) -> None:
        """One more of this kind."""
        self.met[f"{request} {answer.problem or answer.status}"] += 1

    def compare(self, given: object, expected: object, *about: object) -> None:
        """Raise `AssertionError` unless they are equal."""
        self.is_right = False
        assert given == expected, f"{given}\nis not\n{expected}\n{about or ''}"
        self.is_right = True

    def tick(self, seconds: int = 1) -> None:
        """Move both clocks; every request has an instant of its own."""
        self.sale.now += seconds
        self.run(self.box_office.clock.advance(seconds))

    def fresh_key(self, is_wanted: bool) -> str | None:
        """A key that nobody has used, or none."""
        return f"key-{len(self.asked)}" if is_wanted else None

    def cancelled_and_free(self) -> Sequence[ModelBooking]:
        """Cancelled bookings whose seats nobody has at the moment."""
        free = {n for event in range(len(EVENTS)) for n, status, _ in self.sale.shown(event) if status == "available"}
        return [b for b in self.sale.bookings if b.status == "cancelled" and b.seat in free]

    def hold_before(self, back: int) -> tuple[int, int]:
        """The hold so many before the last one, and its holder."""
        number = len(self.sale.holds) - 1 - back
        return (number, self.sale.holds[number].user) if number >= 0 else (UNKNOWN, 0)


def machine_for(box_office: BoxOffice, run: Run) -> type[SaleMachine]:
    """The machine, to be run there."""
    return type(
        "SaleMachine",
        (SaleMachine,),
        {"box_office": box_office, "run": staticmethod(run), "steps": 0, "met": Counter()},
    )
