/**
 * "Best available for 2": up to three offers of the server as cards. A press on one chooses its seats; nothing is held by it.
 *
 * An offer is true at the moment it is made. When the map says that a seat of one has gone, or when what is asked for changes, the server is asked again.
 * @module
 */

import { ApiProblem, api, explain } from "../../lib/api.js";
import { h } from "../../lib/dom.js";
import { money } from "../../lib/format.js";
import { locale } from "../../lib/texts.js";
import { Look, lookOf } from "../../seat-map/state.js";
import { t } from "../../seat-map/texts.js";
import { homeOf, labelsOf } from "../../seat-map/words.js";

/** @typedef {import("../../seat-map/plan.js").Plan} Plan */
/** @typedef {import("../../seat-map/state.js").SeatState} SeatState */
/** @typedef {{seat_ids: number[], total: number, adjacent: boolean, reasons: string[]}} Offer */
/** @typedef {{quantity: number, categories: ReadonlySet<number> | null, accessible: boolean}} Wish `categories` null for all */
/** @typedef {{indices: number[], offer: Offer, button: HTMLButtonElement}} Card */
/** @typedef {{quantity: number, offers: Promise<Offer[]>}} FirstOffers what was asked before the map was there; none when there was no answer */

/** Presses that follow each other are one question. */
const SETTLE_MS = 180;
/** Under a rush every second update would make an offer stale. */
const LEAST_BETWEEN_MS = 2_500;

const REASONS = new Map([
  ["together", () => t("offers.together")],
  ["split", () => t("offers.split")],
  ["near_the_stage", (/** @type {string} */ sight) => t(`offers.near-${sight}`)],
  ["centre", () => t("offers.centre")],
  ["best_category", () => t("offers.best-category")],
  ["cheapest", () => t("offers.cheapest")],
  ["last_ones", () => t("offers.last-ones")],
  ["accessible", () => t("offers.accessible")],
  ["standing", () => t("offers.standing")],
  ["table", () => t("offers.table")],
]);
/** What a room looks at; where a plan has none of them, people say stage. */
const SIGHTS = ["stage", "screen", "pitch"];

/** More would be a list, not a reason. */
const MOST_REASONS = 3;

/**
 * Why it is offered, as a short sentence: "Side by side, near the stage". That seats lie apart is always said, and that there is a wheelchair space.
 * @param {Offer} offer
 * @param {string} sight what the room looks at
 */
export function reasonsInWords({ reasons, adjacent, seat_ids }, sight) {
  const apart = !adjacent && seat_ids.length > 1 && !reasons.includes("split") && !reasons.includes("standing") && !reasons.includes("table");
  const first = [...(apart ? ["split"] : []), ...reasons.filter((reason) => reason === "accessible")];
  const told = [...new Set([...first, ...reasons])].filter((reason) => reason !== "together" || seat_ids.length > 1);
  const words = told.map((reason) => REASONS.get(reason)?.(sight)).filter(Boolean);
  const text = words.slice(0, MOST_REASONS).join(t("place.separator"));
  return text.charAt(0).toLocaleUpperCase(locale) + text.slice(1);
}

/** @param {Plan} plan */
export function sightOf(plan) {
  return plan.objects.map(({ kind }) => kind).find((kind) => SIGHTS.includes(kind)) ?? "stage";
}

export class Offers {
  /**
   * @param {HTMLElement} root
   * @param {Plan} plan
   * @param {import("../../seat-map/words.js").Pricing} pricing
   * @param {{eventId: number, first: FirstOffers | null, onTake: (indices: number[]) => void, onPoint: (indices: number[]) => void, onAllPrices: () => void,
   *   onBest: () => void}} options `onBest`: another offer is the best now, or none
   */
  constructor(root, plan, pricing, { eventId, first, onTake, onPoint, onAllPrices, onBest }) {
    this.root = root;
    this.plan = plan;
    this.pricing = pricing;
    this.eventId = eventId;
    this.first = first;
    this.onTake = onTake;
    this.onPoint = onPoint;
    this.onAllPrices = onAllPrices;
    this.onBest = onBest;
    this.sight = sightOf(plan);
    /** @type {SeatState | null} */
    this.state = null;
    /** @type {import("./choosing.js").Area | null} */
    this.area = null;
    /** @type {Wish} */
    this.wish = { quantity: 2, categories: null, accessible: false };
    /** @type {Card[]} */
    this.cards = [];
    /** @type {AbortController | null} */
    this.asking = null;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    this.askedAt = -Infinity;
    this.body = h("div", { class: "offer-body" });
    this.title = h("h2", { id: "offers-title" });
    root.setAttribute("aria-labelledby", "offers-title");
    root.append(this.title, this.body);
    this.showTitle();
    this.wait();
  }

