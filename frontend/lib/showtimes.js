/**
 * A film's showtimes: a box for each theater, in it the days, in them the times.
 * @module
 */

import { h } from "./dom.js";
import { day, money, timeOfDay } from "./format.js";
import { t } from "./texts.js";

/** @typedef {{event_id: number, start_time: string, time_zone: string, price_from: number, currency: string}} Showtime */
/** @typedef {{venue: string, city: string, showtimes: Showtime[]}} Theater */

/** @param {Theater[]} theaters @param {number} [shown] the event whose page this is */
export function showtimeGrid(theaters, shown) {
  return h("div", { class: "theaters" }, theaters.map((theater) => theaterBox(theater, shown)));
}

/** @param {Theater} theater @param {number} [shown] */
function theaterBox({ venue, city, showtimes }, shown) {
  /** @type {Map<string, Showtime[]>} */
  const days = new Map();
  for (const showtime of showtimes) {
    const key = day(showtime.start_time, { timeZone: showtime.time_zone });
    days.set(key, [...(days.get(key) ?? []), showtime]);
  }
  return h(
    "section",
    { class: "box theater", "aria-label": `${venue}, ${city}` },
    h("div", { class: "place" }, h("h3", null, h("bdi", null, venue)), h("p", { class: "muted" }, h("bdi", null, city))),
    h(
      "div",
      { class: "days" },
      [...days].map(([title, times]) =>
        h("div", { class: "day" }, h("h4", null, title), h("div", { class: "times" }, times.map((showtime) => timeLink(showtime, venue, title, shown)))),
      ),
    ),
  );
}

/** @param {Showtime} showtime @param {string} venue @param {string} dayName @param {number} [shown] */
function timeLink({ event_id, start_time, time_zone, price_from, currency }, venue, dayName, shown) {
  const time = timeOfDay(start_time, { timeZone: time_zone });
  const price = t("site.from-price", { price: money(price_from, currency) });
  return h(
    "a",
    {
      class: "time-link",
      href: `seats.html?event=${event_id}`,
      "aria-current": event_id === shown ? "true" : null,
      "aria-label": t("movie.time-link", { time, day: dayName, venue, price }),
    },
    h("b", { class: "num" }, time),
    h("span", { class: "muted small num" }, price),
  );
}
