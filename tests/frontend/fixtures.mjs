/** A small hall: two sections, three categories, a gap in row B, a wheelchair space. */
export const smallHall = () => ({
  format: "seatplan/1",
  name: "Small hall",
  width: 8,
  height: 8,
  focal: { x: 3, y: 0 },
  categories: [
    { key: "premium", name: "Premium", tier: 1 },
    { key: "standard", name: "Standard", tier: 3 },
    { key: "value", name: "Value", tier: 9 },
  ],
  objects: [
    { kind: "screen", label: "Screen", rect: { x: 0, y: -2, width: 6, height: 1 } },
    { kind: "stage", label: "Stage", polygon: [[1, -4], [5, -4], [3, -3]] },
  ],
  sections: [
    {
      id: "stalls",
      name: "Stalls",
      kind: "seated",
      rows: [
        { label: "A", seats: [["1", 0, 0, "premium"], ["2", 1, 0, "premium"], ["3", 2, 0, "standard"], ["4", 3, 0, "standard", ["wheelchair"]]] },
        { label: "B", seats: [[1, 0, 1, "standard"], [2, 1, 1, "standard"], [3, 4, 1, "standard"]] },
      ],
    },
    { id: "circle", name: "Circle", kind: "seated", rows: [{ label: "A", seats: [["1", 0, 4, "value"], ["2", 1, 4, "value"]] }] },
  ],
});
