/**
 * The choice outlives going to sign in and coming back. Kept per tab: two tabs may choose different seats.
 * @module
 */

import { MAX_CHOSEN } from "../../seat-map/state.js";

/** @typedef {{section: string, quantity: number}} DraftArea */
/** @typedef {{party: number | null, chosen: number[], area: DraftArea | null}} Draft what was chosen: seats by index, or places of a standing area */

/** @param {number} eventId */
const keyOf = (eventId) => `frontrow.choice.${eventId}`;

/**
 * What was chosen before; empty when nothing was, or when it cannot be read.
 * @param {number} eventId
 * @returns {Draft}
 */
export function readDraft(eventId) {
  try {
    const { party, chosen, area } = JSON.parse(sessionStorage.getItem(keyOf(eventId)) ?? "{}");
    return {
      party: isPartySize(party) ? party : null,
      chosen: Array.isArray(chosen) ? chosen.filter(Number.isInteger).slice(0, MAX_CHOSEN) : [],
      area: typeof area?.section === "string" && isPartySize(area.quantity) ? { section: area.section, quantity: area.quantity } : null,
    };
  } catch {
    return { party: null, chosen: [], area: null };
  }
}

/** @param {number} eventId @param {{party: number, chosen: readonly number[], area: DraftArea | null}} draft */
export function writeDraft(eventId, draft) {
  try {
    sessionStorage.setItem(keyOf(eventId), JSON.stringify(draft));
  } catch {
    // Storage refused: the choice lives as long as the page.
  }
}

/** @param {unknown} value */
function isPartySize(value) {
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= MAX_CHOSEN;
}
