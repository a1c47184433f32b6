/**
 * The map for those who do not look at it: the active section as a grid of cells with full names, in one tab stop. The canvas is hidden from them.
 *
 * Only the active section, since a grid of 50,000 cells is slow to build and endless to listen through. Focus is real, on a cell; the view draws it
 * on the canvas. From afar, the cells are the sections themselves.
 * @module
 */

import { h } from "../lib/dom.js";
import { sectionOf } from "./floors.js";
import { Look } from "./state.js";
import { t } from "./texts.js";

/** @typedef {import("./plan.js").Plan} Plan */
/** @typedef {import("./plan.js").Row} Row */

/** A section with more places shows the rows around the current one. */
const MOST_CELLS = 600;

/**
 * @typedef {object} MirrorOptions
 * @property {(index: number) => string} nameOfSeat
 * @property {(index: number) => number} lookOf
 * @property {(section: number) => string} nameOfSection
 * @property {(arrived: boolean) => void} onFocus the current cell has the focus; `arrived` when it came from outside of the map
 * @property {() => void} onBlur the focus left the map
 * @property {() => void} onPick the current cell was pressed by a screen reader's own means
 * @property {(event: KeyboardEvent) => void} onKey
 */

export class Mirror {
  /**
   * @param {HTMLElement} host
   * @param {Plan} plan
   * @param {MirrorOptions} options
   */
  constructor(host, plan, options) {
    this.plan = plan;
    this.options = options;
    /** What the cells are. @type {"seats" | "sections"} */
    this.of = "seats";
    /** A place or a section: whichever the cells are. */
    this.current = 0;
    /** @type {Map<number, HTMLElement>} */
    this.cells = new Map();
    this.rebuilding = false;
    const help = h("p", { class: "vh", id: "seat-map-keys" }, t("map.keys"));
    this.grid = h("div", { class: "mirror", role: "grid", "aria-multiselectable": true, "aria-describedby": help.id, "aria-busy": true });
    this.grid.addEventListener("keydown", (event) => options.onKey(event));
    this.grid.addEventListener("focusin", (event) => this.focused(event));
    this.grid.addEventListener("focusout", (event) => this.left(event));
    this.grid.addEventListener("click", (event) => this.clicked(event));
    // In the order in which the map is walked through: its arrows follow.
    host.querySelector("canvas")?.after(help, this.grid);
  }

  get hasFocus() {
    return this.grid.contains(document.activeElement);
  }

  /**
   * Shows a place among its section's, as the tab stop; with the focus on it, if the focus is in the map or shall be.
   * @param {number} index
   * @param {boolean} [focus]
   */
  showSeat(index, focus = this.hasFocus) {
    if (this.of !== "seats" || !this.cells.has(index)) {
      const section = this.plan.sections[sectionOf(this.plan, index)];
      this.of = "seats";
      this.build(t("map.seats", { section: section.name }), this.plan.rows.slice(section.rowStart, section.rowEnd), index);
    }
    this.moveTo(index, focus);
  }

  /**
   * Shows the sections of a floor instead.
   * @param {readonly number[]} sections
   * @param {number} current
   * @param {boolean} [focus]
   */
  showSections(sections, current, focus = this.hasFocus) {
    if (this.of !== "sections" || !this.cells.has(current)) {
      this.of = "sections";
      this.fill(
        t("map.sections"),
        sections.length,
        sections.map((section, nth) => ({ nth, keys: [section] })),
      );
    }
    this.moveTo(current, focus);
  }

  /** @param {string} label @param {readonly Row[]} rows @param {number} index */
  build(label, rows, index) {
    const kept = rowsAround(
      rows,
      rows.findIndex(({ start, end }) => start <= index && index < end),
      MOST_CELLS,
    );
    this.fill(
      label,
      rows.length,
      kept.map((nth) => ({ nth, keys: this.keysOf(rows[nth]) })),
    );
  }

  /** The places of a row; a standing area is one cell. @param {Row} row */
  keysOf({ section, start, end }) {
    if (this.plan.sections[section].kind === "standing") return [start];
    return Array.from({ length: end - start }, (_, nth) => start + nth);
  }

  /** @param {string} label @param {number} rowCount @param {readonly {nth: number, keys: number[]}[]} rows */
  fill(label, rowCount, rows) {
    const focused = this.hasFocus;
    this.rebuilding = true;
    this.cells.clear();
    this.grid.setAttribute("aria-label", label);
    this.grid.setAttribute("aria-rowcount", String(rowCount));
    this.grid.replaceChildren(
      ...rows.map(({ nth, keys }) =>
        h(
          "div",
          { role: "row", "aria-rowindex": nth + 1 },
          keys.map((key) => this.cell(key)),
        ),
      ),
    );
    // Without a cell in focus the next key would go to the page.
    if (focused) /** @type {HTMLElement | undefined} */ (this.cells.values().next().value)?.focus({ preventScroll: true });
    this.rebuilding = false;
  }

