/**
 * The view from some way off: a picture of each section, made when it comes in sight, repaired where a seat changes.
 *
 * By section and not of the whole hall, so that a stadium is never painted at once: a frame makes pictures of so many seats and no more, and what
 * is still missing is shown as a bare shape until the next.
 * @module
 */

import { nearSize } from "./detail.js";

/** Seats painted into new pictures in one frame: some milliseconds on a slow machine. */
const SEATS_PER_FRAME = 1_200;
/** Pictures out of sight are dropped, the longest unseen first, above this many device pixels (4 bytes each). */
const KEPT_PIXELS = 6_000_000;
/** Empty space around the seats, in pitches: their rings reach out of their bounds. */
const MARGIN = 0.25;
/** While the scale changes, a picture may be stretched this much. */
const STRETCH = 1.7;

/** @typedef {{canvas: HTMLCanvasElement, context: CanvasRenderingContext2D, pitch: number, left: number, top: number}} Picture left and top in pitches */

/**
 * @typedef {object} Stamps
 * @property {(pitch: number, index: number) => HTMLCanvasElement | null} spriteOf a seat as it looks now; null for what is not drawn as a seat
 * @property {(pitch: number) => HTMLCanvasElement} eraser
 */

export class Pictures {
  /**
   * @param {import("./plan.js").Plan} plan
   * @param {Stamps} stamps
   */
  constructor(plan, stamps) {
    this.plan = plan;
    this.stamps = stamps;
    /** @type {Map<number, Picture>} by section, the longest unseen first */
    this.kept = new Map();
    /** How many seats were stamped since the beginning, for those who measure. */
    this.stamped = 0;
  }

  /** Everything may have changed: paint anew when next needed. */
  forget() {
    this.kept.clear();
  }

  /**
   * Draws the sections in sight. While the scale changes their pictures are stretched; at rest they are made to measure.
   * @param {import("./lettering.js").Frame} frame
   * @param {readonly import("./floors.js").Area[]} areas
   * @param {boolean} settled
   * @param {(area: import("./floors.js").Area) => void} standIn draws what has no picture yet
   * @returns {boolean} whether another frame is needed to finish
   */
  paint({ context, pitch, originX, originY }, areas, settled, standIn) {
    let room = SEATS_PER_FRAME;
    let unfinished = false;
    for (const area of areas) {
      const { start, end } = this.plan.sections[area.section];
      let picture = this.kept.get(area.section);
      if (!picture || (settled ? picture.pitch !== pitch : isFar(picture.pitch, pitch))) {
        // A section larger than the room still gets its turn: alone.
        if (end - start <= room || room === SEATS_PER_FRAME) {
          picture = this.make(area, settled ? pitch : nearSize(pitch));
          room -= end - start;
        } else unfinished = true;
      }
      if (!picture) {
        standIn(area);
        continue;
      }
      this.kept.delete(area.section);
      this.kept.set(area.section, picture);
      const stretch = pitch / picture.pitch;
      const x = picture.left * pitch + originX;
      const y = picture.top * pitch + originY;
      if (stretch === 1) context.drawImage(picture.canvas, Math.round(x), Math.round(y));
      else context.drawImage(picture.canvas, x, y, picture.canvas.width * stretch, picture.canvas.height * stretch);
    }
    this.drop(areas.length);
    return unfinished;
  }

  /** @param {import("./floors.js").Area} area @param {number} pitch */
  make({ section }, pitch) {
    const { start, end, bounds } = this.plan.sections[section];
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.ceil((bounds.right - bounds.left + 2 * MARGIN) * pitch));
    canvas.height = Math.max(1, Math.ceil((bounds.bottom - bounds.top + 2 * MARGIN) * pitch));
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    const picture = { canvas, context, pitch, left: bounds.left - MARGIN, top: bounds.top - MARGIN };
    for (let index = start; index < end; index++) this.stamp(picture, index, this.stamps.spriteOf(pitch, index));
    return picture;
  }

  /** @param {Picture} picture @param {number} index @param {HTMLCanvasElement | null} sprite */
  stamp({ context, pitch, left, top }, index, sprite) {
    if (!sprite) return;
    const x = (this.plan.x[index] - left) * pitch - sprite.width / 2;
    const y = (this.plan.y[index] - top) * pitch - sprite.height / 2;
    context.drawImage(sprite, Math.round(x), Math.round(y));
    this.stamped++;
  }

  /**
   * Takes seats of one section out of its picture and paints them as they look now. First all are erased, then all are painted: switching between
   * the two for each seat would cost more than both.
   * @param {number} section
   * @param {readonly number[]} indices
   */
  repair(section, indices) {
    const picture = this.kept.get(section);
    if (!picture) return;
    const eraser = this.stamps.eraser(picture.pitch);
    picture.context.globalCompositeOperation = "destination-out";
    for (const index of indices) this.stamp(picture, index, eraser);
    picture.context.globalCompositeOperation = "source-over";
    for (const index of indices) this.stamp(picture, index, this.stamps.spriteOf(picture.pitch, index));
  }

  /** @param {number} inSight as many of the last were just drawn, and stay */
  drop(inSight) {
    let pixels = 0;
    for (const { canvas } of this.kept.values()) pixels += canvas.width * canvas.height;
    for (const [section, { canvas }] of this.kept) {
      if (pixels <= KEPT_PIXELS || this.kept.size <= inSight) return;
      pixels -= canvas.width * canvas.height;
      this.kept.delete(section);
    }
  }
}

/** @param {number} made @param {number} wanted */
function isFar(made, wanted) {
  return wanted > made * STRETCH || made > wanted * STRETCH;
}
