/**
 * The seat map: shows a state, and tells what was pressed. It knows nothing of servers, holds or money.
 *
 * The folder in reading order. The plan: plan.js, geometry.js, floors.js, outline.js. The status: state.js, tally.js, marks.js. The view: this
 * controller over camera.js and detail.js, and what draws for it, renderer.js with shapes, pictures, sprites, lettering and palette. The input:
 * pointer.js, keys.js, and where they lead, cursor.js and walk.js. The mirror: mirror.js, the same map for those who do not look at it.
 * @module
 */

import { between, bringIntoSight, centreOn, fit, pan, zoom } from "./camera.js";
import { nearestIn } from "./cursor.js";
import { CLOSE_PITCH, KEYBOARD_PITCH, Level, TOUCH_PITCH, levelAt, percentLeft } from "./detail.js";
import { floorsOf, sectionOf } from "./floors.js";
import { commandOf } from "./keys.js";
import { Marks } from "./marks.js";
import { Mirror } from "./mirror.js";
import { readPalette } from "./palette.js";
import { seatName } from "./plan.js";
import { attachPointer } from "./pointer.js";
import { CanvasRenderer } from "./renderer.js";
import { Look, looksOf } from "./state.js";
import { Tally } from "./tally.js";
import { placeAfter, sectionAfter } from "./walk.js";

/** @typedef {import("./plan.js").Plan} Plan */
/** @typedef {import("./camera.js").Camera} Camera */
/** @typedef {import("./tally.js").Left} Left */
/** @typedef {{x: number, y: number}} Point */

const FLIGHT_MS = 260;
/** After so long without a move, pictures are made to measure and the mirror follows. */
const SETTLE_MS = 140;
/** How near a pointer must be to a seat, CSS pixels; a finger is less exact than it feels. */
const MOUSE_REACH = 12;
const FINGER_REACH = 22;
/** Around the keyboard's seat, CSS pixels. */
const SIGHT_MARGIN = 44;
/** A section is flown to no farther than to this size of seats. */
const SECTION_PITCH = 7;
/** Beyond so many changes at once, painting all anew is quicker than repairing. */
const MOST_REPAIRS = 4_000;
const NOWHERE = Object.freeze({ seat: -1, section: -1 });

/**
 * @typedef {object} ViewOptions
 * @property {(index: number) => void} onPick a seat, or a table that is sold whole
 * @property {(section: number) => void} onPickSection a standing area
 * @property {(index: number, at: Point, by: "pointer" | "keyboard") => void} onPoint −1 when nothing is pointed at; `at` is on the host
 * @property {(id: string) => void} [onFloor] the map went to another floor by itself, because a key or `focusOn` led there
 * @property {(index: number, look: number) => string} [nameOfSeat] everything there is to say of a seat, for those who do not see it
 * @property {(section: number, left: Left) => string[]} [linesOfSection] what is written on a section, first its name, then the most important
 * @property {import("./camera.js").Insets} [insets] CSS pixels of the map that something lies over
 */

