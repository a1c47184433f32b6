/**
 * Mouse, finger and pen on the map: drag, pinch, wheel, tap. What they mean is the view's business.
 * @module
 */

/** A finger trembles: up to this many CSS pixels a press is a tap, beyond it a drag. */
const TREMBLE = 6;

/**
 * @typedef {object} Target
 * @property {(dx: number, dy: number) => void} panBy
 * @property {(factor: number, at: {x: number, y: number}) => void} zoomAt
 * @property {(at: {x: number, y: number}) => void} hover
 * @property {() => void} leave
 * @property {(at: {x: number, y: number}, touch: boolean) => void} tap
 */

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Target} target
 */
export function attachPointer(canvas, target) {
  /** @type {Map<number, {x: number, y: number}>} */
  const down = new Map();
  let travelled = 0;
  let spread = 0;

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button > 0) return;
    canvas.setPointerCapture(event.pointerId);
    if (down.size === 0) travelled = 0;
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
    down.set(event.pointerId, now);
    travelled += Math.abs(now.x - before.x) + Math.abs(now.y - before.y);
    if (travelled <= TREMBLE) return;
    canvas.classList.add("dragging");
    target.leave();
    if (down.size === 1) {
      target.panBy(now.x - before.x, now.y - before.y);
      return;
    }
    const [a, b] = [...down.values()];
    const distance = Math.hypot(a.x - b.x, a.y - b.y);
    // Each of the two fingers moves the middle by half of its own way.
    target.panBy((now.x - before.x) / 2, (now.y - before.y) / 2);
    if (spread) target.zoomAt(distance / spread, { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
    spread = distance;
  });

  /** @param {PointerEvent} event */
  const up = (event) => {
    if (!down.delete(event.pointerId)) return;
    spread = 0;
    if (down.size) return;
    canvas.classList.remove("dragging");
    if (event.type === "pointerup" && travelled <= TREMBLE) target.tap(at(event), event.pointerType === "touch");
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

/** @param {PointerEvent | WheelEvent} event */
function at(event) {
  return { x: event.offsetX, y: event.offsetY };
}
