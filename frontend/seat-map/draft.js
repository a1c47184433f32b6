/**
 * The choice outlives going to sign in and coming back. Kept per tab: two tabs may choose different seats.
 * @module
 */

import { MAX_CHOSEN } from "./state.js";

/** @param {number} eventId */
const keyOf = (eventId) => `frontrow.choice.${eventId}`;

/**
 * The seats chosen before, as indices, or null.
 * @param {number} eventId
 * @returns {number[] | null}
 */
export function readDraft(eventId) {
  try {
    const draft = JSON.parse(sessionStorage.getItem(keyOf(eventId)) ?? "null");
    return Array.isArray(draft) && draft.length ? draft.filter(Number.isInteger).slice(0, MAX_CHOSEN) : null;
  } catch {
    return null;
  }
}

/** @param {number} eventId @param {readonly number[]} chosen */
export function writeDraft(eventId, chosen) {
  try {
    if (chosen.length) sessionStorage.setItem(keyOf(eventId), JSON.stringify(chosen));
    else sessionStorage.removeItem(keyOf(eventId));
  } catch {
    // Storage refused: the choice lives as long as the page.
  }
}
