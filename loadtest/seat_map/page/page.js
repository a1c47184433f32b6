/**
 * Puts the seat map on an empty page and works it like a visitor, for `python -m loadtest.seat_map` and the test beside it.
 * @module
 */

import { decodePlan } from "/seat-map/plan.js";
import { STATUSES, applySnapshot, applyUpdates, createState } from "/seat-map/state.js";
import { SeatMapView } from "/seat-map/view.js";

const host = document.getElementById("host");
const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve));
/** By the second frame after a change, the first with it has gone to the screen. */
const painted = async () => {
  await nextFrame();
  await nextFrame();
};

/** The same "random" numbers each time. */
function dice(seed) {
  let x = seed;
  return () => {
    x = (Math.imul(x, 1_664_525) + 1_013_904_223) >>> 0;
    return x / 2 ** 32;
  };
}

/** A sale under way: 35 % sold, 4 % in baskets. */
function snapshot(count) {
  const random = dice(7);
  return Array.from({ length: count }, (_, seat_id) => {
    const drawn = random();
    return { seat_id, status: STATUSES[drawn < 0.35 ? 2 : drawn < 0.39 ? 1 : 0], version: 1 };
  });
}

function updatesOf(state, count, version) {
  const random = dice(version);
  return Array.from({ length: count }, () => ({ seat_id: Math.floor(random() * state.count), status: STATUSES[Math.floor(random() * 3)], version }));
}

/** What was painted since the map was opened. */
const counted = () => ({ ...map.view.renderer.painted, stamped: map.view.renderer.pictures.stamped });

function since(before) {
  return Object.fromEntries(Object.entries(counted()).map(([what, count]) => [what, count - before[what]]));
}

const map = {
  view: null,
  state: null,
  version: 1,
  /** What the map told the page. */
  heard: [],

  /** From the plan's text to the map on the screen; resolves to milliseconds. */
  async open(text, statuses = true) {
    const seats = snapshot(decodePlan(JSON.parse(text)).count);
    const startedAt = performance.now();
    const plan = decodePlan(JSON.parse(text));
    const view = new SeatMapView(host, plan, {
      onPick: (index) => map.heard.push(["seat", index]),
      onPickSection: (section) => map.heard.push(["section", section]),
      onFloor: (id) => map.heard.push(["floor", id]),
      onPoint() {},
      // As wordy as the seats page, which says prices here.
      linesOfSection: (section, { free, total }) => [plan.sections[section].name, "from €18", `${Math.round((free / total) * 100)} % left`],
    });
    map.state = createState({ firstSeatId: 0, count: plan.count });
    if (statuses) map.state = applySnapshot(map.state, seats).state;
    view.show(map.state);
    do await nextFrame();
    while (!view.renderer.painted.frames);
    await nextFrame();
    const took = performance.now() - startedAt;
    map.view = view;
    await view.walkable;
    return { painted: took };
  },

  /** Looks at the map from elsewhere in each frame; how far the frames were apart, in milliseconds. */
  async move(frames, camera) {
    const apart = [];
    await painted();
    let last = performance.now();
    for (let nth = 0; nth < frames; nth++) {
      map.view.viewpoint.look(camera(nth / frames));
      await nextFrame();
      const now = performance.now();
      apart.push(now - last);
      last = now;
    }
    return apart;
  },

  /** Around the middle of the first section, at a scale in CSS pixels per seat. */
  async pan(frames, scale) {
    const { view } = map;
    const { x, y } = view.floor.areas[0].middle;
    const { left, right } = view.floor.bounds;
    const sweep = Math.min(0.25 * (right - left), 300 / scale);
    return map.move(frames, (t) => ({
      scale,
      x: view.viewpoint.size.width / 2 - (x + sweep * Math.sin(t * 2 * Math.PI)) * scale,
      y: view.viewpoint.size.height / 2 - (y - 5 * Math.sin(t * 2 * Math.PI)) * scale,
    }));
  },

  /** From everything to single seats and back. */
  async zoom(frames) {
    const { view } = map;
    const { x, y } = view.floor.areas[0].middle;
    return map.move(frames, (t) => {
      const scale = view.viewpoint.fitScale * (40 / view.viewpoint.fitScale) ** (1 - Math.abs(2 * t - 1));
      return { scale, x: view.viewpoint.size.width / 2 - x * scale, y: view.viewpoint.size.height / 2 - y * scale };
    });
  },

  /** Goes somewhere and waits until everything is made to measure. */
  async rest(scale) {
    await map.pan(1, scale);
    map.view.viewpoint.settle();
    for (let frames = 0; frames < 60 && (map.view.frame || frames < 2); frames++) await nextFrame();
  },

  /** Waits for the end of a flight. */
  async landed() {
    while (map.view.viewpoint.flight) await nextFrame();
  },

  /** Draws now, and tells what was painted for it. */
  frame() {
    const before = counted();
    map.view.paint();
    return since(before);
  },

  /** Updates at once, as one message brings them; how soon they were on the screen, and what was painted for it. */
  async update(count) {
    const updates = updatesOf(map.state, count, ++map.version);
    await nextFrame();
    const before = counted();
    const startedAt = performance.now();
    map.state = applyUpdates(map.state, updates).state;
    map.view.show(map.state);
    await painted();
    return { painted: performance.now() - startedAt, ...since(before) };
  },

  /** Frames of a page that does nothing: the floor of every other number. */
  async idle(frames) {
    const apart = [];
    let last = performance.now();
    for (let nth = 0; nth < frames; nth++) {
      await nextFrame();
      const now = performance.now();
      apart.push(now - last);
      last = now;
    }
    return apart;
  },
};

Object.assign(globalThis, { map });
