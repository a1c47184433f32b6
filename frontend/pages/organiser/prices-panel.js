/**
 * Prices beside the map: the bands to paint with, what is unpainted, and the list of sections, which does all that the map does.
 * @module
 */

import { h, icon } from "../../lib/dom.js";
import { field } from "../../lib/forms.js";
import { MOST_BANDS, freeKey } from "./draft.js";
import { MIXED, allParts, bandOfSection, bareOf, bandsOfPlaces, paint, partsLike, partsOfSection, placesByBand, unpainted } from "./painting.js";
import { WIZARD } from "./words.js";

/** @typedef {import("../../seat-map/plan.js").Plan} Plan */
/** @typedef {import("./draft.js").Draft} Draft */
/** @typedef {import("./painting.js").Band} Band */

const TIERS = [1, 2, 3, 4, 5];
const MOST_UNDO = 50;
/** In a list of sections: what it has is no single band. */
const SEVERAL = "several";

export class PricesPanel {
  /**
   * @param {Plan} plan
   * @param {{read: () => Draft, change: (changes: Partial<Draft>, words?: string) => void}} draft
   */
  constructor(plan, draft) {
    this.plan = plan;
    this.draft = draft;
    this.brush = draft.read().bands[0]?.key ?? "";
    /** @type {"section" | "row"} */
    this.stroke = plan.sections.length > 1 ? "section" : "row";
    /** @type {Pick<Draft, "coat" | "bands" | "swaps">[]} what was before */
    this.before = [];
    this.bandsHost = h("div", { class: "bands", role: "radiogroup", "aria-label": WIZARD.bands });
    this.unpaintedHost = h("div", { class: "unpainted", "data-field": "unpainted" });
    this.sectionsHost = h("div", { class: "section-rows" });
    this.addButton = h("button", { type: "button", class: "btn quiet small add-band", onclick: () => this.addBand() }, icon("plus"), WIZARD.addBand);
    this.undoButton = h("button", { type: "button", class: "btn quiet small", onclick: () => this.undo() }, WIZARD.undo);
    this.root = h(
      "div",
      { class: "prices-panel" },
      h("p", { class: "muted" }, WIZARD.bandsHint),
      this.bandsHost,
      this.addButton,
      this.strokeChoice(),
      this.unpaintedHost,
      h(
        "div",
        { class: "row" },
        this.undoButton,
        h("button", { type: "button", class: "btn quiet small", onclick: () => this.asRoom() }, WIZARD.asRoom),
        h("button", { type: "button", class: "btn quiet small", onclick: () => this.cover(allParts(plan), null, WIZARD.bare) }, WIZARD.bare),
      ),
      h("details", { class: "section-list" }, h("summary", null, `${WIZARD.sections} `, h("span", { class: "muted small" }, WIZARD.sectionsHint)), this.sectionsHost),
    );
    this.buildBands();
    this.update();
  }

  // Painting

  /** @param {number} place a seat or table of the map was pressed */
  paintPlace(place) {
    const part = this.plan.row[place];
    const { section, label } = this.plan.rows[part];
    const name = this.plan.sections[section].name;
    if (this.stroke === "section") this.paintSection(section);
    else this.cover(partsLike(this.plan, part), this.brush, [name, label].filter(Boolean).join(" "));
  }

  /** @param {number} section */
  paintSection(section) {
    this.cover(partsOfSection(this.plan, section), this.brush, this.plan.sections[section].name);
  }

  /** What a press would paint. @param {number} place @returns {number[]} */
  foreseen(place) {
    if (place < 0 || this.stroke === "section") return [];
    return partsLike(this.plan, this.plan.row[place]).flatMap((part) => {
      const { start, end } = this.plan.rows[part];
      return Array.from({ length: end - start }, (_, nth) => start + nth);
    });
  }

  /** @param {Iterable<number>} parts @param {string | null} key @param {string} what for the ear */
  cover(parts, key, what) {
    if (key === "") return;
    const { coat } = this.remember();
    const name = key === null ? WIZARD.unpainted : this.nameOf(key);
    this.draft.change({ coat: paint(coat, parts, key) }, WIZARD.painted(what, name));
  }

