/**
 * "Choose from a list": the same seats as the map, as buttons by section and row. It is the way for keyboards and screen readers, and for anybody who
 * would rather read than aim. Each row is one tab stop; arrow keys go on from there.
 * @module
 */

import { h } from "../lib/dom.js";
import { count, money } from "../lib/format.js";
import { Look, countAvailable, lookOf } from "./state.js";
import { fullName, priceOf } from "./words.js";

/** Larger sections show one row at first: thousands of buttons would be slow to build and to listen through. */
const WHOLE_SECTION_LIMIT = 500;
const ALL_ROWS = "all";

export class SeatList {
  /**
   * @param {HTMLElement} root
   * @param {import("./plan.js").Plan} plan
   * @param {import("./words.js").Pricing} pricing
   * @param {(index: number) => void} onPick
   */
  constructor(root, plan, pricing, onPick) {
    this.root = root;
    this.plan = plan;
    this.pricing = pricing;
    this.onPick = onPick;
    /** @type {import("./state.js").SeatState | null} */
    this.state = null;
    /** @type {Map<number, {button: HTMLButtonElement, look: number}>} */
    this.shown = new Map();
    this.section = 0;
    this.row = ALL_ROWS;
    this.onlyFree = false;
    /** @type {ReadonlySet<number> | null} */
    this.categories = null;
    this.sectionSelect = h("select", { id: "list-section", onchange: () => this.chooseSection(Number(this.sectionSelect.value)) });
    this.rowSelect = h("select", { id: "list-row", onchange: () => this.chooseRow(this.rowSelect.value) });
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
      h("div", { class: "field" }, h("label", { for: "list-section" }, "Section"), this.sectionSelect),
      h("div", { class: "field" }, h("label", { for: "list-row" }, "Row"), this.rowSelect),
      h("label", { class: "check" }, onlyFree, "Only available seats"),
    );
  }

  /** @param {import("./state.js").SeatState} state */
  show(state) {
    const first = !this.state?.loaded && state.loaded;
    this.state = state;
    if (!this.shown.size || first) {
      this.build();
      return;
    }
    this.countSections(state);
    for (const [index, entry] of this.shown) {
      const look = lookOf(state, index);
      if (look !== entry.look) this.dress(index, entry.button, look);
    }
  }

  /** @param {ReadonlySet<number> | null} categories */
  filter(categories) {
    this.categories = categories;
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
    const { rowStart, rowEnd, start, end } = this.plan.sections[this.section];
    const whole = end - start <= WHOLE_SECTION_LIMIT;
    const options = this.plan.rows.slice(rowStart, rowEnd).map((row, nth) => h("option", { value: rowStart + nth }, row.label || "Seats"));
    this.rowSelect.replaceChildren(...(whole ? [h("option", { value: ALL_ROWS }, "All rows")] : []), ...options);
    this.row = this.rowSelect.value;
  }

  /** Says how many seats each section has left. @param {import("./state.js").SeatState} state */
  countSections(state) {
    for (const [nth, { name, start, end }] of this.plan.sections.entries()) {
      const text = `${name} (${count(countAvailable(state, start, end), "seat")} available)`;
      const option = this.sectionSelect.options[nth] ?? this.sectionSelect.appendChild(h("option", { value: nth }));
      if (option.textContent !== text) option.textContent = text;
    }
  }

  build() {
    const { state, plan } = this;
    if (!state) return;
    this.countSections(state);
    this.shown.clear();
    const section = plan.sections[this.section];
    const [from, to] = this.row === ALL_ROWS ? [section.rowStart, section.rowEnd] : [Number(this.row), Number(this.row) + 1];
    const groups = plan.rows.slice(from, to).map((row, nth) => this.buildRow(row, from + nth, state));
    const any = groups.some(Boolean);
    this.rows.replaceChildren(...(any ? /** @type {Node[]} */ (groups.filter(Boolean)) : [h("p", { class: "muted" }, "No seats here match. Try another section or show all seats.")]));
  }

  /** @param {import("./plan.js").Row} row @param {number} nth @param {import("./state.js").SeatState} state */
  buildRow(row, nth, state) {
    /** @type {HTMLButtonElement[]} */
    const buttons = [];
    for (let index = row.start; index < row.end; index++) {
      const look = lookOf(state, index);
      if (this.onlyFree && (look === Look.HELD || look === Look.BOOKED || look === Look.BLOCKED)) continue;
      if (this.categories && !this.categories.has(this.plan.category[index]) && look < Look.CHOSEN) continue;
      const button = h("button", { type: "button", class: "seat", tabindex: buttons.length ? -1 : 0, dataset: { index } }, this.plan.number[index]);
      button.addEventListener("click", () => this.onPick(index));
      this.dress(index, button, look);
      buttons.push(button);
    }
    if (!buttons.length) return null;
    const id = `list-row-${nth}`;
    const prices = [...new Set(buttons.map((button) => priceOf(this.plan, this.pricing, Number(button.dataset.index))))].sort((a, b) => a - b);
    const range = prices.length ? prices.map((price) => money(price, this.pricing.currency)).join(" / ") : "";
    return h(
      "div",
      { role: "group", "aria-labelledby": id, class: "list-row" },
      h("h3", { id }, row.label ? `Row ${row.label}` : this.plan.sections[row.section].name, " ", h("span", { class: "muted small num" }, range)),
      h("div", { class: "seats" }, buttons),
    );
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
      ArrowLeft: seats[column - 1],
      ArrowRight: seats[column + 1],
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

/** By Look; what the style sheet calls them. */
const LOOK_NAMES = ["available", "held", "booked", "blocked", "chosen", "pending", "mine"];
