/**
 * Joins plan, live statuses, my holds and my choice, and shows them in map, list, offers and basket. What is pressed goes to `choosing` and `purchase`.
 * @module
 */

import { explain } from "../../lib/api.js";
import { find } from "../../lib/dom.js";
import { money } from "../../lib/format.js";
import { current } from "../../lib/session.js";
import { announce, holds, notice, signInAddress } from "../../lib/site.js";
import { rightToLeft, setTitle } from "../../lib/texts.js";
import { seatName } from "../../seat-map/plan.js";
import { applySnapshot, applyUpdates, createState, lookOf, setMine } from "../../seat-map/state.js";
import { t } from "../../seat-map/texts.js";
import { SeatMapView } from "../../seat-map/view.js";
import { flagsOf, fullName, howMany, inWords, linesOfSection, priceOf, standing } from "../../seat-map/words.js";
import { Basket } from "./basket.js";
import { Choosing } from "./choosing.js";
import { SpokenClocks } from "./clocks.js";
import { buildConfirmation, showCodes } from "./confirmation.js";
import { buildLayout } from "./layout.js";
import { ListDoor } from "./list-door.js";
import { Offers } from "./offers.js";
import { Purchase } from "./purchase.js";

/** @typedef {import("../../seat-map/state.js").SeatState} SeatState */
/** @typedef {import("../../lib/holds.js").Hold} Hold */

/** Room for the controls that lie over the map, CSS pixels. */
const NARROW = 640;
const WIDE_INSETS = { top: 88, bottom: 76, ...(rightToLeft ? { left: 84, right: 56 } : { left: 56, right: 84 }) };
const NARROW_INSETS = { top: 72, right: 10, bottom: 68, left: 10 };
/** On a phone the floors stand over the legend. */
const FLOORS_HEIGHT = 54;
/** A hold that is gone with less than this left has run out; one that goes earlier was let go somewhere else. */
const RAN_OUT_MS = 2_000;

export class SeatsPage {
  /**
   * @param {HTMLElement} main
   * @param {any} event
   * @param {import("../../seat-map/plan.js").Plan} plan
   * @param {{statuses: import("./availability.js").EarlyAvailability, firstOffers: import("./offers.js").FirstOffers | null, onGone: () => void}} options
   */
  constructor(main, event, plan, { statuses, firstOffers, onGone }) {
    this.main = main;
    this.event = event;
    this.eventId = /** @type {number} */ (event.id);
    this.plan = plan;
    this.pricing = { currency: event.currency, prices: event.prices };
    this.onSale = event.status === "on_sale";
    this.state = createState({ firstSeatId: event.first_seat_id, count: plan.count });
    /** What is being asked of the server. @type {string | null} */
    this.busy = null;
    /** @type {Map<string, Hold>} */
    this.knownHolds = new Map();
    /** The seat under the pointer or the keyboard's mark; −1 for none. */
    this.pointed = -1;
    /** What is said of the line. @type {"offline" | "lost" | null} */
    this.trouble = null;
    this.choosing = new Choosing(this);
    this.purchase = new Purchase(this);
    this.clocks = new SpokenClocks((hold) => holds.remaining(hold));
    this.statuses = statuses;
    this.availability = statuses.availability;
    this.onGone = onGone;
    this.mount(firstOffers);
  }

