/**
 * The seats page: joins plan, live statuses, my holds and my choice, and carries out what is pressed.
 * @module
 */

import { ApiProblem, api, explain, newKey } from "../lib/api.js";
import { find, h } from "../lib/dom.js";
import { count, list, timeLeftInWords } from "../lib/format.js";
import { current } from "../lib/session.js";
import { announce, emptyState, holds, mountSite, notice, signInAddress } from "../lib/site.js";
import { Basket, WARNING_MS } from "../seat-map/basket.js";
import { readDraft, writeDraft } from "../seat-map/draft.js";
import { buildConfirmation, buildLayout } from "../seat-map/layout.js";
import { LiveFeed, followPage, liveAddress } from "../seat-map/live.js";
import { SeatList } from "../seat-map/list.js";
import { decodePlan, seatName } from "../seat-map/plan.js";
import {
  Look, MAX_CHOSEN, applySnapshot, applyUpdates, beginRequest, chooseAgain, createState, endRequest, giveUp, lookOf, seatIds, setMine, toggle,
} from "../seat-map/state.js";
import { SeatMapView } from "../seat-map/view.js";
import { fullName, standing } from "../seat-map/words.js";

/** Without a live snapshot after this long, statuses are fetched once over HTTP, and again at this interval while the line is down. */
const SNAPSHOT_PATIENCE_MS = 3_000;
const FETCH_INTERVAL_MS = 15_000;
/** Room for the controls that lie over the map, CSS pixels. */
const WIDE_INSETS = { top: 76, right: 84, bottom: 76, left: 56 };
const NARROW_INSETS = { top: 66, right: 10, bottom: 68, left: 10 };
/** When the time left is spoken; not each second. */
const SPOKEN_AT_MS = [120_000, 60_000, 20_000];

const main = find("#main");
const eventId = Number(new URLSearchParams(location.search).get("event"));

mountSite();
void open();

async function open() {
  if (!Number.isSafeInteger(eventId) || eventId < 1) {
    refuse("This address names no event", "Go back to the list and choose one.");
    return;
  }
  try {
    const [event, planDocument] = await Promise.all([api.get(`/events/${eventId}`), api.get(`/events/${eventId}/seat-plan`)]);
    new SeatsPage(event, decodePlan(planDocument)).start();
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 404) refuse("This event is not here any more", "It may have been deleted, or the address is wrong.");
    else refuse("The seat map could not be loaded", explain(error), h("button", { type: "button", class: "btn", onclick: () => location.reload() }, "Try again"));
    if (!(error instanceof ApiProblem)) throw error;
  }
}

/** @param {string} title @param {string} text @param {...any} actions */
function refuse(title, text, ...actions) {
  main.replaceChildren(
    h("div", { class: "wrap narrow" }, h("h1", { class: "vh" }, "Choose your seats"), emptyState(title, text, ...actions, h("a", { class: "btn quiet", href: "./" }, "What’s on"))),
  );
}

