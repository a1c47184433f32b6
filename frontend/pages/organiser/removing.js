/**
 * Deleting an event: what it means is said first, in numbers, and again if somebody was quicker to buy.
 * @module
 */

import { ApiProblem, api } from "../../lib/api.js";
import { ask } from "../../lib/dialog.js";
import { money } from "../../lib/format.js";
import { REMOVE } from "./words.js";

/**
 * @param {{id: number, sold: number, held: number, revenue: number, currency: string}} event
 * @param {string} what its name, when and where
 * @returns {Promise<boolean>} whether it is deleted
 */
export async function removeEvent({ id, sold, held, revenue, currency }, what) {
  if (!(await (sold ? askSold(what, sold, money(revenue, currency)) : askPlain(what, held)))) return false;
  try {
    await deleted(id, sold > 0);
    return true;
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.status !== 409) throw error;
    // Somebody has bought a seat since these numbers were read.
    const now = Number(error.body.confirmed_bookings) || 1;
    const since = await api.get(`/sales/${id}`, { auth: true });
    if (!(await askSold(what, now, money(since.revenue, currency)))) return false;
    await deleted(id, true);
    return true;
  }
}

/** @param {number} id @param {boolean} force */
async function deleted(id, force) {
  try {
    await api.delete(`/events/${id}`, { query: force ? { force } : {} });
  } catch (error) {
    // Gone already: by the first try, whose answer was lost, or by a colleague.
    if (!(error instanceof ApiProblem) || error.status !== 404) throw error;
  }
}

/** @param {string} what @param {number} held */
function askPlain(what, held) {
  return ask({ title: REMOVE.title, text: REMOVE.plain(what) + (held ? REMOVE.baskets(held) : ""), yes: REMOVE.yes, no: REMOVE.no });
}

/** @param {string} what @param {number} sold @param {string} revenue */
function askSold(what, sold, revenue) {
  return ask({ title: REMOVE.soldTitle(sold), text: REMOVE.sold(what, sold, revenue), yes: REMOVE.yesSold, no: REMOVE.no });
}
