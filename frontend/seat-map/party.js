/**
 * Which seats one tap takes for a party of N, and which seats that would leave alone. Pure functions over plan and state.
 *
 * Who sits beside whom comes from the plan's runs, never from printed numbers: odd and even may lie on different sides, and an aisle may lie between 8 and 9.
 * @module
 */

import { Look, giveUp, lookOf, toggle } from "./state.js";

/** @typedef {import("./plan.js").Plan} Plan */
/** @typedef {import("./state.js").SeatState} SeatState */
/** @typedef {{places: number[], round: boolean}} Stretch free neighbours in order; `round` when they close a circle (a table without anybody at it) */
/** @typedef {{indices: number[], together: boolean}} Block */

export const WHEELCHAIR = "wheelchair space";
export const COMPANION = "companion seat";

/**
 * What a tap does.
 *
 * A tap on a chosen seat gives it up. While a choice is short of the party, a tap adds one seat. Otherwise it takes the whole party around the seat tapped, in
 * place of what was chosen; a party of one, or `single`, goes seat by seat.
 * @param {Plan} plan
 * @param {SeatState} state
 * @param {number} index
 * @param {{size: number, single?: boolean}} party
 * @returns {{state: SeatState, outcome: "chosen" | "given up" | "too many" | "taken" | "mine" | "pending", together: boolean}}
 */
export function pick(plan, state, index, { size, single = false }) {
  const short = state.chosen.length > 0 && state.chosen.length < size;
  if (single || size === 1 || short || plan.persons.has(index) || lookOf(state, index) !== Look.AVAILABLE) {
    const moves = plan.persons.has(index) && !single && size > 1 && lookOf(state, index) === Look.AVAILABLE;
    return { ...toggle(moves ? choose(state, []) : state, index), together: true };
  }
  const { indices, together } = blockAt(plan, state, index, size);
  return { state: choose(state, indices), outcome: "chosen", together };
}

/**
 * The choice for a party that has grown or shrunk: around the same seats where that is possible, otherwise unchanged.
 * @param {Plan} plan
 * @param {SeatState} state
 * @param {number} size
 * @returns {SeatState}
 */
export function resize(plan, state, size) {
  const { chosen } = state;
  if (!chosen.length || chosen.length === size || chosen.some((index) => plan.persons.has(index)) || !areTogether(plan, chosen)) return state;
  const inOrder = stretchAt(plan, (index) => chosen.includes(index), chosen[0]).places;
  if (size < chosen.length) return giveUp(state, inOrder.slice(size));
  const { indices, together } = blockAt(plan, state, inOrder[chosen.length >> 1], size);
  return together ? choose(state, indices) : state;
}

/**
 * The best block of `size` seats that contains the seat: neighbours of one price that leave nobody alone, the seat in their middle. Where no stretch of free
 * seats is long enough: the whole stretch, and the nearest others.
 *
 * Wheelchair spaces and companion seats are left alone unless one of them is asked for; a wheelchair space brings its companion.
 * @param {Plan} plan
 * @param {SeatState} state
 * @param {number} index a free or chosen seat
 * @param {number} size
 * @returns {Block}
 */
export function blockAt(plan, state, index, size) {
  const free = freeFor(plan, state, index);
  const stretch = stretchAt(plan, free, index);
  const best = bestWindow(plan, stretch, size, index);
  if (best) return { indices: best, together: true };

  const found = centred(stretch.places, index, size);
  while (found.length < size) {
    const rest = nextNearest(plan, (other) => free(other) && !found.includes(other), found, size - found.length);
    if (!rest.length) break;
    found.push(...rest);
  }
  return { indices: found, together: false };
}

/**
 * The nearest block of as many seats together, of the same price where possible, for seats that went to somebody else; null when there is none.
 * @param {Plan} plan
 * @param {SeatState} state
 * @param {readonly number[]} wanted
 * @returns {number[] | null}
 */
export function replacement(plan, state, wanted) {
  const category = plan.category[wanted[0]];
  const free = freeFor(plan, state, wanted[0]);
  const same = nearestBlock(plan, (index) => free(index) && plan.category[index] === category, wanted, wanted.length);
  return same ?? nearestBlock(plan, free, wanted, wanted.length);
}

