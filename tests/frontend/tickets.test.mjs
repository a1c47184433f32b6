import assert from "node:assert/strict";
import { test } from "node:test";

import { calendarFile } from "../../frontend/lib/calendar.js";
import { ordersOf, seatGroups, shelve } from "../../frontend/lib/orders.js";
import { qrPath, readableCode } from "../../frontend/lib/ticket-code.js";
import { readQr } from "./qr-reader.mjs";

const NOW = Date.parse("2025-12-12T12:00:00Z");
const CODES = ["FR1", "FR1DYAZVBFWQ5M5ATFLPTJ2KB5Z64YUU", "FR1QWJAPQRMTGWYJCBFXKUJGDY6CZ3W4NVO7Q", "FR1" + "Z7".repeat(29)];

let nextId = 1;
const booking = ({ order = "o1", start = "2025-12-13T19:30:00Z", status = "confirmed", seat = {}, created = "2025-12-01T10:00:00Z" } = {}) => {
  const id = nextId++;
  return {
    id,
    order_id: order,
    status,
    price: 1000,
    currency: "EUR",
    created_at: created,
    event: { id: 1, name: "Evening", event_type: "concert", venue: "Hall", city: "Berlin", start_time: start, image_url: "" },
    seat: { id, seat_number: `STALLS-A-${id}`, section: "Stalls", row: "A", ...seat },
  };
};

test("a drawn code says what the ticket says", () => {
  for (const code of CODES) assert.equal(readQr(qrPath(code), 4), code);
});

test("a code has a white edge of four dots on every side", () => {
  const { size, path } = qrPath(CODES[1]);
  const places = [...path.matchAll(/M(\d+) (\d+)h(\d+)/g)].map(([, x, y, run]) => [Number(x), Number(y), Number(x) + Number(run)]);
  assert.equal(Math.min(...places.map(([x]) => x)), 4);
  assert.equal(Math.min(...places.map(([, y]) => y)), 4);
  assert.equal(Math.max(...places.map(([, , end]) => end)), size - 4);
});

test("a code is read out in groups that put together are the code", () => {
  assert.equal(readableCode("FR1DYAZVBF"), "FR1D YAZV BF");
  assert.equal(readableCode(CODES[2]).replaceAll(" ", ""), CODES[2]);
});

test("orders stand on the shelf where their buyer looks for them", () => {
  const bookings = [
    booking({ order: "later", start: "2025-12-20T19:30:00Z" }),
    booking({ order: "sooner", start: "2025-12-13T19:30:00Z" }),
    booking({ order: "running", start: "2025-12-12T10:00:00Z" }),
    booking({ order: "over", start: "2025-12-11T19:30:00Z" }),
    booking({ order: "gone", status: "cancelled" }),
    booking({ order: "half", start: "2025-12-14T19:30:00Z", status: "cancelled" }),
    booking({ order: "half", start: "2025-12-14T19:30:00Z" }),
  ];
  const shelves = shelve(bookings, NOW);
  assert.deepEqual(shelves.upcoming.map(({ id }) => id), ["running", "sooner", "half", "later"]);
  assert.deepEqual(shelves.past.map(({ id }) => id), ["over"]);
  assert.deepEqual(shelves.cancelled.map(({ id }) => id), ["gone"]);
  const half = shelves.upcoming[2];
  assert.deepEqual([half.bookings.length, half.live.length, half.total], [2, 1, 1000]);
});

test("an order keeps the order of its seats, however its bookings come", () => {
  const [one, two] = [booking(), booking()];
  assert.deepEqual(ordersOf([two, one])[0].bookings, [one, two]);
});

test("neighbours are told as a run, each row by itself", () => {
  const seat = (/** @type {string} */ row, /** @type {string | number} */ number) => ({ id: 0, seat_number: `STALLS-${row}-${number}`, section: "Stalls", row });
  const join = (/** @type {string[]} */ parts) => parts.join(" + ");
  assert.deepEqual(seatGroups([seat("A", 12), seat("A", 13), seat("A", 14), seat("A", 16), seat("B", 1)], join), ["Stalls, row A, seats 12–14 + 16", "Stalls, row B, seat 1"]);
  assert.deepEqual(seatGroups([seat("A", 1), seat("A", 2)], join), ["Stalls, row A, seats 1 + 2"]);
  assert.deepEqual(seatGroups([seat("A", "1a"), seat("A", "1b")], join), ["Stalls, row A, seats 1a + 1b"]);
  assert.deepEqual(seatGroups([{ id: 0, seat_number: "FLOOR-7", section: "Floor", row: "" }], join), ["Floor, seat 7"]);
});

const ENTRY = { uid: "o1@example.com", name: "The Night Garden", start: "2026-07-01T19:30:00Z", location: "Aurora Theatre, Berlin", description: "Row A\nseat 1", url: "https://example.com/ticket.html?order=o1" };
const file = (/** @type {object} */ more = {}) => calendarFile({ ...ENTRY, ...more }, new Date("2025-12-12T12:00:00.123Z"));
/** Lines as a calendar reads them, folds undone. @param {string} text */
const lines = (text) => text.replaceAll("\r\n ", "").split("\r\n");

test("a calendar file says when in UTC, and where", () => {
  const found = lines(file());
  for (const line of ["BEGIN:VCALENDAR", "DTSTART:20260701T193000Z", "DTSTAMP:20251212T120000Z", "UID:o1@example.com", "LOCATION:Aurora Theatre\\, Berlin", "DESCRIPTION:Row A\\nseat 1", "END:VCALENDAR"]) {
    assert.ok(found.includes(line), line);
  }
});

test("a hostile name cannot add a line to a calendar file", () => {
  for (const name of ["A\r\nATTENDEE:mailto:x@example.com", "A\nBEGIN:VALARM", "A\rX:1", "A\u0000B", "A\\;B,C"]) {
    const found = lines(file({ name }));
    assert.equal(found.length, lines(file()).length, JSON.stringify(name));
    assert.ok(!file({ name }).includes("\u0000"));
  }
  assert.ok(lines(file({ name: "A\\;B,C" })).includes("SUMMARY:A\\\\\\;B\\,C"));
});

test("no line of a calendar file is longer than 75 octets, and no letter is cut in two", () => {
  const name = "Ödön und die längste Überschrift 🎭 ".repeat(6);
  for (const line of file({ name }).split("\r\n")) {
    assert.ok(new TextEncoder().encode(line).length <= 75, line);
    assert.ok(line.isWellFormed?.() ?? true);
  }
  assert.ok(lines(file({ name })).includes(`SUMMARY:${name}`));
});
