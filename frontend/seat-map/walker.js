/**
 * The way through the map by keyboard, or with a screen reader: carries out keys, keeps what has the focus in sight, and the mirror at what is
 * looked at.
 * @module
 */

import { NOWHERE } from "./bystander.js";
import { centreOn } from "./camera.js";
import { nearestIn } from "./cursor.js";
import { CLOSE_PITCH, KEYBOARD_PITCH, Level, SECTION_PITCH, levelAt } from "./detail.js";
import { sectionOf } from "./floors.js";
import { commandOf } from "./keys.js";
import { Mirror } from "./mirror.js";
import { placeAfter, sectionAfter } from "./walk.js";

/** @typedef {import("./viewpoint.js").Place} Place */

/** Around what has the focus, CSS pixels. */
const SIGHT_MARGIN = 44;

export class Walker {
  /**
   * @param {HTMLElement} host
   * @param {import("./view.js").SeatMapView} map
   */
  constructor(host, map) {
    this.map = map;
    const { status, options } = map;
    this.mirror = new Mirror(host, map.plan, {
      nameOfSeat: (index) => options.nameOfSeat(index, status.looks[index]),
      lookOf: (index) => status.looks[index],
      nameOfSection: (section) => status.linesOf(section).join(", "),
      onFocus: (arrived) => this.focusMoved(arrived),
      onBlur: () => this.focusLeft(),
      onPick: () => this.obey({ do: "pick" }),
      onKey: (event) => this.key(event),
    });
  }

  get hasFocus() {
    return this.mirror.hasFocus;
  }

  /** What has the focus, in the map's terms. */
  get focused() {
    if (!this.mirror.hasFocus) return NOWHERE;
    const { of, current } = this.mirror;
    return of === "sections" ? { seat: -1, section: current } : { seat: current, section: sectionOf(this.map.plan, current) };
  }

  /** Where the mirror's current cell is. @returns {Place | undefined} */
  get place() {
    const { of, current } = this.mirror;
    if (of === "sections") return this.map.floor.areas.find(({ section }) => section === current)?.middle;
    return this.map.placeOf(current);
  }

  // What the map tells

  renew() {
    this.mirror.renew();
  }

  /** @param {readonly number[]} changed @param {ReadonlySet<number>} sections */
  update(changed, sections) {
    this.mirror.update(changed, sections);
  }

  /** @param {number} index @param {boolean} [focus] */
  showSeat(index, focus) {
    this.mirror.showSeat(index, focus);
  }

  // Keys

  /** @param {KeyboardEvent} event */
  key(event) {
    const command = commandOf(event);
    if (!command) return;
    event.preventDefault();
    this.obey(command);
  }

  /** @param {import("./keys.js").Command} command */
  obey(command) {
    if (command.do === "zoom") this.map.zoomBy(command.factor);
    else if (command.do === "fit") this.map.fitAll();
    else if (command.do === "pick") this.pick();
    else if (command.do === "leave") this.leave();
    else this.go(command);
  }

  /** @param {import("./keys.js").Command} command */
  go(command) {
    const { plan, floor, status } = this.map;
    const from = this.mirror.current;
    if (this.mirror.of === "sections") {
      const section = sectionAfter(command, { plan, floor, from, hasFree: (candidate) => status.leftOf(candidate).free > 0 });
      this.map.showFloor(plan.sections[section].floor, true);
      this.showSection(section);
      if (this.place) this.map.viewpoint.bringIntoSight(this.place, SIGHT_MARGIN);
    } else {
      const index = placeAfter(command, { plan, floor, from, isFree: (candidate) => status.isFree(candidate) });
      this.map.showFloor(plan.sections[sectionOf(plan, index)].floor, true);
      this.reveal(index);
      this.mirror.showSeat(index, true);
    }
    this.focusMoved();
  }

  pick() {
    const { of, current } = this.mirror;
    const section = of === "sections" ? current : sectionOf(this.map.plan, current);
    if (this.map.isStanding(section)) this.map.options.onPickSection(section);
    else if (of === "sections") this.enter(section);
    else this.map.options.onPick(current);
  }

