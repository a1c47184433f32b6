/**
 * The far view: one picture of all seats, drawn once and then only repaired where a seat changes.
 * @module
 */

/** At most this many pixels on a side. */
const LIMIT = 3000;
/** No seat's sprite reaches further from its middle, in pitches. */
const REACH = 0.64;
/** Empty space around the plan, in pitches. */
const MARGIN = 1;

export class Overview {
  /**
   * @param {import("./plan.js").Plan} plan
   * @param {(pitch: number, index: number) => HTMLCanvasElement} spriteOf a seat as it looks now
   */
  constructor(plan, spriteOf) {
    this.plan = plan;
    this.spriteOf = spriteOf;
    /** @type {{canvas: HTMLCanvasElement, context: CanvasRenderingContext2D, pitch: number} | null} */
    this.picture = null;
  }

  /** Everything may have changed: draw anew when next needed. */
  forget() {
    this.picture = null;
  }

  /**
   * Draws the picture. While the scale changes it is stretched; at rest it is made to measure.
   * @param {import("./lettering.js").Frame} frame
   * @param {boolean} settled
   */
  paint({ context, pitch, originX, originY }, settled) {
    const { left, top, right, bottom } = this.plan.bounds;
    const outgrown = settled && this.picture && Math.abs(this.picture.pitch - this.fitting(pitch)) > 0.01;
    const { canvas } = this.picture && !outgrown ? this.picture : this.build(this.fitting(pitch));
    context.drawImage(
      canvas,
      originX + (left - MARGIN) * pitch,
      originY + (top - MARGIN) * pitch,
      (right - left + 2 * MARGIN) * pitch,
      (bottom - top + 2 * MARGIN) * pitch,
    );
  }

  /** The wanted size, or the largest allowed. @param {number} pitch */
  fitting(pitch) {
    const { left, top, right, bottom } = this.plan.bounds;
    return Math.min(pitch, LIMIT / (Math.max(right - left, bottom - top) + 2 * MARGIN));
  }

  /** @param {number} pitch */
  build(pitch) {
    const { left, top, right, bottom } = this.plan.bounds;
    const canvas = document.createElement("canvas");
    canvas.width = Math.ceil((right - left + 2 * MARGIN) * pitch);
    canvas.height = Math.ceil((bottom - top + 2 * MARGIN) * pitch);
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    this.picture = { canvas, context, pitch };
    for (let index = 0; index < this.plan.count; index++) this.stamp(index);
    return this.picture;
  }

  /** @param {number} index */
  stamp(index) {
    const { context, pitch } = /** @type {NonNullable<Overview["picture"]>} */ (this.picture);
    const sprite = this.spriteOf(pitch, index);
    const x = (this.plan.x[index] - this.plan.bounds.left + MARGIN) * pitch;
    const y = (this.plan.y[index] - this.plan.bounds.top + MARGIN) * pitch;
    context.drawImage(sprite, x - sprite.width / 2, y - sprite.height / 2);
  }

  /**
   * Takes one seat out and paints its spot anew, with the parts of neighbours that reach into it (rows may be closer than a sprite is wide).
   * @param {number} index
   */
  repaint(index) {
    if (!this.picture) return;
    const { x, y, bounds, count } = this.plan;
    const { canvas, context, pitch } = this.picture;
    const side = REACH * 2;
    context.save();
    context.beginPath();
    context.rect((x[index] - bounds.left + MARGIN - REACH) * pitch, (y[index] - bounds.top + MARGIN - REACH) * pitch, side * pitch, side * pitch);
    context.clip();
    context.clearRect(0, 0, canvas.width, canvas.height);
    for (let other = 0; other < count; other++) {
      if (Math.abs(x[other] - x[index]) < side && Math.abs(y[other] - y[index]) < side) this.stamp(other);
    }
    context.restore();
  }
}
