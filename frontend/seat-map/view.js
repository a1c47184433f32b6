/**
 * The seat map: shows a state, and tells what was pressed. It knows nothing of servers, holds or money.
 *
 * The folder in reading order. The plan: plan.js, geometry.js, floors.js, outline.js. The status: state.js is what is known, status.js what is shown
 * of it, with tally.js and marks.js. The view: this controller, viewpoint.js over camera.js, detail.js, and what draws for it, renderer.js with
 * pictures, sprites, shapes, signs, lettering and palette. The input: pointer.js and hit.js, keys.js, and where keys lead, cursor.js and walk.js. The mirror:
 * mirror.js and walker.js, the same map for those who do not look at it, when it is painted; bystander.js stands in for them.
 * @module
 */

import { whenIdle } from "../lib/idle.js";
import { arrows } from "./arrows.js";
import { Bystander, NOWHERE } from "./bystander.js";
import { centreOn, fit, pan } from "./camera.js";
import { CLOSE_PITCH, TOUCH_PITCH, levelAt } from "./detail.js";
import { floorsOf, sectionOf } from "./floors.js";
import { measureAgain } from "./lettering.js";
import { readPalette } from "./palette.js";
import { seatName } from "./plan.js";
import { attachPointer } from "./pointer.js";
import { CanvasRenderer } from "./renderer.js";
import { Status } from "./status.js";
import { Viewpoint } from "./viewpoint.js";

/** @typedef {import("./plan.js").Plan} Plan */
/** @typedef {import("./viewpoint.js").Point} Point */

/** How near a pointer must be to a seat, CSS pixels; a finger is less exact than it feels. */
const MOUSE_REACH = 12;
const FINGER_REACH = 22;
/** Around seats that are brought to the middle, in seat pitches. */
const SURROUNDINGS = 2;
/** How far an arrow moves the view, in sizes of the map. */
const STEP = 0.4;
const RETRY_MS = 2_000;
const INSETS = { top: 24, right: 24, bottom: 24, left: 24 };

