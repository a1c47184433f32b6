/**
 * The colours of the page as they are now, light or dark, for the canvas.
 * @module
 */

import { FULLEST_STEP } from "./detail.js";

/**
 * @typedef {object} Palette
 * @property {string[]} tiers dearest first
 * @property {string[]} inkOnTier readable on each
 * @property {string[]} softTiers the same, faint, for areas under text in ink
 * @property {string[]} shares from sold out to all free
 * @property {string[]} inkOnShare
 * @property {string} booked
 * @property {string} held
 * @property {string} ink
 * @property {string} ground
 * @property {string} stage
 * @property {string} muted
 * @property {string} brand
 * @property {string} bad
 */

/** How much of a tier's colour is in its area. */
const SOFT = 0.16;
/** How much of the brand's colour is in the shape of a section, from sold out to all free. */
const SHARES = [0, 0.16, 0.34, 0.56, 0.82];
const DARK_INK = "#0b1020";
const LIGHT_INK = "#ffffff";

/**
 * A custom property holding `light-dark()` has no value of its own; used as a colour it has.
 * @param {HTMLElement} host
 * @returns {Palette}
 */
export function readPalette(host) {
  const probe = document.createElement("i");
  // A transition, even one of no length, begins at the colour before, and that would be read: all of the map in the colour of its ground.
  probe.style.transition = "none";
  host.append(probe);
  const colour = (/** @type {string} */ name) => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  };
  const ground = colour("--bg");
  const stage = colour("--stage");
  const brand = colour("--brand");
  const tiers = [1, 2, 3, 4, 5].map((tier) => colour(`--tier-${tier}`));
  const shares = SHARES.slice(0, FULLEST_STEP + 1).map((share) => (share ? mix(ground, brand, share) : stage));
  const palette = {
    tiers,
    inkOnTier: tiers.map(inkOn),
    softTiers: tiers.map((tier) => mix(ground, tier, SOFT)),
    shares,
    inkOnShare: shares.map(inkOn),
    booked: colour("--seat-booked"),
    held: colour("--seat-held"),
    ink: colour("--ink"),
    ground,
    stage,
    muted: colour("--muted"),
    brand,
    bad: colour("--bad"),
  };
  probe.remove();
  return palette;
}

/** Black or white, whichever stands out more. @param {string} colour */
export function inkOn(colour) {
  return luminance(colour) > 0.18 ? DARK_INK : LIGHT_INK;
}

/**
 * @param {string} from
 * @param {string} to
 * @param {number} share of `to`
 */
export function mix(from, to, share) {
  const [a, b] = [channels(from), channels(to)];
  return `rgb(${a.map((value, nth) => Math.round(value + (b[nth] - value) * share)).join(", ")})`;
}

/** Relative luminance as WCAG defines it. @param {string} colour */
export function luminance(colour) {
  const [r, g, b] = channels(colour).map((value) => {
    const channel = value / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** @param {string} colour as `getComputedStyle` writes it: "rgb(46, 36, 196)" */
function channels(colour) {
  return (colour.match(/[\d.]+/g) ?? []).slice(0, 3).map(Number);
}
