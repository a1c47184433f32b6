/**
 * From a choice to a booking: hold, confirm, extend, release, and what to do when the server says no.
 * @module
 */

import { ApiProblem, explain, newKey } from "../../lib/api.js";
import { money, timeLeftInWords } from "../../lib/format.js";
import { current } from "../../lib/session.js";
import { announce, holds, signInAddress } from "../../lib/site.js";
import { applyUpdates, beginRequest, endRequest, seatIds, setMine } from "../../seat-map/state.js";
import { t } from "../../seat-map/texts.js";
import { homeOf, howMany, inWords } from "../../seat-map/words.js";

/** In the address: hold what was chosen. */
const HOLD = "#hold";

/** @typedef {import("./page.js").SeatsPage} SeatsPage */
/** @typedef {import("../../lib/holds.js").Hold} Hold */
/** @typedef {{seat_ids: number[], total: number, adjacent: boolean}} Alternative the nearest equal block, by the server */

export class Purchase {
  /** @param {SeatsPage} page */
  constructor(page) {
    this.page = page;
    this.plan = page.plan;
    /** The request and key of a hold whose outcome is unknown: pressed again, it is asked again, not anew. @type {{request: string, key: string} | null} */
    this.unsettled = null;
    /** Holds I let go myself; their end is no news. @type {Set<string>} */
    this.letGo = new Set();
  }

  async hold() {
    if (!current()) {
      this.signIn();
      return;
    }
    const { page } = this;
    const indices = [...page.state.chosen].sort((a, b) => a - b);
    const wanted = this.wanted(indices);
    const request = JSON.stringify(wanted);
    const key = this.unsettled?.request === request ? this.unsettled.key : newKey();
    this.unsettled = null;
    page.clear();
    page.during("hold");
    page.update(beginRequest(page.state, indices));
    try {
      const hold = await holds.place(wanted, key);
      page.busy = null;
      page.choosing.area = null;
      const { state } = applyUpdates(endRequest(page.state, indices).state, hold.seats);
      page.update(setMine(state, holds.of(page.eventId)));
      announce(t("purchase.held", { amount: howMany(this.plan, page.indicesOf(hold)), time: timeLeftInWords(holds.remaining(hold)) }));
    } catch (error) {
      page.busy = null;
      this.refused(error, indices, { request, key });
    }
  }

  /** @param {number[]} indices */
  wanted(indices) {
    const { area } = this.page.choosing;
    if (!area) return { seat_ids: seatIds(this.page.state, indices) };
    return { event_id: this.page.eventId, quantity: area.quantity, sections: [this.plan.sections[area.section].id] };
  }

  /** @param {unknown} error @param {number[]} indices @param {{request: string, key: string}} attempt */
  refused(error, indices, attempt) {
    const { page } = this;
    const problem = error instanceof ApiProblem ? error : null;
    /** @type {{seat_id: number, status: import("../../seat-map/state.js").Status}[]} */
    const taken = problem?.status === 409 ? (problem.body.seats ?? []) : [];
    page.update(endRequest(page.state, indices, taken).state);
    if (problem?.status === 401) this.signIn();
    else if (problem?.outcomeUnknown) {
      this.unsettled = attempt;
      page.say("bad", `${explain(error)} ${t("purchase.still-chosen")}`);
      void holds.refresh();
    } else if (taken.length) this.beaten(taken.map(({ seat_id }) => seat_id - page.state.firstSeatId), problem?.body.alternative ?? null);
    else page.say("bad", explain(error));
    if (error && !problem) throw error;
  }

  /** Somebody was faster: says to what, and offers the nearest block like it. @param {number[]} lost @param {Alternative | null} alternative */
  beaten(lost, alternative) {
    const { page, plan } = this;
    const rest = page.state.chosen.length ? t("choose.still-there", { places: inWords(plan, page.state.chosen) }) : "";
    const gone = t("purchase.beaten", { places: inWords(plan, lost) });
    if (!alternative) {
      page.say("bad", `${gone} ${t("purchase.nothing-held")} ${rest}`);
      return;
    }
    const indices = alternative.seat_ids.map((id) => id - page.state.firstSeatId);
    const sameRow = indices.some((index) => plan.row[index] === plan.row[lost[0]]);
    const { name } = homeOf(plan, lost[0]);
    const apart = !alternative.adjacent && indices.length > 1;
    const where = t(`purchase.${sameRow ? "same-row" : "nearest"}${apart ? "-apart" : ""}`, { places: inWords(plan, indices, name), price: money(alternative.total, page.pricing.currency) });
    page.say("bad", `${gone} ${where}`, {
      action: t("purchase.take-these"),
      onAction: () => this.takeInstead(indices),
    });
  }

  /**
   * One press: chooses places and holds them. What the map says of them is not asked: the end of a hold may reach it a moment after its holder.
   * @param {number[]} indices an offer, what takes the place of something lost, or what was held before
   */
  takeInstead(indices) {
    this.page.choosing.take(indices);
    void this.hold();
  }

  /** Whoever pressed "hold" has said what they want: after signing in it goes on without another press. */
  signIn() {
    location.href = signInAddress(`seats.html?event=${this.page.eventId}${HOLD}`);
  }

  /** @param {boolean} complete whether all that was chosen can still be had */
  goOn(complete) {
    if (location.hash !== HOLD) return;
    history.replaceState(null, "", location.pathname + location.search);
    if (complete && this.page.choosing.any && this.page.onSale && current()) void this.hold();
  }

  /** @param {Hold} hold */
  async confirm(hold) {
    this.letGo.add(hold.hold_id);
    const order = await this.asking(`confirm-${hold.hold_id}`, () => holds.confirm(hold));
    if (order) this.page.showConfirmation(order, hold);
    else this.letGo.delete(hold.hold_id);
  }

  /** @param {Hold} hold */
  async release(hold) {
    this.letGo.add(hold.hold_id);
    await this.asking(`release-${hold.hold_id}`, async () => {
      await holds.release(hold);
      announce(t("purchase.released", { amount: howMany(this.plan, this.page.indicesOf(hold)) }));
    });
  }

  /** @param {Hold} hold */
  async extend(hold) {
    await this.asking(`extend-${hold.hold_id}`, async () => {
      const extended = await holds.extend(hold);
      announce(t("purchase.extended", { time: timeLeftInWords(holds.remaining(extended)) }));
    });
  }

  /**
   * Asks the server about a hold; a refusal is shown, and what is held is asked for anew.
   * @template T
   * @param {string} what
   * @param {() => Promise<T>} work
   * @returns {Promise<T | undefined>}
   */
  async asking(what, work) {
    const { page } = this;
    page.clear();
    page.during(what);
    try {
      return await work();
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 401) page.saySignedOut();
      else page.say("bad", explain(error));
      void holds.refresh();
      if (!(error instanceof ApiProblem)) throw error;
      return undefined;
    } finally {
      page.during(null);
    }
  }
}
