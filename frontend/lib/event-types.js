/**
 * The kinds of event and the rooms an organiser can choose for them, by the names the events service knows, with their own sizes (a test compares).
 * @module
 */

/** @typedef {{value: string, seats: number}} Room */
/** @typedef {{value: string, rooms: Room[]}} EventType */

/** @type {readonly EventType[]} The first room of a kind is its usual one. */
export const EVENT_TYPES = [
  {
    value: "movie",
    rooms: [
      { value: "cinema-large", seats: 325 },
      { value: "cinema-small", seats: 96 },
      { value: "cinema-odd", seats: 197 },
    ],
  },
  {
    value: "concert",
    rooms: [
      { value: "concert-hall", seats: 1508 },
      { value: "club", seats: 312 },
      { value: "arena", seats: 12842 },
    ],
  },
  { value: "theater", rooms: [{ value: "theater", seats: 655 }] },
  { value: "comedy", rooms: [{ value: "cabaret", seats: 136 }] },
  {
    value: "sports",
    rooms: [
      { value: "sports-hall", seats: 5330 },
      { value: "stadium", seats: 50000 },
    ],
  },
];
