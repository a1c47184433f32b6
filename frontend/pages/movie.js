/**
 * One film: its theaters, days and showtimes.
 * @module
 */

import { ApiProblem, api, explain } from "../lib/api.js";
import { artwork } from "../lib/artwork.js";
import { find, h } from "../lib/dom.js";
import { count, day, money, timeOfDay } from "../lib/format.js";
import { emptyState, mountSite } from "../lib/site.js";

/** @typedef {{event_id: number, start_time: string, price_from: number, currency?: string}} Showtime */

const name = new URLSearchParams(location.search).get("name") ?? "";
const root = find("#movie");

mountSite();
void load();

async function load() {
  root.replaceChildren(h("h1", null, name || "Showtimes"), h("p", { class: "muted", role: "status" }, "Loading showtimes…"));
  try {
    const { movie, theaters } = await api.get(`/events/movie/${encodeURIComponent(name)}/showtimes`);
    // The showtimes do not carry picture and currency; the first of them, asked for whole, does.
    const event = await api.get(`/events/${theaters[0].showtimes[0].event_id}`);
    draw(movie, theaters, event);
  } catch (error) {
    const gone = error instanceof ApiProblem && error.status === 404;
    root.replaceChildren(
      h("h1", null, name || "Showtimes"),
      gone
        ? emptyState("No showtimes", "This film is not on any more, or not yet.", h("a", { class: "btn", href: "./" }, "What’s on"))
        : emptyState("The showtimes could not be loaded", explain(error), h("button", { type: "button", class: "btn", onclick: () => void load() }, "Try again")),
    );
    if (!(error instanceof ApiProblem)) throw error;
  }
}

/** @param {string} movie @param {{venue: string, city: string, showtimes: Showtime[]}[]} theaters @param {any} event */
function draw(movie, theaters, event) {
  document.title = `${movie}: showtimes · Frontrow`;
  const showings = theaters.reduce((sum, theater) => sum + theater.showtimes.length, 0);
  root.replaceChildren(
    h(
      "div",
      { class: "hero" },
      artwork({ name: movie, image_url: event.image_url }, { lazy: false }),
      h(
        "div",
        null,
        h("span", { class: "eyebrow" }, `${count(showings, "showtime")} in ${count(theaters.length, "cinema")}`),
        h("h1", null, movie),
        event.description && h("p", { class: "muted" }, event.description),
      ),
    ),
    h("div", { class: "theaters" }, theaters.map((theater) => theaterBox(theater, event.currency))),
  );
}

/** @param {{venue: string, city: string, showtimes: Showtime[]}} theater @param {string} currency */
function theaterBox({ venue, city, showtimes }, currency) {
  /** @type {Map<string, Showtime[]>} */
  const days = new Map();
  for (const showtime of showtimes) {
    const key = day(showtime.start_time);
    days.set(key, [...(days.get(key) ?? []), showtime]);
  }
  return h(
    "section",
    { class: "box theater" },
    h("div", null, h("h2", null, venue), h("p", { class: "muted" }, city)),
    h(
      "div",
      { class: "days" },
      [...days].map(([title, times]) =>
        h("div", { class: "day" }, h("h3", null, title), h("div", { class: "times" }, times.map((showtime) => timeLink(showtime, currency)))),
      ),
    ),
  );
}

/** @param {Showtime} showtime @param {string} currency */
function timeLink({ event_id, start_time, price_from, currency: own }, currency) {
  const price = `from ${money(price_from, own ?? currency)}`;
  return h(
    "a",
    { class: "time-link", href: `seats.html?event=${event_id}` },
    h("b", { class: "num" }, timeOfDay(start_time)),
    h("span", { class: "muted small num" }, price),
  );
}
