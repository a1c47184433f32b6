/**
 * The seats page's parts and where they stand: event and wishes, map or list, basket. No behaviour but what is only about what is shown.
 * @module
 */

import { h, icon } from "../../lib/dom.js";
import { money } from "../../lib/format.js";
import { stepper } from "../../lib/stepper.js";
import { COMPANION, WHEELCHAIR } from "../../seat-map/party.js";
import { MAX_CHOSEN } from "../../seat-map/state.js";
import { t } from "../../seat-map/texts.js";
import { eventHead } from "./entrance.js";

/** @typedef {import("../../seat-map/plan.js").Plan} Plan */

/**
 * @typedef {object} Layout
 * @property {HTMLElement} root
 * @property {HTMLElement} stage map and list
 * @property {HTMLElement} mapHost
 * @property {HTMLElement} tip what is pointed at: a name and a line of words
 * @property {HTMLElement} listHost
 * @property {HTMLElement} offersHost
 * @property {HTMLElement} line what is said while the line is down
 * @property {HTMLElement} notices
 * @property {HTMLElement} basketHost
 * @property {() => {categories: ReadonlySet<number> | null, accessible: boolean, places: ReadonlySet<number> | null}} wishes `places`: wheelchair spaces and
 *   companions' seats where they are looked for, else null
 * @property {() => void} showAllPrices
 * @property {() => void} showList instead of the map
 * @property {(floor: string) => void} markFloor
 */

/**
 * @typedef {object} LayoutActions
 * @property {number} party
 * @property {(party: number) => void} setParty
 * @property {() => void} filter the wishes have changed
 * @property {(floor: string) => void} showFloor
 * @property {(factor: number) => void} zoomBy
 * @property {() => void} fitAll
 * @property {() => void} listShown
 */

/**
 * @param {any} event
 * @param {Plan} plan
 * @param {import("../../seat-map/words.js").Pricing} pricing
 * @param {HTMLElement} badge live or not
 * @param {LayoutActions} actions
 * @returns {Layout}
 */
export function buildLayout(event, plan, pricing, badge, actions) {
  const line = h("div", { class: "notices line" });
  const notices = h("div", { class: "notices" });
  const tip = h("div", { class: "tip", hidden: true }, h("b"), h("span"));
  const mapHost = h("div", { class: "map" }, tip);
  const listHost = h("div", { class: "list", hidden: true });
  const offersHost = h("section", { class: "offers-panel" });
  const basketHost = h("div", { class: "basket-blocks" });
  const wishes = wishChips(plan, pricing, actions.filter);
  const floors = floorSwitch(plan, actions.showFloor);
  const ways = viewSwitch((asList) => {
    stage.classList.toggle("as-list", asList);
    mapHost.hidden = asList;
    listHost.hidden = !asList;
    if (asList) actions.listShown();
  });
  const info = h(
    "section",
    { class: "info", "aria-label": t("seats.event") },
    eventHead(event, badge),
    partyBlock(actions),
    offersHost,
    h("div", { class: "prices" }, h("h2", null, t("seats.prices")), wishes.root),
    event.description && h("p", { class: "description muted" }, h("bdi", null, event.description)),
  );
  const stage = h("section", { class: "stage", "aria-labelledby": "stage-title" });
  stage.append(
    h("h2", { class: "vh", id: "stage-title" }, t("seats.seats")),
    h("div", { class: "switches" }, ways.root, floors.root),
    mapHost,
    legend(),
    zoomButtons(actions),
    listHost,
  );
  // Messages stand beside the buttons they are about, and so in sight on a phone too.
  const basket = h("aside", { class: "basket", "aria-label": t("seats.yours") }, line, notices, basketHost);
  keepClear(basket);
  return {
    root: h("div", { class: "seat-layout" }, info, stage, basket),
    stage,
    mapHost,
    tip,
    listHost,
    offersHost,
    line,
    notices,
    basketHost,
    wishes: wishes.read,
    showAllPrices: wishes.clear,
    showList: () => ways.show(true),
    markFloor: floors.mark,
  };
}

/** Where the basket lies over the foot of the page, what gets the focus comes out from under it (base.css). @param {HTMLElement} basket */
function keepClear(basket) {
  const measure = () => {
    const over = getComputedStyle(basket).position === "sticky" ? basket.offsetHeight : 0;
    document.documentElement.style.setProperty("--sheet", `${over}px`);
  };
  new ResizeObserver(measure).observe(basket);
}

