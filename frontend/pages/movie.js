/**
 * One film by its name: its theaters, days and showtimes. For links from elsewhere; on the site a film's page is that of its next showing.
 * @module
 */

import { ApiProblem, api, explain } from "../lib/api.js";
import { artwork, ground } from "../lib/artwork.js";
import { find, h, icon } from "../lib/dom.js";
import { count } from "../lib/format.js";
import { showtimeGrid } from "../lib/showtimes.js";
import { emptyState, mountSite } from "../lib/site.js";

const name = new URLSearchParams(location.search).get("name") ?? "";
const root = find("#movie");

mountSite();
void load();

async function load() {
  root.replaceChildren(h("div", { class: "wrap" }, h("h1", null, name || "Showtimes"), h("p", { class: "muted", role: "status" }, "Loading showtimes…")));
  try {
    const { movie, theaters } = await api.get(`/events/movie/${encodeURIComponent(name)}/showtimes`);
    // The showtimes do not carry picture and description; the first of them, asked for whole, does.
    const event = await api.get(`/events/${theaters[0].showtimes[0].event_id}`);
    draw(movie, theaters, event);
  } catch (error) {
    const gone = error instanceof ApiProblem && error.status === 404;
    root.replaceChildren(
      h(
        "div",
        { class: "wrap narrow" },
        h("h1", null, name || "Showtimes"),
        gone
          ? emptyState("No showtimes", "This film is not on any more, or not yet.", h("a", { class: "btn", href: "./" }, "What’s on"))
          : emptyState("The showtimes could not be loaded", explain(error), h("button", { type: "button", class: "btn", onclick: () => void load() }, "Try again")),
      ),
    );
    if (!(error instanceof ApiProblem)) throw error;
  }
}

/** @param {string} movie @param {import("../lib/showtimes.js").Theater[]} theaters @param {any} event */
function draw(movie, theaters, event) {
  document.title = `${movie}: showtimes · Frontrow`;
  const showings = theaters.reduce((sum, theater) => sum + theater.showtimes.length, 0);
  root.replaceChildren(
    h(
      "div",
      { class: "stage" },
      h("div", { class: "backdrop", "aria-hidden": "true" }, ground(movie, "movie")),
      h(
        "div",
        { class: "hero" },
        h("a", { class: "crumb", href: "./" }, icon("back"), "What’s on"),
        artwork({ name: movie, image_url: event.image_url, event_type: "movie" }, { lazy: false }),
        h(
          "div",
          { class: "about" },
          h("span", { class: "eyebrow" }, `${count(showings, "showtime")} in ${count(theaters.length, "cinema")}`),
          h("h1", null, movie),
          event.description && h("p", { class: "lead" }, event.description),
        ),
      ),
    ),
    h("div", { class: "wrap" }, h("h2", null, "Showtimes"), showtimeGrid(theaters)),
  );
}