  /** @param {number} key */
  cell(key) {
    const cell = h("div", { role: "gridcell", tabindex: -1, dataset: { key } });
    this.cells.set(key, cell);
    this.dress(key, cell);
    return cell;
  }

  /** Says what a cell is now. @param {number} key @param {HTMLElement} cell */
  dress(key, cell) {
    const { nameOfSeat, nameOfSection, lookOf } = this.options;
    if (this.of === "sections" || this.isStanding(key)) {
      cell.setAttribute("aria-label", nameOfSection(this.of === "sections" ? key : sectionOf(this.plan, key)));
      return;
    }
    const look = lookOf(key);
    cell.setAttribute("aria-label", nameOfSeat(key));
    cell.setAttribute("aria-selected", String(look >= Look.CHOSEN));
    // Still reachable, so that one can hear why it cannot be had.
    cell.setAttribute("aria-disabled", String(look !== Look.AVAILABLE && look < Look.CHOSEN));
  }

  /** @param {number} index */
  isStanding(index) {
    return this.plan.sections[sectionOf(this.plan, index)].kind === "standing";
  }

  /** Everything may be called otherwise now. */
  renew() {
    this.grid.setAttribute("aria-busy", "false");
    for (const [key, cell] of this.cells) this.dress(key, cell);
  }

  /**
   * Seats and the counts of their sections have changed.
   * @param {readonly number[]} changed
   * @param {ReadonlySet<number>} sections
   */
  update(changed, sections) {
    const keys = this.of === "sections" ? sections : this.isStanding(this.current) ? [this.current] : changed;
    for (const key of keys) {
      const cell = this.cells.get(key);
      if (cell) this.dress(key, cell);
    }
  }

  /** @param {number} key @param {boolean} focus */
  moveTo(key, focus) {
    this.cells.get(this.current)?.setAttribute("tabindex", "-1");
    this.current = key;
    const cell = this.cells.get(key);
    cell?.setAttribute("tabindex", "0");
    if (focus) cell?.focus({ preventScroll: true });
  }

  /** Puts the current cell where its seat is drawn: magnifiers and screen readers' own marks follow it. @param {{x: number, y: number}} at */
  place({ x, y }) {
    const cell = this.cells.get(this.current);
    if (cell) cell.style.translate = `${Math.round(x)}px ${Math.round(y)}px`;
  }

  /** The page may lie so that the map is under something: then it is scrolled until the current cell is not. */
  bringIntoSight() {
    this.cells.get(this.current)?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  /** @param {FocusEvent} event */
  focused(event) {
    if (this.rebuilding || !(event.target instanceof HTMLElement)) return;
    const key = Number(event.target.dataset.key);
    if (key !== this.current) this.moveTo(key, false);
    this.options.onFocus(!this.grid.contains(/** @type {Node | null} */ (event.relatedTarget)));
  }

  /** @param {FocusEvent} event */
  left(event) {
    if (this.rebuilding || this.grid.contains(/** @type {Node | null} */ (event.relatedTarget))) return;
    this.options.onBlur();
  }

  /** @param {MouseEvent} event */
  clicked(event) {
    const cell = event.target instanceof HTMLElement ? event.target.closest("[data-key]") : null;
    if (!(cell instanceof HTMLElement)) return;
    this.moveTo(Number(cell.dataset.key), true);
    this.options.onPick();
  }

  /** Gives the focus up; Tab goes on from here. */
  leave() {
    if (document.activeElement instanceof HTMLElement && this.hasFocus) document.activeElement.blur();
  }
}

/**
 * The rows around one, in their order, as many as have together no more than so many places; at least the one.
 * @param {readonly {start: number, end: number}[]} rows
 * @param {number} current
 * @param {number} most
 */
export function rowsAround(rows, current, most) {
  let [first, last] = [current, current];
  let count = rows[current].end - rows[current].start;
  for (let grown = true; grown; ) {
    grown = false;
    for (const nth of [last + 1, first - 1]) {
      const row = rows[nth];
      if (!row || count + row.end - row.start > most) continue;
      count += row.end - row.start;
      first = Math.min(first, nth);
      last = Math.max(last, nth);
      grown = true;
    }
  }
  return Array.from({ length: last - first + 1 }, (_, nth) => first + nth);
}