  /** @param {import("./offers.js").FirstOffers | null} firstOffers */
  mount(firstOffers) {
    const { event, plan, pricing, choosing, purchase } = this;
    this.parts = buildLayout(event, plan, pricing, this.statuses.badge, {
      party: choosing.party,
      setParty: (party) => {
        choosing.setParty(party);
        this.askOffers();
      },
      filter: () => {
        const { categories, places } = this.parts.wishes();
        this.view.filter(categories, places);
        this.list.filter(categories, places);
        this.askOffers();
      },
      showFloor: (floor) => this.view.showFloor(floor),
      zoomBy: (factor) => this.view.zoomBy(factor),
      fitAll: () => this.view.fitAll(),
      listShown: () => void this.list.open(() => this.state),
    });
    this.main.replaceChildren(this.parts.root);
    const { stage, mapHost, listHost, offersHost, basketHost } = this.parts;
    for (const type of ["pointerup", "keydown"]) stage.addEventListener(type, (press) => this.notePress(press), true);
    const picking = { onPick: (/** @type {number} */ index) => choosing.pick(index), onPickSection: (/** @type {number} */ section) => choosing.pickSection(section) };
    this.view = new SeatMapView(mapHost, plan, {
      insets: insetsOf(mapHost, plan),
      nameOfSeat: (index, look) => fullName(plan, pricing, index, look),
      linesOfSection: (section, left) => linesOfSection(plan, pricing, section, left),
      ...picking,
      onPoint: (index, at) => this.point(index, at),
      onFloor: (floor) => this.parts.markFloor(floor),
    });
    this.list = new ListDoor(listHost, ({ SeatList }) => new SeatList(listHost, plan, pricing, picking));
    this.offers = new Offers(offersHost, plan, pricing, {
      eventId: this.eventId,
      first: firstOffers,
      onTake: (indices) => this.maySell() && choosing.take(indices),
      onPoint: (indices) => this.view.preview(indices),
      onAllPrices: () => this.parts.showAllPrices(),
      onBest: () => this.basket && this.showBasket(),
    });
    const actions = {
      hold: () => void purchase.hold(),
      giveUp: (/** @type {number[]} */ indices) => choosing.giveUp(indices),
      setArea: (/** @type {import("./choosing.js").Area | null} */ area) => choosing.setArea(area),
      takeInstead: (/** @type {number[]} */ indices) => choosing.take(indices),
      takeAndHold: (/** @type {number[]} */ indices) => purchase.takeInstead(indices),
      confirm: (/** @type {Hold} */ hold) => void purchase.confirm(hold),
      release: (/** @type {Hold} */ hold) => void purchase.release(hold),
      extend: (/** @type {Hold} */ hold) => void purchase.extend(hold),
    };
    this.basket = new Basket(basketHost, plan, pricing, actions, (hold) => holds.remaining(hold));
    if (!this.view.canDraw) this.parts.showList();
  }

  start() {
    setTitle(t("seats.title-of", { event: this.event.name }));
    holds.addEventListener("change", () => this.holdsChanged());
    this.holdsChanged();
    this.askOffers();
    this.statuses.listen({
      onSnapshot: (seats) => this.receive(applySnapshot(this.state, seats)),
      onUpdates: (updates) => this.receive(applyUpdates(this.state, updates)),
      onLine: (trouble) => this.showLine(trouble),
      onUnknown: (error) => this.showUnknown(error),
      onGone: this.onGone,
    });
    setInterval(() => {
      this.basket.tick();
      this.clocks.tick(holds.of(this.eventId));
    }, 250);
  }

  // State

  /** @param {SeatState} state */
  update(state) {
    this.state = state;
    this.choosing.remember();
    this.view.show(state);
    this.offers.show(state, this.choosing.area);
    this.fillTip();
    this.list.show(state);
    this.showBasket();
  }

  showBasket() {
    const { state, choosing, busy, onSale, eventId } = this;
    const { best } = this.offers;
    this.basket.show({
      state,
      area: choosing.area,
      areaMost: choosing.area ? choosing.placesLeft(choosing.area.section) : 0,
      hint: choosing.hint(),
      party: choosing.party,
      best,
      mayTakeBest: best?.button.disabled === false,
      holds: holds.of(eventId),
      signedIn: current() !== null,
      busy,
      onSale,
    });
  }

  /** @param {{state: SeatState, lost: number[], ended: number[]}} applied */
  receive({ state, lost, ended }) {
    const first = !this.state.loaded && state.loaded;
    this.state = state;
    const complete = first && this.choosing.restore();
    this.choosing.keepWithin();
    if (lost.length) this.choosing.lose(lost);
    this.update(this.state);
    if (ended.length) void holds.refresh();
    if (first) this.purchase.goOn(complete);
  }

  /** @param {string | null} what */
  during(what) {
    this.busy = what;
    this.showBasket();
  }

  askOffers() {
    this.offers.ask({ quantity: this.choosing.party, ...this.parts.wishes() });
  }

  /** Whether anything can be chosen now; says why not. */
  maySell() {
    if (this.state.loaded && !this.onSale) this.say("warn", t("seats.not-on-sale"));
    return this.state.loaded && this.onSale;
  }

  /** @param {Hold} hold */
  indicesOf(hold) {
    return hold.seats.map(({ seat_id }) => seat_id - this.state.firstSeatId);
  }

