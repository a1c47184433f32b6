/**
 * Which seat an arrow key goes to. By place, not by number: rows curve, numbering jumps at aisles, and the way across a gap into the next block must work.
 * @module
 */

/** How much being off to the side counts against being near. */
const SIDEWAYS = 2.5;

/**
 * The nearest seat in a direction, or the same seat when there is none.
 * @param {import("./plan.js").Plan} plan
 * @param {number} from
 * @param {"left" | "right" | "up" | "down"} direction
 */
export function neighbour(plan, from, direction) {
  const horizontal = direction === "left" || direction === "right";
  const sign = direction === "right" || direction === "down" ? 1 : -1;
  const { x, y } = plan;
  let best = from;
  let bestCost = Infinity;
  for (let index = 0; index < plan.count; index++) {
    const dx = x[index] - x[from];
    const dy = y[index] - y[from];
    const ahead = sign * (horizontal ? dx : dy);
    const aside = Math.abs(horizontal ? dy : dx);
    if (ahead < 0.3 || aside > ahead * 1.5 + 0.5) continue;
    const cost = ahead + aside * SIDEWAYS;
    if (cost < bestCost) {
      bestCost = cost;
      best = index;
    }
  }
  return best;
}

/**
 * The seat nearest to a place, within a radius; −1 when there is none. A scan: 50,000 seats take a fraction of a millisecond.
 * @param {import("./plan.js").Plan} plan
 * @param {number} px
 * @param {number} py
 * @param {number} radius in seat pitches
 */
export function seatAt(plan, px, py, radius) {
  const { x, y } = plan;
  let best = -1;
  let bestDistance = radius * radius;
  for (let index = 0; index < plan.count; index++) {
    const dx = x[index] - px;
    const dy = y[index] - py;
    const distance = dx * dx + dy * dy;
    if (distance < bestDistance) {
      bestDistance = distance;
      best = index;
    }
  }
  return best;
}
