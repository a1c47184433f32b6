/**
 * Between what an organiser types ("19:30 in Berlin") and instants. Pure; a zone's rules are the browser's (Intl).
 * @module
 */

const DAY_MS = 86_400_000;

/** All zones that this browser knows. @returns {string[]} */
export function zoneNames() {
  const names = Intl.supportedValuesOf("timeZone");
  return names.includes("UTC") ? names : ["UTC", ...names];
}

/** Where the organiser sits: a first guess of where the venue is. */
export function ownZone() {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
}

/**
 * The instant at which a zone's clocks show this. `odd` says what is odd about it: clocks skip this time ("gap"; then it is as much later), or show it
 * twice ("twice"; then the first).
 * @param {string} local "2026-12-24T19:30", as a datetime-local field has it
 * @param {string} zone
 * @returns {{instant: string, odd: "gap" | "twice" | null} | null} null when it is no time
 */
export function instantOf(local, zone) {
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)$/.exec(local);
  if (!match) return null;
  const [year, month, day, hour, minute] = match.slice(1).map(Number);
  const shown = Date.UTC(year, month - 1, day, hour, minute);
  if (new Date(shown).toISOString().slice(0, 16) !== local) return null;
  const offsets = [...new Set([offsetAt(shown - DAY_MS, zone), offsetAt(shown + DAY_MS, zone)])];
  const fitting = offsets.map((offset) => shown - offset).filter((instant, nth) => offsetAt(instant, zone) === offsets[nth]);
  if (!fitting.length) return { instant: rfc3339(shown - offsets[0]), odd: "gap" };
  return { instant: rfc3339(Math.min(...fitting)), odd: fitting.length > 1 ? "twice" : null };
}

/**
 * What a zone's clocks show at an instant, for a datetime-local field.
 * @param {string} instant
 * @param {string} zone
 */
export function localOf(instant, zone) {
  const at = Date.parse(instant);
  return new Date(at + offsetAt(at, zone)).toISOString().slice(0, 16);
}

/** Milliseconds that a zone's clocks are ahead of UTC. @param {number} at @param {string} zone */
function offsetAt(at, zone) {
  /** @type {Record<string, number>} */
  const shown = {};
  for (const { type, value } of formatter(zone).formatToParts(at)) shown[type] = Number(value);
  return Date.UTC(shown.year, shown.month - 1, shown.day, shown.hour, shown.minute, shown.second) - Math.floor(at / 1000) * 1000;
}

/** @type {Map<string, Intl.DateTimeFormat>} */
const formatters = new Map();

/** @param {string} zone */
function formatter(zone) {
  let made = formatters.get(zone);
  if (!made) {
    const digits = /** @type {const} */ ("2-digit");
    made = new Intl.DateTimeFormat("en-US", { timeZone: zone, hourCycle: "h23", year: "numeric", month: digits, day: digits, hour: digits, minute: digits, second: digits });
    formatters.set(zone, made);
  }
  return made;
}

/** @param {number} at */
function rfc3339(at) {
  return new Date(at).toISOString().replace(".000Z", "Z");
}
