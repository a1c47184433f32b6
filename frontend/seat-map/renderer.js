/**
 * Draws plan and status on a canvas, and knows what lies under a point of it.
 *
 * Four methods are all that the view asks of it (`Renderer`), so that another way of drawing can take its place. Quick because what is far away is
 * a shape or a kept picture of a section in which only changed seats are painted again, and what is close is a stamped sprite for each seat in sight.
 * @module
 */

import { Level, NUMBER_PITCH, nearSize } from "./detail.js";
import { sectionOf } from "./floors.js";
import { seatAt, sectionAt } from "./hit.js";
import { font, paintObjects, paintRowLabels, paintSectionNames, writeLabels } from "./lettering.js";
import { LOST_MS, PATIENCE_MS, RING_MS } from "./marks.js";
import { Pictures } from "./pictures.js";
import { paintSection, paintStanding, paintTable, paintWholeTable } from "./shapes.js";
import { paintAreaRing, paintBlock, paintChange, paintLost, paintRing, paintWaiting } from "./signs.js";
import { Sprites, drawWheelchair } from "./sprites.js";
import { Look } from "./state.js";

/** @typedef {import("./plan.js").Plan} Plan */
/** @typedef {import("./floors.js").Floor} Floor */
/** @typedef {import("./floors.js").Area} Area */
/** @typedef {import("./lettering.js").Frame} Frame */

/**
 * @typedef {object} Scene what is to be seen now
 * @property {import("./camera.js").Camera} camera
 * @property {import("./camera.js").Size} size
 * @property {number} ratio device pixels per CSS pixel
 * @property {number} level
 * @property {boolean} settled the scale is not changing
 * @property {boolean} calm nothing may move
 * @property {number} now milliseconds
 * @property {import("./palette.js").Palette} palette
 * @property {import("./status.js").Status} status what is left and what has just happened; seats that are not wanted are dimmed
 * @property {{seat: number, section: number}} hovered −1 for none
 * @property {{seat: number, section: number}} focused by the keyboard
 * @property {readonly number[]} preview
 */

/**
 * @typedef {object} Renderer
 * @property {(plan: Plan, floor: Floor) => void} setPlan what to draw: another plan, or another floor of it
 * @property {(looks: Uint8Array, changed: readonly number[] | null) => void} setStatus the look of every seat; null: all may have changed
 * @property {(scene: Scene) => boolean} view draws; whether another frame is needed to finish
 * @property {(at: {x: number, y: number}, reach: number) => {seat: number, section: number}} hit what was drawn at a point, in CSS pixels; −1 for none
 */

const ROW_LABEL_PITCH = 10;
/** The sign of my own seats among the shapes of a stadium, CSS pixels per seat. */
const OWN_PITCH = 17;
/** At least so near to the middle of a seat, in seat pitches, a point means this seat at any scale. */
const ON_SEAT = 0.6;

/**
 * Draws a section as one shape, and answers with the colour of what is written on it.
 * @typedef {(frame: Frame, area: Area, left: import("./tally.js").Left) => string} SectionPainter
 */

/** @implements {Renderer} */
export class CanvasRenderer {
  /** @param {HTMLCanvasElement} canvas @param {SectionPainter} [sectionPainter] */
  constructor(canvas, sectionPainter = paintSection) {
    this.canvas = canvas;
    this.paintSection = sectionPainter;
    this.context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    this.looks = new Uint8Array(0);
    /** @type {Scene | null} the newest */
    this.scene = null;
    /** What was painted since the beginning, for those who measure. */
    this.painted = { frames: 0, shapes: 0, seats: 0 };
  }

  /** @param {Plan} plan @param {Floor} floor */
  setPlan(plan, floor) {
    this.plan = plan;
    this.floor = floor;
    this.pictures = new Pictures(plan, {
      spriteOf: (pitch, index) => (floor.whole.has(index) ? null : this.spriteOf(pitch, index)),
      eraser: (pitch) => this.sprites.eraser(pitch),
    });
  }

  /** @param {Uint8Array} looks @param {readonly number[] | null} changed */
  setStatus(looks, changed) {
    this.looks = looks;
    if (!changed) {
      this.pictures.forget();
      return;
    }
    /** @type {Map<number, number[]>} */
    const bySection = new Map();
    for (const index of changed) {
      const section = sectionOf(this.plan, index);
      const together = bySection.get(section);
      if (together) together.push(index);
      else bySection.set(section, [index]);
    }
    for (const [section, indices] of bySection) this.pictures.repair(section, indices);
  }

