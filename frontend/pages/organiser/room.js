/**
 * The room of a draft: fetched from the server as a plan, drawn, painted, and told to the page when it is pressed.
 * @module
 */

import { api, explain } from "../../lib/api.js";
import { h } from "../../lib/dom.js";
import { money, minorFromText } from "../../lib/format.js";
import { notice } from "../../lib/site.js";
import { decodePlan, seatName } from "../../seat-map/plan.js";
import { insetsOf, mapTools } from "./map-tools.js";
import { PaintMap } from "./paint-map.js";
import { MIXED, bandOfSection, bandsOfPlaces } from "./painting.js";
import { ACCESS, WIZARD } from "./words.js";

/** @typedef {import("../../seat-map/plan.js").Plan} Plan */
/** @typedef {import("./draft.js").Draft} Draft */

/** Around the house, CSS pixels. */
const MARGIN = 28;

export class Room {
  /**
   * @param {{read: () => Draft, onPlan: (plan: Plan) => void, onSeat: (place: number) => void, onSection: (section: number) => void, onPoint: (place: number) => void}} options
   */
  constructor(options) {
    this.options = options;
    this.root = h("div", { class: "room", role: "region", "aria-label": WIZARD.preview });
    /** @type {Plan | null} */
    this.plan = null;
    /** @type {PaintMap | null} */
    this.map = null;
    /** What is there, or on its way. */
    this.shown = "";
    /** @type {Promise<void>} */
    this.drawing = Promise.resolve();
    this.bands = new Int16Array();
  }

  /**
   * Draws the room that the draft names, unless it is there already.
   * @returns {Promise<void>}
   */
  show() {
    const { template, capacity } = this.options.read();
    const wanted = `${template}?${capacity.trim()}`;
    if (wanted !== this.shown) {
      this.shown = wanted;
      this.drawing = this.fetch(wanted, template, capacity);
    }
    return this.drawing;
  }

  /** @param {string} wanted @param {string} template @param {string} capacity */
  async fetch(wanted, template, capacity) {
    this.plan = null;
    this.map = null;
    this.root.replaceChildren(h("p", { class: "room-word muted", role: "status" }, WIZARD.drawing));
    try {
      const document = await api.get(`/seat-plan-templates/${template}`, { auth: true, query: { capacity: capacity.trim() } });
      if (this.shown !== wanted) return;
      this.plan = decodePlan(document);
    } catch (error) {
      if (this.shown !== wanted) return;
      this.shown = "";
      this.root.replaceChildren(notice("bad", `${WIZARD.noRoom}. ${explain(error)}`, { action: ACCESS.tryAgain, onAction: () => void this.show() }));
      return;
    }
    this.options.onPlan(this.plan);
    this.build(this.plan);
  }

  /** @param {Plan} plan */
  build(plan) {
    const host = h("div", { class: "map" });
    // Before the map: it measures its element.
    this.root.replaceChildren(host);
    const map = new PaintMap(host, plan, {
      onSeat: this.options.onSeat,
      onSection: this.options.onSection,
      onPoint: this.options.onPoint,
      onFloor: (id) => tools.markFloor(id),
      nameOfSeat: (place) => [seatName(plan, place), this.nameOf(this.bands[place])].join(", "),
      linesOfSection: (section) => [plan.sections[section].name, this.priceOf(bandOfSection(plan, this.bands, section))],
      insets: insetsOf(plan, MARGIN),
    });
    const tools = mapTools(plan, map);
    this.root.append(...(tools.floors ? [tools.floors] : []), tools.zoom);
    this.map = map;
    this.paint();
  }

  /** Shows the draft's prices. */
  paint() {
    if (!this.plan || !this.map) return;
    const draft = this.options.read();
    this.bands = bandsOfPlaces(this.plan, draft.bands, draft.coat, draft.swaps);
    this.map.repaint(draft.bands, this.bands);
  }

  /** @param {number} band */
  nameOf(band) {
    if (band === MIXED) return WIZARD.mixed;
    return this.options.read().bands[band]?.name || WIZARD.unpainted;
  }

  /** @param {number} band */
  priceOf(band) {
    const { bands, currency } = this.options.read();
    if (band < 0) return this.nameOf(band);
    const minor = minorFromText(bands[band].price, currency);
    return minor === null ? this.nameOf(band) : money(minor, currency);
  }
}
