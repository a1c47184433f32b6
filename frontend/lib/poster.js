/**
 * What a drawn poster looks like, decided by the title: the same title gives the same poster everywhere.
 * Pure numbers and colours; artwork.js makes elements of them.
 * @module
 */

export const WIDTH = 400;
export const HEIGHT = 500;

/** Three stops of a ground, dark enough for white titles. */
const GROUNDS = [
  ["#2e24c4", "#6a1fb0", "#c02f83"],
  ["#06302b", "#0f5a50", "#2a8a76"],
  ["#4a0f00", "#8a3300", "#b86a07"],
  ["#0b1020", "#1f2c55", "#3a57b5"],
  ["#3a0a2e", "#7a1450", "#c73a5b"],
  ["#04263f", "#0b4f79", "#1b86a5"],
  ["#22103f", "#4b2390", "#7f56d6"],
  ["#10240f", "#2d5a1f", "#74862a"],
];

/** @typedef {{kind: "circle", cx: number, cy: number, r: number, opacity: number, stroke: number}} Circle `stroke` 0: filled */
/** @typedef {{kind: "polygon", points: [number, number][], opacity: number}} Polygon */

/**
 * @param {string} title
 * @param {string} [eventType] gives the motif
 * @returns {{stops: string[], angle: number, shapes: (Circle | Polygon)[]}}
 */
export function posterOf(title, eventType = "") {
  const random = generator(title);
  const stops = GROUNDS[Math.floor(random() * GROUNDS.length)];
  const angle = 20 + Math.floor(random() * 60);
  const motif = MOTIFS[eventType] ?? rings;
  return { stops, angle, shapes: motif(random) };
}

/** @type {Record<string, (random: () => number) => (Circle | Polygon)[]>} */
const MOTIFS = { movie: beam, concert: rings, theater: curtain, comedy: spotlights, sports: pitch };

/** A projector's light, fanned out. @param {() => number} random @returns {Polygon[]} */
function beam(random) {
  const from = random() < 0.5 ? -20 : WIDTH + 20;
  const y = 30 + random() * 90;
  const far = WIDTH - from;
  const spread = 90 + random() * 60;
  return [0, 1, 2].map((nth) => {
    const top = y - 40 + nth * spread * 0.9;
    return { kind: "polygon", points: [[from, y], [far, top], [far, top + spread]], opacity: 0.16 - nth * 0.04 };
  });
}

/** Sound, from a place near the edge. @param {() => number} random @returns {Circle[]} */
function rings(random) {
  const cx = WIDTH * (0.55 + random() * 0.4);
  const cy = HEIGHT * (0.12 + random() * 0.28);
  const gap = 34 + random() * 22;
  return [0, 1, 2, 3, 4, 5].map((nth) => ({ kind: "circle", cx, cy, r: 26 + nth * gap, opacity: 0.3 - nth * 0.042, stroke: nth ? 9 - nth : 0 }));
}

/** Folds of a curtain, drawn aside. @param {() => number} random @returns {Polygon[]} */
function curtain(random) {
  const folds = 7;
  const width = WIDTH / folds;
  const lean = 10 + random() * 34;
  return Array.from({ length: folds }, (_, nth) => {
    const left = nth * width;
    return { kind: "polygon", points: [[left, 0], [left + width * 0.5, 0], [left + width * 0.5 - lean, HEIGHT], [left - lean, HEIGHT]], opacity: 0.05 + random() * 0.1 };
  });
}

/** Two lights that meet on a small stage. @param {() => number} random @returns {(Circle | Polygon)[]} */
function spotlights(random) {
  const meet = WIDTH * (0.4 + random() * 0.2);
  const floor = HEIGHT * (0.5 + random() * 0.1);
  const r = 64 + random() * 30;
  /** @type {(from: number) => Polygon} */
  const light = (from) => {
    const past = (HEIGHT - floor) / (floor + 10); // how far it goes on below where they meet
    const end = meet + (meet - from) * past;
    const wide = r * (1 + past);
    return { kind: "polygon", points: [[from - 6, -10], [from + 6, -10], [end + wide, HEIGHT], [end - wide, HEIGHT]], opacity: 0.13 };
  };
  return [light(WIDTH * (0.02 + random() * 0.12)), light(WIDTH * (0.86 + random() * 0.12)), { kind: "circle", cx: meet, cy: floor, r, opacity: 0.1, stroke: 0 }];
}

/** Lines of a field. @param {() => number} random @returns {(Circle | Polygon)[]} */
function pitch(random) {
  const cx = WIDTH * (0.35 + random() * 0.5);
  const cy = HEIGHT * (0.2 + random() * 0.15);
  const lean = 60 + random() * 80;
  return [
    { kind: "circle", cx, cy, r: 96, opacity: 0.26, stroke: 7 },
    { kind: "circle", cx, cy, r: 12, opacity: 0.3, stroke: 0 },
    { kind: "polygon", points: [[cx + lean, -10], [cx + lean + 8, -10], [cx - lean * 2.4 + 8, HEIGHT], [cx - lean * 2.4, HEIGHT]], opacity: 0.26 },
    { kind: "polygon", points: [[-10, cy + 210], [WIDTH + 10, cy + 120], [WIDTH + 10, HEIGHT], [-10, HEIGHT]], opacity: 0.07 },
  ];
}

/** Numbers from 0 to 1 that follow from a text: mulberry32 over an FNV-1a hash. @param {string} text */
function generator(text) {
  let state = 2166136261;
  for (const character of text) state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 16777619);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
