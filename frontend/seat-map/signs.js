/**
 * What is drawn over seats and sections to point at them, or because something happens to them.
 * @module
 */

import { tracePolygon } from "./shapes.js";
import { RADIUS, seatPath } from "./sprites.js";

/** @typedef {import("./lettering.js").Frame} Frame */
/** @typedef {import("./floors.js").Area} Area */
/** @typedef {{x: number, y: number, drawn?: import("./floors.js").DrawnTable}} Spot a seat, or a table that is sold whole */

/** The edge of a seat or whole table, `apart` CSS pixels further out. @param {Frame} frame @param {Spot} spot @param {number} apart */
function traceSpot({ context, pitch, originX, originY, ratio }, { x, y, drawn }, apart) {
  context.setTransform(1, 0, 0, 1, x * pitch + originX, y * pitch + originY);
  if (drawn) {
    context.beginPath();
    context.arc(0, 0, drawn.reach * pitch + apart * ratio, 0, 2 * Math.PI);
  } else seatPath(context, pitch * RADIUS + apart * ratio);
  context.setTransform(1, 0, 0, 1, 0, 0);
}

/**
 * A ring around a seat, on a seam of the ground's colour so that it stands out from every neighbour.
 * @param {Frame} frame
 * @param {Spot} spot
 * @param {string} colour
 * @param {number} width CSS pixels
 */
export function paintRing(frame, spot, colour, width) {
  const { context, ratio, palette } = frame;
  traceSpot(frame, spot, 4);
  for (const [stroke, lineWidth] of /** @type {[string, number][]} */ ([[palette.ground, width + 3], [colour, width]])) {
    context.strokeStyle = stroke;
    context.lineWidth = lineWidth * ratio;
    context.stroke();
  }
}

/** Seats that would be taken together: ringed closely, and darker. @param {Frame} frame @param {readonly Spot[]} spots */
export function paintBlock(frame, spots) {
  const { context, ratio, palette } = frame;
  context.strokeStyle = context.fillStyle = palette.ink;
  context.lineWidth = 2 * ratio;
  for (const spot of spots) {
    traceSpot(frame, spot, 1.5);
    context.globalAlpha = 0.2;
    context.fill();
    context.globalAlpha = 1;
    context.stroke();
  }
}

/** The same around an area. @param {Frame} frame @param {Area} area @param {string} colour @param {number} width CSS pixels */
export function paintAreaRing(frame, { outline }, colour, width) {
  const { context, ratio, palette } = frame;
  tracePolygon(frame, outline);
  context.lineJoin = "round";
  context.strokeStyle = palette.ground;
  context.lineWidth = (width + 4) * ratio;
  context.stroke();
  context.strokeStyle = colour;
  context.lineWidth = width * ratio;
  context.stroke();
}

/** Something changed there: a ring that grows and fades. @param {Frame} frame @param {Spot} spot @param {number} t 0 to 1 */
export function paintChange({ context, pitch, originX, originY, ratio, palette }, { x, y, drawn }, t) {
  context.globalAlpha = 1 - t;
  context.strokeStyle = palette.brand;
  context.lineWidth = 2 * ratio;
  context.beginPath();
  context.arc(x * pitch + originX, y * pitch + originY, pitch * (drawn?.reach ?? 0.45) + (2 + t * 10) * ratio, 0, 2 * Math.PI);
  context.stroke();
  context.globalAlpha = 1;
}

/**
 * My request is on its way: an arc that turns, or three dots where nothing may move.
 * @param {Frame} frame
 * @param {Spot} place
 * @param {number | null} now
 */
export function paintWaiting({ context, pitch, originX, originY, ratio, palette }, { x, y }, now) {
  const radius = Math.max(pitch * RADIUS, 4 * ratio) * 0.5;
  context.save();
  context.translate(x * pitch + originX, y * pitch + originY);
  context.strokeStyle = context.fillStyle = palette.ink;
  context.lineWidth = Math.max(1.5 * ratio, radius * 0.3);
  context.lineCap = "round";
  if (now === null) {
    for (const at of [-1, 0, 1]) context.fillRect((at * 0.9 - 0.25) * radius, -0.25 * radius, 0.5 * radius, 0.5 * radius);
  } else {
    const turn = (now / 900) * 2 * Math.PI;
    context.beginPath();
    context.arc(0, 0, radius, turn, turn + 4.2);
    context.stroke();
  }
  context.restore();
}

/**
 * A seat that I wanted went to somebody else: crossed out for a while.
 * @param {Frame} frame
 * @param {Spot} place
 * @param {number} strength it fades at the end
 */
export function paintLost({ context, pitch, originX, originY, ratio, palette }, { x, y }, strength) {
  const radius = Math.max(pitch * RADIUS, 5 * ratio);
  context.save();
  context.globalAlpha = strength;
  context.translate(x * pitch + originX, y * pitch + originY);
  context.lineCap = "round";
  for (const [colour, width] of /** @type {[string, number][]} */ ([[palette.ground, 5], [palette.bad, 2.5]])) {
    context.strokeStyle = colour;
    context.lineWidth = width * ratio;
    seatPath(context, radius * 1.1);
    context.stroke();
    context.beginPath();
    context.moveTo(-radius * 0.5, -radius * 0.5);
    context.lineTo(radius * 0.5, radius * 0.5);
    context.moveTo(radius * 0.5, -radius * 0.5);
    context.lineTo(-radius * 0.5, radius * 0.5);
    context.stroke();
  }
  context.restore();
}
