/**
 * The seat map as a canvas to paint prices on: the engine of the seats page, with sections in the colour of their price instead of what is left of them.
 * @module
 */

import { inkOn } from "../../seat-map/palette.js";
import { CanvasRenderer } from "../../seat-map/renderer.js";
import { tracePolygon } from "../../seat-map/shapes.js";
import { createState, STATUSES } from "../../seat-map/state.js";
import { Tally } from "../../seat-map/tally.js";
import { SeatMapView } from "../../seat-map/view.js";

/** @typedef {import("../../seat-map/plan.js").Plan} Plan */

const AVAILABLE = STATUSES.indexOf("available");
/** Drawn as an empty outline, as the swatch of no price is. */
const EMPTY = STATUSES.indexOf("held");
const MIXED_SHARE = 0.45;

export class PaintMap extends SeatMapView {
  /**
   * @param {HTMLElement} host
   * @param {Plan} room stays as it is; what is painted is a copy
   * @param {{onSeat: (place: number) => void, onSection: (section: number) => void, nameOfSeat: (place: number) => string, linesOfSection: (section: number) => string[],
   *   onPoint: (place: number) => void, onFloor: (id: string) => void, insets: import("../../seat-map/camera.js").Insets}} options
   */
  constructor(host, room, options) {
    const plan = { ...room, category: room.category.slice() };
    super(host, plan, {
      onPick: options.onSeat,
      onPickSection: options.onSection,
      onPoint: options.onPoint,
      onFloor: options.onFloor,
      nameOfSeat: options.nameOfSeat,
      linesOfSection: options.linesOfSection,
      insets: options.insets,
    });
    this.onSection = options.onSection;
    this.renderer = new PaintRenderer(this.canvas);
    this.renderer.setPlan(plan, this.floor);
    this.renderer.setStatus(this.status.looks, null);
  }

  /**
   * Shows who is painted how.
   * @param {readonly {key: string, name: string, tier: number}[]} bands
   * @param {Int16Array} places the band of each, negative for none
   */
  repaint(bands, places) {
    const { plan, status } = this;
    plan.categories = bands.length ? [...bands] : [{ key: "", name: "", tier: 1 }];
    const state = createState({ firstSeatId: 0, count: plan.count });
    for (let place = 0; place < plan.count; place++) {
      plan.category[place] = Math.max(0, places[place]);
      state.status[place] = places[place] < 0 ? EMPTY : AVAILABLE;
    }
    status.looks.set(state.status);
    status.before.set(state.status);
    status.loaded = true;
    status.tally = new Tally(plan);
    status.tally.count(status.looks);
    status.lines.clear();
    this.renderer.setStatus(status.looks, null);
    this.walker.mirror.renew();
    this.show({ ...state, loaded: true });
  }

  /** From afar, a section that is pressed is painted; to come closer there are wheel, fingers and buttons. @param {number} section */
  enter(section) {
    this.leave();
    this.onSection(section);
  }
}

class PaintRenderer extends CanvasRenderer {
  /** @param {import("../../seat-map/lettering.js").Frame} frame @param {import("../../seat-map/floors.js").Area} area */
  paintShape(frame, area) {
    this.painted.shapes++;
    const { context, ratio, palette } = frame;
    const { free, total, categories } = this.scene.status.leftOf(area.section);
    const tier = categories.length ? this.plan.categories[categories[0]].tier - 1 : -1;
    const whole = categories.length === 1 && free === this.sizeOf(area.section);
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
    if (!total || tier < 0) return palette.muted;
    return whole ? inkOn(palette.tiers[tier]) : palette.ink;
  }

  /** @param {number} section */
  sizeOf(section) {
    const { start, end } = this.plan.sections[section];
    return end - start;
  }
}
