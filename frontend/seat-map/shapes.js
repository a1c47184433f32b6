/**
 * What is drawn as a whole: sections from afar, standing areas, tables with their chairs.
 * @module
 */

import { stepOf } from "./detail.js";
import { write } from "./lettering.js";
import { drawWheelchair } from "./sprites.js";
import { Look } from "./state.js";

/** @typedef {import("./lettering.js").Frame} Frame */
/** @typedef {import("./floors.js").Area} Area */

/** A section without any seat of the wanted prices. */
const FAINT = 0.3;
/** Half a chair at a table that is sold whole, in seat pitches. */
const CHAIR = 0.3;

/** @param {Frame} frame @param {import("./outline.js").Outline} outline */
export function tracePolygon({ context, pitch, originX, originY }, outline) {
  context.beginPath();
  for (const [x, y] of outline) context.lineTo(x * pitch + originX, y * pitch + originY);
  context.closePath();
}

/**
 * A section as a shape: the fuller the colour, the more is left.
 * @param {Frame} frame
 * @param {Area} area
 * @param {import("./tally.js").Left} left
 * @returns {string} the colour of what is written on it
 */
export function paintSection(frame, area, left) {
  const { context, ratio, palette } = frame;
  const step = stepOf(left.free, left.total);
  context.globalAlpha = left.total ? 1 : FAINT;
  tracePolygon(frame, area.outline);
  context.fillStyle = palette.shares[step];
  context.fill();
  // A seam, so that neighbours are told apart without their colours.
  context.lineJoin = "round";
  context.strokeStyle = palette.ground;
  context.lineWidth = 2 * ratio;
  context.stroke();
  context.globalAlpha = 1;
  return step ? palette.inkOnShare[step] : palette.muted;
}

/**
 * Places without numbers: an area in the faint colour of its price.
 * @param {Frame} frame
 * @param {Area} area
 * @param {import("./tally.js").Left} left
 * @param {number} tier
 * @returns {string} the colour of what is written on it
 */
export function paintStanding(frame, area, left, tier) {
  const { context, ratio, palette } = frame;
  context.globalAlpha = left.total ? 1 : FAINT;
  tracePolygon(frame, area.outline);
  context.fillStyle = left.free ? palette.softTiers[tier - 1] : palette.stage;
  context.fill();
  context.lineJoin = "round";
  context.lineWidth = (left.own ? 3 : 1.5) * ratio;
  context.strokeStyle = left.own ? palette.ink : left.free ? palette.tiers[tier - 1] : palette.booked;
  context.stroke();
  context.globalAlpha = 1;
  return left.free || left.own ? palette.ink : palette.muted;
}

/**
 * A table whose chairs are sold one by one: only the table, with its name; the chairs are seats.
 * @param {Frame} frame
 * @param {import("./floors.js").DrawnTable} drawn
 */
export function paintTable(frame, drawn) {
  const { context, palette, pitch } = frame;
  traceTable(frame, drawn, 0);
  context.fillStyle = palette.stage;
  context.fill();
  if (sizeOf(drawn) * pitch > 8 * frame.ratio) writeOnTable(frame, drawn, drawn.label, palette.muted, 0);
}

/**
 * A table that is sold whole: one thing, drawn like a seat with its state in the shape, and with as many chairs as persons.
 * @param {Frame} frame
 * @param {import("./floors.js").DrawnTable} drawn
 * @param {{look: number, tier: number, dimmed: boolean, wheelchair: boolean}} how
 */
