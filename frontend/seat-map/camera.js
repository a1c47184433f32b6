/**
 * Where the map is looked at from: `screen = world × scale + offset`. Pure; one camera in, another out.
 * @module
 */

/** @typedef {Readonly<{scale: number, x: number, y: number}>} Camera */
/** @typedef {{width: number, height: number}} Size in CSS pixels */
/** @typedef {{top: number, right: number, bottom: number, left: number}} Insets */

/** A seat never needs to be larger than this many CSS pixels. */
const LARGEST_PITCH = 64;
/** At least this much of the plan stays in sight, in CSS pixels. */
const KEEP_IN_SIGHT = 80;

/**
 * Shows all of something, in the middle.
 * @param {import("./plan.js").Bounds} bounds
 * @param {Size} size
 * @param {Insets} insets space kept free for controls
 * @param {number} [largest] scale
 * @returns {Camera}
 */
export function fit(bounds, size, insets, largest = LARGEST_PITCH) {
  const width = Math.max(1, size.width - insets.left - insets.right);
  const height = Math.max(1, size.height - insets.top - insets.bottom);
  const scale = Math.min(width / (bounds.right - bounds.left), height / (bounds.bottom - bounds.top), largest);
  return {
    scale,
    x: insets.left + width / 2 - ((bounds.left + bounds.right) / 2) * scale,
    y: insets.top + height / 2 - ((bounds.top + bounds.bottom) / 2) * scale,
  };
}

/**
 * Zooms about a point that stays where it is.
 * @param {Camera} camera
 * @param {number} factor
 * @param {{x: number, y: number}} at on the screen
 * @param {number} fitScale the scale that shows everything; zooming out stops a little beyond it
 * @returns {Camera}
 */
export function zoom(camera, factor, at, fitScale) {
  const largest = Math.max(LARGEST_PITCH, fitScale);
  const scale = Math.min(largest, Math.max(fitScale * 0.8, camera.scale * factor));
  const ratio = scale / camera.scale;
  return { scale, x: at.x - (at.x - camera.x) * ratio, y: at.y - (at.y - camera.y) * ratio };
}

/**
 * Moves the map, but never out of sight.
 * @param {Camera} camera
 * @param {number} dx
 * @param {number} dy
 * @param {import("./plan.js").Bounds} bounds
 * @param {Size} size
 * @returns {Camera}
 */
export function pan(camera, dx, dy, bounds, size) {
  const { scale } = camera;
  return {
    scale,
    x: clamp(camera.x + dx, KEEP_IN_SIGHT - bounds.right * scale, size.width - KEEP_IN_SIGHT - bounds.left * scale),
    y: clamp(camera.y + dy, KEEP_IN_SIGHT - bounds.bottom * scale, size.height - KEEP_IN_SIGHT - bounds.top * scale),
  };
}

/**
 * Puts a place of the plan in the middle at the given scale.
 * @param {{x: number, y: number}} place
 * @param {number} scale
 * @param {Size} size
 * @returns {Camera}
 */
export function centreOn(place, scale, size) {
  return { scale, x: size.width / 2 - place.x * scale, y: size.height / 2 - place.y * scale };
}

/**
 * Moves the map as little as needed to have a point in sight, clear of what lies over the map.
 * @param {Camera} camera
 * @param {{x: number, y: number}} place
 * @param {Size} size
 * @param {Insets} insets
 * @param {number} margin around the point, CSS pixels
 * @returns {Camera}
 */
export function bringIntoSight(camera, place, size, insets, margin) {
  const x = place.x * camera.scale + camera.x;
  const y = place.y * camera.scale + camera.y;
  return {
    scale: camera.scale,
    x: camera.x + clamp(x, insets.left + margin, size.width - insets.right - margin) - x,
    y: camera.y + clamp(y, insets.top + margin, size.height - insets.bottom - margin) - y,
  };
}

/**
 * A flight's place after a share of its time. The scale changes by the same factor in each part of it, and the way follows the scale, so that the
 * point that both cameras show in the same spot stays there.
 * @param {Camera} from
 * @param {Camera} to
 * @param {number} share 0 to 1
 * @returns {Camera}
 */
export function between(from, to, share) {
  const scale = from.scale * (to.scale / from.scale) ** share;
  const way = Math.abs(to.scale / from.scale - 1) < 1e-3 ? share : (scale - from.scale) / (to.scale - from.scale);
  return { scale, x: from.x + (to.x - from.x) * way, y: from.y + (to.y - from.y) * way };
}

/** @param {number} value @param {number} low @param {number} high */
function clamp(value, low, high) {
  return Math.min(Math.max(value, low), Math.max(low, high));
}
