/**
 * One film by its name: its theaters, days and showtimes. For links from elsewhere; on the site a film's page is that of its next showing.
 * @module
 */

import { ApiProblem, api, explain } from "../lib/api.js";
import { artwork, ground } from "../lib/artwork.js";
import { find, h, icon } from "../lib/dom.js";
import { showtimeGrid } from "../lib/showtimes.js";
import { emptyState, mountSite } from "../lib/site.js";
import { setTitle, t } from "../lib/texts.js";

const name = new URLSearchParams(location.search).get("name") ?? "";
const root = find("#movie");

mountSite();
void load();

async function load() {
  root.replaceChildren(h("div", { class: "wrap" }, h("h1", null, name ? h("bdi", null, name) : t("movie.title")), h("p", { class: "muted", role: "status" }, t("movie.loading"))));
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
        h("h1", null, name ? h("bdi", null, name) : t("movie.title")),
        gone
          ? emptyState(t("movie.none"), t("movie.none-hint"), h("a", { class: "btn", href: "./" }, t("site.whats-on")))
          : emptyState(t("event.showtimes-failed"), explain(error), h("button", { type: "button", class: "btn", onclick: () => void load() }, t("site.try-again"))),
      ),
    );
    if (!(error instanceof ApiProblem)) throw error;
  }
}

/** @param {string} movie @param {import("../lib/showtimes.js").Theater[]} theaters @param {any} event */
function draw(movie, theaters, event) {
  setTitle(t("movie.title-of", { movie }));
  const showings = theaters.reduce((sum, theater) => sum + theater.showtimes.length, 0);
  root.replaceChildren(
    h(
      "div",
      { class: "stage" },
      h("div", { class: "backdrop", "aria-hidden": "true" }, ground(movie, "movie")),
      h(
        "div",
        { class: "hero" },
        h("a", { class: "crumb", href: "./" }, icon("back"), t("site.whats-on")),
        artwork({ name: movie, image_url: event.image_url, event_type: "movie" }, { lazy: false }),
        h(
          "div",
          { class: "about" },
          h("span", { class: "eyebrow" }, t("movie.in-cinemas", { showtimes: t("browse.showtimes", { count: showings }), cinemas: t("browse.cinemas", { count: theaters.length }) })),
          h("h1", null, h("bdi", null, movie)),
          event.description && h("p", { class: "lead" }, h("bdi", null, event.description)),
        ),
      ),
    ),
    h("div", { class: "wrap" }, h("h2", null, t("movie.title")), showtimeGrid(theaters)),
  );
}