  /** My holds changed, here, in another tab or at the server. */
  holdsChanged() {
    const now = holds.of(this.eventId);
    const ids = new Set(now.map(({ hold_id }) => hold_id));
    if (!current() && this.knownHolds.size) this.saySignedOut();
    else {
      for (const [id, hold] of this.knownHolds) {
        if (ids.has(id) || this.purchase.letGo.has(id)) continue;
        const indices = this.indicesOf(hold);
        if (holds.remaining(hold) >= RAN_OUT_MS) this.say("info", t("purchase.elsewhere", { places: inWords(this.plan, indices) }));
        else this.say("warn", t("purchase.ran-out"), { action: t("purchase.same-again"), onAction: () => this.purchase.takeInstead(indices) });
      }
    }
    this.knownHolds = new Map(now.map((hold) => [hold.hold_id, hold]));
    this.update(setMine(this.state, now));
  }

  // Map

  /** With Shift a press means one seat, whatever the party. @param {Event} press */
  notePress(press) {
    this.choosing.single = (press instanceof PointerEvent || press instanceof KeyboardEvent) && press.shiftKey;
  }

  /** @param {number} index @param {{x: number, y: number}} at */
  point(index, at) {
    const { tip, mapHost } = this.parts;
    this.pointed = index;
    tip.hidden = index < 0;
    this.view.preview(this.choosing.foreseen(index));
    if (index < 0) return;
    this.fillTip();
    const half = Math.min(120, mapHost.clientWidth / 2 - 8);
    tip.style.left = `${Math.min(Math.max(at.x, half), mapHost.clientWidth - half)}px`;
    tip.style.top = `${at.y}px`;
    tip.classList.toggle("below", at.y < 110);
  }

  /** Says what is pointed at, as it is now, and what a tap would take. */
  fillTip() {
    if (this.pointed < 0) return;
    const { plan, pricing, pointed } = this;
    const { tip } = this.parts;
    const block = this.choosing.foreseen(pointed);
    const sum = block.reduce((total, index) => total + priceOf(plan, pricing, index), 0);
    const [title, words] =
      block.length > 1
        ? [inWords(plan, block), t("choose.sum", { amount: howMany(plan, block), price: money(sum, pricing.currency) })]
        : [seatName(plan, pointed), [standing(plan, pricing, pointed, lookOf(this.state, pointed)), ...flagsOf(plan, pointed)].join(t("place.separator"))];
    tip.children[0].textContent = title;
    tip.children[1].textContent = words;
  }

  // Words

  /**
   * Shows one message beside the buttons (a new one replaces the old) and speaks it.
   * @param {"info" | "warn" | "bad" | "good"} kind
   * @param {string} text
   * @param {{action?: string, onAction?: () => void}} [options]
   */
  say(kind, text, options = {}) {
    this.parts.notices.replaceChildren(notice(kind, text.trim(), { ...options, onClose: () => this.clear() }));
    if (kind !== "bad") announce(text, "notice");
  }

  clear() {
    this.parts.notices.replaceChildren();
  }

  /** The sign-in has ended with seats held: they are the server's business, and it keeps them. */
  saySignedOut() {
    this.say("warn", t("purchase.signed-out"), { action: t("site.sign-in"), onAction: () => location.assign(signInAddress()) });
  }

  /** Beside the other messages, and until the line is up: they come and go. @param {"offline" | "lost" | null} trouble */
  showLine(trouble) {
    if (trouble === this.trouble) return; // each attempt that fails tells of it again
    this.trouble = trouble;
    const text = trouble ? t(`seats.line-${trouble}`) : t("seats.line-back");
    this.parts.line.replaceChildren(...(trouble ? [notice("warn", text)] : []));
    announce(text, "line");
  }

  /** No seat is known to be free or not, and asking has failed. @param {unknown} error */
  showUnknown(error) {
    const retry = () => {
      this.list.wait();
      this.offers.wait();
      void this.availability.fetch();
    };
    this.list.showProblem(explain(error), retry);
    this.offers.showProblem(error, retry);
  }

  /** @param {any} order @param {Hold} hold */
  showConfirmation(order, hold) {
    this.availability.stop();
    setTitle(t("booked.title-of", { event: this.event.name }));
    const indices = this.indicesOf(hold);
    this.main.replaceChildren(buildConfirmation(this.event, order, this.basket.lines(indices), howMany(this.plan, indices)));
    void showCodes(find(".codes", this.main), order);
    scrollTo(0, 0);
    find("h1", this.main).focus();
  }
}

/** @param {HTMLElement} mapHost @param {import("../../seat-map/plan.js").Plan} plan */
function insetsOf(mapHost, { floors }) {
  if (mapHost.clientWidth >= NARROW) return WIDE_INSETS;
  return floors.length < 2 ? NARROW_INSETS : { ...NARROW_INSETS, bottom: NARROW_INSETS.bottom + FLOORS_HEIGHT };
}
