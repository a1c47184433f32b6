/**
 * The kinds of event and the rooms an organiser can choose for them, by the names the events service knows (a test compares).
 * @module
 */

/** @typedef {{value: string, name: string, seats: number, categories: [key: string, name: string][]}} Room */
/** @typedef {{value: string, name: string, plural: string, rooms: Room[]}} EventType */

/** @type {readonly EventType[]} The first room of a kind is its usual one. */
export const EVENT_TYPES = [
  {
    value: "movie",
    name: "Film",
    plural: "Films",
    rooms: [
      { value: "cinema-large", name: "Cinema, large room", seats: 325, categories: [["premium", "Premium"], ["standard", "Standard"], ["front", "Front rows"]] },
      { value: "cinema-small", name: "Cinema, small room", seats: 96, categories: [["premium", "Premium"], ["standard", "Standard"]] },
      { value: "cinema-odd", name: "Cinema, old picture house", seats: 197, categories: [["premium", "Premium"], ["standard", "Standard"], ["front", "Front rows"]] },
    ],
  },
  {
    value: "concert",
    name: "Concert",
    plural: "Concerts",
    rooms: [
      {
        value: "concert-hall",
        name: "Concert hall",
        seats: 1508,
        categories: [["gold", "Gold"], ["silver", "Silver"], ["bronze", "Bronze"], ["choir", "Behind the stage"]],
      },
      { value: "club", name: "Club", seats: 312, categories: [["floor", "Floor, standing"], ["mezzanine", "Mezzanine"], ["restricted", "Side view"]] },
      {
        value: "arena",
        name: "Arena",
        seats: 12842,
        categories: [["floor", "Floor"], ["lower", "Lower tier"], ["upper", "Upper tier"], ["upper-back", "Upper tier, back rows"], ["restricted", "Side view"]],
      },
    ],
  },
  {
    value: "theater",
    name: "Theatre",
    plural: "Theatre",
    rooms: [
      {
        value: "theater",
        name: "Theater",
        seats: 655,
        categories: [["box", "Box for four"], ["premium", "Premium stalls"], ["stalls", "Stalls"], ["circle", "Circle"], ["balcony", "Balcony"], ["restricted", "Restricted view"]],
      },
    ],
  },
  {
    value: "comedy",
    name: "Comedy",
    plural: "Comedy",
    rooms: [{ value: "cabaret", name: "Cabaret", seats: 136, categories: [["stage-table", "Stage table for four"], ["table", "Seat at a table"]] }],
  },
  {
    value: "sports",
    name: "Sports",
    plural: "Sports",
    rooms: [
      {
        value: "sports-hall",
        name: "Sports hall",
        seats: 5330,
        categories: [["courtside", "Lower tier, long side"], ["lower", "Lower tier"], ["upper", "Upper tier"], ["upper-back", "Upper tier, back rows"]],
      },
      {
        value: "stadium",
        name: "Stadium",
        seats: 50000,
        categories: [
          ["club", "Club tier"],
          ["long-side", "Lower tier, long side"],
          ["lower", "Lower tier, ends and corners"],
          ["upper", "Upper tier"],
          ["upper-back", "Upper tier, back rows"],
        ],
      },
    ],
  },
];
