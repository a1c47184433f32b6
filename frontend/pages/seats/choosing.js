/**
 * What the visitor has chosen and how it comes about: by a tap, by an offer, place by place, or as a number of places in a standing area. Nothing here asks the
 * server; what is chosen is nobody's yet.
 * @module
 */

import { count } from "../../lib/format.js";
import { announce } from "../../lib/site.js";
import { seatName } from "../../seat-map/plan.js";
import { blockAt, choose, leftAlone, pick, replacement, resize, tidier } from "../../seat-map/party.js";
import { Look, MAX_CHOSEN, chooseAgain, countAvailable, giveUp, lookOf } from "../../seat-map/state.js";
import { areaLabel, homeOf, howMany, inWords } from "../../seat-map/words.js";
import { readDraft, writeDraft } from "./draft.js";
import { standingAreaOf } from "./offers.js";

/** @typedef {import("./page.js").SeatsPage} SeatsPage */
/** @typedef {{section: number, quantity: number}} Area places of a standing area; the server picks which */

export const USUAL_PARTY = 2;

export class Choosing {
  /** @param {SeatsPage} page */
  constructor(page) {
    this.page = page;
    this.plan = page.plan;
    this.draft = readDraft(page.eventId);
    this.party = this.draft.party ?? USUAL_PARTY;
    /** @type {Area | null} */
    this.area = null;
    /** What was written down last. @type {{chosen: readonly number[], area: Area | null, party: number} | null} */
    this.remembered = null;
    /** Whether the press that is being handled came with Shift: one seat, whatever the party. */
    this.single = false;
  }

  /** @param {number} index */
  pick(index) {
    const { page, plan } = this;
    if (!page.maySell()) return;
    const { state, outcome, together } = pick(plan, page.state, index, { size: this.party, single: this.single });
    if (outcome === "chosen") {
      this.set(state.chosen, `${inWords(plan, state.chosen)} chosen.`);
      if (!together) page.say("warn", `No ${this.party} side by side here: these are the nearest. Choose others, or one of the best available.`);
    } else if (outcome === "given up") this.set(state.chosen, `${seatName(plan, index)} given up. ${howMany(plan, state.chosen)} chosen.`);
    else if (outcome === "too many") page.say("warn", `You can choose at most ${MAX_CHOSEN} at a time.`);
    else if (outcome === "mine") announce(`${seatName(plan, index)} is held for you.`, "choice");
    else if (outcome === "taken") announce(`${seatName(plan, index)} is ${TAKEN.get(lookOf(page.state, index))}.`, "choice");
  }

  /** A section was pressed: a standing area is chosen as a number of places. @param {number} nth */
  pickSection(nth) {
    const { page, plan } = this;
    const section = plan.sections[nth];
    if (section.kind !== "standing" || !page.maySell()) return;
    const left = this.placesLeft(nth);
    if (left) this.setArea({ section: nth, quantity: Math.min(this.party, left) });
    else page.say("warn", `${section.name} is full at the moment.`);
  }

  /** @param {readonly number[]} indices an offer, or what takes the place of something lost */
  take(indices) {
    const area = standingAreaOf(this.plan, indices);
    if (area >= 0) this.setArea({ section: area, quantity: indices.length });
    else this.set(indices, `${inWords(this.plan, indices)} chosen.`);
    this.page.view.focusOn(indices);
  }

  /**
   * @param {readonly number[]} indices
   * @param {string} [words] what has happened, for those who hear it
   */
  set(indices, words) {
    this.page.clear();
    this.area = null;
    if (words) announce(words, "choice");
    this.page.update(choose(this.page.state, indices));
  }

  /** @param {Area | null} area */
  setArea(area) {
    this.page.clear();
    this.area = area;
    if (area) announce(`${areaLabel(this.plan.sections[area.section], area.quantity)} chosen.`, "choice");
    this.page.update(choose(this.page.state, []));
  }

  /** @param {readonly number[]} indices */
  giveUp(indices) {
    this.page.update(giveUp(this.page.state, indices));
    announce(`${inWords(this.plan, indices)} given up.`, "choice");
  }

  /** @param {number} party */
  setParty(party) {
    this.party = party;
    if (this.area) {
      this.setArea({ section: this.area.section, quantity: Math.min(party, this.placesLeft(this.area.section)) });
      return;
    }
    const resized = resize(this.plan, this.page.state, party);
    if (resized !== this.page.state) this.set(resized.chosen, `${inWords(this.plan, resized.chosen)} chosen.`);
    else this.page.update(this.page.state);
  }