/**
 * The single free seats that these seats leave behind, where another choice in the same stretch would not. Empty when it cannot be helped: somebody has to sit
 * beside the last seat.
 * @param {Plan} plan
 * @param {SeatState} state
 * @param {readonly number[]} indices
 * @returns {number[]}
 */
export function leftAlone(plan, state, indices) {
  const before = (/** @type {number} */ index) => isFree(state, index) || indices.includes(index);
  const after = (/** @type {number} */ index) => isFree(state, index) && !indices.includes(index);
  /** @type {Set<number>} */
  const alone = new Set();
  for (const index of indices) {
    const stretch = stretchAt(plan, before, index);
    const taken = stretch.places.filter((place) => indices.includes(place)).length;
    if (stretch.places.length - taken === 1) continue;
    for (const place of stretch.places) if (after(place) && stretchAt(plan, after, place).places.length === 1) alone.add(place);
  }
  return [...alone].sort((a, b) => a - b);
}

/**
 * The same number of seats in the same stretch without leaving anybody alone, nearest to what was chosen; null when there is none.
 * @param {Plan} plan
 * @param {SeatState} state
 * @param {readonly number[]} indices
 * @returns {number[] | null}
 */
export function tidier(plan, state, indices) {
  if (!areTogether(plan, indices)) return null;
  const middle = [...indices].sort((a, b) => a - b)[indices.length >> 1];
  const stretch = stretchAt(plan, (index) => isFree(state, index) || indices.includes(index), middle);
  const neat = windows(stretch, indices.length).filter((window) => !singles(stretch, window) && prices(plan, window) <= prices(plan, indices));
  const shift = (/** @type {number[]} */ window) => Math.abs(stretch.places.indexOf(window[0]) - stretch.places.findIndex((place) => indices.includes(place)));
  return neat.sort((a, b) => shift(a) - shift(b))[0] ?? null;
}

/**
 * Whether all these seats are neighbours in a chain.
 * @param {Plan} plan
 * @param {readonly number[]} indices
 */
export function areTogether(plan, indices) {
  return indices.length > 0 && stretchAt(plan, (index) => indices.includes(index), indices[0]).places.length === indices.length;
}

/** @param {SeatState} state @param {readonly number[]} indices @returns {SeatState} */
export function choose(state, indices) {
  return { ...state, chosen: indices };
}

/** @param {SeatState} state @param {number} index */
function isFree(state, index) {
  const look = lookOf(state, index);
  return look === Look.AVAILABLE || look === Look.CHOSEN;
}

/**
 * What counts as free when this seat is tapped.
 * @param {Plan} plan
 * @param {SeatState} state
 * @param {number} tapped
 * @returns {(index: number) => boolean}
 */
function freeFor(plan, state, tapped) {
  const wanted = new Set(plan.flags.get(tapped));
  const companionToo = wanted.has(COMPANION) || wanted.has(WHEELCHAIR);
  return (index) => {
    if (!isFree(state, index)) return false;
    const flags = plan.flags.get(index);
    if (!flags || index === tapped || plan.pairs.get(tapped) === index) return true;
    return !(flags.includes(WHEELCHAIR) && !wanted.has(WHEELCHAIR)) && !(flags.includes(COMPANION) && !companionToo);
  };
}

/** @param {Plan} plan @param {(index: number) => boolean} free @param {number} index @returns {Stretch} */
function stretchAt(plan, free, index) {
  const run = plan.runs[plan.run[index]];
  if (!run) return { places: [index], round: false };
  const length = run.end - run.start;
  const step = (/** @type {number} */ by) => {
    const at = index - run.start + by;
    return run.cyclic ? run.start + (((at % length) + length) % length) : at >= 0 && at < length ? run.start + at : -1;
  };
  const places = [index];
  for (let by = 1; places.length < length && step(by) >= 0 && free(step(by)); by++) places.push(step(by));
  for (let by = -1; places.length < length && step(by) >= 0 && free(step(by)); by--) places.unshift(step(by));
  return { places, round: run.cyclic && places.length === length };
}