  /** Everything that has no price yet, and nothing else. */
  paintRest() {
    const { coat, bands, swaps } = this.remember();
    const { parts, categories } = bareOf(this.plan, bands, coat, swaps);
    const more = Object.fromEntries(categories.map((key) => [key, this.brush]));
    this.draft.change({ coat: paint(coat, parts, this.brush), swaps: { ...swaps, ...more } }, WIZARD.painted(WIZARD.unpaintedTitle, this.nameOf(this.brush)));
  }

  asRoom() {
    const { bands } = this.remember();
    const missing = this.plan.categories.filter(({ key }) => !bands.some((band) => band.key === key));
    this.draft.change({ coat: {}, swaps: {}, bands: [...bands, ...missing.map(({ key, name, tier }) => ({ key, name, tier, price: "" }))] }, WIZARD.asRoom);
    if (missing.length) this.buildBands();
  }

  undo() {
    const last = this.before.pop();
    if (!last) return;
    // What was typed since then is not taken back: that is no stroke.
    const typed = new Map(this.draft.read().bands.map((band) => [band.key, band]));
    this.draft.change({ ...last, bands: last.bands.map((band) => typed.get(band.key) ?? band) }, WIZARD.undone);
    this.buildBands();
  }

  remember() {
    const { coat, bands, swaps } = this.draft.read();
    this.before = [...this.before.slice(1 - MOST_UNDO), { coat, bands, swaps }];
    return { coat, bands, swaps };
  }

  // Bands

  buildBands() {
    const { bands } = this.draft.read();
    if (!bands.some(({ key }) => key === this.brush)) this.brush = bands[0]?.key ?? "";
    this.bandsHost.replaceChildren(...bands.map((band) => this.bandRow(band)));
    this.update();
  }

  /** @param {Band} band */
  bandRow({ key, name, tier, price }) {
    const radio = h("input", { type: "radio", name: "brush", value: key, checked: key === this.brush, "aria-label": WIZARD.brush(name) });
    radio.addEventListener("change", () => {
      this.brush = key;
    });
    const swatch = h("span", { class: "swatch", dataset: { tier } });
    const colour = h("select", { name: `tier-${key}` }, TIERS.map((value) => h("option", { value, selected: value === tier }, WIZARD.tiers[value - 1])));
    const nameField = field(`name-${key}`, WIZARD.bandName, { value: name, maxlength: 60, autocomplete: "off" });
    const priceField = field(`price-${key}`, WIZARD.bandPrice, { value: price, inputmode: "decimal", maxlength: 12, autocomplete: "off" });
    nameField.addEventListener("input", () => this.set(key, { name: inputIn(nameField).value }));
    priceField.addEventListener("input", () => this.set(key, { price: inputIn(priceField).value }));
    colour.addEventListener("change", () => {
      swatch.dataset.tier = colour.value;
      this.set(key, { tier: Number(colour.value) });
    });
    const remove = h("button", { type: "button", class: "icon-btn", "aria-label": WIZARD.removeBand(name), onclick: () => this.removeBand(key) }, icon("close"));
    return h(
      "div",
      { class: "band", dataset: { key } },
      h("label", { class: "brush" }, radio, swatch),
      nameField,
      priceField,
      field(`tier-${key}`, WIZARD.bandTier, {}, { control: colour }),
      remove,
      h("span", { class: "muted small num band-places" }),
    );
  }

  /** @param {string} key @param {Partial<Band>} changes */
  set(key, changes) {
    const { bands } = this.draft.read();
    this.draft.change({ bands: bands.map((band) => (band.key === key ? { ...band, ...changes } : band)) });
  }

  addBand() {
    const { bands } = this.remember();
    const tiers = new Set(bands.map(({ tier }) => tier));
    const key = freeKey(bands);
    this.brush = key;
    this.draft.change({ bands: [...bands, { key, name: WIZARD.newBand, tier: TIERS.find((tier) => !tiers.has(tier)) ?? 5, price: "" }] });
    this.buildBands();
    const input = this.bandsHost.querySelector(`[data-key="${CSS.escape(key)}"] .field input`);
    if (input instanceof HTMLInputElement) input.select();
  }

  /** Its places are then unpainted, and listed. @param {string} key */
  removeBand(key) {
    const { bands } = this.remember();
    this.draft.change({ bands: bands.filter((band) => band.key !== key) });
    this.buildBands();
    this.bandsHost.querySelector("input")?.focus();
  }

