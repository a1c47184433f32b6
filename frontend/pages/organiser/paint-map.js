/**
 * The seat map as a canvas to paint prices on: sections in the colour of their price instead of what is left of them.
 * @module
 */

import { inkOn } from "../../seat-map/palette.js";
import { tracePolygon } from "../../seat-map/shapes.js";
import { createState, STATUSES } from "../../seat-map/state.js";
import { SeatMapView } from "../../seat-map/view.js";

/** @typedef {import("../../seat-map/plan.js").Plan} Plan */

const AVAILABLE = STATUSES.indexOf("available");
/** Drawn as an empty outline, as the swatch of no price is. */
const EMPTY = STATUSES.indexOf("held");
const MIXED_SHARE = 0.45;
/** What the places of a room without any band are drawn in: nothing of it shows. */
const NO_BANDS = [{ key: "", name: "", tier: 1 }];

export class PaintMap extends SeatMapView {
  /**
   * @param {HTMLElement} host
   * @param {Plan} room stays as it is; what is painted is a copy
   * @param {{onSeat: (place: number) => void, onSection: (section: number) => void, nameOfSeat: (place: number) => string, linesOfSection: (section: number) => string[],
   *   onPoint: (place: number) => void, onFloor: (id: string) => void, insets: import("../../seat-map/camera.js").Insets}} options
   */
  constructor(host, room, { onSeat, onSection, ...options }) {
    const plan = { ...room, category: room.category.slice() };
    super(host, plan, {
      ...options,
      onPick: onSeat,
      onPickSection: onSection,
      // To come closer there are wheel, fingers and buttons.
      onEnter: onSection,
      paintSection: (frame, area, left) => paintPriced(plan, frame, area, left),
    });
  }

  /**
   * Shows who is painted how.
   * @param {readonly {key: string, name: string, tier: number}[]} bands
   * @param {Int16Array} places the band of each, negative for none
   */
  repaint(bands, places) {
    const state = createState({ firstSeatId: 0, count: places.length });
    for (const [place, band] of places.entries()) state.status[place] = band < 0 ? EMPTY : AVAILABLE;
    this.reprice(bands.length ? [...bands] : NO_BANDS, places.map((band) => Math.max(0, band)), { ...state, loaded: true });
  }
}

/**
 * @param {Plan} plan
 * @param {import("../../seat-map/lettering.js").Frame} frame
 * @param {import("../../seat-map/floors.js").Area} area
 * @param {import("../../seat-map/tally.js").Left} left
 */
function paintPriced(plan, frame, area, { free, categories }) {
  const { context, ratio, palette } = frame;
  const { start, end } = plan.sections[area.section];
  const tier = categories.length ? plan.categories[categories[0]].tier - 1 : -1;
  const whole = categories.length === 1 && free === end - start;
  tracePolygon(frame, area.outline);
  context.fillStyle = tier < 0 ? palette.stage : palette.tiers[tier];
  // A section of several prices is the first of them, paler.
  context.globalAlpha = whole || tier < 0 ? 1 : MIXED_SHARE;
  context.fill();
  context.globalAlpha = 1;
  context.lineJoin = "round";
  context.strokeStyle = palette.ground;
  context.lineWidth = 2 * ratio;
  context.stroke();
  if (tier < 0) return palette.muted;
  return whole ? inkOn(palette.tiers[tier]) : palette.ink;
}
