/**
 * What lies under a pointer. A part of its own, since the map needs it at once, and where keys lead only when somebody walks.
 * @module
 */

import { contains } from "./outline.js";

/** @typedef {import("./plan.js").Plan} Plan */
/** @typedef {import("./floors.js").Floor} Floor */

/**
 * The seat nearest to a point, within a radius; −1 when there is none. A table that is sold whole is met anywhere on it. Only sections near the
 * point are looked through.
 * @param {Plan} plan
 * @param {Floor} floor
 * @param {number} px
 * @param {number} py
 * @param {number} radius in seat pitches
 */
export function seatAt(plan, floor, px, py, radius) {
  const { x, y } = plan;
  let best = -1;
  let bestDistance = radius;
  for (const { section, bounds } of floor.areas) {
    if (plan.sections[section].kind === "standing") continue;
    if (px < bounds.left - radius || px > bounds.right + radius || py < bounds.top - radius || py > bounds.bottom + radius) continue;
    for (let index = plan.sections[section].start; index < plan.sections[section].end; index++) {
      const distance = Math.hypot(x[index] - px, y[index] - py) - (floor.whole.get(index)?.reach ?? 0);
      if (distance < bestDistance) {
        bestDistance = distance;
        best = index;
      }
    }
  }
  return best;
}

/**
 * The section whose outline holds a point, or −1. Of several (a box inside the stalls) the smallest.
 * @param {Floor} floor
 * @param {number} px
 * @param {number} py
 * @param {(section: number) => boolean} [wanted]
 */
export function sectionAt(floor, px, py, wanted = () => true) {
  let best = -1;
  let smallest = Infinity;
  for (const { section, outline, bounds } of floor.areas) {
    if (px < bounds.left || px > bounds.right || py < bounds.top || py > bounds.bottom || !wanted(section)) continue;
    const size = (bounds.right - bounds.left) * (bounds.bottom - bounds.top);
    if (size < smallest && contains(outline, px, py)) {
      smallest = size;
      best = section;
    }
  }
  return best;
}