/** @param {LayoutActions} actions */
function partyBlock({ party, setParty }) {
  const hint = h("p", { class: "muted small" });
  const explainSize = (/** @type {number} */ size) => {
    hint.textContent = t("seats.party-hint", { count: size });
  };
  explainSize(party);
  const { root } = stepper({
    label: t("seats.party"),
    value: party,
    max: MAX_CHOSEN,
    onChange: (size) => {
      explainSize(size);
      setParty(size);
    },
  });
  return h("div", { class: "party" }, h("h2", null, t("seats.party")), root, hint);
}

/**
 * The chips that narrow down: prices, and wheelchair spaces where the plan has any.
 * @param {Plan} plan
 * @param {import("../../seat-map/words.js").Pricing} pricing
 * @param {() => void} onChange
 */
function wishChips(plan, pricing, onChange) {
  /** @type {Set<number>} */
  const shown = new Set();
  let accessible = false;
  const prices = plan.categories.map(({ key, name, tier }, category) => {
    const price = pricing.prices[key] === undefined ? "" : money(pricing.prices[key], pricing.currency);
    const content = [h("span", { class: "swatch", dataset: { tier } }), h("bdi", null, name), " ", h("span", { class: "num muted" }, price)];
    return chip(content, (pressed) => {
      if (pressed) shown.add(category);
      else shown.delete(category);
      onChange();
    });
  });
  const spots = new Set([...plan.flags].filter(([, flags]) => flags.includes(WHEELCHAIR) || flags.includes(COMPANION)).map(([index]) => index));
  const spaces = chip([icon("wheelchair"), t("seats.wheelchair")], (pressed) => {
    accessible = pressed;
    onChange();
  });
  return {
    root: h(
      "div",
      { class: "chips", role: "group", "aria-label": t("seats.show-only") },
      prices,
      spots.size > 0 && spaces,
    ),
    read: () => ({ categories: shown.size ? new Set(shown) : null, accessible, places: accessible ? spots : null }),
    clear: () => {
      shown.clear();
      for (const price of prices) price.setAttribute("aria-pressed", "false");
      onChange();
    },
  };
}

/** @param {any[]} content @param {(pressed: boolean) => void} onPress */
function chip(content, onPress) {
  const button = h("button", { type: "button", class: "chip", "aria-pressed": "false" }, content);
  button.addEventListener("click", () => {
    const pressed = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(pressed));
    onPress(pressed);
  });
  return button;
}

/** @param {(asList: boolean) => void} onShow */
function viewSwitch(onShow) {
  const { root, mark } = segments(t("seats.how"), [t("seats.map"), t("seats.list")], (nth) => onShow(nth === 1));
  const show = (/** @type {boolean} */ asList) => {
    mark(Number(asList));
    onShow(asList);
  };
  return { root, show };
}

/** Between the floors of a house that has several. @param {Plan} plan @param {(floor: string) => void} onFloor */
function floorSwitch({ floors }, onFloor) {
  if (floors.length < 2) return { root: null, mark: () => {} };
  const { root, mark } = segments(t("seats.floor"), floors.map(({ name }) => h("bdi", null, name)), (nth) => onFloor(floors[nth].id));
  root.classList.add("floors");
  return { root, mark: (/** @type {string} */ floor) => mark(floors.findIndex(({ id }) => id === floor)) };
}

/** A row of buttons of which one is pressed. @param {string} label @param {(string | HTMLElement)[]} names @param {(nth: number) => void} onPress */
function segments(label, names, onPress) {
  const mark = (/** @type {number} */ pressed) => buttons.forEach((button, nth) => button.setAttribute("aria-pressed", String(nth === pressed)));
  const buttons = names.map((name, nth) => {
    const press = () => {
      mark(nth);
      onPress(nth);
    };
    return h("button", { type: "button", onclick: press }, name);
  });
  mark(0);
  return { root: h("div", { class: "switch", role: "group", "aria-label": label }, buttons), mark };
}

/** @param {LayoutActions} actions */
function zoomButtons({ zoomBy, fitAll }) {
  return h(
    "div",
    { class: "zoom", role: "group", "aria-label": t("seats.zoom") },
    h("button", { type: "button", "aria-label": t("seats.zoom-in"), onclick: () => zoomBy(1.6) }, icon("plus")),
    h("button", { type: "button", "aria-label": t("seats.zoom-out"), onclick: () => zoomBy(1 / 1.6) }, icon("minus")),
    h("button", { type: "button", "aria-label": t("seats.zoom-all"), onclick: () => fitAll() }, icon("fit")),
  );
}

function legend() {
  const item = (/** @type {string} */ name, /** @type {string} */ text) => h("li", null, h("span", { class: `swatch ${name}` }), text);
  return h(
    "ul",
    { class: "legend", "aria-label": t("seats.legend") },
    item("", t("seats.legend-available")),
    item("mine", t("seats.legend-mine")),
    item("held", t("seats.legend-held")),
    item("booked", t("seats.legend-booked")),
  );
}
