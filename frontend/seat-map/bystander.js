/**
 * Stands where the walker will (walker.js), until the map is painted and the page has time for it: there is no mirror yet, and nobody walks.
 * @module
 */

import { SECTION_PITCH } from "./detail.js";

export const NOWHERE = Object.freeze({ seat: -1, section: -1 });

export class Bystander {
  /** @param {import("./view.js").SeatMapView} map */
  constructor(map) {
    this.map = map;
    this.hasFocus = false;
    this.focused = NOWHERE;
    /** @type {import("./viewpoint.js").Place | undefined} */
    this.place = undefined;
  }

  follow() {}
  placeCell() {}
  renew() {}
  showSeat() {}
  update() {}

  /** Flies to a section. @param {number} section @param {import("./viewpoint.js").Place} [wanted] in particular */
  enter(section, wanted) {
    const area = this.map.floor.areas.find((candidate) => candidate.section === section);
    if (area) this.map.flyInto(area, wanted ?? area.middle, SECTION_PITCH);
  }
}
