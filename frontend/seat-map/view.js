/**
 * Draws the seats of a state on a canvas. It knows nothing of servers, holds or money; what is pressed goes to `onPick`.
 *
 * Quick because: one frame per burst of changes; far away, one cached picture of all seats in which only changed seats are painted again; close by,
 * only sections in sight, each seat a stamped sprite. To be replaced, it needs `show`, `filter`, `zoomBy`, `fitAll`, `focusOn` and the callbacks.
 * @module
 */

import { centreOn, fit, pan, zoom } from "./camera.js";
import { neighbour, seatAt } from "./cursor.js";
import { paintObjects, paintRowLabels, paintSectionNames, write } from "./lettering.js";
import { Overview } from "./overview.js";
import { attachPointer } from "./pointer.js";
import { Sprites, drawWheelchair, readPalette, seatPath } from "./sprites.js";
import { Look, looksOf } from "./state.js";

/** @typedef {import("./plan.js").Plan} Plan */
/** @typedef {{x: number, y: number}} Point */

/** Below this many device pixels per seat, the cached picture is used. */
const OVERVIEW_PITCH = 11;
const NUMBER_PITCH = 23;
const ROW_LABEL_PITCH = 10;
/** A finger cannot meet a smaller seat: the first tap goes closer, the second chooses. */
const TOUCH_PITCH = 24;
const CLOSE_PITCH = 34;
const RING_MS = 320;
/** More changes at once are news, not a ring each (a snapshot after a reconnect). */
const MOST_RINGS = 60;
const FLIGHT_MS = 220;
const SETTLE_MS = 140;
const NEVER_DRAWN = 255;

/**
 * @typedef {object} ViewOptions
 * @property {(index: number) => void} onPick
 * @property {(index: number, at: Point, by: "pointer" | "keyboard") => void} onPoint −1 when nothing is pointed at; `at` is on the host
 * @property {import("./camera.js").Insets} [insets]
 */

