/**
 * Mouse, finger and pen on the map: drag, pinch, wheel, tap. What they mean is the view's business.
 * @module
 */

/** A finger trembles: within this many CSS pixels of where it went down a press is a tap, beyond it a drag. */
const TREMBLE = 6;

/** @typedef {{x: number, y: number}} Point on the canvas, CSS pixels */

/**
 * @typedef {object} Target
 * @property {(dx: number, dy: number) => void} panBy
 * @property {(factor: number, at: Point) => void} zoomAt
 * @property {(at: Point) => void} hover
 * @property {() => void} leave
 * @property {(at: Point, touch: boolean) => void} tap
 */

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Target} target
 */
export function attachPointer(canvas, target) {
  /** @type {Map<number, Point>} */
  const down = new Map();
  /** @type {Point} */
  let pressedAt = { x: 0, y: 0 };
  /** Once a press has moved, or a second finger came, lifting it chooses nothing. */
  let moved = false;
  let spread = 0;

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button > 0) return;
    canvas.setPointerCapture(event.pointerId);
    moved = down.size > 0;
    if (!moved) pressedAt = at(event);
    down.set(event.pointerId, at(event));
    spread = 0;
  });

  canvas.addEventListener("pointermove", (event) => {
    const before = down.get(event.pointerId);
    if (!before) {
      if (event.pointerType !== "touch") target.hover(at(event));
      return;
    }
    const now = at(event);
    if (!moved && distance(now, pressedAt) <= TREMBLE) return;
    moved = true;
    down.set(event.pointerId, now);
    canvas.classList.add("dragging");
    target.leave();
    if (down.size === 1) {
      target.panBy(now.x - before.x, now.y - before.y);
      return;
    }
    const [a, b] = [...down.values()];
    // Each of the two fingers moves the middle by half of its own way.
    target.panBy((now.x - before.x) / 2, (now.y - before.y) / 2);
    if (spread) target.zoomAt(distance(a, b) / spread, { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
    spread = distance(a, b);
  });

  /** @param {PointerEvent} event */
  const up = (event) => {
    if (!down.delete(event.pointerId)) return;
    spread = 0;
    if (down.size) return;
    canvas.classList.remove("dragging");
    if (event.type === "pointerup" && !moved) target.tap(at(event), event.pointerType === "touch");
  };
  canvas.addEventListener("pointerup", up);
  canvas.addEventListener("pointercancel", up);
  canvas.addEventListener("pointerleave", () => target.leave());

  canvas.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      // A mouse wheel counts in lines in some browsers; one line is about 16 px.
      const pixels = event.deltaMode === 1 ? event.deltaY * 16 : event.deltaY;
      // A pinch on a touchpad arrives as a wheel with ctrl, in smaller steps.
      target.zoomAt(Math.exp(-pixels * (event.ctrlKey ? 0.01 : 0.0016)), at(event));
    },
    { passive: false },
  );
}

/** @param {PointerEvent | WheelEvent} event @returns {Point} */
function at(event) {
  return { x: event.offsetX, y: event.offsetY };
}

/** @param {Point} a @param {Point} b */
function distance(a, b) {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
