/**
 * What is known of an event's seats: pure functions from one state to the next, no drawing, no network.
 *
 * Three layers lie over each other. Underneath, what the server last said (status by version: late and repeated messages change nothing). Over
 * it, my holds. On top, what I have chosen and what a request of mine is deciding right now. A seat looks like the topmost layer that speaks of it.
 * @module
 */

export const MAX_CHOSEN = 10;

/** @typedef {"available" | "held" | "booked" | "blocked"} Status */
/** @typedef {{seat_id: number, status: Status, version: number}} SeatUpdate */
/** @typedef {Readonly<{hold_id: string, indices: readonly number[]}>} OwnHold */

/**
 * @typedef {object} SeatState never changed in place
 * @property {number} firstSeatId
 * @property {number} count
 * @property {boolean} loaded whether any statuses have come
 * @property {Uint8Array} status code by seat index
 * @property {Float64Array} version by seat index, −1 before the first word
 * @property {readonly number[]} chosen seat indices, in the order they were chosen
 * @property {ReadonlyMap<number, number>} pending seats in a request that has not been answered → the version they had when it was sent
 * @property {ReadonlyMap<number, string>} mine seat index → hold id
 */

/** @type {readonly Status[]} */
export const STATUSES = ["available", "held", "booked", "blocked"];
const CODES = new Map(STATUSES.map((status, code) => [status, code]));
const AVAILABLE = 0;

/** How a seat looks to this visitor. */
export const Look = Object.freeze({ AVAILABLE: 0, HELD: 1, BOOKED: 2, BLOCKED: 3, CHOSEN: 4, PENDING: 5, MINE: 6 });

/**
 * @param {{firstSeatId: number, count: number}} event
 * @returns {SeatState}
 */
export function createState({ firstSeatId, count }) {
  return {
    firstSeatId,
    count,
    loaded: false,
    status: new Uint8Array(count),
    version: new Float64Array(count).fill(-1),
    chosen: [],
    pending: new Map(),
    mine: new Map(),
  };
}

/**
 * Applies updates that are newer than what is known. A chosen seat that somebody else got is no longer chosen, and is named in `lost`.
 * A seat of mine that became available (the hold ended) is named in `ended`; whoever keeps my holds should ask the server.
 *
 * The arrays are copied once per batch: 60,000 seats take some tens of microseconds.
 * @param {SeatState} state
 * @param {Iterable<SeatUpdate>} updates
 * @returns {{state: SeatState, lost: number[], ended: number[]}}
 */
export function applyUpdates(state, updates) {
  /** @type {SeatState | null} */
  let next = null;
  /** @type {number[]} */
  const ended = [];
  for (const { seat_id, status, version } of updates) {
    const index = seat_id - state.firstSeatId;
    const code = CODES.get(status);
    const known = (next ?? state).version[index];
    if (known === undefined || code === undefined || version <= known) continue;
    next ??= { ...state, status: state.status.slice(), version: state.version.slice() };
    next.status[index] = code;
    next.version[index] = version;
    if (code === AVAILABLE && state.mine.has(index)) ended.push(index);
  }
  if (!next) return { state, lost: [], ended };
  const { kept, lost } = sortOut(next);
  return { state: lost.length ? { ...next, chosen: kept } : next, lost, ended };
}

/**
 * Applies one update.
 * @param {SeatState} state
 * @param {SeatUpdate} update
 */
export function applyUpdate(state, update) {
  return applyUpdates(state, [update]);
}

/**
 * Applies all statuses of one moment. By version like any update: a snapshot that crossed a newer answer on the way does not undo it.
 * @param {SeatState} state
 * @param {Iterable<SeatUpdate>} seats
 */
export function applySnapshot(state, seats) {
  const applied = applyUpdates(state, seats);
  return { ...applied, state: applied.state.loaded ? applied.state : { ...applied.state, loaded: true } };
}

/** @param {SeatState} state chosen seats that can still be had, and those that cannot */
function sortOut(state) {
  /** @type {number[]} */ const kept = [];
  /** @type {number[]} */ const lost = [];
  for (const index of state.chosen) {
    const free = state.status[index] === AVAILABLE || state.pending.has(index);
    (free ? kept : lost).push(index);
  }
  return { kept, lost };
}

/**
 * @param {SeatState} state
 * @param {number} index
 * @returns {number} a Look
 */
export function lookOf(state, index) {
  if (state.pending.has(index)) return Look.PENDING;
  if (state.mine.has(index)) return Look.MINE;
  if (state.chosen.includes(index)) return Look.CHOSEN;
  return state.status[index];
}

/**
 * The looks of all seats at once, for drawing; writes into `into` and tells which seats differ from what was there.
 * @param {SeatState} state
 * @param {Uint8Array} into
 * @returns {number[]}
 */
