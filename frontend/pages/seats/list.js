/**
 * "Choose from a list": the same places as the map, as buttons: section, then row, then seat. It is the way for keyboards and screen readers, and for anybody
 * who would rather read than aim. Each row is one tab stop; arrow keys go on from there. A standing area is one button.
 * @module
 */

import { h } from "../../lib/dom.js";
import { money } from "../../lib/format.js";
import { rightToLeft } from "../../lib/texts.js";
import { Look, countAvailable, lookOf } from "../../seat-map/state.js";
import { t } from "../../seat-map/texts.js";
import { fullName, priceFrom, priceOf } from "../../seat-map/words.js";

/** @typedef {import("../../seat-map/plan.js").Section} Section */
/** @typedef {import("../../seat-map/state.js").SeatState} SeatState */

/** Larger sections show one row at first: thousands of buttons would be slow to build and to listen through. */
const WHOLE_SECTION_LIMIT = 500;
const ALL_ROWS = "all";
/** By Look; what the style sheet calls them. */
const LOOK_NAMES = ["available", "held", "booked", "blocked", "chosen", "pending", "mine"];

export class SeatList {
  /**
   * @param {HTMLElement} root
   * @param {import("../../seat-map/plan.js").Plan} plan
   * @param {import("../../seat-map/words.js").Pricing} pricing
   * @param {{onPick: (index: number) => void, onPickSection: (section: number) => void}} events
   */
  constructor(root, plan, pricing, { onPick, onPickSection }) {
    this.root = root;
    this.plan = plan;
    this.pricing = pricing;
    this.onPick = onPick;
    this.onPickSection = onPickSection;
    /** @type {SeatState | null} */
    this.state = null;
    /** @type {Map<number, {button: HTMLButtonElement, look: number}>} */
    this.shown = new Map();
    /** The standing area that is shown: what says how full it is. @type {HTMLElement | null} */
    this.areaLeft = null;
    this.section = 0;
    this.row = ALL_ROWS;
    this.onlyFree = false;
    /** @type {ReadonlySet<number> | null} */
    this.categories = null;
    /** @type {ReadonlySet<number> | null} */
    this.places = null;
    /** Why nothing is known yet, in words, and what asks again. @type {{text: string, onRetry: () => void} | null} */
    this.problem = null;
    /** The price categories of each section. */
    this.categoriesOf = plan.sections.map(({ start, end }) => new Set(plan.category.subarray(start, end)));
    this.options = plan.sections.map((_, nth) => h("option", { value: nth }));
    this.sectionSelect = h("select", { id: "list-section", onchange: () => this.chooseSection(Number(this.sectionSelect.value)) }, this.byFloor());
    this.rowSelect = h("select", { id: "list-row", onchange: () => this.chooseRow(this.rowSelect.value) });
    this.rowField = h("div", { class: "field" }, h("label", { for: "list-row" }, t("list.row")), this.rowSelect);
    this.rows = h("div", { class: "list-rows", onkeydown: (/** @type {KeyboardEvent} */ event) => this.key(event) });
    root.append(this.controls(), this.rows);
    this.fillRows();
  }

  controls() {
    const onlyFree = h("input", {
      type: "checkbox",
      onchange: () => {
        this.onlyFree = onlyFree.checked;
        this.build();
      },
    });
    return h(
      "div",
      { class: "list-controls" },
      h("div", { class: "field" }, h("label", { for: "list-section" }, t("list.section")), this.sectionSelect),
      this.rowField,
      h("label", { class: "check" }, onlyFree, t("list.only-free")),
    );
  }

  /** The sections to choose from, under the names of their floors where there are several. */
  byFloor() {
    const { floors, sections } = this.plan;
    if (floors.length < 2) return this.options;
    return floors.map(({ id, name }) => h("optgroup", { label: name }, this.options.filter((_, nth) => sections[nth].floor === id)));
  }

  /** @param {SeatState} state */
  show(state) {
    const before = this.state;
    this.state = state;
    if (!before || (!before.loaded && state.loaded)) {
      this.build();
      return;
    }
    if (this.onlyFree && before.status !== state.status && this.hasGrown(state)) {
      this.renew();
      return;
    }
    if (before.status !== state.status) this.count(state);
    for (const [index, entry] of this.shown) {
      const look = lookOf(state, index);
      if (look !== entry.look) this.dress(index, entry.button, look);
    }
  }

  /** Whether a place came free that only free ones are shown without. @param {SeatState} state */
  hasGrown(state) {
    const { start, end } = this.onShow;
    for (let index = start; index < end; index++) if (!this.shown.has(index) && this.isListed(index, state)) return true;
    return false;
  }

  /** Builds it anew where somebody may be in the middle of it. */
  renew() {
    const focused = document.activeElement instanceof HTMLElement && this.rows.contains(document.activeElement) ? document.activeElement.dataset.index : undefined;
    this.build();
    if (focused !== undefined) (this.shown.get(Number(focused))?.button ?? this.sectionSelect).focus({ preventScroll: true });
  }

