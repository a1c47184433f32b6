/**
 * Where a key leads from a place, or from a section when sections are what is shown. Pure.
 * @module
 */

import { nearestIn, neighbour, neighbourSection, next, rowEnd } from "./cursor.js";
import { sectionOf } from "./floors.js";

/** @typedef {import("./plan.js").Plan} Plan */
/** @typedef {import("./floors.js").Floor} Floor */
/** @typedef {import("./keys.js").Command} Command */

/**
 * @param {Command} command
 * @param {{plan: Plan, floor: Floor, from: number, isFree: (index: number) => boolean}} where
 * @returns {number} a place, on this floor or another; the same one when there is nothing that way
 */
export function placeAfter(command, { plan, floor, from, isFree }) {
  switch (command.do) {
    case "go":
      return neighbour(plan, floor, from, command.direction);
    case "row":
      return rowEnd(plan, from, command.end);
    case "section": {
      const section = stepped(plan, sectionOf(plan, from), command.step);
      const here = { x: plan.x[from], y: plan.y[from] };
      return nearestIn(plan, section, plan.sections[section].floor === floor.id ? here : plan.focal, isFree);
    }
    case "next free": {
      const found = next(plan, from, isFree);
      return found < 0 ? from : found;
    }
    default:
      return from;
  }
}

/**
 * @param {Command} command
 * @param {{plan: Plan, floor: Floor, from: number, hasFree: (section: number) => boolean}} where
 * @returns {number} a section
 */
export function sectionAfter(command, { plan, floor, from, hasFree }) {
  switch (command.do) {
    case "go":
      return neighbourSection(floor, from, command.direction);
    case "row":
      return floor.areas.at(command.end === "first" ? 0 : -1)?.section ?? from;
    case "section":
      return stepped(plan, from, command.step);
    case "next free": {
      for (let step = 1; step <= plan.sections.length; step++) {
        const section = (from + step) % plan.sections.length;
        if (hasFree(section)) return section;
      }
      return from;
    }
    default:
      return from;
  }
}

/** Round and round, through all floors. @param {Plan} plan @param {number} section @param {number} step */
function stepped({ sections }, section, step) {
  return (section + step + sections.length) % sections.length;
}