/**
 * @typedef {object} ViewOptions
 * @property {(index: number) => void} onPick a seat, or a table that is sold whole
 * @property {(section: number) => void} onPickSection a standing area
 * @property {(section: number) => void} [onEnter] a section that is pressed from afar; without it, the map flies there
 * @property {(index: number, at: Point, by: "pointer" | "keyboard") => void} onPoint −1 when nothing is pointed at
 * @property {(id: string) => void} [onFloor] the map went to another floor by itself, because a key or `focusOn` led there
 * @property {(index: number, look: number) => string} [nameOfSeat] everything there is to say of a seat, for those who do not see it
 * @property {(section: number, left: import("./tally.js").Left) => string[]} [linesOfSection] what is written on a section, first its name, then the
 *   most important
 * @property {import("./renderer.js").SectionPainter} [paintSection] what a section looks like from afar; without it, how much of it is left
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
    this.options = { insets: INSETS, onFloor: () => {}, nameOfSeat: (/** @type {number} */ index) => seatName(plan, index), ...options };
    this.floors = floorsOf(plan);
    this.floor = this.floors[0];
    this.status = new Status(plan, options.linesOfSection);
    this.viewpoint = new Viewpoint(this.floor.bounds, this.options.insets, { moved: () => this.draw(), rested: () => this.rested() });
    /** @type {import("./state.js").SeatState | null} */
    this.state = null;
    this.hovered = NOWHERE;
    /** @type {readonly number[]} */
    this.previewed = [];
    // What stands around the map comes first: both in one frame let a press wait.
    this.frame = requestAnimationFrame(() => setTimeout(() => this.begin()));

    this.canvas = document.createElement("canvas");
    this.canvas.setAttribute("aria-hidden", "true");
    host.prepend(this.canvas);
    this.palette = readPalette(host);
    /** @type {import("./renderer.js").Renderer} */
    this.renderer = new CanvasRenderer(this.canvas, options.paintSection);
    this.renderer.setPlan(plan, this.floor);
    this.renderer.setStatus(this.status.looks, null);
    /** @type {Bystander | import("./walker.js").Walker} */
    this.walker = new Bystander(this);
    /** Once the map is painted: until those who do not look at it have it too. @type {Promise<void> | null} */
    this.walkable = null;
    this.arrows = arrows((x, y) => this.step(x, y));
    host.append(this.arrows);

    for (const query of ["(prefers-color-scheme: dark)", "(forced-colors: active)"]) matchMedia(query).addEventListener("change", () => this.recolour());
    document.fonts.addEventListener("loadingdone", () => this.reletter());
    new ResizeObserver(() => this.resize()).observe(host);
    this.resize();
    attachPointer(this.canvas, this);
  }

  // What the page asks for

  /** @param {import("./state.js").SeatState} state */
  show(state) {
    this.state = state;
    this.draw();
  }

  /**
   * The same house in other price categories.
   * @param {Plan["categories"]} categories
   * @param {ArrayLike<number>} category of each place
   * @param {import("./state.js").SeatState} state
   */
  reprice(categories, category, state) {
    this.plan.categories = categories;
    this.plan.category.set(category);
    this.status.restart();
    this.show(state);
  }

  /**
   * Dims the seats of other categories and all but these places; null shows all alike.
   * @param {ReadonlySet<number> | null} categories
   * @param {ReadonlySet<number> | null} [places]
   */
  filter(categories, places = null) {
    this.status.filter(categories, places);
    this.walker.renew();
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
    this.leave();
    this.walker.showSeat(wanted[0], false);
    const x = wanted.map((index) => this.plan.x[index]);
    const y = wanted.map((index) => this.plan.y[index]);
    const bounds = {
      left: Math.min(...x) - SURROUNDINGS,
      top: Math.min(...y) - SURROUNDINGS,
      right: Math.max(...x) + SURROUNDINGS,
      bottom: Math.max(...y) + SURROUNDINGS,
    };
    const { camera, size, insets } = this.viewpoint;
    this.viewpoint.flyTo(fit(bounds, size, insets, Math.max(camera.scale, CLOSE_PITCH)));
  }

  /**
   * Marks the places that a press would take; null or none: no longer.
   * @param {readonly number[] | null} indices
   */
  preview(indices) {
    this.previewed = indices ?? [];
    this.draw();
  }

  /** @param {number} factor */
  zoomBy(factor) {
    this.leave();
    const place = this.walker.hasFocus ? this.walker.place : undefined;
    this.viewpoint.flyCloser(factor, place && this.viewpoint.onScreen(place));
  }

  fitAll() {
    this.leave();
    this.viewpoint.flyHome();
  }

  /** Looks further to one side. @param {number} x @param {number} y in steps */
  step(x, y) {
    this.leave();
    const { camera, bounds, size } = this.viewpoint;
    this.viewpoint.flyTo(pan(camera, -x * STEP * size.width, -y * STEP * size.height, bounds, size));
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
    this.leave();
    this.viewpoint.turnTo(floor.bounds);
    this.walker.follow();
    if (tell) this.options.onFloor(id);
  }

  // Size, colours

  resize() {
    const { clientWidth, clientHeight } = this.host;
    if (!clientWidth || !clientHeight) return;
    this.viewpoint.resize(clientWidth, clientHeight);
    this.walker.placeCell();
  }

  recolour() {
    this.palette = readPalette(this.host);
    this.draw();
  }

  /** A face of the page has arrived: what was written in another one is written again. */
  reletter() {
    measureAgain();
    this.recolour();
  }

  rested() {
    this.draw();
    this.walker.follow();
  }

  /** Whether this browser gives a canvas to draw on. Without, the map is there for keys and screen readers only. */
  get canDraw() {
    return this.canvas.getContext("2d") !== null;
  }

  get level() {
    const { camera, ratio } = this.viewpoint;
    return levelAt(camera.scale, ratio, this.floor.seated);
  }

  // Pointing and picking

  /** @param {number} dx @param {number} dy */
  panBy(dx, dy) {
    this.viewpoint.panBy(dx, dy);
  }

  /** @param {number} factor @param {Point} at */
  zoomAt(factor, at) {
    this.leave();
    this.viewpoint.zoomAt(factor, at);
  }

  /** @param {Point} at */
  hover(at) {
    this.pointAt(this.renderer.hit(at, MOUSE_REACH));
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
    this.options.onPoint(seat, seat < 0 ? { x: 0, y: 0 } : this.viewpoint.onScreen(this.placeOf(seat)), by);
  }

  /** @param {Point} at @param {boolean} touch */
  tap(at, touch) {
    const { seat, section } = this.renderer.hit(at, touch ? FINGER_REACH : MOUSE_REACH);
    if (section < 0) return;
    if (this.isStanding(section)) this.options.onPickSection(section);
    else if (seat < 0) this.enter(section, at);
    else if (touch && this.widthOf(seat) < TOUCH_PITCH) this.focusOn(seat);
    else {
      this.walker.showSeat(seat);
      this.options.onPick(seat);
    }
  }

  /** A section that was pressed from afar. @param {number} section @param {Point} at */
  enter(section, at) {
    this.leave();
    if (this.options.onEnter) this.options.onEnter(section);
    else this.walker.enter(section, this.viewpoint.inPlan(at));
  }

  /**
   * @param {import("./floors.js").Area} area all of it, unless its seats would be too small
   * @param {import("./viewpoint.js").Place} centre then in the middle
   * @param {number} least size of seats
   * @param {() => void} [arrived]
   */
  flyInto({ bounds }, centre, least, arrived) {
    const { size, insets } = this.viewpoint;
    const whole = fit(bounds, size, insets, CLOSE_PITCH);
    this.viewpoint.flyTo(whole.scale < least ? centreOn(centre, least, size) : whole, arrived);
  }

  /** CSS pixels of a seat, or of a table that is sold whole. @param {number} seat */
  widthOf(seat) {
    const table = this.floor.whole.get(seat);
    return this.viewpoint.camera.scale * (table ? 2 * table.reach : 1);
  }

  /** @param {number} index */
  placeOf(index) {
    return { x: this.plan.x[index], y: this.plan.y[index] };
  }

  /** @param {number} section */
  isStanding(section) {
    return this.plan.sections[section].kind === "standing";
  }

  // Drawing

  begin() {
    this.frame = 0;
    this.draw();
  }

  /** Once in the next frame, however often it is asked for. */
  draw() {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      this.paint();
    });
  }

  paint() {
    const { status, viewpoint, walker } = this;
    if (!this.state || !viewpoint.size.width) return;
    this.arrows.hidden = !viewpoint.away;
    const now = performance.now();
    this.takeNews(this.state, now);
    this.walkable ??= this.letWalk();
    if (!this.canDraw) return;
    status.marks.expire(now);
    const unfinished = this.renderer.view({
      camera: viewpoint.camera,
      size: viewpoint.size,
      ratio: viewpoint.ratio,
      level: this.level,
      settled: viewpoint.settled,
      calm: viewpoint.calm.matches,
      now,
      palette: this.palette,
      status,
      hovered: this.hovered,
      focused: walker.focused,
      preview: this.previewed,
    });
    if (walker.hasFocus) walker.placeCell();
    if (unfinished || status.marks.any) this.draw();
  }

  /** Not at once: a mirror has hundreds of names. Without a network for the moment, again. */
  async letWalk() {
    await whenIdle();
    const found = await import("./walker.js").catch(() => null);
    if (!found) {
      setTimeout(() => this.letWalk(), RETRY_MS);
      return;
    }
    this.walker = new found.Walker(this.host, this);
    this.walker.follow();
    if (this.status.loaded) this.walker.renew();
  }

  /** @param {import("./state.js").SeatState} state @param {number} now */
  takeNews(state, now) {
    const news = this.status.take(state, now);
    if (!news) return;
    this.renderer.setStatus(this.status.looks, news.changed);
    if (news.changed) {
      this.walker.update(news.changed, news.sections);
      return;
    }
    this.walker.renew();
    this.walker.follow();
  }
}
