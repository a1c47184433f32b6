"""Ways to break a database in which `Shop.sell` has happened; each with the invariant that must find it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Corruption:
    """`sql` runs with all triggers and foreign keys off, as a repair by hand gone wrong would."""

    what: str
    found_by: str
    sql: str

    def __str__(self) -> str:
        return f"{self.found_by}: {self.what}"


_BOOKED_BY_HAND = """
    INSERT INTO bookings (order_id, user_id, event_id, seat_id, hold_id, price, currency)
    SELECT order_id, user_id, event_id, {seat}, gen_random_uuid(), price, currency FROM bookings WHERE id = 1
"""
_SECOND_SALE = "DROP INDEX one_live_booking_per_seat;" + _BOOKED_BY_HAND.format(seat=1)
_EVENT_1_BY_HAND = "; ".join(
    f"DELETE FROM {table} WHERE {column} = 1"
    for table, column in (("bookings", "event_id"), ("orders", "event_id"), ("seats", "event_id"), ("events", "id"))
)
_NO_GUARD = """
    CREATE OR REPLACE FUNCTION guard_seats() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$
"""

CORRUPTIONS = (
    Corruption("a seat sold twice", "one_live_booking_per_seat", _SECOND_SALE),
    Corruption(
        "a sold seat looks free",
        "booked_seats_have_their_booking",
        "UPDATE seats SET status = 'available', booking_id = NULL WHERE id = 1",
    ),
    Corruption(
        "a seat is booked by a cancelled booking",
        "booked_seats_have_their_booking",
        "UPDATE bookings SET status = 'cancelled', cancelled_at = now() WHERE id = 1",
    ),
    Corruption(
        "two seats name each other's booking",
        "booked_seats_have_their_booking",
        "DROP INDEX seats_booking_id_idx; UPDATE seats SET booking_id = 4 - booking_id WHERE id IN (1, 7)",
    ),
    Corruption(
        "a free seat has a holder",
        "every_seat_has_its_shape",
        "ALTER TABLE seats DROP CONSTRAINT seats_shape_check; UPDATE seats SET held_by = 1 WHERE id = 8",
    ),
    Corruption(
        "a status that there is not",
        "every_seat_has_its_shape",
        "ALTER TABLE seats DROP CONSTRAINT seats_shape_check, DROP CONSTRAINT seats_status_check;"
        "UPDATE seats SET status = 'sold' WHERE id = 8",
    ),
    Corruption("a seat is gone", "inventory_is_conserved", "DELETE FROM seats WHERE id = 12"),
    Corruption("an event larger than its seats", "inventory_is_conserved", "UPDATE events SET seat_count = 13"),
    Corruption(
        "a sale more than booked seats",
        "inventory_is_conserved",
        _BOOKED_BY_HAND.format(seat=9),
    ),
    Corruption(
        "an entry is missing", "the_ledger_has_no_gaps", "DELETE FROM seat_log WHERE seat_id = 2 AND version = 2"
    ),
    Corruption(
        "an entry is rewritten",
        "the_ledger_has_no_gaps",
        "UPDATE seat_log SET new_status = 'available' WHERE seat_id = 1 AND version = 1",
    ),
    Corruption(
        "a step that is not allowed",
        "the_ledger_has_no_gaps",
        "INSERT INTO seat_log (seat_id, version, event_id, old_status, new_status, at)"
        " VALUES (1, 3, 1, 'booked', 'held', clock_timestamp())",
    ),
    Corruption(
        "a change without the ledger",
        "the_ledger_ends_at_the_seat",
        "UPDATE seats SET status = 'blocked', version = 1 WHERE id = 8",
    ),
    Corruption(
        "a change that the ledger has and the seat has lost",
        "the_ledger_ends_at_the_seat",
        "UPDATE seats SET status = 'held', version = 1, booking_id = NULL, hold_id = l.hold_id, held_by = l.user_id,"
        " held_since = l.at, hold_expiry = l.hold_expiry"
        " FROM seat_log l WHERE id = 7 AND seat_id = 7 AND l.version = 1",
    ),
    Corruption(
        "a holder other than the ledger's", "the_ledger_ends_at_the_seat", "UPDATE seats SET held_by = 1 WHERE id = 3"
    ),
    Corruption(
        "an end other than the ledger's",
        "the_ledger_ends_at_the_seat",
        "UPDATE seats SET hold_expiry = hold_expiry + interval '1 hour' WHERE id = 3",
    ),
    Corruption("an event deleted by hand", "deleted_events_left_in_good_order", _EVENT_1_BY_HAND),
    Corruption("a deletion that nobody wrote down", "deleted_events_left_in_good_order", "DELETE FROM audit_log"),
    Corruption(
        "a deleted event that is back",
        "deleted_events_left_in_good_order",
        "UPDATE audit_log SET object_id = '1' WHERE action = 'event.force_deleted'",
    ),
    Corruption(
        "a deleted event's seat that was never blocked",
        "deleted_events_left_in_good_order",
        "DELETE FROM seat_log WHERE seat_id = 16",
    ),
    Corruption(
        "a seat of a deleted event that was on sale to the end",
        "deleted_events_left_in_good_order",
        "UPDATE seat_log SET new_status = 'available' WHERE seat_id = 15",
    ),
    Corruption(
        "a clock that was set back",
        "the_ledger_follows_the_clock",
        "UPDATE seat_log SET at = at - interval '1 hour' WHERE seat_id = 2 AND version = 3",
    ),
    Corruption(
        "booked with another hold",
        "bookings_follow_their_hold",
        "UPDATE seat_log SET hold_id = gen_random_uuid() WHERE seat_id = 1 AND version = 1",
    ),
    Corruption(
        "booked by another person",
        "bookings_follow_their_hold",
        "UPDATE seat_log SET user_id = 2 WHERE seat_id = 1 AND version = 1",
    ),
    Corruption(
        "booked at the very end of the hold",
        "bookings_follow_their_hold",
        "UPDATE seat_log l SET hold_expiry = booked.at FROM seat_log booked"
        " WHERE l.seat_id = 7 AND l.version = 1 AND booked.seat_id = 7 AND booked.version = 2",
    ),
    Corruption(
        "booked without a hold",
        "bookings_follow_their_hold",
        "DELETE FROM seat_log WHERE seat_id = 7 AND version = 1",
    ),
    Corruption(
        "booked long after the end of the hold",
        "bookings_follow_their_hold",
        "UPDATE seat_log SET at = at + interval '1 hour' WHERE seat_id = 7 AND version = 2",
    ),
    Corruption(
        "a live hold taken over",
        "live_holds_keep_their_seats",
        "UPDATE seat_log SET hold_expiry = at + interval '1 hour' WHERE seat_id = 6 AND version = 1",
    ),
    Corruption(
        "an ended hold extended",
        "live_holds_keep_their_seats",
        "UPDATE seat_log SET hold_expiry = at WHERE seat_id = 3 AND version = 1",
    ),
    Corruption(
        "a hold shortened",
        "live_holds_keep_their_seats",
        "UPDATE seat_log SET hold_expiry = at + interval '1 second' WHERE seat_id = 3 AND version = 2",
    ),
    Corruption(
        "a hold that ended long ago",
        "ended_holds_are_swept",
        "UPDATE seats SET hold_expiry = now() - interval '66 seconds' WHERE id = 3",
    ),
    Corruption(
        "two seats held in two transactions",
        "holds_are_all_or_nothing",
        "UPDATE seat_log SET xid = '3' WHERE seat_id = 4 AND version = 1",
    ),
    Corruption(
        "two seats confirmed in two transactions",
        "holds_are_all_or_nothing",
        "UPDATE seat_log SET xid = '3' WHERE seat_id = 1 AND version = 2",
    ),
    Corruption(
        "one of two seats extended",
        "holds_are_all_or_nothing",
        "DELETE FROM seat_log WHERE seat_id = 4 AND version = 2",
    ),
    Corruption(
        "one of two seats confirmed",
        "holds_are_all_or_nothing",
        "DELETE FROM seat_log WHERE seat_id = 1 AND version = 2",
    ),
    Corruption(
        "one of two seats released before its end",
        "holds_are_all_or_nothing",
        "INSERT INTO seat_log (seat_id, version, event_id, old_status, new_status, hold_id, hold_expiry, user_id, at)"
        " SELECT 4, 3, 1, 'held', 'available', hold_id, hold_expiry, user_id, at + interval '1 second'"
        " FROM seat_log WHERE seat_id = 4 AND version = 2",
    ),
    Corruption(
        "a hold of two people",
        "holds_are_all_or_nothing",
        "UPDATE seat_log SET user_id = 1 WHERE seat_id = 4",
    ),
    Corruption(
        "eleven seats held at once",
        "the_hold_limit_is_kept",
        "INSERT INTO seat_log (seat_id, version, event_id, old_status, new_status, hold_id, hold_expiry, user_id, at)"
        " SELECT 100 + n, 1, 9, 'available', 'held', gen_random_uuid(), now() + interval '1 minute', 2, now()"
        " FROM generate_series(1, 11) AS n",
    ),
    Corruption("a booking from nowhere", "bookings_are_in_the_ledger", _BOOKED_BY_HAND.format(seat=9)),
    Corruption(
        "a cancelled booking whose seat was never freed",
        "bookings_are_in_the_ledger",
        "ALTER TABLE bookings DROP CONSTRAINT bookings_admitted_check;"
        "UPDATE bookings SET status = 'cancelled', cancelled_at = now() WHERE id = 3",
    ),
    Corruption(
        "a freed seat whose booking lives",
        "bookings_are_in_the_ledger",
        "UPDATE bookings SET status = 'confirmed', cancelled_at = NULL WHERE id = 2",
    ),
    Corruption(
        "a booking in another name", "bookings_are_in_the_ledger", "UPDATE bookings SET user_id = 2 WHERE id = 1"
    ),
    Corruption("a booking is gone", "no_booking_was_lost", "DELETE FROM bookings WHERE id = 3"),
    Corruption("a cancelled booking is gone", "no_booking_was_lost", "DELETE FROM bookings WHERE id = 2"),
    Corruption(
        "a booking that the audit log has forgotten",
        "no_booking_was_lost",
        "UPDATE audit_log SET detail = detail - 'bookings' WHERE action = 'event.force_deleted'",
    ),
    Corruption(
        "one of two bookings that the audit log has forgotten",
        "no_booking_was_lost",
        "UPDATE audit_log SET detail = detail #- '{bookings,1}' WHERE action = 'event.force_deleted'",
    ),
    Corruption("a wrong total", "orders_add_up", "UPDATE orders SET total = total + 1"),
    Corruption("an order without bookings", "orders_add_up", "DELETE FROM bookings WHERE id = 3"),
    Corruption("bookings without an order", "orders_add_up", "DELETE FROM orders"),
    Corruption(
        "an order of another person than its bookings",
        "orders_add_up",
        "UPDATE bookings SET user_id = 2 WHERE id = 1",
    ),
    Corruption("an order in another currency", "orders_add_up", "UPDATE orders SET currency = 'USD'"),
    Corruption("sold too cheaply", "bookings_cost_what_their_seats_cost", "UPDATE bookings SET price = 1 WHERE id = 1"),
    Corruption(
        "sold in another currency",
        "bookings_cost_what_their_seats_cost",
        "UPDATE bookings SET currency = 'JPY' WHERE id = 1",
    ),
    Corruption(
        "a seat at another place of the plan",
        "events_and_seats_agree",
        "UPDATE seats SET id = 99 WHERE id = 12",
    ),
    Corruption(
        "a price of the catalogue that nobody pays", "events_and_seats_agree", "UPDATE events SET price_from = 1"
    ),
    Corruption(
        "a price that is not its category's", "events_and_seats_agree", "UPDATE seats SET price = 9900 WHERE id = 12"
    ),
    Corruption(
        "a hold that was acknowledged and is not there",
        "stored_answers_have_their_effect",
        "DELETE FROM seat_log WHERE seat_id IN (3, 4)",
    ),
    Corruption(
        "half a hold that was acknowledged whole",
        "stored_answers_have_their_effect",
        "DELETE FROM seat_log WHERE seat_id = 4",
    ),
    Corruption(
        "an order that was acknowledged and is not there", "stored_answers_have_their_effect", "DELETE FROM orders"
    ),
    Corruption(
        "an order that was acknowledged to somebody else",
        "stored_answers_have_their_effect",
        "UPDATE orders SET user_id = 3",
    ),
    Corruption(
        "a cancellation that was acknowledged and has not happened",
        "stored_answers_have_their_effect",
        "UPDATE bookings SET status = 'confirmed', cancelled_at = NULL WHERE id = 2",
    ),
    Corruption(
        "an order of a deleted event that the audit log has forgotten",
        "stored_answers_have_their_effect",
        "DELETE FROM audit_log",
    ),
    Corruption(
        "an event that was acknowledged and never created",
        "stored_answers_have_their_effect",
        """
        INSERT INTO idempotency_keys (user_id, key, fingerprint, status, body)
        SELECT id, 'an event', '', 201, '{"id":4711,"name":"Nowhere"}' FROM users ORDER BY id LIMIT 1
        """,
    ),
    Corruption(
        "a key without an answer",
        "stored_answers_have_their_effect",
        "UPDATE idempotency_keys SET status = NULL WHERE status = 409 OR status = 201",
    ),
    Corruption(
        "an answer that is no JSON",
        "stored_answers_have_their_effect",
        "UPDATE idempotency_keys SET body = '{\"hold_id\": oops' WHERE status = 201",
    ),
    Corruption(
        "an admission that was acknowledged and has not happened",
        "stored_answers_have_their_effect",
        "UPDATE bookings SET admitted_at = NULL, admitted_gate = NULL, admitted_by = NULL WHERE id = 3",
    ),
    Corruption("a buyer who is gone", "references_lead_somewhere", "DELETE FROM users WHERE id = 1"),
    Corruption("an order whose event is gone", "references_lead_somewhere", "DELETE FROM events WHERE id = 1"),
    Corruption("a booking whose seat is gone", "references_lead_somewhere", "DELETE FROM seats WHERE id = 1"),
    Corruption("whoever stood at the door is gone", "references_lead_somewhere", "DELETE FROM users WHERE id = 3"),
    Corruption(
        "a double entry whose booking is gone", "references_lead_somewhere", "DELETE FROM bookings WHERE id = 2"
    ),
    Corruption("the guard of the seats is off", "the_guards_stand", "ALTER TABLE seats DISABLE TRIGGER seats_guard"),
    Corruption("the guard of the seats is gone", "the_guards_stand", "DROP TRIGGER seats_guard ON seats"),
    Corruption("the guard of the seats is hollow", "the_guards_stand", _NO_GUARD),
    Corruption(
        "the ledger may be rewritten",
        "the_guards_stand",
        "ALTER TABLE seat_log DISABLE TRIGGER seat_log_is_append_only",
    ),
    Corruption("no second witness", "the_guards_stand", "DROP INDEX one_live_booking_per_seat"),
    Corruption(
        "a second witness that looks the other way",
        "the_guards_stand",
        "DROP INDEX one_live_booking_per_seat;"
        "CREATE UNIQUE INDEX one_live_booking_per_seat ON bookings (seat_id) WHERE status = 'sold'",
    ),
    Corruption(
        "a second witness that is not ready",
        "the_guards_stand",
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'one_live_booking_per_seat'::regclass",
    ),
    Corruption("foreign keys that are off", "the_guards_stand", "ALTER TABLE bookings DISABLE TRIGGER ALL"),
    Corruption(
        "a constraint for new rows only",
        "the_guards_stand",
        "ALTER TABLE seats DROP CONSTRAINT seats_price_check;"
        "ALTER TABLE seats ADD CONSTRAINT seats_price_check CHECK (price >= 0) NOT VALID",
    ),
    Corruption(
        "a role that does not wait for the disk",
        "commits_are_durable",
        "ALTER ROLE CURRENT_USER SET synchronous_commit = off",
    ),
    Corruption(
        "a database that does not wait for the disk",
        "commits_are_durable",
        "ALTER DATABASE audit_sold SET synchronous_commit = off",
    ),
    Corruption(
        "a database whose changes pass the triggers",
        "commits_are_durable",
        "ALTER DATABASE audit_sold SET session_replication_role = replica",
    ),
    Corruption("commits that do not wait for the disk", "commits_are_durable", "SET LOCAL synchronous_commit = off"),
    Corruption(
        "a role whose changes pass the triggers",
        "commits_are_durable",
        "ALTER ROLE CURRENT_USER SET session_replication_role = replica",
    ),
    Corruption(
        "somebody is let in with a cancelled ticket",
        "the_door_lets_in_what_was_sold",
        "ALTER TABLE bookings DROP CONSTRAINT bookings_admitted_check;"
        "UPDATE bookings SET admitted_at = now(), admitted_by = 3 WHERE id = 2",
    ),
    Corruption(
        "nobody knows who let them in",
        "the_door_lets_in_what_was_sold",
        "ALTER TABLE bookings DROP CONSTRAINT bookings_admitted_check; UPDATE bookings SET admitted_by = NULL",
    ),
    Corruption(
        "a double entry of another event",
        "the_door_lets_in_what_was_sold",
        "UPDATE double_entries SET event_id = 2",
    ),
    Corruption(
        "a double entry where there was no first",
        "the_door_lets_in_what_was_sold",
        "UPDATE double_entries SET booking_id = 1",
    ),
)
