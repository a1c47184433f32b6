/**
 * Reads the binary messages of `frontrow.v1` (docs/live-protocol.md). Pure.
 * @module
 */

import { STATUSES } from "./state.js";

/** @typedef {import("./state.js").SeatUpdate} SeatUpdate */

/** The WebSocket subprotocol that brings these messages. */
export const COMPACT = "frontrow.v1";

const SNAPSHOT = 1;
const UPDATES = 2;

/**
 * @param {ArrayBuffer} buffer one message
 * @param {number} firstSeatId of the event; updates name seats by their place after it
 * @returns {{type: "snapshot" | "updates", seats: SeatUpdate[]} | null} null for a kind of message that is not known here
 */
export function decodeCompact(buffer, firstSeatId) {
  const view = new DataView(buffer);
  const kind = view.getUint8(0);
  if (kind !== SNAPSHOT && kind !== UPDATES) return null;
  const width = view.getUint8(1);
  const count = view.getUint32(4, true);
  const isSnapshot = kind === SNAPSHOT;
  const first = isSnapshot ? Number(view.getBigUint64(8, true)) : firstSeatId;
  let at = isSnapshot ? 16 : 8 + 4 * count;
  const seats = new Array(count);
  for (let nth = 0; nth < count; nth++, at += width) {
    const low = width === 1 ? view.getUint8(at) : width === 2 ? view.getUint16(at, true) : view.getUint32(at, true);
    // Above 2³⁰ a version takes two halves: bit operators know 32 bits only.
    const high = width === 8 ? view.getUint32(at + 4, true) : 0;
    const place = isSnapshot ? nth : view.getUint32(8 + 4 * nth, true);
    seats[nth] = { seat_id: first + place, status: STATUSES[low & 3], version: high * 2 ** 30 + (low >>> 2) };
  }
  return { type: isSnapshot ? "snapshot" : "updates", seats };
}
