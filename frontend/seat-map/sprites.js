/**
 * Small pictures of one seat, drawn once per size and look and then stamped thousands of times.
 * The shape tells the state and the colour only the price, so the map can be read without colour.
 * @module
 */

import { Look } from "./state.js";

/** @typedef {import("./palette.js").Palette} Palette */

/** Half a seat's width, in pitches: the rest is the gap to its neighbour. */
export const RADIUS = 0.41;
/** Room around a seat for the ring of one's own, in pitches. */
const MARGIN = 0.62;
const DIMMED = 0.2;
const KEPT_SIZES = 12;
/** A seat with a ring around, and the soft edge of its pixels, in pitches. */
const ERASED = 0.53;

/** Two strokes of a wheelchair on a 24 × 24 grid. */
const WHEELCHAIR = "M11 4.6a.6.6 0 1 0 0-1.2a.6.6 0 1 0 0 1.2M11 7.5v6h5l2.6 5M8.4 11a5 5 0 1 0 6.2 6.6";

/**
 * A seat: a square with a rounder bottom, which reads as a chair from 6 px on.
 * @param {CanvasRenderingContext2D} context
 * @param {number} radius
 */
export function seatPath(context, radius) {
  context.beginPath();
  context.roundRect(-radius, -radius, 2 * radius, 2 * radius, [radius * 0.5, radius * 0.5, radius * 0.85, radius * 0.85]);
}

export class Sprites {
  /** @param {Palette} palette */
  constructor(palette) {
    this.palette = palette;
    /** @type {Map<number, Map<number, HTMLCanvasElement>>} */
    this.sizes = new Map();
  }

  /**
   * @param {number} pitch device pixels between neighbours
   * @param {number} look
   * @param {number} tier 1–5
   * @param {boolean} dimmed by the price filter
   * @param {boolean} [cut] a seat with a restricted view lacks a corner
   * @returns {HTMLCanvasElement} square, with the seat in its middle
   */
  get(pitch, look, tier, dimmed, cut = false) {
    const size = this.sizeOf(pitch);
    const key = ((look * 8 + tier) * 2 + Number(dimmed)) * 2 + Number(cut);
    let sprite = size.get(key);
    if (!sprite) {
      const { canvas, context } = blank(pitch);
      context.globalAlpha = dimmed ? DIMMED : 1;
      this.paint(context, pitch * RADIUS, look, tier);
      if (cut && look === Look.AVAILABLE) cutCorner(context, pitch * RADIUS);
      size.set(key, (sprite = canvas));
    }
    return sprite;
  }

  /**
   * Covers a seat with its ring: stamped as a hole, it takes the seat out of a picture.
   * @param {number} pitch
   */
  eraser(pitch) {
    const size = this.sizeOf(pitch);
    let sprite = size.get(ERASER);
    if (!sprite) {
      const { canvas, context } = blank(pitch);
      seatPath(context, pitch * ERASED);
      context.fill();
      size.set(ERASER, (sprite = canvas));
    }
    return sprite;
  }

  /** The sprites of one size; the sizes of long ago are forgotten. @param {number} pitch */
  sizeOf(pitch) {
    let size = this.sizes.get(pitch);
    if (!size) {
      if (this.sizes.size >= KEPT_SIZES) this.sizes.delete(this.sizes.keys().next().value ?? 0);
      this.sizes.set(pitch, (size = new Map()));
    }
    return size;
  }

  /** @param {CanvasRenderingContext2D} context @param {number} radius @param {number} look @param {number} tier */
  paint(context, radius, look, tier) {
    const { tiers, booked, held, ink, ground } = this.palette;
    switch (look) {
      case Look.AVAILABLE:
        context.fillStyle = tiers[tier - 1];
        seatPath(context, radius);
        context.fill();
        break;
      case Look.BOOKED:
        context.fillStyle = booked;
        seatPath(context, radius * 0.55);
        context.fill();
        break;
      case Look.HELD:
        context.strokeStyle = held;
        context.lineWidth = Math.max(1, radius * 0.18);
        if (radius > 4) context.setLineDash([radius * 0.5, radius * 0.35]);
        seatPath(context, radius * 0.82);
        context.stroke();
        break;
      case Look.CHOSEN:
      case Look.MINE:
        context.fillStyle = context.strokeStyle = ink;
        seatPath(context, radius * 0.92);
        context.fill();
        context.lineWidth = Math.max(1, radius * 0.14);
        // Within the seat's own place, so that the rings of neighbours do not cross.
        seatPath(context, radius * 1.15);
        context.stroke();
        context.strokeStyle = ground;
        context.lineWidth = Math.max(1.2, radius * 0.24);
        context.lineCap = context.lineJoin = "round";
        context.beginPath();
        context.moveTo(-radius * 0.42, radius * 0.02);
        context.lineTo(-radius * 0.1, radius * 0.34);
        context.lineTo(radius * 0.46, -radius * 0.34);
        context.stroke();
        break;
      case Look.PENDING:
        context.strokeStyle = ink;
        context.lineWidth = Math.max(1, radius * 0.2);
        seatPath(context, radius * 0.92);
        context.stroke();
        break;
      default:
        // Blocked: a bare dot, so that the hall keeps its shape.
        context.fillStyle = booked;
        context.beginPath();
        context.arc(0, 0, Math.max(0.6, radius * 0.16), 0, 7);
        context.fill();
    }
  }
}

/** Beside the keys of looks. */
const ERASER = -1;

/** A canvas with room for a seat and its ring, its origin in the middle. @param {number} pitch */
function blank(pitch) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = Math.max(2, Math.ceil(pitch * MARGIN * 2));
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.translate(canvas.width / 2, canvas.height / 2);
  return { canvas, context };
}

/** @param {CanvasRenderingContext2D} context @param {number} radius */
function cutCorner(context, radius) {
  context.globalCompositeOperation = "destination-out";
  context.globalAlpha = 1;
  context.beginPath();
  context.moveTo(radius * 0.15, -radius * 1.1);
  context.lineTo(radius * 1.1, -radius * 1.1);
  context.lineTo(radius * 1.1, -radius * 0.15);
  context.closePath();
  context.fill();
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {number} x
 * @param {number} y
 * @param {number} size
 * @param {string} colour
 */
export function drawWheelchair(context, x, y, size, colour) {
  context.save();
  context.translate(x - size / 2, y - size / 2);
  context.scale(size / 24, size / 24);
  context.strokeStyle = colour;
  context.lineWidth = 2.4;
  context.lineCap = context.lineJoin = "round";
  context.stroke(new Path2D(WHEELCHAIR));
  context.restore();
}