  /** The places of the section or the row on show; none of a standing area, where they are not shown one by one. */
  get onShow() {
    const section = this.plan.sections[this.section];
    if (section.kind === "standing") return { start: 0, end: 0 };
    return this.row === ALL_ROWS ? section : this.plan.rows[Number(this.row)];
  }

  /** @param {ReadonlySet<number> | null} categories @param {ReadonlySet<number> | null} [places] only these; null for all */
  filter(categories, places = null) {
    this.categories = categories;
    this.places = places;
    // The section on show may have nothing like it: then the first that has.
    if (!this.matches(this.plan.sections[this.section])) {
      const other = this.plan.sections.findIndex((section) => this.matches(section));
      if (other >= 0) this.section = other;
      this.sectionSelect.value = String(this.section);
      this.fillRows();
    }
    this.build();
  }

  /** Whether a section has places that are looked for. @param {Section} section */
  matches(section) {
    const { categories, places } = this;
    if (places) return [...places].some((index) => index >= section.start && index < section.end && this.isWanted(index));
    return categories === null || [...this.categoriesOf[this.plan.sections.indexOf(section)]].some((category) => categories.has(category));
  }

  /** @param {number} index */
  isWanted(index) {
    const { categories, places, plan } = this;
    return (!categories || categories.has(plan.category[index])) && (!places || places.has(index));
  }

  /** Says why nothing is known of the seats, until something is. @param {string} text @param {() => void} onRetry */
  showProblem(text, onRetry) {
    this.problem = { text, onRetry };
    this.build();
  }

  /** Waits for the statuses (again). */
  wait() {
    this.problem = null;
    this.build();
  }

  /** @param {number} section */
  chooseSection(section) {
    this.section = section;
    this.fillRows();
    this.build();
  }

  /** @param {string} row */
  chooseRow(row) {
    this.row = row;
    this.build();
  }

  fillRows() {
    const { kind, rowStart, rowEnd, start, end } = this.plan.sections[this.section];
    const whole = end - start <= WHOLE_SECTION_LIMIT;
    const options = Array.from({ length: rowEnd - rowStart }, (_, nth) => h("option", { value: rowStart + nth }));
    this.rowSelect.replaceChildren(...(whole ? [h("option", { value: ALL_ROWS }, t(kind === "tables" ? "list.all-tables" : "list.all-rows"))] : []), ...options);
    this.row = this.rowSelect.value;
    this.rowField.hidden = kind === "standing" || rowEnd - rowStart < 2;
    this.rowField.firstChild?.replaceWith(h("label", { for: "list-row" }, t(kind === "tables" ? "list.table" : "list.row")));
  }

  /** Says how many places are left in each section, and in each row of the one that is shown. @param {SeatState} state */
  count(state) {
    const { plan } = this;
    for (const [nth, section] of plan.sections.entries()) {
      const free = countAvailable(state, section.start, section.end);
      const price = priceFrom(plan, this.pricing, this.categoriesOf[nth]);
      setText(this.options[nth], [section.name, price, free ? t("place.left", { count: free }) : t("place.sold-out")].filter(Boolean).join(" · "));
      this.options[nth].disabled = !this.matches(section);
    }
    const { rowStart, start, end } = plan.sections[this.section];
    for (const option of this.rowSelect.options) {
      if (option.value === ALL_ROWS) continue;
      const row = plan.rows[Number(option.value)];
      setText(option, t("list.row-left", { row: row.label || `${Number(option.value) - rowStart + 1}`, count: countAvailable(state, row.start, row.end) }));
    }
    if (this.areaLeft) setText(this.areaLeft, t("place.places-left", { count: countAvailable(state, start, end) }));
  }

  build() {
    const { state, plan } = this;
    if (!state) return;
    this.shown.clear();
    this.areaLeft = null;
    if (!state.loaded) {
      const { problem } = this;
      const retry = problem && h("button", { type: "button", class: "link", onclick: problem.onRetry }, t("site.try-again"));
      this.rows.replaceChildren(problem ? h("p", { role: "alert" }, problem.text, " ", retry) : h("p", { class: "muted", role: "status" }, t("list.loading")));
      return;
    }
    const section = plan.sections[this.section];
    const content = section.kind === "standing" ? [this.buildArea(section)] : this.buildRows(section, state);
    this.rows.replaceChildren(...(content.length ? content : [h("p", { class: "muted" }, t("list.none"))]));
    this.count(state);
  }

  /** @param {Section} section */
  buildArea(section) {
    const { tier, name } = this.plan.categories[this.plan.category[section.start]];
    const price = money(priceOf(this.plan, this.pricing, section.start), this.pricing.currency);
    this.areaLeft = h("span", { class: "muted small num" });
    return h(
      "div",
      { class: "list-area" },
      h("span", { class: "swatch", dataset: { tier } }),
      h("div", { class: "place" }, h("h3", null, t("place.standing", { section: section.name })), h("span", { class: "muted small num" }, h("bdi", null, name), " · ", t("list.each", { price })), this.areaLeft),
      h("button", { type: "button", class: "btn quiet", onclick: () => this.onPickSection(this.section) }, t("list.choose-places")),
    );
  }

