/**
 * What is written on the map, and the stage and screen it is written on.
 * @module
 */

import { roomAt } from "./outline.js";

/** @typedef {import("./plan.js").Plan} Plan */
/** @typedef {import("./floors.js").Area} Area */

/**
 * One painting of the map. `pitch` and the origin are in device pixels; `ratio` is device pixels per CSS pixel.
 * @typedef {object} Frame
 * @property {CanvasRenderingContext2D} context
 * @property {number} pitch
 * @property {number} originX
 * @property {number} originY
 * @property {number} ratio
 * @property {import("./palette.js").Palette} palette
 */

/** The page's own face (tokens.css); a canvas knows no custom properties. */
const FONT = '"Instrument Sans", system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", Arial, sans-serif';
/** With few sections their names would only hide seats. */
const SECTIONS_TO_NAME = 7;
/** Sizes of the first line and of those below it, from comfortable to just readable; CSS pixels. */
const SIZES = [[19, 15], [15, 12.5], [13, 11.5], [11, 10.5]];
/** For a short name alone. */
const SMALLEST = [9.5, 9.5];
/** Around several lines, and around a name alone; CSS pixels. */
const PADDING = 5;
const LEAST_PADDING = 2;
/** One small label more or less decides nothing: so many of those around set the size for all. */
const MOST_OF_THEM = 0.85;
const LINE_HEIGHT = 1.25;

/** @typedef {{text: string, size: number, weight: number}} Line its size in device pixels */
/** @typedef {{area: Area, lines: readonly string[], short: string, colour: string}} Label `short` stands for the first line where that is too long */

/** @type {((label: Label) => readonly (string | undefined)[])[]} what is written, the best first: a price is worth more than a long name */
const CONTENTS = [
  ({ lines }) => lines.slice(0, 3),
  ({ lines, short }) => [short, lines[1], lines[2]],
  ({ lines }) => lines.slice(0, 2),
  ({ lines, short }) => [short, lines[1]],
  ({ lines }) => [lines[0]],
  ({ short }) => [short],
];
/** All the ways to write a label, the best first. */
const WAYS = CONTENTS.flatMap((content, nth) =>
  [...SIZES, ...(nth < CONTENTS.length - 1 ? [] : [SMALLEST])].map((sizes) => ({ content, sizes })),
);

