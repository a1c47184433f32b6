/**
 * What the visitor has chosen and how it comes about: by a tap, by an offer, place by place, or as a number of places in a standing area. Nothing here asks the
 * server; what is chosen is nobody's yet.
 * @module
 */

import { announce } from "../../lib/site.js";
import { seatName } from "../../seat-map/plan.js";
import { blockAt, choose, leftAlone, pick, replacement, resize, tidier } from "../../seat-map/party.js";
import { Look, MAX_CHOSEN, chooseAgain, countAvailable, giveUp, lookOf } from "../../seat-map/state.js";
import { t } from "../../seat-map/texts.js";
import { areaLabel, homeOf, howMany, inWords } from "../../seat-map/words.js";
import { readDraft, writeDraft } from "./draft.js";
import { usualParty } from "./entrance.js";
import { standingAreaOf } from "./offers.js";

/** @typedef {import("./page.js").SeatsPage} SeatsPage */
/** @typedef {{section: number, quantity: number}} Area places of a standing area; the server picks which */

export class Choosing {
  /** @param {SeatsPage} page */
  constructor(page) {
    this.page = page;
    this.plan = page.plan;
    this.draft = readDraft(page.eventId);
    this.party = usualParty(page.eventId);
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
      this.set(state.chosen, t("choose.chosen", { places: inWords(plan, state.chosen) }));
      if (!together) page.say("warn", t("choose.not-together", { count: this.party }));
    } else if (outcome === "given up") this.set(state.chosen, t("choose.given-up-left", { seat: seatName(plan, index), amount: howMany(plan, state.chosen) }));
    else if (outcome === "too many") page.say("warn", t("choose.too-many", { count: MAX_CHOSEN }));
    else if (outcome === "mine") announce(t("choose.is-mine", { seat: seatName(plan, index) }), "choice");
    else if (outcome === "taken") announce(t(TAKEN.get(lookOf(page.state, index)) ?? "choose.is-blocked", { seat: seatName(plan, index) }), "choice");
  }

  /** A section was pressed: a standing area is chosen as a number of places. @param {number} nth */
  pickSection(nth) {
    const { page, plan } = this;
    const section = plan.sections[nth];
    if (section.kind !== "standing" || !page.maySell()) return;
    const left = this.placesLeft(nth);
    if (left) this.setArea({ section: nth, quantity: Math.min(this.party, left) });
    else page.say("warn", t("choose.full", { section: section.name }));
  }

  /** @param {readonly number[]} indices an offer, or what takes the place of something lost */
  take(indices) {
    const area = standingAreaOf(this.plan, indices);
    if (area >= 0) this.setArea({ section: area, quantity: indices.length });
    else this.set(indices, t("choose.chosen", { places: inWords(this.plan, indices) }));
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
    if (area) announce(t("choose.chosen", { places: areaLabel(this.plan.sections[area.section], area.quantity) }), "choice");
    this.page.update(choose(this.page.state, []));
  }

  /** @param {readonly number[]} indices */
  giveUp(indices) {
    this.page.update(giveUp(this.page.state, indices));
    announce(t("choose.given-up", { places: inWords(this.plan, indices) }), "choice");
  }

  /** @param {number} party */
  setParty(party) {
    this.party = party;
    if (this.area) {
      this.setArea({ section: this.area.section, quantity: Math.min(party, this.placesLeft(this.area.section)) });
      return;
    }
    const resized = resize(this.plan, this.page.state, party);
    if (resized !== this.page.state) this.set(resized.chosen, t("choose.chosen", { places: inWords(this.plan, resized.chosen) }));
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
    const text = alone.length === 1 ? t("choose.alone", { seat: seatName(this.plan, alone[0]) }) : t("choose.alone-several", { count: alone.length });
    return { text, instead: tidier(this.plan, state, state.chosen) };
  }

  /** @returns {boolean} whether anything is chosen */
  get any() {
    return this.area !== null || this.page.state.chosen.length > 0;
  }

  // What others do to it

  /** What was chosen before signing in or reloading, as far as it can still be had; true when that is all of it. Once, when the statuses are known. */
  restore() {
    const { chosen, area } = this.draft;
    let complete = true;
    this.draft = { ...this.draft, chosen: [], area: null };
    if (chosen.length) {
      const { state, missing } = chooseAgain(this.page.state, chosen);
      this.page.state = state;
      complete = !missing.length;
      if (!complete) this.page.say("warn", t("choose.missed", { places: inWords(this.plan, missing) }));
    }
    const section = area ? this.plan.sections.findIndex(({ id, kind }) => id === area.section && kind === "standing") : -1;
    if (area && section >= 0 && this.placesLeft(section)) this.area = { section, quantity: Math.min(area.quantity, this.placesLeft(section)) };
    return complete && area?.quantity === this.area?.quantity;
  }

  /** Somebody else got seats that were chosen here: says so, and offers the nearest block like it. @param {readonly number[]} lost */
  lose(lost) {
    const { page, plan } = this;
    const wanted = [...page.state.chosen, ...lost];
    const instead = replacement(plan, page.state, wanted);
    const rest = page.state.chosen.length ? t("choose.still-there", { places: inWords(plan, page.state.chosen) }) : "";
    const nearest = instead ? t("choose.nearest", { places: inWords(plan, instead, homeOf(plan, lost[0]).name) }) : "";
    page.say(
      "bad",
      [t("choose.lost", { places: inWords(plan, lost) }), rest, nearest].filter(Boolean).join(" "),
      instead ? { action: t("choose.choose-instead"), onAction: () => this.take(instead) } : {},
    );
  }

  /** A standing area that is filling up takes from what was chosen in it. */
  keepWithin() {
    if (!this.area) return;
    const { section, quantity } = this.area;
    const left = this.placesLeft(section);
    if (left >= quantity) return;
    const { name } = this.plan.sections[section];
    this.area = left ? { section, quantity: left } : null;
    this.page.say("bad", left ? t("choose.only-left", { count: left, section: name }) : t("choose.just-filled", { section: name }));
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
  [Look.HELD, "choose.is-held"],
  [Look.BOOKED, "choose.is-booked"],
  [Look.BLOCKED, "choose.is-blocked"],
]);
