/**
 * What can be said of a ticket at the door. Pure: who says it, and how it is shown, is other modules' business.
 * @module
 */

import { ApiProblem } from "../../lib/api.js";

/** @typedef {{seat_number: string, section: string, row: string}} Seat */
/** @typedef {{id: number, name?: string, start_time?: string, time_zone?: string}} OtherEvent */
/**
 * @typedef {object} Verdict
 * @property {"admitted" | "used" | "other" | "cancelled" | "forged" | "unknown"} kind
 * @property {Seat | null} [seat]
 * @property {string | null} [at] when it was used, RFC 3339
 * @property {string | null} [gate] where it was used
 * @property {OtherEvent} [event] for which it is
 * @property {string} [asOf] the list that said so is of then; none: the server said so
 * @property {unknown} [error] why nobody could say
 */

/** @type {Record<string, (body: any) => Verdict>} */
const REFUSALS = {
  "ticket-unknown": () => ({ kind: "forged" }),
  "ticket-for-another-event": ({ event }) => ({ kind: "other", event }),
  "ticket-used": ({ seat, admitted_at, gate }) => ({ kind: "used", seat, at: admitted_at, gate }),
  "booking-cancelled": ({ seat }) => ({ kind: "cancelled", seat }),
};

/** @param {{seat: Seat, admitted_at: string, gate: string | null}} answer @returns {Verdict} */
export function verdictOfAdmission({ seat, admitted_at, gate }) {
  return { kind: "admitted", seat, at: admitted_at, gate };
}

/**
 * What the server's refusal says of the ticket; null when it says nothing of it.
 * @param {unknown} error
 * @returns {Verdict | null}
 */
export function verdictOfRefusal(error) {
  return error instanceof ApiProblem ? (REFUSALS[error.slug]?.(error.body) ?? null) : null;
}

/**
 * Whether the server may decide otherwise later: it was not reached, has no time, or wants somebody to sign in first.
 * @param {unknown} error
 */
export function isForNow(error) {
  return error instanceof ApiProblem && (error.outcomeUnknown || error.status >= 500 || [401, 403, 408, 429].includes(error.status));
}
