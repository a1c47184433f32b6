/**
 * What a ticket's code says by itself, before anybody is asked: the part of shared/contracts/ticket_codes.py that needs no key. Whether a code is genuine only
 * the server knows; a scanner without network looks whether it is on its list.
 * @module
 */

const VERSION = "FR1";
const MAX_CHARS = 200;
const SEAL_BYTES = 16;
const ID_BYTES = 16;
/** RFC 4648 §6. */
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/** A last group of so many letters ends in the middle of a byte. */
const BROKEN_GROUPS = [1, 3, 6];

/**
 * A code in its one spelling: capitals, no spaces, no hyphens; null for what can be none.
 * @param {string} text as it was typed or read
 */
export function canonical(text) {
  if (text.length > MAX_CHARS || /[^\x00-\x7f]/.test(text)) return null;
  return text.replace(/[ \-\t\r\n]/g, "").toUpperCase();
}

/**
 * The id of the event that a code says it is for, not yet believed; null when it is no code of ours.
 * @param {string} code in its one spelling
 */
export function eventOf(code) {
  const bytes = code.startsWith(VERSION) ? fromBase32(code.slice(VERSION.length)) : null;
  if (!bytes || bytes.length <= SEAL_BYTES) return null;
  const content = bytes.slice(0, -SEAL_BYTES);
  const event = firstNumber(content);
  const booking = event && firstNumber(content.slice(event.length));
  return booking && event.length + booking.length === content.length ? event.value : null;
}

/**
 * The fingerprint by which the list of tickets knows a code: half of its SHA-256, in hex; null where the browser has no way to reckon it (a page without https).
 * @param {string} code in its one spelling
 * @param {SubtleCrypto | undefined} [subtle] replaced in tests
 */
export async function fingerprintOf(code, subtle = globalThis.crypto?.subtle) {
  if (!subtle) return null;
  const digest = new Uint8Array(await subtle.digest("SHA-256", new TextEncoder().encode(code)));
  return Array.from(digest.slice(0, ID_BYTES), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @param {string} text */
function fromBase32(text) {
  if (BROKEN_GROUPS.includes(text.length % 8)) return null;
  const bytes = [];
  let bits = 0;
  let value = 0;
  for (const letter of text) {
    const five = ALPHABET.indexOf(letter);
    if (five < 0) return null;
    value = ((value << 5) | five) & 0xfff;
    bits += 5;
    if (bits >= 8) bytes.push((value >> (bits -= 8)) & 0xff);
  }
  return bytes;
}

/** Seven bits to a byte, the lowest first; the highest bit says that more follow (LEB128). @param {number[]} bytes */
function firstNumber(bytes) {
  let value = 0;
  for (const [place, byte] of bytes.entries()) {
    value += (byte & 0x7f) * 2 ** (7 * place);
    if (byte < 0x80) return value >= 1 && Number.isSafeInteger(value) ? { value, length: place + 1 } : null;
  }
  return null;
}