  /** @param {Wish} wish */
  ask(wish) {
    this.wish = wish;
    this.showTitle();
    // They answer another question now.
    for (const { button } of this.cards) button.disabled = true;
    this.onBest();
    this.askSoon(SETTLE_MS);
  }

  /** @param {SeatState} state @param {import("./choosing.js").Area | null} area that is chosen */
  show(state, area) {
    const before = this.state;
    this.state = state;
    this.area = area;
    for (const { indices, button } of this.cards) {
      button.setAttribute("aria-pressed", String(this.isChosen(indices)));
      if (!canBeHad(state, indices)) button.disabled = true;
    }
    // At once: what was asked first may be there already, and is painted together with the map.
    if (!before?.loaded && state.loaded) void this.fetch();
    else if (before && before.status !== state.status && this.isOutdated(before, state)) {
      this.askSoon(Math.max(0, this.askedAt + LEAST_BETWEEN_MS - performance.now()));
    }
  }

  /** The first offer that can still be had; while other ones are on their way, one whose button is disabled. @returns {Card | null} */
  get best() {
    return this.cards.find(({ button }) => !button.disabled) ?? this.cards[0] ?? null;
  }

  /** Whether the server would answer otherwise now. @param {SeatState} before @param {SeatState} state */
  isOutdated(before, state) {
    // Where there was nothing to offer, only a seat that has come free is news.
    if (!this.cards.length) return state.status.some((status, index) => status === Look.AVAILABLE && before.status[index] !== Look.AVAILABLE);
    return this.cards.some(({ indices }) => !canBeHad(state, indices));
  }

  showTitle() {
    this.title.textContent = t("offers.title", { count: this.wish.quantity });
  }