export function looksOf(state, into) {
  const overlaid = new Map();
  for (const index of state.chosen) overlaid.set(index, Look.CHOSEN);
  for (const index of state.mine.keys()) overlaid.set(index, Look.MINE);
  for (const index of state.pending.keys()) overlaid.set(index, Look.PENDING);
  /** @type {number[]} */
  const changed = [];
  for (let index = 0; index < state.count; index++) {
    const look = overlaid.size ? (overlaid.get(index) ?? state.status[index]) : state.status[index];
    if (into[index] !== look) {
      into[index] = look;
      changed.push(index);
    }
  }
  return changed;
}

/**
 * Chooses a free seat, or gives a chosen one up.
 * @param {SeatState} state
 * @param {number} index
 * @returns {{state: SeatState, outcome: "chosen" | "given up" | "too many" | "taken" | "mine" | "pending"}}
 */
export function toggle(state, index) {
  const look = lookOf(state, index);
  if (look === Look.PENDING) return { state, outcome: "pending" };
  if (look === Look.MINE) return { state, outcome: "mine" };
  if (look === Look.CHOSEN) return { state: giveUp(state, [index]), outcome: "given up" };
  if (look !== Look.AVAILABLE) return { state, outcome: "taken" };
  if (state.chosen.length >= MAX_CHOSEN) return { state, outcome: "too many" };
  return { state: { ...state, chosen: [...state.chosen, index] }, outcome: "chosen" };
}

/**
 * @param {SeatState} state
 * @param {readonly number[]} indices
 * @returns {SeatState}
 */
export function giveUp(state, indices) {
  return { ...state, chosen: state.chosen.filter((index) => !indices.includes(index)) };
}

/**
 * Chooses these seats again, as far as they are still free (after signing in, or after a hold has ended).
 * @param {SeatState} state
 * @param {readonly number[]} indices
 * @returns {{state: SeatState, missing: number[]}}
 */
export function chooseAgain(state, indices) {
  /** @type {number[]} */
  const missing = [];
  let next = state;
  for (const index of indices) {
    if (index < 0 || index >= state.count || next.chosen.includes(index) || next.mine.has(index)) continue;
    const { state: after, outcome } = toggle(next, index);
    if (outcome === "chosen") next = after;
    else missing.push(index);
  }
  return { state: next, missing };
}

/**
 * A request is on its way: until it is answered, what others hear about these seats is not yet news (it may be about me).
 * @param {SeatState} state
 * @param {readonly number[]} indices
 * @returns {SeatState}
 */
export function beginRequest(state, indices) {
  const asked = indices.map((index) => /** @type {[number, number]} */ ([index, state.version[index]]));
  return { ...state, pending: new Map([...state.pending, ...asked]) };
}

/**
 * The request is over. Seats that were refused (a 409's `seats`) are taken and no longer chosen; the others stay chosen.
 *
 * A refusal carries no version: the next real update wins over it, and one that came while the request was on its way has already won. Otherwise a seat
 * that somebody had only for a moment would look taken until it changes again.
 * @param {SeatState} state
 * @param {readonly number[]} indices of the request
 * @param {readonly {seat_id: number, status: Status}[]} [refused]
 * @returns {{state: SeatState, lost: number[]}}
 */
export function endRequest(state, indices, refused = []) {
  const pending = new Map(state.pending);
  for (const index of indices) pending.delete(index);
  const status = state.status.slice();
  for (const seat of refused) {
    const index = seat.seat_id - state.firstSeatId;
    const code = CODES.get(seat.status) ?? 0;
    const unchanged = state.version[index] === state.pending.get(index);
    if (unchanged && code !== AVAILABLE) status[index] = code;
  }
  const next = { ...state, pending, status };
  const { kept, lost } = sortOut(next);
  return { state: { ...next, chosen: kept }, lost };
}

/**
 * Replaces what is known of my holds of this event. A seat that is mine is no longer merely chosen.
 * @param {SeatState} state
 * @param {readonly {hold_id: string, seats: readonly {seat_id: number}[]}[]} holds
 * @returns {SeatState}
 */
export function setMine(state, holds) {
  /** @type {Map<number, string>} */
  const mine = new Map();
  for (const hold of holds) for (const seat of hold.seats) mine.set(seat.seat_id - state.firstSeatId, hold.hold_id);
  return { ...state, mine, chosen: state.chosen.filter((index) => !mine.has(index)) };
}

/**
 * How many seats of a range are free, for the section list.
 * @param {SeatState} state
 * @param {number} start
 * @param {number} end exclusive
 */
export function countAvailable(state, start, end) {
  let free = 0;
  for (let index = start; index < end; index++) if (state.status[index] === AVAILABLE) free++;
  return free;
}

/**
 * @param {SeatState} state
 * @param {Iterable<number>} indices
 */
export function seatIds(state, indices) {
  return Array.from(indices, (index) => index + state.firstSeatId);
}