  /** From the seats of a stadium back to its sections; from there, or in a small hall, out of the map. */
  leave() {
    if (this.mirror.of === "sections" || !this.opensWithSections()) {
      this.mirror.leave();
      return;
    }
    this.showSection(sectionOf(this.map.plan, this.mirror.current));
    this.map.fitAll();
  }

  /**
   * Flies to a section, near enough for its seats to be seen.
   * @param {number} section
   * @param {Place} [wanted] in particular
   */
  enter(section, wanted) {
    const { plan, floor, status } = this.map;
    const area = floor.areas.find((candidate) => candidate.section === section);
    if (!area) return;
    const seat = nearestIn(plan, section, wanted ?? area.middle, (index) => status.isFree(index));
    this.mirror.showSeat(seat);
    const walking = this.mirror.hasFocus;
    const centre = walking ? this.map.placeOf(seat) : (wanted ?? area.middle);
    this.map.flyInto(area, centre, walking ? KEYBOARD_PITCH : SECTION_PITCH, () => this.focusMoved());
  }

  /** Whether all of the floor is looked at as sections. */
  opensWithSections() {
    const { viewpoint, floor } = this.map;
    return levelAt(viewpoint.fitScale, viewpoint.ratio, floor.seated) === Level.SECTIONS;
  }

  /** Puts the focus on a section, or on a seat of it where the floor is small and has its seats shown at once. @param {number} section */
  showSection(section) {
    const { plan, floor, status } = this.map;
    if (this.opensWithSections()) this.mirror.showSections(floor.areas.map((area) => area.section), section, true);
    else this.mirror.showSeat(nearestIn(plan, section, plan.focal, (index) => status.isFree(index)), true);
  }

  // Focus

  /** Keeps a place in sight, and a seat large enough to see. @param {number} index */
  reveal(index) {
    const { viewpoint } = this.map;
    const place = this.map.placeOf(index);
    viewpoint.bringIntoSight(place, SIGHT_MARGIN);
    if (viewpoint.camera.scale >= KEYBOARD_PITCH || this.map.isStanding(sectionOf(this.map.plan, index))) return;
    viewpoint.look(centreOn(place, CLOSE_PITCH, viewpoint.size));
  }

  /** @param {boolean} [arrived] from outside of the map */
  focusMoved(arrived = false) {
    if (!this.mirror.hasFocus) return;
    if (arrived && this.mirror.of === "seats") this.reveal(this.mirror.current);
    this.placeCell();
    this.mirror.bringIntoSight();
    this.map.tell(this.focused.seat, "keyboard");
    this.map.draw();
  }

  focusLeft() {
    this.map.tell(-1, "keyboard");
    this.map.draw();
  }

  /** The mirror shows what the canvas shows: sections from afar, else the section in the middle, unless somebody is walking there. */
  follow() {
    const { plan, floor, level, status, viewpoint } = this.map;
    if (!floor.areas.length || !viewpoint.size.width) return;
    const { mirror } = this;
    const current = mirror.of === "sections" ? mirror.current : sectionOf(plan, mirror.current);
    const walking = mirror.hasFocus && plan.sections[current].floor === floor.id;
    const section = walking ? current : nearestSection(floor, viewpoint.middle);
    if (level === Level.SECTIONS) mirror.showSections(floor.areas.map((area) => area.section), section);
    else if (!walking || mirror.of === "sections") mirror.showSeat(nearestIn(plan, section, viewpoint.middle, (index) => status.isFree(index)));
    this.placeCell();
  }

  placeCell() {
    if (this.place) this.mirror.place(this.map.viewpoint.onScreen(this.place));
  }
}

/** @param {import("./floors.js").Floor} floor @param {Place} place */
function nearestSection(floor, place) {
  let best = floor.areas[0].section;
  let bestDistance = Infinity;
  for (const { section, bounds, middle } of floor.areas) {
    const dx = Math.max(bounds.left - place.x, 0, place.x - bounds.right);
    const dy = Math.max(bounds.top - place.y, 0, place.y - bounds.bottom);
    // Of several around the place, the one whose middle is nearest.
    const distance = Math.hypot(dx, dy) * 1_000 + Math.hypot(middle.x - place.x, middle.y - place.y);
    if (distance < bestDistance) {
      bestDistance = distance;
      best = section;
    }
  }
  return best;
}