  /** @param {string} key */
  nameOf(key) {
    return this.draft.read().bands.find((band) => band.key === key)?.name ?? "";
  }

  strokeChoice() {
    const option = (/** @type {"section" | "row"} */ value, /** @type {string} */ words) => {
      const radio = h("input", { type: "radio", name: "stroke", value, checked: this.stroke === value });
      radio.addEventListener("change", () => {
        this.stroke = value;
      });
      return h("label", { class: "chip" }, radio, words);
    };
    return h("fieldset", { class: "stroke" }, h("legend", null, WIZARD.stroke), h("div", { class: "chips" }, option("section", WIZARD.strokeSection), option("row", WIZARD.strokeRow)));
  }

  // Keeping it true

  update() {
    const { bands, coat, swaps } = this.draft.read();
    const places = bandsOfPlaces(this.plan, bands, coat, swaps);
    const counts = placesByBand(places, bands.length);
    this.undoButton.disabled = !this.before.length;
    this.addButton.disabled = bands.length >= MOST_BANDS;
    for (const [nth, { key, name }] of bands.entries()) {
      const row = this.bandsHost.querySelector(`[data-key="${CSS.escape(key)}"]`);
      if (!row) continue;
      const said = row.querySelector(".band-places");
      if (said) said.textContent = counts[nth] ? WIZARD.places(counts[nth]) : WIZARD.noPlaces;
      row.querySelector(".brush input")?.setAttribute("aria-label", WIZARD.brush(name));
      row.querySelector(".icon-btn")?.setAttribute("aria-label", WIZARD.removeBand(name));
    }
    this.tellUnpainted(unpainted(this.plan, places));
    this.listSections(places);
  }

  /** @param {{section: number, places: number}[]} missing */
  tellUnpainted(missing) {
    const error = h("span", { class: "error", id: "field-unpainted-error", hidden: true });
    if (!missing.length) {
      this.unpaintedHost.replaceChildren(h("p", { class: "all-painted" }, icon("check"), WIZARD.allPainted), error);
      return;
    }
    const places = missing.reduce((sum, each) => sum + each.places, 0);
    this.unpaintedHost.replaceChildren(
      h(
        "div",
        { class: "notice warn" },
        icon("warning"),
        h(
          "div",
          null,
          h("b", null, WIZARD.unpaintedCount(places)),
          h("p", { class: "small" }, missing.slice(0, 12).map(({ section }) => this.plan.sections[section].name).join(", "), missing.length > 12 && " …"),
          this.brush && h("button", { type: "button", class: "link", onclick: () => this.paintRest() }, WIZARD.paintRest(this.nameOf(this.brush))),
        ),
      ),
      // What the summary of faults leads to.
      h("input", { class: "vh", id: "field-unpainted", tabindex: "-1", readonly: true, "aria-label": WIZARD.unpaintedTitle, "aria-describedby": error.id }),
      error,
    );
  }

  /** @param {Int16Array} places */
  listSections(places) {
    const { bands } = this.draft.read();
    const focused = document.activeElement instanceof HTMLSelectElement ? document.activeElement.name : "";
    this.sectionsHost.replaceChildren(
      ...this.plan.sections.map((section, nth) => {
        const band = bandOfSection(this.plan, places, nth);
        const select = h(
          "select",
          { name: `section-${nth}` },
          band === MIXED && h("option", { value: SEVERAL, selected: true }, WIZARD.mixed),
          h("option", { value: "", selected: band === -1 }, WIZARD.unpainted),
          bands.map(({ key, name }, index) => h("option", { value: key, selected: index === band }, name || WIZARD.newBand)),
        );
        select.addEventListener("change", () => {
          if (select.value !== SEVERAL) this.cover(partsOfSection(this.plan, nth), select.value || null, section.name);
        });
        const dot = h("span", { class: "swatch", dataset: { tier: band >= 0 ? bands[band].tier : 0 } });
        return h("div", { class: "section-row" }, dot, field(`section-${nth}`, WIZARD.sectionName(section.name, section.end - section.start), {}, { control: select }));
      }),
    );
    if (focused) /** @type {HTMLElement | null} */ (this.sectionsHost.querySelector(`[name="${CSS.escape(focused)}"]`))?.focus();
  }
}

/** @param {HTMLElement} box */
function inputIn(box) {
  return /** @type {HTMLInputElement} */ (box.querySelector("input"));
}
