/**
 * Who is signed in.
 *
 * Tokens are kept in localStorage. A second tab must be signed in too, and the refresh token changes with each use, so all tabs must
 * share one copy; sessionStorage would give each tab its own and the second to refresh would look like a thief. Script from elsewhere
 * cannot read it (strict CSP, Trusted Types, no third-party code), and because no cookie is involved, no other site can act for the visitor.
 * Where storage is refused (some private windows), the session lives as long as the page.
 * @module
 */

/** @typedef {{id: number, email: string, name: string | null, role: "user" | "admin", created_at?: string}} Me */
/** @typedef {{access_token: string, refresh_token: string, me?: Me}} Session */

const KEY = "frontrow.session";

/** @type {string | null} */
let withoutStorage = null;

const events = new EventTarget();

/** @returns {Session | null} */
export function current() {
  try {
    return JSON.parse(read() ?? "null");
  } catch {
    return null;
  }
}

/**
 * Begins a session, or replaces its tokens; who it belongs to is kept unless given.
 * @param {Session} session
 */
export function start({ access_token, refresh_token, me = current()?.me }) {
  write(JSON.stringify({ access_token, refresh_token, me }));
  events.dispatchEvent(new Event("change"));
}

/** @param {Me} me */
export function setMe(me) {
  const session = current();
  if (session) start({ ...session, me });
}

export function end() {
  write(null);
  events.dispatchEvent(new Event("change"));
}

/**
 * Calls back when somebody signs in or out, in this tab or another.
 * @param {() => void} callback
 */
export function onChange(callback) {
  events.addEventListener("change", callback);
  globalThis.addEventListener?.("storage", (event) => {
    if (event.key === KEY || event.key === null) callback();
  });
}

function read() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return withoutStorage;
  }
}

/** @param {string | null} text */
function write(text) {
  withoutStorage = text;
  try {
    if (text === null) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, text);
  } catch {
    // Refused: see above.
  }
}
