/**
 * Whether an event's seats can be bought.
 * @module
 */

/**
 * The server decides when somebody holds a seat; this says in advance what it would say.
 * @param {{status: string, start_time: string}} event
 * @param {number} now epoch milliseconds
 * @returns {"on_sale" | "started" | "closed"}
 */
export function saleState({ status, start_time }, now) {
  if (Date.parse(start_time) <= now) return "started";
  return status === "on_sale" ? "on_sale" : "closed";
}