  /** @param {Section} section @param {SeatState} state @returns {HTMLElement[]} */
  buildRows(section, state) {
    const [from, to] = this.row === ALL_ROWS ? [section.rowStart, section.rowEnd] : [Number(this.row), Number(this.row) + 1];
    const rows = Array.from({ length: to - from }, (_, nth) => from + nth);
    const whole = (/** @type {number} */ row) => this.plan.persons.has(this.plan.rows[row].start);
    const tables = rows.filter(whole).flatMap((row) => this.buttonsOf(row, state));
    const groups = rows.filter((row) => !whole(row)).map((row) => this.buildRow(section, row, this.buttonsOf(row, state)));
    return [tables.length ? this.group(`tables-${from}`, t("list.whole-tables"), tables) : null, ...groups].filter((group) => group !== null);
  }

  /** @param {Section} section @param {number} nth @param {HTMLButtonElement[]} buttons */
  buildRow({ kind, name }, nth, buttons) {
    const { label } = this.plan.rows[nth];
    return this.group(`row-${nth}`, label ? (kind === "tables" ? t("place.Table", { table: label }) : t("place.Row", { row: label })) : h("bdi", null, name), buttons);
  }

  /** @param {string} id @param {string | HTMLElement} title @param {HTMLButtonElement[]} buttons */
  group(id, title, buttons) {
    if (!buttons.length) return null;
    for (const button of buttons.slice(1)) button.tabIndex = -1;
    const prices = [...new Set(buttons.map((button) => priceOf(this.plan, this.pricing, Number(button.dataset.index))))].sort((a, b) => a - b);
    const range = prices.map((price) => money(price, this.pricing.currency)).join(" / ");
    return h(
      "div",
      { role: "group", "aria-labelledby": `list-${id}`, class: "list-row" },
      h("h3", { id: `list-${id}` }, title, " ", h("span", { class: "muted small num" }, range)),
      h("div", { class: "seats" }, buttons),
    );
  }

  /** The places of a row that are to be shown. @param {number} nth @param {SeatState} state */
  buttonsOf(nth, state) {
    const { plan } = this;
    /** @type {HTMLButtonElement[]} */
    const buttons = [];
    for (let index = plan.rows[nth].start; index < plan.rows[nth].end; index++) {
      if (!this.isListed(index, state)) continue;
      const persons = plan.persons.get(index);
      const button = h(
        "button",
        { type: "button", class: persons ? "seat table" : "seat", dataset: { index } },
        persons ? [h("b", null, t("place.Table", { table: plan.rows[nth].label })), h("span", null, t("place.people", { count: persons }))] : plan.number[index],
      );
      button.addEventListener("click", () => this.onPick(index));
      this.dress(index, button, lookOf(state, index));
      buttons.push(button);
    }
    return buttons;
  }

  /** Mine and chosen always are. @param {number} index @param {SeatState} state */
  isListed(index, state) {
    const look = lookOf(state, index);
    return look >= Look.CHOSEN || (this.isWanted(index) && (look === Look.AVAILABLE || !this.onlyFree));
  }

  /** @param {number} index @param {HTMLButtonElement} button @param {number} look */
  dress(index, button, look) {
    this.shown.set(index, { button, look });
    button.dataset.look = LOOK_NAMES[look];
    button.dataset.tier = String(this.plan.categories[this.plan.category[index]].tier);
    button.setAttribute("aria-label", fullName(this.plan, this.pricing, index, look));
    button.setAttribute("aria-pressed", String(look >= Look.CHOSEN));
    // Not `disabled`: a taken seat stays reachable, so that one can hear why it cannot be had.
    button.setAttribute("aria-disabled", String(look !== Look.AVAILABLE && look !== Look.CHOSEN));
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const button = event.target instanceof HTMLElement ? event.target.closest("button.seat") : null;
    if (!button) return;
    const seats = [...(button.parentElement?.children ?? [])];
    const rows = [...this.rows.querySelectorAll(".seats")];
    const column = seats.indexOf(button);
    const row = rows.indexOf(/** @type {Element} */ (button.parentElement));
    const inRow = (/** @type {number} */ nth) => rows[nth]?.children[Math.min(column, rows[nth].children.length - 1)];
    /** @type {Record<string, Element | undefined>} */
    const targets = {
      // The list is text, and runs as the page's text does; the map never turns around.
      ArrowLeft: seats[column + (rightToLeft ? 1 : -1)],
      ArrowRight: seats[column + (rightToLeft ? -1 : 1)],
      ArrowUp: inRow(row - 1),
      ArrowDown: inRow(row + 1),
      Home: seats[0],
      End: seats.at(-1),
    };
    if (!(event.key in targets)) return;
    event.preventDefault();
    const to = targets[event.key];
    if (!(to instanceof HTMLElement)) return;
    for (const other of to.parentElement?.children ?? []) other.setAttribute("tabindex", other === to ? "0" : "-1");
    to.focus();
  }
}

/** @param {HTMLElement} element @param {string} text */
function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
