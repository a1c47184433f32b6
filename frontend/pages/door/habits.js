/**
 * What a scanner is told once: which door it stands at, and whether it may be heard. Kept by the browser, for all events; where it keeps nothing, by the page.
 * @module
 */

export const MAX_GATE_CHARS = 40;

const GATE = "frontrow.door.gate";
const MUTED = "frontrow.door.muted";

/** @type {Map<string, string>} */
const unkept = new Map();

/** The name of this door; "" before it has one. */
export function gateName() {
  return recall(GATE);
}

/** @param {string} name */
export function nameGate(name) {
  keep(GATE, name.trim().slice(0, MAX_GATE_CHARS));
}

export function isMuted() {
  return recall(MUTED) === "yes";
}

/** @param {boolean} muted */
export function mute(muted) {
  keep(MUTED, muted ? "yes" : "");
}

/** @param {string} key */
function recall(key) {
  try {
    return localStorage.getItem(key) ?? "";
  } catch {
    return unkept.get(key) ?? "";
  }
}

/** @param {string} key @param {string} text */
function keep(key, text) {
  unkept.set(key, text);
  try {
    localStorage.setItem(key, text);
  } catch {
    // Refused: this page remembers.
  }
}
