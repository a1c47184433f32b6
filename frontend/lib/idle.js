/**
 * Time for what nobody waits for.
 * @module
 */

/** A page that never rests must not keep people waiting for ever. */
const LONGEST_WAIT_MS = 1_000;

/** Resolves when the page has nothing more urgent to do. @returns {Promise<void>} */
export function whenIdle() {
  return new Promise((resolve) => {
    // Safari has none of it.
    if (globalThis.requestIdleCallback) requestIdleCallback(() => resolve(), { timeout: LONGEST_WAIT_MS });
    else setTimeout(resolve, LONGEST_WAIT_MS / 2);
  });
}
