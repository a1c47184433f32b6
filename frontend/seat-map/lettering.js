/**
 * What is written on the map, and what it is written on: stage and screen, row labels, section names.
 * @module
 */

/** @typedef {import("./plan.js").Plan} Plan */

/**
 * One painting of the map. `pitch` and the origin are in device pixels; `ratio` is device pixels per CSS pixel.
 * @typedef {object} Frame
 * @property {CanvasRenderingContext2D} context
 * @property {number} pitch
 * @property {number} originX
 * @property {number} originY
 * @property {number} ratio
 * @property {import("./sprites.js").Palette} palette
 */

const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Liberation Sans", Arial, sans-serif';
/** With few sections their names would only hide seats. */
const SECTIONS_TO_NAME = 7;

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
  context.font = `${weight} ${Math.round(size * 2) / 2}px ${FONT}`;
  context.fillStyle = colour;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(text, x, y);
}

/** Stage, screen, tables. @param {Frame} frame @param {Plan} plan */
export function paintObjects({ context, pitch, originX, originY, ratio, palette }, plan) {
  for (const { polygon, label } of plan.objects) {
    if (polygon.length < 2) continue;
    let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
    context.beginPath();
    for (const [x, y] of polygon) {
      context.lineTo(x * pitch + originX, y * pitch + originY);
      [left, top, right, bottom] = [Math.min(left, x), Math.min(top, y), Math.max(right, x), Math.max(bottom, y)];
    }
    context.closePath();
    context.fillStyle = context.strokeStyle = palette.stage;
    context.lineJoin = "round";
    context.lineWidth = Math.max(1, pitch * 0.35);
    context.fill();
    context.stroke();
    const room = Math.min((bottom - top) * pitch * 0.6, ((right - left) * pitch) / Math.max(4, label.length));
    if (!label || room < 6 * ratio) continue;
    const size = Math.max(10 * ratio, Math.min(room, 20 * ratio));
    write(context, label.toLocaleUpperCase(), ((left + right) / 2) * pitch + originX, ((top + bottom) / 2) * pitch + originY, size, palette.muted, 650);
  }
}

/** At both ends of each row, in the direction of the row. @param {Frame} frame @param {Plan} plan */
export function paintRowLabels({ context, pitch, originX, originY, ratio, palette }, plan) {
  const { width, height } = context.canvas;
  const size = Math.min(13 * ratio, pitch * 0.56);
  // A table carries the name of the row around it already.
  const written = new Set(plan.objects.map(({ label }) => label));
  for (const { label, start, end } of plan.rows) {
    if (!label || start === end || written.has(label)) continue;
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

/** From afar, the sections say their names. @param {Frame} frame @param {Plan} plan */
export function paintSectionNames({ context, pitch, originX, originY, ratio, palette }, plan) {
  if (plan.sections.length < SECTIONS_TO_NAME) return;
  const size = 11 * ratio;
  context.font = `650 ${size}px ${FONT}`;
  const widths = plan.sections.map(({ name }) => context.measureText(name).width + 12 * ratio);
  const fits = plan.sections.map(({ bounds }, nth) => widths[nth] <= (bounds.right - bounds.left) * pitch);
  // A few names among many nameless sections would look like a mistake.
  if (fits.filter(Boolean).length < plan.sections.length / 2) return;
  for (const [nth, { name, bounds }] of plan.sections.entries()) {
    if (!fits[nth]) continue;
    const x = ((bounds.left + bounds.right) / 2) * pitch + originX;
    const y = ((bounds.top + bounds.bottom) / 2) * pitch + originY;
    context.globalAlpha = 0.88;
    context.fillStyle = palette.ground;
    context.beginPath();
    context.roundRect(x - widths[nth] / 2, y - size * 0.85, widths[nth], size * 1.7, size);
    context.fill();
    context.globalAlpha = 1;
    write(context, name, x, y, size, palette.ink, 650);
  }
}
