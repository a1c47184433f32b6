/** Halls for the tests of the map: what decides is where their places stand. */

import { decodePlan } from "../../frontend/seat-map/plan.js";
import { floorsOf } from "../../frontend/seat-map/floors.js";

const around = (left, top, right, bottom) => [[left, top], [right, top], [right, bottom], [left, bottom]];

/** @param {any[]} sections @param {any[]} [floors] */
function hall(sections, floors = [{ id: "main", name: "Main floor" }]) {
  const plan = decodePlan({
    format: "seatplan/1",
    name: "Hall",
    width: 100,
    height: 100,
    focal: { x: 20, y: 0 },
    numbering: "{section}-{row}-{number}",
    floors,
    categories: [
      { key: "dear", name: "Dear", tier: 1 },
      { key: "cheap", name: "Cheap", tier: 5 },
    ],
    objects: [],
    sections: sections.map((section) => ({ floor: "main", ...section })),
  });
  return { plan, floors: floorsOf(plan), floor: floorsOf(plan)[0] };
}

/** Five rows of six, turned by an angle. */
export function turnedBlock(degrees) {
  const angle = (degrees / 180) * Math.PI;
  const [dx, dy] = [Math.cos(angle), Math.sin(angle)];
  const rows = [0, 1, 2, 3, 4].map((row) => ({
    label: String(row + 1),
    n: 6,
    geo: { line: [50 - row * 1.1 * dy, 50 + row * 1.1 * dx, dx, dy] },
    category: "dear",
  }));
  return hall([{ id: "B", name: "Block", kind: "seated", outline: around(40, 40, 60, 60), rows }]);
}

/** Nine round tables of six, sold by the chair, and one of eight that is sold whole. */
export function cabaret() {
  const tables = [0, 1, 2, 3, 4, 5, 6, 7, 8].map((nth) => ({
    label: `T${nth + 1}`,
    shape: "round",
    x: 5 + (nth % 3) * 5,
    y: 5 + Math.floor(nth / 3) * 5,
    r: 1,
    n: 6,
    book: "seat",
    category: "dear",
  }));
  const whole = { label: "T10", shape: "round", x: 20, y: 10, r: 1.2, n: 8, book: "whole", category: "dear" };
  return hall([{ id: "T", name: "Tables", kind: "tables", outline: around(2, 2, 23, 18), tables: [...tables, whole] }]);
}

/** Standing in front, a row of seats behind it, and seats on a floor above. */
export function club() {
  const row = (y) => [{ label: "A", n: 4, geo: { line: [10, y, 1, 0] }, category: "dear" }];
  return hall(
    [
      { id: "FLOOR", name: "Dance floor", kind: "standing", outline: around(5, 5, 20, 12), capacity: 300, category: "cheap" },
      { id: "BACK", name: "Back", kind: "seated", outline: around(9, 14, 15, 17), rows: row(15) },
      { id: "MEZZ", name: "Mezzanine", floor: "upper", kind: "seated", outline: around(9, 4, 15, 7), rows: row(6) },
    ],
    [
      { id: "main", name: "Main floor" },
      { id: "upper", name: "Upper floor" },
    ],
  );
}

/** Eight blocks of three rows in a ring, as in an arena. */
export function ring() {
  const sections = Array.from({ length: 8 }, (_, nth) => {
    const middle = (nth * Math.PI) / 4;
    const corner = (/** @type {number} */ r, /** @type {number} */ off) => [50 + r * Math.sin(middle + off), 50 + r * Math.cos(middle + off)];
    return {
      id: String(101 + nth),
      name: `Block ${101 + nth}`,
      kind: "seated",
      outline: [corner(19, -0.3), corner(23.5, -0.3), corner(23.5, 0.3), corner(19, 0.3)],
      rows: [20, 21.1, 22.2].map((r, row) => ({ label: String(row + 1), n: 11, geo: { arc: [50, 50, r, middle - 5 / r, 1 / r] }, category: "dear" })),
    };
  });
  return hall(sections);
}

/** A block of one long row after the other. */
export function largeBlock(rows, n) {
  return hall([
    {
      id: "L",
      name: "Large",
      kind: "seated",
      outline: around(0, 0, n + 2, rows + 2),
      rows: Array.from({ length: rows }, (_, row) => ({ label: String(row + 1), n, geo: { line: [1, row + 1, 1, 0] }, category: "dear" })),
    },
  ]);
}