class SeatsPage {
  /** @param {any} event @param {import("../seat-map/plan.js").Plan} plan */
  constructor(event, plan) {
    this.event = event;
    this.plan = plan;
    this.pricing = { currency: event.currency, prices: event.prices };
    this.state = createState({ firstSeatId: event.first_seat_id, count: plan.count });
    /** What is being asked of the server. @type {string | null} */
    this.busy = null;
    this.onSale = event.status === "on_sale";
    /** The choice and key of a hold whose outcome is unknown: pressed again, it is asked again, not anew. @type {{choice: string, key: string} | null} */
    this.unsettled = null;
    this.draft = readDraft(eventId);
    /** @type {Map<string, import("../lib/holds.js").Hold>} */
    this.knownHolds = new Map();
    /** Holds I let go myself; their end is no news. @type {Set<string>} */
    this.letGo = new Set();
    /** @type {Set<string>} */
    this.spoken = new Set();
    /** The seat under the pointer or the keyboard's mark; −1 for none. */
    this.pointed = -1;
    /** @type {import("../seat-map/live.js").LiveState} */
    this.live = "connecting";

    this.parts = buildLayout(event, plan, this.pricing, {
      filter: (categories) => {
        this.view.filter(categories);
        this.list.filter(categories);
      },
      zoomBy: (factor) => this.view.zoomBy(factor),
      fitAll: () => this.view.fitAll(),
      listShown: () => this.list.show(this.state),
    });
    main.replaceChildren(this.parts.root);
    this.view = new SeatMapView(this.parts.mapHost, plan, {
      insets: this.parts.mapHost.clientWidth < 640 ? NARROW_INSETS : WIDE_INSETS,
      onPick: (index) => this.pick(index),
      onPoint: (index, at, by) => this.point(index, at, by),
    });
    this.list = new SeatList(this.parts.listHost, plan, this.pricing, (index) => this.pick(index));
    this.basket = new Basket(
      this.parts.basketHost,
      plan,
      this.pricing,
      {
        hold: () => this.hold(),
        giveUp: (indices) => this.update(giveUp(this.state, indices)),
        confirm: (hold) => this.confirm(hold),
        release: (hold) => this.release(hold),
        extend: (hold) => this.extend(hold),
      },
      (hold) => holds.remaining(hold),
    );
    this.feed = new LiveFeed({
      url: liveAddress(eventId),
      onSnapshot: (seats) => this.receive(applySnapshot(this.state, seats)),
      onUpdates: (updates) => this.receive(applyUpdates(this.state, updates)),
      onState: (state, failures) => this.showLive(state, failures),
    });
  }

  start() {
    document.title = `${this.event.name}: choose your seats · Frontrow`;
    holds.addEventListener("change", () => this.holdsChanged());
    this.holdsChanged();
    this.feed.start();
    followPage(this.feed);
    setInterval(() => this.tick(), 250);
    setTimeout(() => this.fetchStatuses(), SNAPSHOT_PATIENCE_MS);
    setInterval(() => this.fetchStatuses(), FETCH_INTERVAL_MS);
  }

  /** @param {number} index @param {{x: number, y: number}} at @param {"pointer" | "keyboard"} by */
  point(index, at, by) {
    const { tip, mapHost } = this.parts;
    this.pointed = index;
    tip.hidden = index < 0;
    if (index < 0) return;
    this.fillTip();
    const half = Math.min(120, mapHost.clientWidth / 2 - 8);
    tip.style.left = `${Math.min(Math.max(at.x, half), mapHost.clientWidth - half)}px`;
    tip.style.top = `${at.y}px`;
    tip.classList.toggle("below", at.y < 110);
    if (by === "keyboard") announce(fullName(this.plan, this.pricing, index, lookOf(this.state, index)));
  }

  /** Says what is pointed at, as it is now. */
  fillTip() {
    if (this.pointed < 0) return;
    const { tip } = this.parts;
    const flags = (this.plan.flags.get(this.pointed) ?? []).map((flag) => `, ${flag}`).join("");
    const words = standing(this.plan, this.pricing, this.pointed, lookOf(this.state, this.pointed)) + flags;
    if (tip.lastElementChild?.textContent === words && tip.dataset.seat === String(this.pointed)) return;
    tip.dataset.seat = String(this.pointed);
    tip.replaceChildren(h("b", null, seatName(this.plan, this.pointed)), h("span", null, words));
  }

  // State

  /** @param {import("../seat-map/state.js").SeatState} state */
  update(state) {
    if (state.chosen !== this.state.chosen) writeDraft(eventId, state.chosen);
    this.state = state;
    this.view.show(state);
    this.fillTip();
    if (!this.parts.listHost.hidden) this.list.show(state);
    this.showBasket();
  }

  showBasket() {
    this.basket.show({ state: this.state, holds: holds.of(eventId), signedIn: current() !== null, busy: this.busy, onSale: this.onSale });
  }

  /** @param {{state: import("../seat-map/state.js").SeatState, lost: number[], ended: number[]}} applied */
  receive({ state, lost, ended }) {
    let next = state;
    if (state.loaded && this.draft) {
      const again = chooseAgain(state, this.draft);
      next = again.state;
      if (again.missing.length) this.say("warn", `${this.names(again.missing)} went to somebody else in the meantime.`);
      this.draft = null;
    }
    this.update(next);
    if (lost.length) this.say("warn", `${this.names(lost)} just went to somebody else. ${next.chosen.length ? "Your other seats are still chosen." : ""}`);
    if (ended.length) void holds.refresh();
  }