  /** @param {number} ms */
  askSoon(ms) {
    if (!this.state?.loaded) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.fetch(), ms);
  }

  async fetch() {
    this.asking?.abort();
    const asking = (this.asking = new AbortController());
    const { quantity, categories, accessible } = this.wish;
    const keys = categories && this.plan.categories.filter((_, nth) => categories.has(nth)).map(({ key }) => key);
    this.askedAt = performance.now();
    this.body.setAttribute("aria-busy", "true");
    this.onPoint([]);
    try {
      const body = { event_id: this.eventId, quantity, ...(keys ? { categories: keys } : {}), ...(accessible ? { accessible } : {}) };
      const offers = (await this.takeFirst()) ?? (await api.post("/best-available", body, { auth: false, signal: asking.signal })).offers;
      if (asking.signal.aborted) return;
      if (offers.length) this.showCards(offers);
      else this.showNone();
    } catch (error) {
      if (asking.signal.aborted) return;
      this.showProblem(error);
      if (!(error instanceof ApiProblem)) throw error;
    }
    this.body.removeAttribute("aria-busy");
  }

  /** The offers that were asked for before the map was there, when they answer what is wanted now and are still true. @returns {Promise<Offer[] | null>} */
  async takeFirst() {
    const { first, wish } = this;
    this.first = null;
    if (!first || first.quantity !== wish.quantity || wish.categories || wish.accessible) return null;
    const offers = await first.offers;
    const { state } = this;
    return state && offers.length && offers.every((offer) => canBeHad(state, indicesOf(offer, state))) ? offers : null;
  }

  /** @param {Offer[]} offers */
  showCards(offers) {
    // The lowest price is no reason where all of them have it.
    const alike = offers.length > 1 && offers.every(({ reasons }) => reasons.includes("cheapest"));
    if (alike) offers = offers.map((offer) => ({ ...offer, reasons: offer.reasons.filter((reason) => reason !== "cheapest") }));
    const focused = this.cards.findIndex(({ button }) => button === document.activeElement);
    this.cards = offers.map((offer) => this.card(offer));
    this.body.replaceChildren(h("ul", { class: "offers" }, this.cards.map(({ button }) => h("li", null, button))));
    this.cards[Math.min(focused, this.cards.length - 1)]?.button.focus({ preventScroll: true });
    this.onBest();
  }

  /** @param {Offer} offer */
  card(offer) {
    const indices = this.state ? indicesOf(offer, this.state) : [];
    const tiers = [...new Set(indices.map((index) => this.plan.categories[this.plan.category[index]].tier))];
    const button = h(
      "button",
      { type: "button", class: "offer", "aria-pressed": String(this.isChosen(indices)) },
      h("span", { class: "swatches" }, tiers.slice(0, 2).map((tier) => h("span", { class: "swatch", dataset: { tier } }))),
      h("span", { class: "place" }, h("b", null, labelsOf(this.plan, indices).join(t("place.plus"))), h("span", { class: "muted small" }, reasonsInWords(offer, this.sight))),
      h("b", { class: "num sum" }, money(offer.total, this.pricing.currency)),
    );
    button.addEventListener("click", () => this.onTake(indices));
    for (const type of ["pointerenter", "focus"]) button.addEventListener(type, () => this.onPoint(indices));
    for (const type of ["pointerleave", "blur"]) button.addEventListener(type, () => this.onPoint([]));
    return { indices, offer, button };
  }

  /** @param {readonly number[]} indices */
  isChosen(indices) {
    if (this.area) return this.area.quantity === indices.length && this.area.section === standingAreaOf(this.plan, indices);
    return this.state?.chosen.length === indices.length && indices.every((index) => this.state?.chosen.includes(index));
  }

  showNone() {
    this.cards = [];
    this.onBest();
    const { quantity, categories, accessible } = this.wish;
    const text = t(`offers.none${accessible ? "-accessible" : ""}${categories ? "-at-prices" : ""}`, { count: quantity });
    this.body.replaceChildren(
      h("p", { class: "muted" }, text, categories && [" ", h("button", { type: "button", class: "link", onclick: () => this.onAllPrices() }, t("offers.all-prices"))]),
    );
  }

  /** @param {unknown} error @param {() => void} [onRetry] asks again */
  showProblem(error, onRetry = () => this.askSoon(0)) {
    this.cards = [];
    this.onBest();
    this.body.removeAttribute("aria-busy");
    this.body.replaceChildren(
      h("p", { class: "muted", role: "alert" }, explain(error), " ", h("button", { type: "button", class: "link", onclick: onRetry }, t("site.try-again"))),
    );
  }

  /** The shape of what is to come, so that nothing jumps when it does. */
  wait() {
    this.cards = [];
    this.body.setAttribute("aria-busy", "true");
    this.body.replaceChildren(h("div", { class: "offers waiting", "aria-hidden": "true" }, [1, 2, 3].map(() => h("div", { class: "offer" }))));
  }
}

/** @param {Offer} offer @param {SeatState} state */
function indicesOf({ seat_ids }, { firstSeatId }) {
  return seat_ids.map((id) => id - firstSeatId);
}

/** @param {SeatState} state @param {readonly number[]} indices */
function canBeHad(state, indices) {
  return indices.every((index) => [Look.AVAILABLE, Look.CHOSEN, Look.PENDING].includes(lookOf(state, index)));
}

/**
 * The standing area that all these places lie in, if it is one: there any place is as good as any other.
 * @param {Plan} plan
 * @param {readonly number[]} indices
 */
export function standingAreaOf(plan, indices) {
  const sections = new Set(indices.map((index) => homeOf(plan, index)));
  const [only] = sections;
  return sections.size === 1 && only.kind === "standing" ? plan.sections.indexOf(only) : -1;
}