  /** How many places of a standing area one may choose now. @param {number} section */
  placesLeft(section) {
    const { start, end } = this.plan.sections[section];
    return Math.min(MAX_CHOSEN, countAvailable(this.page.state, start, end));
  }

  /** The seats a tap there would take, for the map to show before it happens. @param {number} index @returns {number[]} */
  foreseen(index) {
    const { state } = this.page;
    const short = state.chosen.length > 0 && state.chosen.length < this.party;
    if (index < 0 || this.party === 1 || short || lookOf(state, index) !== Look.AVAILABLE || this.plan.persons.has(index)) return [];
    return blockAt(this.plan, state, index, this.party).indices;
  }

  /** A seat that the choice would leave alone, and what would not; null when all is well. @returns {{text: string, instead: number[] | null} | null} */
  hint() {
    const { state } = this.page;
    const alone = leftAlone(this.plan, state, state.chosen);
    if (!alone.length) return null;
    const text = alone.length === 1 ? `${seatName(this.plan, alone[0])} would be left on its own.` : `${count(alone.length, "seat")} would each be left on their own.`;
    return { text, instead: tidier(this.plan, state, state.chosen) };
  }

  /** @returns {boolean} whether anything is chosen */
  get any() {
    return this.area !== null || this.page.state.chosen.length > 0;
  }

  // What others do to it

  /** What was chosen before signing in or reloading, as far as it can still be had. Once, when the statuses are known. */
  restore() {
    const { chosen, area } = this.draft;
    this.draft = { ...this.draft, chosen: [], area: null };
    if (chosen.length) {
      const { state, missing } = chooseAgain(this.page.state, chosen);
      this.page.state = state;
      if (missing.length) this.page.say("warn", `${inWords(this.plan, missing)} went to somebody else in the meantime.`);
    }
    const section = area ? this.plan.sections.findIndex(({ id, kind }) => id === area.section && kind === "standing") : -1;
    if (area && section >= 0 && this.placesLeft(section)) this.area = { section, quantity: Math.min(area.quantity, this.placesLeft(section)) };
  }

  /** Somebody else got seats that were chosen here: says so, and offers the nearest block like it. @param {readonly number[]} lost */
  lose(lost) {
    const { page, plan } = this;
    const wanted = [...page.state.chosen, ...lost];
    const instead = replacement(plan, page.state, wanted);
    const rest = page.state.chosen.length ? ` ${inWords(plan, page.state.chosen)} can still be had.` : "";
    page.say(
      "bad",
      `${inWords(plan, lost)} just went to somebody else.${rest}${instead ? ` Nearest to it: ${inWords(plan, instead, homeOf(plan, lost[0]).name)}.` : ""}`,
      instead ? { action: "Choose these instead", onAction: () => this.take(instead) } : {},
    );
  }

  /** The places of a hold that has run out. @param {readonly number[]} indices */
  tryAgain(indices) {
    const section = standingAreaOf(this.plan, indices);
    const left = section >= 0 ? this.placesLeft(section) : 0;
    if (left) {
      this.setArea({ section, quantity: Math.min(left, indices.length) });
      return;
    }
    const { state, missing } = chooseAgain(this.page.state, indices);
    this.set(state.chosen);
    if (missing.length) this.page.say("warn", `${inWords(this.plan, missing)} cannot be had at the moment.`);
  }

  /** A standing area that is filling up takes from what was chosen in it. */
  keepWithin() {
    if (!this.area) return;
    const { section, quantity } = this.area;
    const left = this.placesLeft(section);
    if (left >= quantity) return;
    const { name } = this.plan.sections[section];
    this.area = left ? { section, quantity: left } : null;
    this.page.say("bad", left ? `Only ${count(left, "place")} left in ${name}.` : `${name} has just filled up.`);
  }

  /** Keeps the choice for the way to sign in and back; called often, writes when it is another one. */
  remember() {
    const { chosen, loaded } = this.page.state;
    const { remembered } = this;
    if (!loaded) return; // what was chosen before is still to be chosen again
    if (remembered?.chosen === chosen && remembered.area === this.area && remembered.party === this.party) return;
    this.remembered = { chosen, area: this.area, party: this.party };
    const area = this.area && { section: this.plan.sections[this.area.section].id, quantity: this.area.quantity };
    writeDraft(this.page.eventId, { party: this.party, chosen, area });
  }
}

const TAKEN = new Map([
  [Look.HELD, "in someone’s basket"],
  [Look.BOOKED, "sold"],
  [Look.BLOCKED, "not for sale"],
]);