  /** @param {string} what */
  during(what) {
    this.busy = what;
    this.showBasket();
  }

  /** @param {number} index */
  pick(index) {
    if (!this.state.loaded) return;
    if (!this.onSale) {
      this.say("warn", "This event is not on sale.");
      return;
    }
    const { state, outcome } = toggle(this.state, index);
    const name = seatName(this.plan, index);
    if (outcome === "chosen" || outcome === "given up") {
      this.update(state);
      announce(`${name} ${outcome}. ${count(state.chosen.length, "seat")} chosen.`);
    } else if (outcome === "too many") this.say("warn", `You can choose at most ${MAX_CHOSEN} seats at a time.`);
    else if (outcome === "mine") announce(`${name} is held for you.`);
    else if (outcome === "taken") announce(`${name} is ${lookOf(this.state, index) === Look.BOOKED ? "sold" : "in someone’s basket"}.`);
  }

  // What is pressed

  async hold() {
    if (!current()) {
      location.href = signInAddress(`seats.html?event=${eventId}`);
      return;
    }
    const indices = [...this.state.chosen];
    const choice = [...indices].sort((a, b) => a - b).join();
    const key = this.unsettled?.choice === choice ? this.unsettled.key : newKey();
    this.unsettled = null;
    this.clear();
    this.during("hold");
    this.update(beginRequest(this.state, indices));
    try {
      const hold = await holds.place(seatIds(this.state, indices), key);
      this.busy = null;
      const { state } = applyUpdates(endRequest(this.state, indices).state, hold.seats);
      this.update(setMine(state, holds.of(eventId)));
      announce(`${count(hold.seats.length, "seat")} held for you for ${timeLeftInWords(holds.remaining(hold))}.`);
    } catch (error) {
      this.busy = null;
      this.holdRefused(error, indices, { choice, key });
    }
  }

  /** @param {unknown} error @param {number[]} indices @param {{choice: string, key: string}} attempt */
  holdRefused(error, indices, attempt) {
    const refused = error instanceof ApiProblem && error.status === 409 ? (error.body.seats ?? []) : [];
    const { state, lost } = endRequest(this.state, indices, refused);
    this.update(state);
    if (error instanceof ApiProblem && error.status === 401) {
      location.href = signInAddress(`seats.html?event=${eventId}`);
    } else if (error instanceof ApiProblem && error.outcomeUnknown) {
      this.unsettled = attempt;
      this.say("bad", `${explain(error)} Your seats are still chosen.`);
      void holds.refresh();
    } else if (lost.length) {
      const rest = state.chosen.length ? ` Nothing is held yet: ${this.names(state.chosen)} can still be had.` : "";
      this.say("bad", `${this.names(lost)} went to somebody else first.${rest}`);
    } else {
      this.say("bad", explain(error));
    }
  }

  /** @param {import("../lib/holds.js").Hold} hold */
  async confirm(hold) {
    this.clear();
    this.letGo.add(hold.hold_id);
    this.during(`confirm-${hold.hold_id}`);
    try {
      const order = await holds.confirm(hold);
      this.busy = null;
      this.showConfirmation(order, hold);
    } catch (error) {
      this.letGo.delete(hold.hold_id);
      this.busy = null;
      this.showBasket();
      this.say("bad", explain(error));
      void holds.refresh();
    }
  }

  /** @param {import("../lib/holds.js").Hold} hold */
  async release(hold) {
    this.clear();
    this.letGo.add(hold.hold_id);
    this.during(`release-${hold.hold_id}`);
    try {
      await holds.release(hold);
      announce(`${count(hold.seats.length, "seat")} released.`);
    } catch (error) {
      this.say("bad", explain(error));
      void holds.refresh();
    }
    this.busy = null;
    this.showBasket();
  }

  /** @param {import("../lib/holds.js").Hold} hold */
  async extend(hold) {
    this.clear();
    this.during(`extend-${hold.hold_id}`);
    try {
      const extended = await holds.extend(hold);
      this.spoken.clear();
      announce(`You have ${timeLeftInWords(holds.remaining(extended))} left.`);
    } catch (error) {
      this.say("bad", explain(error));
      void holds.refresh();
    }
    this.busy = null;
    this.showBasket();
  }