export class SeatMapView {
  /**
   * @param {HTMLElement} host positioned, with a size
   * @param {Plan} plan
   * @param {ViewOptions} options
   */
  constructor(host, plan, options) {
    this.host = host;
    this.plan = plan;
    this.options = { ...DEFAULTS, onFloor: () => {}, nameOfSeat: (/** @type {number} */ index) => seatName(plan, index), ...options };
    this.linesOfSection = options.linesOfSection ?? ((section, left) => [plan.sections[section].name, inWords(plan.sections[section].kind, left)]);
    this.floors = floorsOf(plan);
    this.floor = this.floors[0];

    /** @type {import("./state.js").SeatState | null} */
    this.state = null;
    this.looks = new Uint8Array(plan.count).fill(Look.BLOCKED);
    this.before = this.looks.slice();
    this.tally = new Tally(plan);
    this.tally.count(this.looks);
    this.marks = new Marks();
    /** @type {ReadonlySet<number> | null} */
    this.categories = null;
    /** @type {readonly number[]} */
    this.previewed = [];
    /** @type {Map<number, readonly string[]>} by section, until something changes in it */
    this.lines = new Map();

    this.size = { width: 0, height: 0 };
    this.ratio = 1;
    /** @type {Camera} */
    this.camera = { scale: 1, x: 0, y: 0 };
    this.fitScale = 1;
    this.moved = false;
    this.settled = true;
    this.loaded = false;
    this.hovered = NOWHERE;
    this.frame = 0;
    /** @type {(() => void) | null} the newest flight; an older one ends */
    this.flight = null;
    this.calm = matchMedia("(prefers-reduced-motion: reduce)");

    this.canvas = document.createElement("canvas");
    this.canvas.setAttribute("aria-hidden", "true");
    host.prepend(this.canvas);
    this.palette = readPalette(host);
    /** @type {import("./renderer.js").Renderer} */
    this.renderer = new CanvasRenderer(this.canvas);
    this.renderer.setPlan(plan, this.floor);
    this.renderer.setStatus(this.looks, null);
    this.mirror = new Mirror(host, plan, {
      nameOfSeat: (index) => this.options.nameOfSeat(index, this.looks[index]),
      lookOf: (index) => this.looks[index],
      nameOfSection: (section) => this.linesOf(section).join(", "),
      onFocus: (arrived) => this.focusMoved(arrived),
      onBlur: () => this.focusLeft(),
      onPick: () => this.obey({ do: "pick" }),
      onKey: (event) => this.key(event),
    });

    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.recolour());
    new ResizeObserver(() => this.resize()).observe(host);
    this.resize();
    this.follow();
    attachPointer(this.canvas, this);
  }

  // What the page asks for

  /** @param {import("./state.js").SeatState} state */
  show(state) {
    this.state = state;
    this.draw();
  }

  /**
   * Dims the seats of other categories; null shows all alike.
   * @param {ReadonlySet<number> | null} categories
   */
  filter(categories) {
    this.categories = categories;
    this.lines.clear();
    this.mirror.update(null, new Set());
    this.draw();
  }

  /**
   * Brings seats to the middle, close enough to press.
   * @param {readonly number[] | number} indices
   */
  focusOn(indices) {
    const wanted = [indices].flat();
    if (!wanted.length) return;
    this.showFloor(this.plan.sections[sectionOf(this.plan, wanted[0])].floor, true);
    const x = wanted.map((index) => this.plan.x[index]);
    const y = wanted.map((index) => this.plan.y[index]);
    const bounds = { left: Math.min(...x) - 2, right: Math.max(...x) + 2, top: Math.min(...y) - 2, bottom: Math.max(...y) + 2 };
    const near = Math.max(this.camera.scale, CLOSE_PITCH);
    this.mirror.showSeat(wanted[0], false);
    this.flyTo(fit(bounds, this.size, this.options.insets, near));
  }

  /**
   * Outlines the places that a press would take; null or none: no longer.
   * @param {readonly number[] | null} indices
   */
  preview(indices) {
    this.previewed = indices ?? [];
    this.draw();
  }

  /** @param {number} factor */
  zoomBy(factor) {
    const { width, height } = this.size;
    const place = this.mirror.hasFocus ? this.currentPlace() : null;
    this.flyTo(zoom(this.camera, factor, place ? this.onScreen(place.x, place.y) : { x: width / 2, y: height / 2 }, this.fitScale));
  }

  fitAll() {
    this.flyTo(this.fitting());
    this.moved = false;
  }

  /**
   * Shows one floor; the others are neither drawn nor met.
   * @param {string} id
   * @param {boolean} [tell] whether the page has to hear of it
   */
  showFloor(id, tell = false) {
    const floor = this.floors.find((candidate) => candidate.id === id);
    if (!floor || floor === this.floor) return;
    this.floor = floor;
    this.renderer.setPlan(this.plan, floor);
    this.pointAt(NOWHERE);
    this.flight = null;
    this.fitScale = this.fitting().scale;
    this.camera = this.fitting();
    this.moved = false;
    this.draw();
    this.follow();
    if (tell) this.options.onFloor(id);
  }

  // Size, colours, camera

  resize() {
    const { clientWidth: width, clientHeight: height } = this.host;
    if (!width || !height) return;
    this.size = { width, height };
    this.ratio = Math.min(devicePixelRatio || 1, 2);
    const everything = this.fitting();
    this.fitScale = everything.scale;
    this.look(this.moved ? pan(this.camera, 0, 0, this.floor.bounds, this.size) : everything, this.moved);
  }

  recolour() {
    this.palette = readPalette(this.host);
    this.draw();
  }

  fitting() {
    return fit(this.floor.bounds, this.size, this.options.insets);
  }

  get level() {
    return levelAt(this.camera.scale, this.ratio, this.floor.seated);
  }

  /** @param {number} dx @param {number} dy */
  panBy(dx, dy) {
    this.flight = null;
    this.look(pan(this.camera, dx, dy, this.floor.bounds, this.size));
  }

  /** @param {number} factor @param {Point} at */
  zoomAt(factor, at) {
    this.flight = null;
    this.pointAt(NOWHERE);
    this.look(pan(zoom(this.camera, factor, at, this.fitScale), 0, 0, this.floor.bounds, this.size));
  }

  /** @param {Camera} camera @param {boolean} [moved] away from showing everything */
  look(camera, moved = true) {
    if (camera.scale !== this.camera.scale) this.settled = false;
    this.camera = camera;
    this.moved = moved;
    clearTimeout(this.settling);
    this.settling = setTimeout(() => this.settle(), SETTLE_MS);
    this.draw();
  }

  /** While the scale changes, sprites of a near size are stretched; at rest they are made to measure. */
  settle() {
    if (this.flight) return;
    this.settled = true;
    this.draw();
    this.follow();
  }

  /** @param {Camera} to @param {() => void} [landed] */
  flyTo(to, landed = () => {}) {
    this.pointAt(NOWHERE);
    const moved = to.scale !== this.fitScale;
    if (this.calm.matches) {
      this.flight = null;
      this.look(to, moved);
      landed();
      return;
    }
    const from = this.camera;
    const startedAt = performance.now();
    const flight = (this.flight = () => {
      // A drag or another flight in between is the newer wish.
      if (this.flight !== flight) return;
      const share = Math.min(1, (performance.now() - startedAt) / FLIGHT_MS);
      this.look(between(from, to, 1 - (1 - share) ** 3), moved);
      if (share < 1) requestAnimationFrame(flight);
      else {
        this.flight = null;
        landed();
      }
    });
    flight();
  }

  // Pointing and picking

  /** @param {number} x @param {number} y in the plan @returns {Point} on the host */
  onScreen(x, y) {
    const { scale, x: left, y: top } = this.camera;
    return { x: x * scale + left, y: y * scale + top };
  }

  /** @param {Point} at */
  hover(at) {
    if (this.state) this.pointAt(this.renderer.hit(at, MOUSE_REACH));
  }

  leave() {
    this.pointAt(NOWHERE);
  }

  /** @param {{seat: number, section: number}} what */
  pointAt(what) {
    if (what.seat === this.hovered.seat && what.section === this.hovered.section) return;
    const before = this.hovered.seat;
    this.hovered = what;
    this.canvas.classList.toggle("on-seat", what.section >= 0);
    if (what.seat !== before) this.tell(what.seat, "pointer");
    this.draw();
  }

  /** @param {number} seat @param {"pointer" | "keyboard"} by */
  tell(seat, by) {
    this.options.onPoint(seat, seat < 0 ? { x: 0, y: 0 } : this.onScreen(this.plan.x[seat], this.plan.y[seat]), by);
  }

  /** @param {Point} at @param {boolean} touch */
  tap(at, touch) {
    if (!this.state) return;
    const { seat, section } = this.renderer.hit(at, touch ? FINGER_REACH : MOUSE_REACH);
    if (section < 0) return;
    if (this.isStanding(section)) this.options.onPickSection(section);
    else if (seat < 0) this.enter(section, at);
    else if (touch && this.widthOf(seat) < TOUCH_PITCH) this.focusOn(seat);
    else {
      this.mirror.showSeat(seat);
      this.options.onPick(seat);
    }
  }

  /** CSS pixels of a seat, or of a table that is sold whole. @param {number} seat */
  widthOf(seat) {
    const table = this.floor.whole.get(seat);
    return this.camera.scale * (table ? 2 * table.reach : 1);
  }

  /** @param {number} section */
  isStanding(section) {
    return this.plan.sections[section].kind === "standing";
  }

  /**
   * Flies to a section, near enough for its seats to be seen.
   * @param {number} section
   * @param {Point} [at] of it in particular, on the host
   */
  enter(section, at) {
    const area = this.floor.areas.find((candidate) => candidate.section === section);
    if (!area) return;
    const { scale, x, y } = this.camera;
    const point = at ? { x: (at.x - x) / scale, y: (at.y - y) / scale } : area.middle;
    const seat = nearestIn(this.plan, section, point, (index) => this.isFree(index));
    this.mirror.showSeat(seat);
    const whole = fit(area.bounds, this.size, this.options.insets, CLOSE_PITCH);
    const least = this.mirror.hasFocus ? KEYBOARD_PITCH : SECTION_PITCH;
    const nearest = this.mirror.hasFocus ? { x: this.plan.x[seat], y: this.plan.y[seat] } : point;
    this.flyTo(whole.scale < least ? centreOn(nearest, least, this.size) : whole, () => this.focusMoved());
  }

  /** @param {number} index */
  isFree(index) {
    return this.looks[index] === Look.AVAILABLE && (!this.categories || this.categories.has(this.plan.category[index]));
  }

  // Keyboard and mirror

  /** @param {KeyboardEvent} event */
  key(event) {
    const command = commandOf(event);
    if (!command) return;
    event.preventDefault();
    this.obey(command);
  }

  /** @param {import("./keys.js").Command} command */
  obey(command) {
    if (command.do === "zoom") this.zoomBy(command.factor);
    else if (command.do === "fit") this.fitAll();
    else if (command.do === "pick") this.pickCurrent();
    else if (command.do === "leave") this.leaveCurrent();
    else this.go(command);
  }

  /** @param {import("./keys.js").Command} command */
  go(command) {
    const { plan, floor, mirror } = this;
    const from = mirror.current;
    if (mirror.of === "sections") {
      const section = sectionAfter(command, { plan, floor, from, hasFree: (candidate) => this.tally.of(candidate, this.categories).free > 0 });
      this.showFloor(plan.sections[section].floor, true);
      this.showCurrentSection(section);
      const place = this.currentPlace();
      if (place) this.bringIntoSight(place);
    } else {
      const index = placeAfter(command, { plan, floor, from, isFree: (candidate) => this.isFree(candidate) });
      this.showFloor(plan.sections[sectionOf(plan, index)].floor, true);
      this.reveal(index);
      mirror.showSeat(index, true);
    }
    this.focusMoved();
  }

  pickCurrent() {
    const { of, current } = this.mirror;
    const section = of === "sections" ? current : sectionOf(this.plan, current);
    if (this.isStanding(section)) this.options.onPickSection(section);
    else if (of === "sections") this.enter(section);
    else this.options.onPick(current);
  }

  /** From the seats of a stadium back to its sections; from there, or in a small hall, out of the map. */
  leaveCurrent() {
    const farthest = levelAt(this.fitScale, this.ratio, this.floor.seated);
    if (this.mirror.of === "sections" || farthest !== Level.SECTIONS) {
      this.mirror.leave();
      return;
    }
    this.showCurrentSection(sectionOf(this.plan, this.mirror.current));
    this.fitAll();
  }

  /** @param {number} section */
  showCurrentSection(section) {
    const { mirror, floor } = this;
    if (levelAt(this.fitScale, this.ratio, floor.seated) === Level.SECTIONS) {
      mirror.showSections(floor.areas.map((area) => area.section), section, true);
      return;
    }
    // The floor that a key led to is small, and has its seats shown at once.
    mirror.showSeat(nearestIn(this.plan, section, this.plan.focal, (index) => this.isFree(index)), true);
  }

  /** Keeps the keyboard's place in sight, and a seat large enough to see. @param {number} index */
  reveal(index) {
    const place = { x: this.plan.x[index], y: this.plan.y[index] };
    this.flight = null;
    if (this.camera.scale < KEYBOARD_PITCH && !this.isStanding(sectionOf(this.plan, index))) this.look(centreOn(place, CLOSE_PITCH, this.size));
    else this.bringIntoSight(place);
  }

  /** @param {Point} place in the plan */
  bringIntoSight(place) {
    const camera = bringIntoSight(this.camera, place, this.size, this.options.insets, SIGHT_MARGIN);
    if (camera.x !== this.camera.x || camera.y !== this.camera.y) this.look(camera);
  }

  /** What has the keyboard's focus, in the map's terms. */
  focused() {
    if (!this.mirror.hasFocus) return NOWHERE;
    const { of, current } = this.mirror;
    return of === "sections" ? { seat: -1, section: current } : { seat: current, section: sectionOf(this.plan, current) };
  }

  /** @param {boolean} [arrived] from outside of the map */
  focusMoved(arrived = false) {
    if (!this.mirror.hasFocus) return;
    if (arrived && this.mirror.of === "seats") this.reveal(this.mirror.current);
    this.tell(this.focused().seat, "keyboard");
    this.draw();
  }

  focusLeft() {
    this.tell(-1, "keyboard");
    this.draw();
  }

  /** The mirror shows what the canvas shows: sections from afar, else the section in the middle, unless somebody is walking there. */
  follow() {
    const { mirror, plan, floor, size } = this;
    if (!floor.areas.length || !size.width) return;
    const { scale, x, y } = this.camera;
    const middle = { x: (size.width / 2 - x) / scale, y: (size.height / 2 - y) / scale };
    const current = mirror.of === "sections" ? mirror.current : sectionOf(plan, mirror.current);
    const walking = mirror.hasFocus && plan.sections[current].floor === floor.id;
    const section = walking ? current : nearestSection(floor, middle);
    if (this.level === Level.SECTIONS) mirror.showSections(floor.areas.map((area) => area.section), section);
    else if (!walking || mirror.of === "sections") mirror.showSeat(nearestIn(plan, section, middle, (index) => this.isFree(index)));
    this.placeMirror();
  }

  /** Where the mirror's current cell is in the plan. @returns {Point | undefined} */
  currentPlace() {
    const { of, current } = this.mirror;
    if (of === "seats") return { x: this.plan.x[current], y: this.plan.y[current] };
    return this.floor.areas.find(({ section }) => section === current)?.middle;
  }

  placeMirror() {
    const place = this.currentPlace();
    if (!place) return;
    const { x, y } = this.onScreen(place.x, place.y);
    this.mirror.place(x, y);
  }

  // Drawing

  /** @param {number} section @returns {readonly string[]} */
  linesOf(section) {
    let lines = this.lines.get(section);
    if (!lines) {
      const known = this.state?.loaded;
      lines = known ? this.linesOfSection(section, this.tally.of(section, this.categories)) : [this.plan.sections[section].name];
      this.lines.set(section, lines);
    }
    return lines;
  }

  draw() {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      this.paint();
    });
  }

  paint() {
    if (!this.state || !this.size.width) return;
    const now = performance.now();
    this.takeLooks(this.state, now);
    this.marks.expire(now);
    const unfinished = this.renderer.view({
      camera: this.camera,
      size: this.size,
      ratio: this.ratio,
      level: this.level,
      settled: this.settled,
      calm: this.calm.matches,
      now,
      palette: this.palette,
      categories: this.categories,
      tally: this.tally,
      linesOf: (section) => this.linesOf(section),
      marks: this.marks,
      hovered: this.hovered,
      focused: this.focused(),
      preview: this.previewed,
    });
    if (this.mirror.hasFocus) this.placeMirror();
    if (unfinished || this.marks.any) this.draw();
  }

  /** Notes which seats look different now. @param {import("./state.js").SeatState} state @param {number} now */
  takeLooks(state, now) {
    const { looks, before, plan } = this;
    // Before the first word from the server no seat is known to be free.
    if (!state.loaded) return;
    const changed = looksOf(state, looks);
    if (this.loaded && !changed.length) return;
    /** @type {Set<number>} */
    const sections = new Set();
    for (const index of changed) sections.add(sectionOf(plan, index));
    for (const section of sections) this.lines.delete(section);
    const first = !this.loaded;
    this.loaded = true;
    if (first || changed.length > MOST_REPAIRS) {
      this.tally.count(looks);
      this.renderer.setStatus(looks, null);
    } else {
      for (const index of changed) this.tally.change(index, before[index], looks[index]);
      this.renderer.setStatus(looks, changed);
    }
    if (first) {
      this.lines.clear();
      this.mirror.update(null, sections);
      this.follow();
    } else {
      this.marks.note(changed, before, looks, now);
      this.mirror.update(changed, sections);
    }
    for (const index of changed) before[index] = looks[index];
  }
}

const DEFAULTS = { insets: { top: 24, right: 24, bottom: 24, left: 24 } };

/** @param {import("./plan.js").Section["kind"]} kind @param {Left} left */
function inWords(kind, { free, total }) {
  if (!free) return "sold out";
  return kind === "standing" ? `${free} left` : `${percentLeft(free, total)} % left`;
}

/** @param {import("./floors.js").Floor} floor @param {Point} point */
function nearestSection(floor, point) {
  let best = floor.areas[0].section;
  let bestDistance = Infinity;
  for (const { section, bounds, middle } of floor.areas) {
    const dx = Math.max(bounds.left - point.x, 0, point.x - bounds.right);
    const dy = Math.max(bounds.top - point.y, 0, point.y - bounds.bottom);
    // Of several around the point, the one whose middle is nearest.
    const distance = Math.hypot(dx, dy) * 1_000 + Math.hypot(middle.x - point.x, middle.y - point.y);
    if (distance < bestDistance) {
      bestDistance = distance;
      best = section;
    }
  }
  return best;
}