export function paintWholeTable(frame, drawn, { look, tier, dimmed, wheelchair }) {
  const { context, palette, pitch, ratio } = frame;
  context.globalAlpha = dimmed ? 0.2 : 1;
  const free = look === Look.AVAILABLE;
  const own = look >= Look.CHOSEN && look !== Look.PENDING;
  const colour = free ? palette.tiers[tier - 1] : own ? palette.ink : palette.booked;
  context.fillStyle = colour;
  if (free || own) {
    traceChairs(frame, drawn);
    context.fill();
    traceTable(frame, drawn, 0);
    context.fill();
    if (own) {
      traceTable(frame, drawn, 0.16);
      context.strokeStyle = palette.ink;
      context.lineWidth = Math.max(ratio, pitch * 0.06);
      context.stroke();
    }
  } else if (look === Look.BOOKED) {
    traceTable(frame, drawn, -sizeOf(drawn) * 0.4);
    context.fill();
  } else if (look === Look.BLOCKED) {
    context.beginPath();
    context.arc(drawn.table.x * pitch + frame.originX, drawn.table.y * pitch + frame.originY, Math.max(ratio, pitch * 0.08), 0, 7);
    context.fill();
  } else {
    context.strokeStyle = look === Look.HELD ? palette.held : palette.ink;
    context.lineWidth = Math.max(ratio, pitch * 0.08);
    if (look === Look.HELD) context.setLineDash([pitch * 0.22, pitch * 0.16]);
    traceTable(frame, drawn, 0);
    context.stroke();
    context.setLineDash([]);
  }
  if (sizeOf(drawn) * pitch > 8 * ratio && !dimmed && look !== Look.BOOKED && look !== Look.BLOCKED) {
    const ink = free ? palette.inkOnTier[tier - 1] : own ? palette.ground : palette.muted;
    const roomy = sizeOf(drawn) * pitch > 15 * ratio;
    if (own) writeOnTable(frame, drawn, `✓ ${drawn.label}`, ink, 0);
    else writeOnTable(frame, drawn, drawn.label, ink, roomy ? -0.55 : 0);
    if (!own && roomy && wheelchair) {
      drawWheelchair(context, drawn.table.x * pitch + frame.originX, drawn.table.y * pitch + frame.originY + 8 * ratio, 13 * ratio, ink);
    } else if (!own && roomy) writeOnTable(frame, drawn, `×${drawn.table.persons}`, ink, 0.55);
  }
  context.globalAlpha = 1;
}

/** The table's edge, `grown` pitches further out. @param {Frame} frame @param {import("./floors.js").DrawnTable} drawn @param {number} grown */
function traceTable({ context, pitch, originX, originY }, { table }, grown) {
  const x = table.x * pitch + originX;
  const y = table.y * pitch + originY;
  context.beginPath();
  if (table.shape === "round") {
    context.arc(x, y, Math.max(0.5, (table.r + grown) * pitch), 0, 2 * Math.PI);
    return;
  }
  const [halfWidth, halfHeight] = [table.w / 2 + grown, table.h / 2 + grown];
  for (const [sideX, sideY] of [[-1, -1], [1, -1], [1, 1], [-1, 1]]) {
    const [px, py] = [sideX * halfWidth, sideY * halfHeight];
    context.lineTo(x + (px * Math.cos(table.rot) - py * Math.sin(table.rot)) * pitch, y + (px * Math.sin(table.rot) + py * Math.cos(table.rot)) * pitch);
  }
  context.closePath();
}

/** @param {Frame} frame @param {import("./floors.js").DrawnTable} drawn */
function traceChairs({ context, pitch, originX, originY }, { chairs }) {
  context.beginPath();
  for (const [x, y] of chairs) {
    context.moveTo(x * pitch + originX + CHAIR * pitch, y * pitch + originY);
    context.arc(x * pitch + originX, y * pitch + originY, CHAIR * pitch, 0, 2 * Math.PI);
  }
}

/** Half its smaller side. @param {import("./floors.js").DrawnTable} drawn */
function sizeOf({ table }) {
  return table.shape === "round" ? table.r : Math.min(table.w, table.h) / 2;
}

/** @param {Frame} frame @param {import("./floors.js").DrawnTable} drawn @param {string} text @param {string} colour @param {number} line lines below the middle */
function writeOnTable(frame, drawn, text, colour, line) {
  const { context, pitch, originX, originY, ratio } = frame;
  const size = Math.min(14 * ratio, sizeOf(drawn) * pitch * 0.7);
  write(context, text, drawn.table.x * pitch + originX, drawn.table.y * pitch + originY + line * size * 1.1, size, colour, 650);
}
