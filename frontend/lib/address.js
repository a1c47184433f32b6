/**
 * Where to go next, taken from an address that anybody could have written.
 * @module
 */

/**
 * The page to return to, or the front page: only a page of this site, so that a link to the sign-in page cannot send people elsewhere.
 * @param {string | null} wanted
 * @param {string} here the address of the present page
 */
export function safeReturn(wanted, here) {
  if (!wanted) return "./";
  try {
    const base = new URL(here);
    const url = new URL(wanted, base);
    if (url.origin !== base.origin || !/^https?:$/.test(url.protocol)) return "./";
    return url.pathname + url.search + url.hash;
  } catch {
    return "./";
  }
}
