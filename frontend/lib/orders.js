/**
 * Bookings as their buyer thinks of them: by order, and by what is still to come.
 * @module
 */

import { inOneLine, printedNumber } from "./format.js";
import { t } from "./texts.js";

/** So long after its start an event still counts as coming: somebody may be on the way. */
const EVENT_LASTS_MS = 4 * 3_600_000;

/**
 * @typedef {object} Booking
 * @property {number} id
 * @property {string} order_id
 * @property {"confirmed" | "cancelled"} status
 * @property {number} price
 * @property {string} currency
 * @property {string} created_at
 * @property {{id: number, name: string, event_type: string, venue: string, city: string, start_time: string, time_zone: string, image_url: string}} event
 * @property {{id: number, seat_number: string, section: string, row: string}} seat
 */

/**
 * @typedef {object} Order
 * @property {string} id
 * @property {Booking["event"]} event
 * @property {Booking[]} bookings in the order of their seats
 * @property {Booking[]} live those that are not cancelled
 * @property {number} total of the live ones, minor units
 * @property {string} currency
 * @property {string} createdAt
 */

/** @typedef {"upcoming" | "past" | "cancelled"} Shelf */

/**
 * Coming orders by start, past ones latest first, and those of which nothing is left, newest first.
 * @param {Booking[]} bookings
 * @param {number} now epoch milliseconds
 * @returns {Record<Shelf, Order[]>}
 */
export function shelve(bookings, now) {
  /** @type {Record<Shelf, Order[]>} */
  const shelves = { upcoming: [], past: [], cancelled: [] };
  for (const order of ordersOf(bookings)) shelves[shelfOf(order, now)].push(order);
  shelves.upcoming.sort((a, b) => startOf(a) - startOf(b));
  shelves.past.sort((a, b) => startOf(b) - startOf(a));
  shelves.cancelled.sort((a, b) => Date.parse(b.createdAt) - Date.parse(a.createdAt));
  return shelves;
}

/** @param {Order} order @param {number} now @returns {Shelf} */
function shelfOf(order, now) {
  if (!order.live.length) return "cancelled";
  return startOf(order) + EVENT_LASTS_MS < now ? "past" : "upcoming";
}

/** @param {Order} order */
function startOf(order) {
  return Date.parse(order.event.start_time);
}

/** @param {Booking[]} bookings @returns {Order[]} */
export function ordersOf(bookings) {
  /** @type {Map<string, Booking[]>} */
  const groups = new Map();
  for (const booking of bookings) groups.set(booking.order_id, [...(groups.get(booking.order_id) ?? []), booking]);
  return [...groups].map(([id, group]) => {
    group.sort((a, b) => a.seat.id - b.seat.id || a.id - b.id);
    const live = group.filter(({ status }) => status === "confirmed");
    const { event, currency, created_at } = group[0];
    return { id, event, bookings: group, live, total: live.reduce((sum, { price }) => sum + price, 0), currency, createdAt: created_at };
  });
}

/**
 * Seats that stand together in few words: "Stalls, row A, seats 12–14 and 16". `join` puts the numbers' runs together.
 * @param {Booking["seat"][]} seats
 * @param {(runs: string[]) => string} join
 * @returns {string[]} one for each row
 */
export function seatGroups(seats, join) {
  /** @type {Map<string, {section: string, row: string, numbers: string[]}>} */
  const rows = new Map();
  for (const seat of seats) {
    const key = `${seat.section}\n${seat.row}`;
    const group = rows.get(key) ?? { section: seat.section, row: seat.row, numbers: [] };
    group.numbers.push(printedNumber(seat));
    rows.set(key, group);
  }
  return [...rows.values()].map(({ section, row, numbers }) =>
    inOneLine(section, row && t("seat.row", { row }), numbers.length > 1 ? t("seat.seats", { numbers: join(runs(numbers)) }) : t("seat.seat", { number: numbers[0] })),
  );
}

/** ["12", "13", "14", "16"] → ["12–14", "16"]; numbers that are none stand by themselves. @param {string[]} numbers */
function runs(numbers) {
  /** @type {string[][]} */
  const found = [];
  for (const number of numbers) {
    const last = found.at(-1);
    const follows = last && /^\d+$/.test(number) && Number(number) === Number(last.at(-1)) + 1;
    if (follows) last.push(number);
    else found.push([number]);
  }
  return found.flatMap((run) => (run.length > 2 ? [`${run[0]}–${run.at(-1)}`] : run));
}
