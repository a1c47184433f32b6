/** A small hall: two floors, three categories, a gap in row B, a wheelchair space with its companion's seat. */
export const smallHall = () => ({
  format: "seatplan/1",
  name: "Small hall",
  width: 8,
  height: 8,
  focal: { x: 3, y: 0 },
  numbering: "{section}-{row}-{number}",
  floors: [
    { id: "ground", name: "Ground floor" },
    { id: "upper", name: "Upper floor" },
  ],
  categories: [
    { key: "premium", name: "Premium", tier: 1 },
    { key: "standard", name: "Standard", tier: 3 },
    { key: "value", name: "Value", tier: 5 },
  ],
  objects: [
    { kind: "screen", label: "Screen", floor: "ground", polygon: [[0, 0], [6, 0], [6, 1], [0, 1]] },
    { kind: "stage", label: "Stage", floor: "ground", polygon: [[1, 0], [5, 0], [3, 1]] },
  ],
  sections: [
    {
      id: "stalls",
      name: "Stalls",
      floor: "ground",
      kind: "seated",
      outline: [[0.5, 1.5], [5.5, 1.5], [5.5, 3.5], [0.5, 3.5]],
      rows: [
        { label: "A", n: 4, geo: { line: [1, 2, 1, 0] }, category: "premium", cats: [[2, 2, "standard"]], flags: { w: [3], c: [2] }, pairs: [[3, 2]] },
        { label: "B", n: 3, geo: { line: [1, 3, 1, 0] }, category: "standard", gaps: [[1, 2]] },
      ],
    },
    {
      id: "circle",
      name: "Circle",
      floor: "upper",
      kind: "seated",
      outline: [[0.5, 5.5], [2.5, 5.5], [2.5, 6.5], [0.5, 6.5]],
      rows: [{ label: "A", n: 2, geo: { line: [1, 6, 1, 0] }, category: "value" }],
    },
  ],
});