export class SeatMapView {
  /**
   * @param {HTMLElement} host positioned, with a size
   * @param {Plan} plan
   * @param {ViewOptions} options
   */
  constructor(host, plan, { onPick, onPoint, insets = { top: 24, right: 24, bottom: 24, left: 24 } }) {
    this.host = host;
    this.plan = plan;
    this.onPick = onPick;
    this.onPoint = onPoint;
    this.insets = insets;
    this.canvas = document.createElement("canvas");
    this.canvas.setAttribute("aria-hidden", "true");
    host.prepend(this.canvas);
    this.context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d"));

    this.size = { width: 0, height: 0 };
    this.ratio = 1;
    /** @type {import("./camera.js").Camera} */
    this.camera = { scale: 1, x: 0, y: 0 };
    this.fitScale = 1;
    this.moved = false;
    this.settled = true;
    /** @type {import("./state.js").SeatState | null} */
    this.state = null;
    this.looks = new Uint8Array(plan.count).fill(NEVER_DRAWN);
    /** @type {ReadonlySet<number> | null} */
    this.categories = null;
    /** @type {Map<number, number>} */
    this.rings = new Map();
    this.hovered = -1;
    this.cursor = -1;
    this.frame = 0;
    this.overview = new Overview(plan, (pitch, index) => this.spriteOf(pitch, index));
    this.calm = matchMedia("(prefers-reduced-motion: reduce)");
    this.sprites = new Sprites(readPalette(host));

    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.recolour());
    new ResizeObserver(() => this.resize()).observe(host);
    this.resize();
    attachPointer(this.canvas, this);
    host.addEventListener("keydown", (event) => this.key(event));
    host.addEventListener("blur", () => this.pointAt(-1, "keyboard"));
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
    this.overview.forget();
    this.draw();
  }

  /** @param {number} factor */
  zoomBy(factor) {
    this.flyTo(zoom(this.camera, factor, { x: this.size.width / 2, y: this.size.height / 2 }, this.fitScale));
  }

  fitAll() {
    this.flyTo(fit(this.plan.bounds, this.size, this.insets));
    this.moved = false;
  }

  /** Brings a seat to the middle, close enough to press. @param {number} index */
  focusOn(index) {
    this.flyTo(centreOn(this.place(index), Math.max(this.camera.scale, CLOSE_PITCH), this.size));
  }

  // Size, colours, camera

  resize() {
    const { clientWidth: width, clientHeight: height } = this.host;
    if (!width || !height) return;
    this.size = { width, height };
    this.ratio = Math.min(devicePixelRatio || 1, 2);
    this.canvas.width = Math.round(width * this.ratio);
    this.canvas.height = Math.round(height * this.ratio);
    const everything = fit(this.plan.bounds, this.size, this.insets);
    this.fitScale = everything.scale;
    this.camera = this.moved ? pan(this.camera, 0, 0, this.plan.bounds, this.size) : everything;
    this.draw();
  }

  recolour() {
    this.sprites = new Sprites(readPalette(this.host));
    this.overview.forget();
    this.draw();
  }

  /** @param {number} dx @param {number} dy */
  panBy(dx, dy) {
    this.look(pan(this.camera, dx, dy, this.plan.bounds, this.size));
  }

  /** @param {number} factor @param {Point} at */
  zoomAt(factor, at) {
    this.look(pan(zoom(this.camera, factor, at, this.fitScale), 0, 0, this.plan.bounds, this.size));
  }

  /** @param {import("./camera.js").Camera} camera */
  look(camera) {
    if (camera.scale !== this.camera.scale) this.unsettle();
    this.camera = camera;
    this.moved = true;
    this.draw();
  }

  /** While the scale changes, sprites of a near size are stretched; at rest they are made to measure. */
  unsettle() {
    this.settled = false;
    clearTimeout(this.settling);
    this.settling = setTimeout(() => {
      this.settled = true;
      this.draw();
    }, SETTLE_MS);
  }

  /** @param {import("./camera.js").Camera} to */
  flyTo(to) {
    if (this.calm.matches) {
      this.look(to);
      return;
    }
    const from = this.camera;
    const startedAt = performance.now();
    const flight = (this.flight = () => {
      if (this.flight !== flight) return;
      const t = Math.min(1, (performance.now() - startedAt) / FLIGHT_MS);
      const eased = 1 - (1 - t) ** 3;
      const moved = this.moved;
      this.look({ scale: mix(from.scale, to.scale, eased), x: mix(from.x, to.x, eased), y: mix(from.y, to.y, eased) });
      if (t < 1) requestAnimationFrame(flight);
      else this.moved = moved && to.scale !== this.fitScale ? true : to.scale !== this.fitScale;
    });
    flight();
  }

  // Pointing and picking

  /** @param {number} index @returns {Point} in the plan */
  place(index) {
    return { x: this.plan.x[index], y: this.plan.y[index] };
  }

  /** @param {number} index @returns {Point} on the host */
  onScreen(index) {
    const { scale, x, y } = this.camera;
    return { x: this.plan.x[index] * scale + x, y: this.plan.y[index] * scale + y };
  }

  /** @param {Point} at on the host @param {number} reach CSS pixels */
  seatAt(at, reach) {
    const { scale, x, y } = this.camera;
    return seatAt(this.plan, (at.x - x) / scale, (at.y - y) / scale, Math.max(0.6, reach / scale));
  }

  /** @param {Point} at */
  hover(at) {
    this.pointAt(this.seatAt(at, 8), "pointer");
  }

  leave() {
    this.pointAt(-1, "pointer");
  }

  /** @param {Point} at @param {boolean} touch */
  tap(at, touch) {
    const index = this.seatAt(at, touch ? 22 : 10);
    if (index < 0) return;
    if (touch && this.camera.scale < TOUCH_PITCH) this.focusOn(index);
    else this.onPick(index);
  }

  /** @param {number} index @param {"pointer" | "keyboard"} by */
  pointAt(index, by) {
    const before = by === "keyboard" ? this.cursor : this.hovered;
    if (index === before) return;
    if (by === "keyboard") this.cursor = index;
    else this.hovered = index;
    this.canvas.classList.toggle("on-seat", this.hovered >= 0);
    this.onPoint(index, index < 0 ? { x: 0, y: 0 } : this.onScreen(index), by);
    this.draw();
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const direction = DIRECTIONS.get(event.key);
    if (direction) {
      const to = this.cursor < 0 ? this.nearestToMiddle() : neighbour(this.plan, this.cursor, direction);
      this.reveal(to);
      this.pointAt(to, "keyboard");
    } else if ((event.key === "Enter" || event.key === " ") && this.cursor >= 0) this.onPick(this.cursor);
    else if (event.key === "+" || event.key === "=") this.zoomBy(1.5);
    else if (event.key === "-") this.zoomBy(1 / 1.5);
    else if (event.key === "0") this.fitAll();
    else return;
    event.preventDefault();
  }

  nearestToMiddle() {
    const { scale, x, y } = this.camera;
    return seatAt(this.plan, (this.size.width / 2 - x) / scale, (this.size.height / 2 - y) / scale, Infinity);
  }

  /** Keeps the keyboard's seat in sight and large enough to read. @param {number} index */
  reveal(index) {
    const { x, y } = this.onScreen(index);
    const { width, height } = this.size;
    const inSight = x > 60 && y > 60 && x < width - 60 && y < height - 60;
    if (!inSight || this.camera.scale < NUMBER_PITCH) this.look(centreOn(this.place(index), Math.max(this.camera.scale, CLOSE_PITCH), this.size));
  }

  // Drawing

  draw() {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      this.paint();
    });
  }

  paint() {
    const { context, canvas, ratio, camera } = this;
    if (!this.state || !this.size.width) return;
    this.takeLooks(this.state);
    const pitch = camera.scale * ratio;
    const originX = camera.x * ratio;
    const originY = camera.y * ratio;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, canvas.width, canvas.height);
    const frame = { context, pitch, originX, originY, ratio, palette: this.sprites.palette };
    paintObjects(frame, this.plan);
    if (pitch < OVERVIEW_PITCH) this.overview.paint(frame, this.settled);
    else this.paintSeats(pitch, originX, originY);
    if (camera.scale >= ROW_LABEL_PITCH) paintRowLabels(frame, this.plan);
    else paintSectionNames(frame, this.plan);
    this.paintMarks(pitch, originX, originY);
  }

  /** Notes which seats look different now; they ring, and are painted again in the cached picture. @param {import("./state.js").SeatState} state */
  takeLooks(state) {
    const first = this.looks[0] === NEVER_DRAWN;
    const changed = looksOf(state, this.looks);
    if (!changed.length) return;
    if (first || changed.length > MOST_RINGS) {
      this.overview.forget();
      return;
    }
    if (state.loaded && !this.calm.matches) for (const index of changed) this.rings.set(index, performance.now());
    for (const index of changed) this.overview.repaint(index);
  }

  /** @param {number} pitch @param {number} index */
  spriteOf(pitch, index) {
    const look = this.looks[index];
    const category = this.plan.category[index];
    const dimmed = this.categories !== null && !this.categories.has(category) && look < Look.CHOSEN;
    return this.sprites.get(pitch, look, this.plan.categories[category].tier, dimmed);
  }

  /** @param {number} pitch @param {number} originX @param {number} originY */
  paintSeats(pitch, originX, originY) {
    const { context, canvas, plan } = this;
    const made = this.settled ? pitch : 2 ** (Math.round(Math.log2(pitch) * 4) / 4);
    const stretch = pitch / made;
    const numbers = this.camera.scale >= NUMBER_PITCH;
    for (const { start, end, bounds } of plan.sections) {
      if (bounds.right * pitch + originX < 0 || bounds.left * pitch + originX > canvas.width) continue;
      if (bounds.bottom * pitch + originY < 0 || bounds.top * pitch + originY > canvas.height) continue;
      for (let index = start; index < end; index++) {
        const x = plan.x[index] * pitch + originX;
        const y = plan.y[index] * pitch + originY;
        if (x < -pitch || y < -pitch || x > canvas.width + pitch || y > canvas.height + pitch) continue;
        const sprite = this.spriteOf(made, index);
        const side = sprite.width * stretch;
        if (stretch === 1) context.drawImage(sprite, Math.round(x - side / 2), Math.round(y - side / 2));
        else context.drawImage(sprite, x - side / 2, y - side / 2, side, side);
        if (this.looks[index] === Look.AVAILABLE) this.paintSeatText(index, x, y, pitch, numbers);
      }
    }
  }

  /** The printed number, or the sign of a wheelchair or companion place. @param {number} index @param {number} x @param {number} y @param {number} pitch @param {boolean} numbers */
  paintSeatText(index, x, y, pitch, numbers) {
    const flags = this.plan.flags.get(index);
    const wheelchair = flags?.includes("wheelchair space");
    const companion = flags?.includes("companion seat");
    if (!numbers && !wheelchair && !companion) return;
    const category = this.plan.category[index];
    if (this.categories !== null && !this.categories.has(category)) return;
    const ink = this.sprites.palette.inkOnTier[this.plan.categories[category].tier - 1];
    if (wheelchair) {
      drawWheelchair(this.context, x, y, pitch * 0.66, ink);
      return;
    }
    write(this.context, companion && !numbers ? "C" : this.plan.number[index], x, y, pitch * 0.36, ink, 600);
  }

  /** Rings around seats that just changed, and around what is pointed at. @param {number} pitch @param {number} originX @param {number} originY */
  paintMarks(pitch, originX, originY) {
    const { context, plan } = this;
    const { brand, ink } = this.sprites.palette;
    const now = performance.now();
    for (const [index, startedAt] of this.rings) {
      const t = (now - startedAt) / RING_MS;
      if (t >= 1) {
        this.rings.delete(index);
        continue;
      }
      context.globalAlpha = 1 - t;
      context.strokeStyle = brand;
      context.lineWidth = 2 * this.ratio;
      context.beginPath();
      context.arc(plan.x[index] * pitch + originX, plan.y[index] * pitch + originY, pitch * 0.45 + (2 + t * 10) * this.ratio, 0, 7);
      context.stroke();
      context.globalAlpha = 1;
    }
    if (this.rings.size) this.draw();
    for (const [index, colour, width] of /** @type {[number, string, number][]} */ ([[this.hovered, ink, 2], [this.cursor, brand, 3]])) {
      if (index < 0) continue;
      context.save();
      context.translate(plan.x[index] * pitch + originX, plan.y[index] * pitch + originY);
      context.strokeStyle = colour;
      context.lineWidth = width * this.ratio;
      seatPath(context, pitch * 0.41 + 4 * this.ratio);
      context.stroke();
      context.restore();
    }
  }
}

/** @type {Map<string, "left" | "right" | "up" | "down">} */
const DIRECTIONS = new Map([
  ["ArrowLeft", "left"],
  ["ArrowRight", "right"],
  ["ArrowUp", "up"],
  ["ArrowDown", "down"],
]);

/** @param {number} from @param {number} to @param {number} t */
function mix(from, to, t) {
  return from + (to - from) * t;
}
