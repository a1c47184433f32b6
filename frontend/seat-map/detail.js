/**
 * How much of the map is worth drawing at a scale, from the shapes of sections to numbered seats, and how full a section looks from afar. Pure.
 * @module
 */

/** What the places of a hall are drawn as. */
export const Level = Object.freeze({ SECTIONS: 0, DOTS: 1, SEATS: 2 });

/** Below this many CSS pixels per seat nobody can point at a seat, so sections are shown and pointed at. */
const SECTIONS_BELOW = 4.2;
/** A hall of so few sections says more as seats, however small. */
const FEW_SECTIONS = 4;
/** Below this many device pixels per seat, pictures of whole sections are drawn instead of seat by seat. */
const DOTS_BELOW = 11;
/** In CSS pixels per seat: from here on, a number can be read on it. */
export const NUMBER_PITCH = 22;
/** A finger cannot meet a smaller seat: the first tap goes closer, the second chooses. */
export const TOUCH_PITCH = 24;
/** Where "closer" goes to. */
export const CLOSE_PITCH = 34;
/** A section is flown to no farther than to this size of seats. */
export const SECTION_PITCH = 7;
/** The keyboard's seat is never smaller. */
export const KEYBOARD_PITCH = 16;

/**
 * @param {number} scale CSS pixels per seat
 * @param {number} ratio device pixels per CSS pixel
 * @param {number} seatedSections how many sections of the floor have seats
 */
export function levelAt(scale, ratio, seatedSections) {
  if (scale < SECTIONS_BELOW && seatedSections > FEW_SECTIONS) return Level.SECTIONS;
  return scale * ratio < DOTS_BELOW ? Level.DOTS : Level.SEATS;
}

/** The smallest share of free places of each step above "sold out". */
const STEPS = [0, 0.1, 0.3, 0.6];
export const FULLEST_STEP = STEPS.length;

/**
 * 0: nothing left, then 1 to 4. Steps rather than a smooth ramp: five shades can be told apart, and the text on each has a known contrast.
 * @param {number} free
 * @param {number} total
 */
export function stepOf(free, total) {
  if (!free || !total) return 0;
  return STEPS.filter((least) => free / total >= least).length;
}

/**
 * What is left in percent, for people: never 0 while there is a place, never 100 when one is gone.
 * @param {number} free
 * @param {number} total
 */
export function percentLeft(free, total) {
  if (!free || !total) return 0;
  if (free === total) return 100;
  return Math.min(99, Math.max(1, Math.round((free / total) * 100)));
}

/**
 * The nearest of the sizes for which sprites are made while the scale is changing: quarter octaves, at most 9 % off.
 * @param {number} pitch
 */
export function nearSize(pitch) {
  return 2 ** (Math.round(Math.log2(pitch) * 4) / 4);
}
