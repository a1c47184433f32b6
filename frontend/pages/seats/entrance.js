/**
 * What the seats page shows as soon as the event is known: its head, as it stays, and the way to choose; the rest in outline until the map is there.
 * @module
 */

import { h } from "../../lib/dom.js";
import { dateTime } from "../../lib/format.js";
import { current } from "../../lib/session.js";
import { t } from "../../seat-map/texts.js";
import { readDraft } from "./draft.js";

const USUAL_PARTY = 2;

/** @param {any} event */
export function buildEntrance(event) {
  const badge = h("span", { class: "badge live" }, h("span", { class: "dot" }), t("seats.connecting"));
  return h(
    "div",
    { class: "seat-layout entrance", "aria-busy": true },
    h(
      "section",
      { class: "info", "aria-label": t("seats.event") },
      eventHead(event, badge),
      h("div", { class: "outline", "aria-hidden": "true" }, ["party", "offers", "prices"].map((part) => h("div", { class: `bone ${part}-bone` }))),
    ),
    h("section", { class: "stage" }, h("p", { class: "loading", role: "status" }, t("seats.loading"))),
    h("aside", { class: "basket", "aria-label": t("seats.yours") }, h("div", { class: "basket-blocks" }, invitation(event))),
  );
}

/** What is on, when and where. @param {any} event @param {HTMLElement} badge live or not */
export function eventHead(event, badge) {
  return h(
    "div",
    { class: "info-head" },
    badge,
    h("h1", null, h("bdi", null, event.name)),
    h("p", { class: "muted" }, h("span", null, dateTime(event.start_time, { zoneName: true, timeZone: event.time_zone })), " ", h("span", null, h("bdi", null, placeOf(event)))),
  );
}

/** @param {{venue: string, city: string}} event */
export function placeOf({ venue, city }) {
  return [venue, city].filter(Boolean).join(", ");
}

/** How many people, as they said before or as it is most often. @param {number} eventId */
export function usualParty(eventId) {
  return readDraft(eventId).party ?? USUAL_PARTY;
}

/** What can be done where nothing is chosen. @param {boolean} onSale @param {number} party */
export function howToChoose(onSale, party) {
  if (!onSale) return t("seats.not-on-sale");
  return party === 1 ? t("basket.nothing-one") : t("basket.nothing", { count: party });
}

/** To whom it applies for certain: to a visitor without a choice and, not signed in, without a hold. @param {any} event */
function invitation({ id, status }) {
  const { chosen, area } = readDraft(id);
  if (current() || chosen.length || area) return null;
  return h("div", { class: "basket-block nothing" }, h("p", { class: "muted" }, howToChoose(status === "on_sale", usualParty(id))));
}
