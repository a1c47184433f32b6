/**
 * Reads a clean QR code (ISO/IEC 18004) of one block (versions 1 and 2, and 3 at the levels L and M) in alphanumeric mode: enough to prove that
 * what is drawn for a ticket says the ticket's code. Errors are not corrected: there must be none.
 */

const LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
/** @type {((x: number, y: number) => boolean)[]} */
const MASKS = [
  (x, y) => (x + y) % 2 === 0,
  (_x, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(y / 2) + Math.floor(x / 3)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];
const ALPHANUMERIC = 0b0010;

/** @param {{size: number, path: string}} drawing as `qrPath` gives it @param {number} quiet */
export function readQr(drawing, quiet) {
  const size = drawing.size - 2 * quiet;
  const dark = dots(drawing.path, quiet);
  const get = (/** @type {number} */ x, /** @type {number} */ y) => dark.has(`${x},${y}`);

  const format = bitsToNumber([0, 1, 2, 3, 4].map((x) => get(x, 8))) ^ 0b10101;
  const mask = MASKS[format & 7];

  /** @type {boolean[]} */
  const bits = [];
  for (let right = size - 1, up = true; right > 0; right -= 2, up = !up) {
    if (right === 6) right--; // the timing column
    for (let step = 0; step < size; step++) {
      const y = up ? size - 1 - step : step;
      for (const x of [right, right - 1]) if (!isFixed(x, y, size)) bits.push(get(x, y) !== mask(x, y));
    }
  }
  return alphanumeric(bits);
}

/** @param {boolean[]} bits */
function alphanumeric(bits) {
  let at = 0;
  const take = (/** @type {number} */ n) => bitsToNumber(bits.slice(at, (at += n)));
  if (take(4) !== ALPHANUMERIC) throw new Error("not alphanumeric");
  let left = take(9);
  let text = "";
  for (; left >= 2; left -= 2) {
    const pair = take(11);
    text += LETTERS[Math.floor(pair / 45)] + LETTERS[pair % 45];
  }
  return left ? text + LETTERS[take(6)] : text;
}

/** Finders with their formats, timing, and from version 2 on the one alignment mark. @param {number} x @param {number} y @param {number} size */
function isFixed(x, y, size) {
  const corner = (x < 9 && y < 9) || (x >= size - 8 && y < 9) || (x < 9 && y >= size - 8);
  const mark = size - 7; // its centre
  return corner || x === 6 || y === 6 || (size > 21 && Math.abs(x - mark) <= 2 && Math.abs(y - mark) <= 2);
}

/** @param {string} path @param {number} quiet */
function dots(path, quiet) {
  const found = new Set();
  for (const [, x, y, run] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    for (let step = 0; step < Number(run); step++) found.add(`${Number(x) - quiet + step},${Number(y) - quiet}`);
  }
  return found;
}

/** @param {boolean[]} bits */
function bitsToNumber(bits) {
  return bits.reduce((value, bit) => value * 2 + (bit ? 1 : 0), 0);
}
