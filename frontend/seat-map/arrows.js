/**
 * Buttons that do what a drag does, for whoever cannot drag (WCAG 2.5.7). There while something of the map is out of sight.
 * @module
 */

import { h, icon } from "../lib/dom.js";
import { t } from "./texts.js";

/** Where the view goes, in steps. @type {readonly [name: string, x: number, y: number][]} */
const DIRECTIONS = [
  ["up", 0, -1],
  ["left", -1, 0],
  ["right", 1, 0],
  ["down", 0, 1],
];

/** @param {(x: number, y: number) => void} onPress one step to the right, and one down */
export function arrows(onPress) {
  return h(
    "div",
    { class: "arrows", role: "group", "aria-label": t("map.move"), hidden: true },
    DIRECTIONS.map(([name, x, y]) => h("button", { type: "button", class: name, "aria-label": t(`map.move-${name}`), onclick: () => onPress(x, y) }, icon("back"))),
  );
}
