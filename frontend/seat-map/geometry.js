/**
 * Where the places of a row or table stand. The formulae are those of docs/seat-plans.md and of the services (`shared/contracts/seat_plan`).
 * @module
 */

/** From the edge of a table to the middle of who sits at it, in seat widths. */
const TABLE_REACH = 0.5;

/** @typedef {(x: number, y: number) => void} Put takes the places in their order */

/**
 * @param {any} row of a plan document
 * @param {Put} put
 */
export function rowPoints({ n, geo, gaps = [] }, put) {
  if (geo.pts) {
    surveyed(n, geo.pts, put);
    return;
  }
  let step = 0;
  let gap = 0;
  for (let seat = 0; seat < n; seat++) {
    if (geo.line) {
      const [x, y, dx, dy] = geo.line;
      put(x + step * dx, y + step * dy);
    } else {
      const [cx, cy, r, first, da] = geo.arc;
      const angle = first + step * da;
      put(cx + r * Math.sin(angle), cy + r * Math.cos(angle));
    }
    step += 1;
    if (gap < gaps.length && gaps[gap][0] === seat) step += gaps[gap++][1];
  }
}

/** @param {number} n @param {{x: number[], y: number[], unit?: number}} points delta coded @param {Put} put */
function surveyed(n, { x, y, unit = 0.1 }, put) {
  const perUnit = Math.round(1 / unit);
  let px = 0;
  let py = 0;
  for (let seat = 0; seat < n; seat++) {
    px += x[seat];
    py += y[seat];
    put(px / perUnit, py / perUnit);
  }
}

/**
 * Clockwise as drawn, from the side of the stage; a table sold whole is one place in its middle.
 * @param {any} table of a plan document
 * @param {Put} put
 */
export function tablePoints({ shape, x, y, r, w, h, rot = 0, n, book }, put) {
  if (book === "whole") {
    put(x, y);
    return;
  }
  for (let place = 0; place < n; place++) {
    if (shape === "round") {
      const angle = rot + (2 * Math.PI * (place + 0.5)) / n;
      put(x + (r + TABLE_REACH) * Math.sin(angle), y - (r + TABLE_REACH) * Math.cos(angle));
    } else {
      const [px, py] = onRectangle(((place + 0.5) * 2 * (w + h)) / n, w, h);
      put(x + px * Math.cos(rot) - py * Math.sin(rot), y + px * Math.sin(rot) + py * Math.cos(rot));
    }
  }
}

/**
 * The place `way` along the table's edge, clockwise from the corner at the top left, seen from its middle.
 * @param {number} way @param {number} w @param {number} h @returns {[number, number]}
 */
function onRectangle(way, w, h) {
  if (way < w) return [way - w / 2, -h / 2 - TABLE_REACH];
  if (way < w + h) return [w / 2 + TABLE_REACH, way - w - h / 2];
  if (way < 2 * w + h) return [w / 2 - (way - w - h), h / 2 + TABLE_REACH];
  return [-w / 2 - TABLE_REACH, h / 2 - (way - 2 * w - h)];
}
