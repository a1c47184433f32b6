/**
 * What stands over every map of the organiser's pages: floors and zoom.
 * @module
 */

import { h, icon } from "../../lib/dom.js";
import { rightToLeft } from "../../lib/texts.js";
import { WIZARD } from "./words.js";

const CLOSER = 1.6;
/** What the tools take of a map, CSS pixels: floors above, zoom beside. */
const FLOORS_HEIGHT = 56;
const ZOOM_WIDTH = 60;

/**
 * Where a map has room for its house, beside the tools.
 * @param {import("../../seat-map/plan.js").Plan} plan
 * @param {number} margin
 * @returns {import("../../seat-map/camera.js").Insets}
 */
export function insetsOf({ floors }, margin) {
  const beside = margin + ZOOM_WIDTH;
  const [left, right] = rightToLeft ? [beside, margin] : [margin, beside];
  return { top: margin + (floors.length > 1 ? FLOORS_HEIGHT : 0), right, bottom: margin, left };
}

/**
 * @param {import("../../seat-map/plan.js").Plan} plan
 * @param {{showFloor: (id: string) => void, zoomBy: (factor: number) => void, fitAll: () => void}} view
 * @returns {{floors: HTMLElement | null, zoom: HTMLElement, markFloor: (id: string) => void}}
 */
export function mapTools({ floors }, view) {
  const buttons = floors.map(({ id, name }, nth) =>
    h(
      "button",
      {
        type: "button",
        "aria-pressed": nth === 0,
        onclick: () => {
          markFloor(id);
          view.showFloor(id);
        },
      },
      name,
    ),
  );
  const markFloor = (/** @type {string} */ id) => {
    for (const [nth, button] of buttons.entries()) button.setAttribute("aria-pressed", String(floors[nth].id === id));
  };
  return {
    floors: floors.length > 1 ? h("div", { class: "switches" }, h("div", { class: "switch", role: "group", "aria-label": WIZARD.floors }, buttons)) : null,
    zoom: h(
      "div",
      { class: "zoom", role: "group", "aria-label": WIZARD.zoom },
      h("button", { type: "button", "aria-label": WIZARD.zoomIn, onclick: () => view.zoomBy(CLOSER) }, icon("plus")),
      h("button", { type: "button", "aria-label": WIZARD.zoomOut, onclick: () => view.zoomBy(1 / CLOSER) }, icon("minus")),
      h("button", { type: "button", "aria-label": WIZARD.fit, onclick: () => view.fitAll() }, icon("fit")),
    ),
    markFloor,
  };
}