/** Every block of `size` in a stretch. @param {Stretch} stretch @param {number} size @returns {number[][]} */
function windows({ places, round }, size) {
  if (size > places.length) return [];
  if (round && size < places.length) return places.map((_, start) => [...places, ...places].slice(start, start + size));
  return Array.from({ length: places.length - size + 1 }, (_, start) => places.slice(start, start + size));
}

/** How many seats a block leaves alone in its stretch. @param {Stretch} stretch @param {number[]} window */
function singles({ places, round }, window) {
  if (round) return Number(places.length - window.length === 1);
  const before = places.indexOf(window[0]);
  return Number(before === 1) + Number(places.length - window.length - before === 1);
}

/** @param {Plan} plan @param {readonly number[]} indices */
function prices(plan, indices) {
  return new Set(indices.map((index) => plan.category[index])).size;
}

/** @param {Plan} plan @param {Stretch} stretch @param {number} size @param {number} index @returns {number[] | null} */
function bestWindow(plan, stretch, size, index) {
  const pair = plan.flags.get(index)?.includes(WHEELCHAIR) ? plan.pairs.get(index) : undefined;
  const cost = (/** @type {number[]} */ window) => [
    pair === undefined || window.includes(pair) ? 0 : 1,
    prices(plan, window),
    singles(stretch, window),
    Math.abs(window.indexOf(index) - (size - 1) / 2),
    distance(plan, window, plan.focal),
  ];
  /** @type {{window: number[], costs: number[]} | null} */
  let best = null;
  for (const window of windows(stretch, size)) {
    if (!window.includes(index)) continue;
    const costs = cost(window);
    if (!best || isLess(costs, best.costs)) best = { window, costs };
  }
  return best && best.window;
}

/** @param {number[]} a @param {number[]} b by the first place where they differ */
function isLess(a, b) {
  const differs = a.findIndex((value, nth) => value !== b[nth]);
  return differs >= 0 && a[differs] < b[differs];
}

/** At most `size` of the places, around one of them. @param {number[]} places @param {number} index @param {number} size */
function centred(places, index, size) {
  const start = Math.min(Math.max(0, places.indexOf(index) - (size >> 1)), Math.max(0, places.length - size));
  return places.slice(start, start + size);
}

/** The largest block of at most `size` near what there is already. @param {Plan} plan @param {(index: number) => boolean} free @param {number[]} near @param {number} size */
function nextNearest(plan, free, near, size) {
  for (let together = size; together > 0; together--) {
    const block = nearestBlock(plan, free, near, together);
    if (block) return block;
  }
  return [];
}

/**
 * Within the section if possible, else on the same floor.
 * @param {Plan} plan
 * @param {(index: number) => boolean} free
 * @param {readonly number[]} near
 * @param {number} size
 * @returns {number[] | null}
 */
function nearestBlock(plan, free, near, size) {
  const middle = centre(plan, near);
  const home = plan.sections[plan.rows[plan.row[near[0]]].section];
  /** @type {{block: number[], costs: number[]} | null} */
  let best = null;
  for (const run of plan.runs) {
    const section = plan.sections[plan.rows[plan.row[run.start]].section];
    if (section.floor !== home.floor) continue;
    for (let index = run.start; index < run.end; index++) {
      if (!free(index) || (index > run.start && free(index - 1))) continue;
      const stretch = stretchAt(plan, free, index);
      for (const block of windows(stretch, size)) {
        const costs = [section === home ? 0 : 1, distance(plan, block, middle) + singles(stretch, block)];
        if (!best || isLess(costs, best.costs)) best = { block, costs };
      }
    }
  }
  return best && best.block;
}

/** @param {Plan} plan @param {readonly number[]} indices */
function centre(plan, indices) {
  const mean = (/** @type {ArrayLike<number>} */ values) => indices.reduce((sum, index) => sum + values[index], 0) / indices.length;
  return { x: mean(plan.x), y: mean(plan.y) };
}

/** @param {Plan} plan @param {readonly number[]} indices @param {{x: number, y: number}} to */
function distance(plan, indices, to) {
  const { x, y } = centre(plan, indices);
  return Math.hypot(x - to.x, y - to.y);
}