  /** @param {Scene} scene */
  view(scene) {
    this.take(scene);
    const { camera, level, ratio, palette } = scene;
    const { context, canvas, floor } = this;
    const frame = { context, pitch: camera.scale * ratio, originX: camera.x * ratio, originY: camera.y * ratio, ratio, palette };
    const areas = floor.areas.filter(({ bounds }) => isInSight(frame, canvas, bounds));
    const standing = areas.filter(({ section }) => this.plan.sections[section].kind === "standing");
    const placed = areas.filter(({ section }) => this.plan.sections[section].kind !== "standing");
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, canvas.width, canvas.height);
    paintObjects(frame, floor.objects);
    this.paintStandingAreas(frame, standing);
    let unfinished = false;
    if (level === Level.SECTIONS) {
      this.paintShapes(frame, placed);
      this.paintOwn(frame, placed);
    } else {
      this.paintTables(frame);
      if (level === Level.DOTS) unfinished = this.pictures.paint(frame, placed, scene.settled, (area) => this.paintShape(frame, area));
      else this.paintSeats(frame, placed);
      if (camera.scale >= ROW_LABEL_PITCH) paintRowLabels(frame, this.plan, placed);
      else paintSectionNames(frame, this.plan, placed);
    }
    this.paintMarks(frame);
    this.painted.frames++;
    return unfinished;
  }

  /** @param {{x: number, y: number}} at @param {number} reach */
  hit(at, reach) {
    const { plan, floor } = this;
    if (!this.scene) return { seat: -1, section: -1 };
    const { scale, x, y } = this.scene.camera;
    const [px, py] = [(at.x - x) / scale, (at.y - y) / scale];
    if (this.scene.level === Level.SECTIONS) return { seat: -1, section: sectionAt(floor, px, py) };
    const seat = seatAt(plan, floor, px, py, Math.max(ON_SEAT, reach / scale));
    if (seat >= 0) return { seat, section: sectionOf(plan, seat) };
    return { seat, section: sectionAt(floor, px, py, (section) => plan.sections[section].kind === "standing") };
  }

  // What has changed since the last frame

  /** @param {Scene} scene */
  take(scene) {
    const before = this.scene;
    this.scene = scene;
    if (before?.palette !== scene.palette) {
      this.sprites = new Sprites(scene.palette);
      this.pictures.forget();
    }
    const { categories, places } = scene.status;
    if (this.categories !== categories || this.places !== places) this.pictures.forget();
    [this.categories, this.places] = [categories, places];
    const width = Math.round(scene.size.width * scene.ratio);
    const height = Math.round(scene.size.height * scene.ratio);
    if (this.canvas.width !== width) this.canvas.width = width;
    if (this.canvas.height !== height) this.canvas.height = height;
  }

  // Sections, tables, seats

  /** @param {number} index */
  isDimmed(index) {
    return this.looks[index] < Look.CHOSEN && !this.scene.status.isWanted(index);
  }

  /** @param {number} index 1–5 */
  tierOf(index) {
    return this.plan.categories[this.plan.category[index]].tier;
  }

  /** @param {number} pitch @param {number} index */
  spriteOf(pitch, index) {
    const cut = this.plan.flags.get(index)?.includes("restricted view") ?? false;
    return this.sprites.get(pitch, this.looks[index], this.tierOf(index), this.isDimmed(index), cut);
  }

  /** @param {Frame} frame @param {Area} area */
  paintShape(frame, area) {
    this.painted.shapes++;
    return this.paintSection(frame, area, this.scene.status.leftOf(area.section));
  }

  /** @param {Frame} frame @param {readonly Area[]} areas */
  paintShapes(frame, areas) {
    writeLabels(
      frame,
      areas.map((area) => this.labelOf(area, this.paintShape(frame, area))),
    );
  }

  /** @param {Area} area @param {string} colour */
  labelOf(area, colour) {
    return { area, lines: this.scene.status.linesOf(area.section), short: this.plan.sections[area.section].id, colour };
  }

  /** @param {Frame} frame @param {readonly Area[]} areas */
  paintStandingAreas(frame, areas) {
    const { status } = this.scene;
    for (const area of areas) {
      const colour = paintStanding(frame, area, status.leftOf(area.section), this.tierOf(this.plan.sections[area.section].start));
      writeLabels(frame, [this.labelOf(area, colour)]);
      this.painted.shapes++;
    }
  }

  /** @param {Frame} frame */
  paintTables(frame) {
    for (const drawn of this.floor.tables) {
      if (!drawn.table.whole) paintTable(frame, drawn);
      else {
        const index = drawn.place;
        const wheelchair = this.plan.flags.get(index)?.includes("wheelchair space") ?? false;
        paintWholeTable(frame, drawn, { look: this.looks[index], tier: this.tierOf(index), dimmed: this.isDimmed(index), wheelchair });
      }
    }
  }

  /** @param {Frame} frame @param {readonly Area[]} areas */
  paintSeats(frame, areas) {
    const { context, pitch, originX, originY } = frame;
    const { plan, floor, looks } = this;
    const { width, height } = this.canvas;
    const made = this.scene.settled ? pitch : nearSize(pitch);
    const stretch = pitch / made;
    const numbered = this.scene.camera.scale >= NUMBER_PITCH;
    /** @type {number[]} */
    const written = [];
    for (const { section } of areas) {
      const { start, end } = plan.sections[section];
      for (let index = start; index < end; index++) {
        const x = plan.x[index] * pitch + originX;
        const y = plan.y[index] * pitch + originY;
        if (x < -pitch || y < -pitch || x > width + pitch || y > height + pitch || floor.whole.has(index)) continue;
        const sprite = this.spriteOf(made, index);
        const side = sprite.width * stretch;
        if (stretch === 1) context.drawImage(sprite, Math.round(x - side / 2), Math.round(y - side / 2));
        else context.drawImage(sprite, x - side / 2, y - side / 2, side, side);
        this.painted.seats++;
        if (looks[index] === Look.AVAILABLE && (numbered || plan.flags.has(index)) && !this.isDimmed(index)) written.push(index);
      }
    }
    // After all seats, since changing the font for each would cost more than the text.
    context.font = font(pitch * 0.36, 600);
    context.textAlign = "center";
    context.textBaseline = "middle";
    for (const index of written) this.paintSeatText(frame, index, numbered);
  }

  /** The printed number, or the sign of a wheelchair or companion place. @param {Frame} frame @param {number} index @param {boolean} numbered */
  paintSeatText({ context, pitch, originX, originY, palette }, index, numbered) {
    const { plan } = this;
    const flags = plan.flags.get(index);
    const x = plan.x[index] * pitch + originX;
    const y = plan.y[index] * pitch + originY;
    const ink = palette.inkOnTier[this.tierOf(index) - 1];
    if (flags?.includes("wheelchair space")) drawWheelchair(context, x, y, pitch * 0.66, ink);
    else if (numbered || flags?.includes("companion seat")) {
      context.fillStyle = ink;
      context.fillText(numbered ? plan.number[index] : "C", x, y);
    }
  }

  /** Among the shapes of sections, one sign of mine in each that has any. @param {Frame} frame @param {readonly Area[]} areas */
  paintOwn(frame, areas) {
    const { tally } = this.scene.status;
    const sprite = this.sprites.get(Math.max(frame.pitch, OWN_PITCH * frame.ratio), Look.CHOSEN, 1, false);
    for (const area of areas) {
      if (!tally.own[area.section]) continue;
      const { start, end } = this.plan.sections[area.section];
      let [x, y] = [0, 0];
      for (let index = start; index < end; index++) {
        if (this.looks[index] < Look.CHOSEN) continue;
        x += this.plan.x[index] / tally.own[area.section];
        y += this.plan.y[index] / tally.own[area.section];
      }
      paintAreaRing(frame, area, frame.palette.ink, 2);
      frame.context.drawImage(sprite, x * frame.pitch + frame.originX - sprite.width / 2, y * frame.pitch + frame.originY - sprite.height / 2);
    }
  }

  // Marks: over everything, in the order of how much they matter

  /** @param {Frame} frame */
  paintMarks(frame) {
    const { level, now, calm, preview, hovered, focused, palette } = this.scene;
    const { marks } = this.scene.status;
    for (const [index, startedAt] of calm ? [] : marks.rings) if (this.isHere(index)) paintChange(frame, this.placeOf(index), (now - startedAt) / RING_MS);
    if (level !== Level.SECTIONS) {
      for (const [index, startedAt] of marks.pending) {
        if (now - startedAt >= PATIENCE_MS && this.isHere(index)) paintWaiting(frame, this.placeOf(index), calm ? null : now);
      }
      for (const [index, startedAt] of marks.lost) if (this.isHere(index)) paintLost(frame, this.placeOf(index), Math.min(1, (LOST_MS - (now - startedAt)) / 300));
      paintBlock(frame, preview.filter((index) => this.isHere(index)).map((index) => this.placeOf(index)));
    }
    this.paintPointedAt(frame, hovered, palette.ink, 2);
    this.paintPointedAt(frame, focused, palette.brand, 3);
  }

  /** @param {number} index whether it is on the floor that is shown, and a thing of its own */
  isHere(index) {
    const section = this.plan.sections[sectionOf(this.plan, index)];
    return section.floor === this.floor.id && section.kind !== "standing";
  }

  /** @param {number} index */
  placeOf(index) {
    return { x: this.plan.x[index], y: this.plan.y[index], drawn: this.floor.whole.get(index) };
  }

  /** @param {Frame} frame @param {{seat: number, section: number}} what @param {string} colour @param {number} width */
  paintPointedAt(frame, { seat, section }, colour, width) {
    const area = this.floor.areas.find((candidate) => candidate.section === section);
    if (!area) return;
    if (this.scene.level === Level.SECTIONS || this.plan.sections[section].kind === "standing") paintAreaRing(frame, area, colour, width);
    else if (seat >= 0) paintRing(frame, this.placeOf(seat), colour, width);
  }
}

/** @param {Frame} frame @param {HTMLCanvasElement} canvas @param {import("./plan.js").Bounds} bounds */
function isInSight({ pitch, originX, originY }, { width, height }, { left, top, right, bottom }) {
  return right * pitch + originX > 0 && left * pitch + originX < width && bottom * pitch + originY > 0 && top * pitch + originY < height;
}