  /** My holds changed, here, in another tab or at the server. */
  holdsChanged() {
    const now = holds.of(eventId);
    const ids = new Set(now.map(({ hold_id }) => hold_id));
    for (const [id, hold] of this.knownHolds) {
      if (ids.has(id) || this.letGo.has(id)) continue;
      const indices = hold.seats.map(({ seat_id }) => seat_id - this.state.firstSeatId);
      const late = holds.remaining(hold) < 2_000;
      if (late) this.say("warn", "Your time was up, and your seats were released.", { action: "Try the same seats again", onAction: () => this.tryAgain(indices) });
    }
    this.knownHolds = new Map(now.map((hold) => [hold.hold_id, hold]));
    this.update(setMine(this.state, now));
  }

  /** @param {number[]} indices */
  tryAgain(indices) {
    this.clear();
    const { state, missing } = chooseAgain(this.state, indices);
    this.update(state);
    if (missing.length) this.say("warn", `${this.names(missing)} cannot be had at the moment.`);
  }

  tick() {
    this.basket.tick();
    for (const hold of holds.of(eventId)) {
      const left = holds.remaining(hold);
      for (const at of SPOKEN_AT_MS) {
        const key = `${hold.hold_id} ${hold.expires_at} ${at}`;
        if (left > at || left < at - 1_000 || this.spoken.has(key)) continue;
        this.spoken.add(key);
        announce(`${timeLeftInWords(left)} left to confirm your seats.${left < WARNING_MS ? " You can extend the hold." : ""}`);
      }
    }
  }

  // Live or not

  /** @param {import("../seat-map/live.js").LiveState} state @param {number} failures */
  showLive(state, failures) {
    this.live = state;
    const [kind, text] =
      state === "live" ? ["good", "Live"] : state === "connecting" ? ["", "Connecting…"] : ["warn", "Reconnecting, availability may be old"];
    this.parts.badge.className = `badge live ${kind}`;
    this.parts.badge.replaceChildren(h("span", { class: "dot" }), text);
    // The handshake cannot say why it was refused; the event itself can.
    if (failures === 3) void this.stillThere();
  }

  async stillThere() {
    try {
      await api.get(`/events/${eventId}`);
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.status !== 404) return;
      this.feed.stop();
      refuse("This event is not here any more", "It was taken off the programme while you were looking at it.");
    }
  }

  /** The way without a socket: slower, and true at the moment it is asked. */
  async fetchStatuses() {
    if (this.live === "live" && this.state.loaded) return;
    try {
      const { seats } = await api.get(`/events/${eventId}/seats`);
      this.receive(applySnapshot(this.state, seats.map((/** @type {any} */ { id, status, version }) => ({ seat_id: id, status, version }))));
    } catch {
      // The badge already says that availability may be old; the next round tries again.
    }
  }

  // Words

  /** @param {readonly number[]} indices */
  names(indices) {
    return list(indices.map((index) => seatName(this.plan, index)));
  }

  /**
   * Shows one message above the map (a new one replaces the old) and speaks it.
   * @param {"info" | "warn" | "bad" | "good"} kind
   * @param {string} text
   * @param {{action?: string, onAction?: () => void}} [options]
   */
  say(kind, text, options = {}) {
    this.parts.notices.replaceChildren(notice(kind, text.trim(), { ...options, onClose: () => this.clear() }));
    if (kind !== "bad") announce(text);
  }

  clear() {
    this.parts.notices.replaceChildren();
  }

  /** @param {any} order @param {import("../lib/holds.js").Hold} hold */
  showConfirmation(order, hold) {
    this.feed.stop();
    document.title = `Booked: ${this.event.name} · Frontrow`;
    const indices = hold.seats.map(({ seat_id }) => seat_id - this.state.firstSeatId);
    main.replaceChildren(buildConfirmation(this.event, order, this.basket.lines(indices)));
    scrollTo(0, 0);
    find("h1", main).focus();
  }
}
