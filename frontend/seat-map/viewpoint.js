/**
 * From where the map is looked at, over time: drags, flights, coming to rest. The arithmetic is camera.js's.
 * @module
 */

import { between, bringIntoSight, fit, pan, zoom } from "./camera.js";

/** @typedef {import("./camera.js").Camera} Camera */
/** @typedef {import("./plan.js").Bounds} Bounds */
/** @typedef {{x: number, y: number}} Point on the map's element, CSS pixels */
/** @typedef {{x: number, y: number}} Place in the plan */

const FLIGHT_MS = 260;
/** After so long without a move, pictures are made to measure and the mirror follows. */
const SETTLE_MS = 140;

export class Viewpoint {
  /**
   * @param {Bounds} bounds what there is to see
   * @param {import("./camera.js").Insets} insets
   * @param {{moved: () => void, rested: () => void}} tell
   */
  constructor(bounds, insets, tell) {
    this.bounds = bounds;
    this.insets = insets;
    this.tell = tell;
    this.size = { width: 0, height: 0 };
    /** Device pixels per CSS pixel. */
    this.ratio = 1;
    /** @type {Camera} */
    this.camera = { scale: 1, x: 0, y: 0 };
    /** The scale that shows everything. */
    this.fitScale = 1;
    /** Whether it looks elsewhere than at everything. */
    this.away = false;
    /** Whether the scale is at rest. */
    this.settled = true;
    /** @type {(() => void) | null} the newest flight; an older one ends */
    this.flight = null;
    this.calm = matchMedia("(prefers-reduced-motion: reduce)");
  }

  /** @param {number} width @param {number} height CSS pixels */
  resize(width, height) {
    this.size = { width, height };
    this.ratio = Math.min(devicePixelRatio || 1, 2);
    const everything = this.everything();
    this.fitScale = everything.scale;
    this.look(this.away ? pan(this.camera, 0, 0, this.bounds, this.size) : everything, this.away);
  }

  /** Something else is to be seen: all of it. @param {Bounds} bounds */
  turnTo(bounds) {
    this.bounds = bounds;
    this.flight = null;
    this.camera = this.everything();
    this.fitScale = this.camera.scale;
    this.away = false;
    this.tell.moved();
  }

  everything() {
    return fit(this.bounds, this.size, this.insets);
  }

  // Moving

  /** @param {number} dx @param {number} dy */
  panBy(dx, dy) {
    this.flight = null;
    this.look(pan(this.camera, dx, dy, this.bounds, this.size));
  }

  /** @param {number} factor @param {Point} at */
  zoomAt(factor, at) {
    this.flight = null;
    this.look(pan(zoom(this.camera, factor, at, this.fitScale), 0, 0, this.bounds, this.size));
  }

  /** @param {Place} place @param {number} margin around it, CSS pixels */
  bringIntoSight(place, margin) {
    this.flight = null;
    const camera = bringIntoSight(this.camera, place, this.size, this.insets, margin);
    if (camera.x !== this.camera.x || camera.y !== this.camera.y) this.look(camera);
  }

  /** @param {Camera} camera @param {boolean} [away] */
  look(camera, away = true) {
    if (camera.scale !== this.camera.scale) this.settled = false;
    this.camera = camera;
    this.away = away;
    clearTimeout(this.settling);
    this.settling = setTimeout(() => this.settle(), SETTLE_MS);
    this.tell.moved();
  }

  settle() {
    clearTimeout(this.settling);
    if (this.flight) return;
    this.settled = true;
    this.tell.rested();
  }

  // Flying

  /** @param {number} factor @param {Point} [at] the middle unless given */
  flyCloser(factor, at = { x: this.size.width / 2, y: this.size.height / 2 }) {
    this.flyTo(zoom(this.camera, factor, at, this.fitScale));
  }

  flyHome() {
    this.flyTo(this.everything());
  }

  /** @param {Camera} to @param {() => void} [landed] */
  flyTo(to, landed = () => {}) {
    // Behind the list the map has no size, and so no place to fly to.
    if (!this.size.width) return;
    const away = to.scale !== this.fitScale;
    if (this.calm.matches) {
      this.flight = null;
      this.look(to, away);
      landed();
      return;
    }
    const from = this.camera;
    const startedAt = performance.now();
    const flight = (this.flight = () => {
      // A drag or another flight in between is the newer wish.
      if (this.flight !== flight) return;
      const share = Math.min(1, (performance.now() - startedAt) / FLIGHT_MS);
      if (share === 1) this.flight = null;
      this.look(between(from, to, 1 - (1 - share) ** 3), away);
      if (share < 1) requestAnimationFrame(flight);
      else landed();
    });
    flight();
  }

  // Plan and screen

  /** @param {Place} place @returns {Point} */
  onScreen({ x, y }) {
    const { camera } = this;
    return { x: x * camera.scale + camera.x, y: y * camera.scale + camera.y };
  }

  /** @param {Point} point @returns {Place} */
  inPlan({ x, y }) {
    const { camera } = this;
    return { x: (x - camera.x) / camera.scale, y: (y - camera.y) / camera.scale };
  }

  /** What is looked at most. @returns {Place} */
  get middle() {
    return this.inPlan({ x: this.size.width / 2, y: this.size.height / 2 });
  }
}
