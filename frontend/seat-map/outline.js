/**
 * Polygons: whether a point lies inside, where the middle is, how much room there is for a line of text. Pure.
 * @module
 */

/** @typedef {readonly (readonly [number, number])[]} Outline corners in order; the last joins the first */
/** @typedef {import("./plan.js").Bounds} Bounds */

/**
 * @param {Outline} outline
 * @param {number} x
 * @param {number} y
 */
export function contains(outline, x, y) {
  let inside = false;
  for (let corner = 0, before = outline.length - 1; corner < outline.length; before = corner++) {
    const [ax, ay] = outline[corner];
    const [bx, by] = outline[before];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
  }
  return inside;
}

/**
 * The centre of its area. A bent outline's may lie outside of it; then the middle of the widest line through its half height is taken.
 * @param {Outline} outline
 * @returns {{x: number, y: number}}
 */
export function middleOf(outline) {
  let area = 0;
  let x = 0;
  let y = 0;
  for (let corner = 0, before = outline.length - 1; corner < outline.length; before = corner++) {
    const [ax, ay] = outline[before];
    const [bx, by] = outline[corner];
    const cross = ax * by - bx * ay;
    area += cross;
    x += (ax + bx) * cross;
    y += (ay + by) * cross;
  }
  const { left, top, right, bottom } = boundsOf(outline);
  const centre = area ? { x: x / (3 * area), y: y / (3 * area) } : { x: (left + right) / 2, y: (top + bottom) / 2 };
  if (contains(outline, centre.x, centre.y)) return centre;
  const spans = spansAt(outline, (top + bottom) / 2);
  const widest = spans.sort((a, b) => b[1] - b[0] - (a[1] - a[0]))[0];
  return widest ? { x: (widest[0] + widest[1]) / 2, y: (top + bottom) / 2 } : centre;
}

/**
 * How much of a horizontal strip through a point lies inside, centred on the point: the longest line of text that fits there.
 * @param {Outline} outline
 * @param {{x: number, y: number}} middle
 * @param {number} height of the strip
 */
export function roomAt(outline, middle, height) {
  let half = Infinity;
  for (const y of [middle.y - height / 2, middle.y, middle.y + height / 2]) {
    const span = spansAt(outline, y).find(([left, right]) => left <= middle.x && middle.x <= right);
    if (!span) return 0;
    half = Math.min(half, middle.x - span[0], span[1] - middle.x);
  }
  return half * 2;
}

/**
 * The parts of a horizontal line that lie inside, from left to right.
 * @param {Outline} outline
 * @param {number} y
 * @returns {[number, number][]}
 */
function spansAt(outline, y) {
  /** @type {number[]} */
  const crossings = [];
  for (let corner = 0, before = outline.length - 1; corner < outline.length; before = corner++) {
    const [ax, ay] = outline[corner];
    const [bx, by] = outline[before];
    if (ay > y !== by > y) crossings.push(((bx - ax) * (y - ay)) / (by - ay) + ax);
  }
  crossings.sort((a, b) => a - b);
  /** @type {[number, number][]} */
  const spans = [];
  for (let nth = 0; nth + 1 < crossings.length; nth += 2) spans.push([crossings[nth], crossings[nth + 1]]);
  return spans;
}

/** @param {Outline} outline @returns {Bounds} */
function boundsOf(outline) {
  const bounds = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (const [x, y] of outline) {
    bounds.left = Math.min(bounds.left, x);
    bounds.top = Math.min(bounds.top, y);
    bounds.right = Math.max(bounds.right, x);
    bounds.bottom = Math.max(bounds.bottom, y);
  }
  return bounds;
}