/** @param {number} size @param {number} weight */
export function font(size, weight) {
  return `${weight} ${Math.round(size * 2) / 2}px ${FONT}`;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {string} text
 * @param {number} x
 * @param {number} y
 * @param {number} size
 * @param {string} colour
 * @param {number} weight
 */
export function write(context, text, x, y, size, colour, weight) {
  context.font = font(size, weight);
  context.fillStyle = colour;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(text, x, y);
}

/** @type {WeakMap<Area, {pitch: number, lengths: string, rank: number}>} while only the place changes, or a figure in a line, what fits stays the same */
let known = new WeakMap();

/**
 * Writes on areas as much as fits, as large as it fits. Labels that say equally much have one size, since a large one here and there would look as if
 * those sections mattered more.
 * @param {Frame} frame
 * @param {readonly Label[]} labels
 */
export function writeLabels(frame, labels) {
  const ranks = labels.map((label) => rankOf(frame, label));
  const common = new Map(CONTENTS.map((content) => [content, mostOf(ranks.filter((rank) => WAYS[rank]?.content === content))]));
  for (const [nth, label] of labels.entries()) {
    const way = WAYS[ranks[nth]];
    if (way) writeLines(frame, label.area.middle, ranked(label, Math.max(ranks[nth], common.get(way.content) ?? 0), frame.ratio), label.colour);
  }
}

/** What most of the labels can have; those that cannot are let be smaller. @param {number[]} ranks */
function mostOf(ranks) {
  return ranks.sort((a, b) => a - b)[Math.ceil(ranks.length * MOST_OF_THEM) - 1];
}

/**
 * The first of the ways to write a label that fits. Beyond the last: nothing does.
 * @param {Frame} frame
 * @param {Label} label
 */
function rankOf({ context, pitch, ratio }, label) {
  const { area, lines } = label;
  const lengths = lines.map((line) => line.length).join();
  const before = known.get(area);
  if (before?.pitch === pitch && before.lengths === lengths) return before.rank;
  let rank = 0;
  for (; rank < WAYS.length; rank++) {
    const set = ranked(label, rank, ratio);
    const padding = 2 * ratio * (set.length > 1 ? PADDING : LEAST_PADDING);
    const height = set.reduce((sum, { size }) => sum + size * LINE_HEIGHT, 0);
    const room = roomAt(area.outline, area.middle, (height + padding / 2) / pitch) * pitch - padding;
    if (set.every(({ text, size, weight }) => widthOf(context, text, size, weight) <= room)) break;
  }
  known.set(area, { pitch, lengths, rank });
  return rank;
}

/** @param {Label} label @param {number} rank @param {number} ratio @returns {Line[]} */
function ranked(label, rank, ratio) {
  const { content, sizes } = WAYS[rank];
  const [first, other] = sizes;
  const written = content(label).filter((text) => text !== undefined);
  return written.map((text, nth) => ({ text, size: (nth ? other : first) * ratio, weight: nth ? 500 : 700 }));
}

/** @type {Map<string, number>} the same names and prices are measured in each frame */
const widths = new Map();
const WIDTHS_KEPT = 5_000;

/** A face has come that was not there when texts were measured. */
export function measureAgain() {
  widths.clear();
  known = new WeakMap();
}

/** @param {CanvasRenderingContext2D} context @param {string} text @param {number} size @param {number} weight */
function widthOf(context, text, size, weight) {
  const key = `${font(size, weight)} ${text}`;
  let width = widths.get(key);
  if (width === undefined) {
    if (widths.size > WIDTHS_KEPT) widths.clear();
    context.font = font(size, weight);
    width = context.measureText(text).width;
    widths.set(key, width);
  }
  return width;
}

/**
 * Lines below each other, centred on a point of the plan.
 * @param {Frame} frame
 * @param {{x: number, y: number}} middle
 * @param {readonly Line[]} lines
 * @param {string} colour
 */
function writeLines({ context, pitch, originX, originY }, middle, lines, colour) {
  const height = lines.reduce((sum, { size }) => sum + size * LINE_HEIGHT, 0);
  let y = middle.y * pitch + originY - height / 2;
  for (const { text, size, weight } of lines) {
    write(context, text, middle.x * pitch + originX, y + (size * LINE_HEIGHT) / 2, size, colour, weight);
    y += size * LINE_HEIGHT;
  }
}

/** Stage, screen, bar, dance floor. @param {Frame} frame @param {readonly import("./plan.js").PlanObject[]} objects */
export function paintObjects({ context, pitch, originX, originY, ratio, palette }, objects) {
  for (const { polygon, label } of objects) {
    let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
    context.beginPath();
    for (const [x, y] of polygon) {
      context.lineTo(x * pitch + originX, y * pitch + originY);
      [left, top, right, bottom] = [Math.min(left, x), Math.min(top, y), Math.max(right, x), Math.max(bottom, y)];
    }
    context.closePath();
    context.fillStyle = context.strokeStyle = palette.stage;
    context.lineJoin = "round";
    context.lineWidth = Math.max(1, Math.min(4 * ratio, pitch * 0.35));
    context.fill();
    context.stroke();
    const room = Math.min((bottom - top) * pitch * 0.6, ((right - left) * pitch) / Math.max(4, label.length));
    if (!label || room < 6 * ratio) continue;
    const size = Math.max(10 * ratio, Math.min(room, 20 * ratio));
    write(context, label.toLocaleUpperCase(), ((left + right) / 2) * pitch + originX, ((top + bottom) / 2) * pitch + originY, size, palette.muted, 650);
  }
}

/** At both ends of each row, in the direction of the row. @param {Frame} frame @param {Plan} plan @param {readonly Area[]} areas in sight */
export function paintRowLabels({ context, pitch, originX, originY, ratio, palette }, plan, areas) {
  const { width, height } = context.canvas;
  const size = Math.min(13 * ratio, pitch * 0.56);
  for (const { section } of areas) {
    // A table carries its name itself, and a standing area has no rows.
    if (plan.sections[section].kind !== "seated") continue;
    for (const { label, start, end } of plan.rows.slice(plan.sections[section].rowStart, plan.sections[section].rowEnd)) {
      if (!label) continue;
      const ends = [
        [start, Math.min(start + 1, end - 1)],
        [end - 1, Math.max(end - 2, start)],
      ];
      for (const [seat, inner] of ends) {
        const dx = plan.x[seat] - plan.x[inner];
        const dy = plan.y[seat] - plan.y[inner];
        const length = Math.hypot(dx, dy) || 1;
        // A row of one seat has no direction: its label stands to the left.
        const x = (plan.x[seat] + (seat === inner ? -1 : dx / length) * 0.95) * pitch + originX;
        const y = (plan.y[seat] + (dy / length) * 0.95) * pitch + originY;
        if (x > 0 && y > 0 && x < width && y < height) write(context, label, x, y, size, palette.muted, 600);
      }
    }
  }
}

/** From some way off, the sections say their names. @param {Frame} frame @param {Plan} plan @param {readonly Area[]} areas */
export function paintSectionNames({ context, pitch, originX, originY, ratio, palette }, plan, areas) {
  if (plan.sections.length < SECTIONS_TO_NAME) return;
  const seated = areas.filter(({ section }) => plan.sections[section].kind === "seated");
  const size = 11 * ratio;
  const wide = seated.map(({ section }) => widthOf(context, plan.sections[section].name, size, 650) + 12 * ratio);
  const fits = seated.map(({ bounds }, nth) => wide[nth] <= (bounds.right - bounds.left) * pitch);
  // A few names among many nameless sections would look like a mistake.
  if (fits.filter(Boolean).length < seated.length / 2) return;
  for (const [nth, { section, middle }] of seated.entries()) {
    if (!fits[nth]) continue;
    const x = middle.x * pitch + originX;
    const y = middle.y * pitch + originY;
    context.globalAlpha = 0.88;
    context.fillStyle = palette.ground;
    context.beginPath();
    context.roundRect(x - wide[nth] / 2, y - size * 0.85, wide[nth], size * 1.7, size);
    context.fill();
    context.globalAlpha = 1;
    write(context, plan.sections[section].name, x, y, size, palette.ink, 650);
  }
}
