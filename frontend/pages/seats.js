/**
 * The seats page: fetches an event and its plan and opens its map; or says why there is none. What the map needs is fetched meanwhile: the event is
 * shown without waiting for it.
 * @module
 */

import { ApiProblem, api, explain } from "../lib/api.js";
import { find, h } from "../lib/dom.js";
import { emptyState, mountSite } from "../lib/site.js";
import { t } from "../seat-map/texts.js";
import { buildEntrance, usualParty } from "./seats/entrance.js";

const main = find("#main");
const eventId = Number(new URLSearchParams(location.search).get("event"));
/** @type {import("./seats/offers.js").FirstOffers | null} */
let firstOffers = null;
/** @type {import("./seats/availability.js").EarlyAvailability | null} */
let listening = null;
let refused = false;

mountSite();
void open();

async function open() {
  if (!Number.isSafeInteger(eventId) || eventId < 1) {
    refuse(t("event.no-address"), t("event.no-address-hint"));
    return;
  }
  try {
    const known = api.get(`/events/${eventId}`).then(enter);
    const [event, statuses, planDocument, { decodePlan }, { SeatsPage }] = await Promise.all([
      known,
      Promise.all([import("./seats/availability.js"), known]).then(listen),
      api.get(`/events/${eventId}/seat-plan`),
      import("../seat-map/plan.js"),
      import("./seats/page.js"),
    ]);
    const onGone = () => refuse(t("seats.gone"), t("seats.gone-just-now"));
    new SeatsPage(main, event, decodePlan(planDocument), { statuses, firstOffers, onGone }).start();
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 404) refuse(t("seats.gone"), t("seats.gone-hint"));
    else refuse(t("seats.failed"), explain(error), h("button", { type: "button", class: "btn", onclick: () => location.reload() }, t("site.try-again")));
    if (!(error instanceof ApiProblem)) throw error;
  }
}

/** Unless it is known already that there is nothing to choose from. @param {any} event */
function enter(event) {
  if (refused) return event;
  main.replaceChildren(buildEntrance(event));
  if (event.status === "on_sale") firstOffers = askFirst(usualParty(eventId));
  return event;
}

/** What is free comes while the map is on its way. @param {[typeof import("./seats/availability.js"), any]} parts */
function listen([{ beginEarly }]) {
  listening = beginEarly(eventId);
  if (refused) listening.availability.stop();
  return listening;
}

/** What the map's page asks when it opens; without an answer it asks itself. @param {number} quantity @returns {import("./seats/offers.js").FirstOffers} */
function askFirst(quantity) {
  const answer = api.post("/best-available", { event_id: eventId, quantity }, { auth: false });
  return { quantity, offers: answer.then(({ offers }) => offers).catch(() => []) };
}

/** @param {string} title @param {string} text @param {...any} actions */
function refuse(title, text, ...actions) {
  refused = true;
  listening?.availability.stop();
  main.replaceChildren(
    h("div", { class: "wrap narrow" }, h("h1", { class: "vh" }, t("seats.title")), emptyState(title, text, ...actions, h("a", { class: "btn quiet", href: "./" }, t("site.whats-on")))),
  );
}
