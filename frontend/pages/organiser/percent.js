/**
 * Shares as people like to read them. By itself, since the list of events needs nothing else of a sale's figures.
 * @module
 */

/**
 * A share in whole percent: never 0 while there is some, never 100 while some is missing.
 * @param {number} part
 * @param {number} whole
 */
export function percent(part, whole) {
  if (!part || !whole) return 0;
  if (part >= whole) return 100;
  return Math.min(99, Math.max(1, Math.round((part / whole) * 100)));
}
