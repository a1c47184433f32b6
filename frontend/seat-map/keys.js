/**
 * What a key means on the map. Pure; carrying it out is the view's business.
 * @module
 */

/**
 * @typedef {{do: "go", direction: import("./cursor.js").Direction}
 *   | {do: "row", end: "first" | "last"}
 *   | {do: "section", step: 1 | -1}
 *   | {do: "next free"} | {do: "pick"} | {do: "leave"}
 *   | {do: "zoom", factor: number} | {do: "fit"}} Command
 */

const ZOOM = 1.6;

/** @type {ReadonlyMap<string, Command>} */
const COMMANDS = new Map(
  /** @type {[string, Command][]} */ ([
    ["ArrowLeft", { do: "go", direction: "left" }],
    ["ArrowRight", { do: "go", direction: "right" }],
    ["ArrowUp", { do: "go", direction: "up" }],
    ["ArrowDown", { do: "go", direction: "down" }],
    ["Home", { do: "row", end: "first" }],
    ["End", { do: "row", end: "last" }],
    ["PageUp", { do: "section", step: -1 }],
    ["PageDown", { do: "section", step: 1 }],
    ["n", { do: "next free" }],
    ["N", { do: "next free" }],
    [" ", { do: "pick" }],
    ["Enter", { do: "pick" }],
    ["Escape", { do: "leave" }],
    ["+", { do: "zoom", factor: ZOOM }],
    ["=", { do: "zoom", factor: ZOOM }],
    ["-", { do: "zoom", factor: 1 / ZOOM }],
    ["0", { do: "fit" }],
  ]),
);

/**
 * @param {{key: string, ctrlKey: boolean, metaKey: boolean, altKey: boolean}} event
 * @returns {Command | null} null for keys that are somebody else's
 */
export function commandOf(event) {
  // With these, keys belong to the browser: Ctrl and + enlarges the page.
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  return COMMANDS.get(event.key) ?? null;
}
