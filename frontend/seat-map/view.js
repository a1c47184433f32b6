/**
 * Draws the seats of a state on a canvas. It knows nothing of servers, holds or money; what is pressed goes to `onPick`.
 *
 * Quick because: one frame per burst of changes; far away, one cached picture of all seats in which only changed seats are painted again; close by,
 * only sections in sight, each seat a stamped sprite. To be replaced, it needs `show`, `filter`, `zoomBy`, `fitAll`, `focusOn` and the callbacks.
 * @module
 */

import { centreOn, fit, pan, zoom } from "./camera.js";
import { neighbour, seatAt } from "./cursor.js";
import { attachPointer } from "./pointer.js";
import { Sprites, drawWheelchair, readPalette, seatPath } from "./sprites.js";
import { Look, looksOf } from "./state.js";

/** @typedef {import("./plan.js").Plan} Plan */
/** @typedef {{x: number, y: number}} Point */

/** Below this many device pixels per seat, the cached picture is used. */
const OVERVIEW_PITCH = 11;
/** With few sections their names would only hide seats. */
const SECTIONS_TO_NAME = 7;
/** The cached picture has at most this many pixels on a side. */
const OVERVIEW_LIMIT = 3000;
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
/** No seat's picture reaches further from its middle, in pitches. */
const SPRITE_REACH = 0.64;

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
    /** @type {{canvas: HTMLCanvasElement, pitch: number} | null} */
    this.overview = null;
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
    this.overview = null;
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
    this.overview = null;
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
    this.paintObjects(pitch, originX, originY);
    if (pitch < OVERVIEW_PITCH) this.paintOverview(pitch, originX, originY);
    else this.paintSeats(pitch, originX, originY);
    if (camera.scale >= ROW_LABEL_PITCH) this.paintRowLabels(pitch, originX, originY);
    else this.paintSectionNames(pitch, originX, originY);
    this.paintMarks(pitch, originX, originY);
  }

  /** Notes which seats look different now; they ring, and are painted again in the cached picture. @param {import("./state.js").SeatState} state */
  takeLooks(state) {
    const first = this.looks[0] === NEVER_DRAWN;
    const changed = looksOf(state, this.looks);
    if (!changed.length) return;
    if (first || changed.length > MOST_RINGS) {
      this.overview = null;
      return;
    }
    if (state.loaded && !this.calm.matches) for (const index of changed) this.rings.set(index, performance.now());
    if (this.overview) for (const index of changed) this.repaintInOverview(index);
  }

  /** @param {number} pitch @param {number} index */
  spriteOf(pitch, index) {
    const look = this.looks[index];
    const category = this.plan.category[index];
    const dimmed = this.categories !== null && !this.categories.has(category) && look < Look.CHOSEN;
    return this.sprites.get(pitch, look, this.plan.categories[category].tier, dimmed);
  }

  /** @param {number} pitch @param {number} originX @param {number} originY */
  paintOverview(pitch, originX, originY) {
    const { left, top, right, bottom } = this.plan.bounds;
    const stale = this.overview && this.settled && Math.abs(this.overview.pitch - pitch) > 0.01;
    if (!this.overview || (stale && this.settled)) this.buildOverview(pitch);
    const picture = /** @type {{canvas: HTMLCanvasElement, pitch: number}} */ (this.overview);
    this.context.drawImage(picture.canvas, originX + (left - 1) * pitch, originY + (top - 1) * pitch, (right - left + 2) * pitch, (bottom - top + 2) * pitch);
  }

  /** @param {number} wanted */
  buildOverview(wanted) {
    const { left, top, right, bottom } = this.plan.bounds;
    const pitch = Math.min(wanted, OVERVIEW_LIMIT / (Math.max(right - left, bottom - top) + 2));
    const canvas = document.createElement("canvas");
    canvas.width = Math.ceil((right - left + 2) * pitch);
    canvas.height = Math.ceil((bottom - top + 2) * pitch);
    this.overview = { canvas, pitch };
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    for (let index = 0; index < this.plan.count; index++) this.stampInOverview(context, pitch, index);
  }

  /** @param {CanvasRenderingContext2D} context @param {number} pitch @param {number} index */
  stampInOverview(context, pitch, index) {
    const sprite = this.spriteOf(pitch, index);
    const x = (this.plan.x[index] - this.plan.bounds.left + 1) * pitch;
    const y = (this.plan.y[index] - this.plan.bounds.top + 1) * pitch;
    context.drawImage(sprite, x - sprite.width / 2, y - sprite.height / 2);
  }

  /** Takes one seat out of the cached picture and paints that spot anew, with the parts of neighbours that reach into it. @param {number} index */
  repaintInOverview(index) {
    const { canvas, pitch } = /** @type {{canvas: HTMLCanvasElement, pitch: number}} */ (this.overview);
    const { x, y, bounds, count } = this.plan;
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    context.save();
    context.beginPath();
    context.rect((x[index] - bounds.left + 1 - SPRITE_REACH) * pitch, (y[index] - bounds.top + 1 - SPRITE_REACH) * pitch, SPRITE_REACH * 2 * pitch, SPRITE_REACH * 2 * pitch);
    context.clip();
    context.clearRect(0, 0, canvas.width, canvas.height);
    for (let other = 0; other < count; other++) {
      const near = Math.abs(x[other] - x[index]) < SPRITE_REACH * 2 && Math.abs(y[other] - y[index]) < SPRITE_REACH * 2;
      if (near) this.stampInOverview(context, pitch, other);
    }
    context.restore();
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
    this.write(companion && !numbers ? "C" : this.plan.number[index], x, y, pitch * 0.36, ink, 600);
  }

  /** @param {string} text @param {number} x @param {number} y @param {number} size @param {string} colour @param {number} weight */
  write(text, x, y, size, colour, weight) {
    const { context } = this;
    context.font = `${weight} ${Math.round(size * 2) / 2}px ${FONT}`;
    context.fillStyle = colour;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillText(text, x, y);
  }

  /** Stage and screen. @param {number} pitch @param {number} originX @param {number} originY */
  paintObjects(pitch, originX, originY) {
    const { context } = this;
    const { stage, muted } = this.sprites.palette;
    for (const { polygon, label } of this.plan.objects) {
      if (polygon.length < 2) continue;
      let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
      context.beginPath();
      for (const [px, py] of polygon) {
        context.lineTo(px * pitch + originX, py * pitch + originY);
        [left, top, right, bottom] = [Math.min(left, px), Math.min(top, py), Math.max(right, px), Math.max(bottom, py)];
      }
      context.closePath();
      context.fillStyle = context.strokeStyle = stage;
      context.lineJoin = "round";
      context.lineWidth = Math.max(1, pitch * 0.35);
      context.fill();
      context.stroke();
      const room = Math.min((bottom - top) * pitch * 0.6, ((right - left) * pitch) / Math.max(4, label.length));
      const size = Math.max(10 * this.ratio, Math.min(room, 20 * this.ratio));
      this.write(label.toLocaleUpperCase(), ((left + right) / 2) * pitch + originX, ((top + bottom) / 2) * pitch + originY, size, muted, 650);
    }
  }

  /** @param {number} pitch @param {number} originX @param {number} originY */
  paintRowLabels(pitch, originX, originY) {
    const { plan, canvas } = this;
    const size = Math.min(13 * this.ratio, pitch * 0.56);
    for (const { label, start, end } of plan.rows) {
      if (!label || start === end) continue;
      for (const [seat, inner] of [[start, Math.min(start + 1, end - 1)], [end - 1, Math.max(end - 2, start)]]) {
        const dx = plan.x[seat] - plan.x[inner];
        const dy = plan.y[seat] - plan.y[inner];
        const length = Math.hypot(dx, dy) || 1;
        const outward = seat === start ? -1 : 1;
        const x = (plan.x[seat] + (seat === inner ? outward : dx / length) * 0.95) * pitch + originX;
        const y = (plan.y[seat] + (dy / length) * 0.95) * pitch + originY;
        if (x > 0 && y > 0 && x < canvas.width && y < canvas.height) this.write(label, x, y, size, this.sprites.palette.muted, 600);
      }
    }
  }

  /** From afar, the sections say their names. @param {number} pitch @param {number} originX @param {number} originY */
  paintSectionNames(pitch, originX, originY) {
    const { context, plan, ratio } = this;
    if (plan.sections.length < SECTIONS_TO_NAME) return;
    const { ground, ink } = this.sprites.palette;
    const size = 11 * ratio;
    context.font = `650 ${size}px ${FONT}`;
    const widths = plan.sections.map(({ name }) => context.measureText(name).width + 12 * ratio);
    const fits = plan.sections.map(({ bounds }, nth) => widths[nth] <= (bounds.right - bounds.left) * pitch);
    // A few names among many nameless sections would look like a mistake.
    if (fits.filter(Boolean).length < plan.sections.length / 2) return;
    for (const [nth, { name, bounds }] of plan.sections.entries()) {
      if (!fits[nth]) continue;
      const width = widths[nth];
      const x = ((bounds.left + bounds.right) / 2) * pitch + originX;
      const y = ((bounds.top + bounds.bottom) / 2) * pitch + originY;
      context.globalAlpha = 0.88;
      context.fillStyle = ground;
      context.beginPath();
      context.roundRect(x - width / 2, y - size * 0.85, width, size * 1.7, size);
      context.fill();
      context.globalAlpha = 1;
      this.write(name, x, y, size, ink, 650);
    }
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

const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", Arial, sans-serif';

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
