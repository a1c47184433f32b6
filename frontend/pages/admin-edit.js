/**
 * What is said about an event, changed; or the event taken away, with what that means said first.
 * @module
 */

import { api, explain } from "../lib/api.js";
import { find, h, icon } from "../lib/dom.js";
import { clearErrors, field, fieldError, showSummary, submitting } from "../lib/forms.js";
import { dateTime } from "../lib/format.js";
import { notice } from "../lib/site.js";
import { eventInAddress, forOrganisers } from "./organiser/access.js";
import { removeEvent } from "./organiser/removing.js";
import { startFields } from "./organiser/start-fields.js";
import { ACCESS, EDIT, FAULTS, FIELDS, REMOVE } from "./organiser/words.js";
import { instantOf, localOf } from "./organiser/zones.js";

/** @typedef {{name: string, venue: string, city: string, description: string, start: string, time_zone: string}} Said */

const root = find("#admin");
const messages = h("div", { "aria-live": "polite" });

forOrganisers(root, { title: EDIT.title, open });

async function open() {
  const id = eventInAddress(root, EDIT.title);
  if (id === null) return;
  const [event, sales] = await Promise.all([api.get(`/events/${id}`, { auth: true }), api.get(`/sales/${id}`, { auth: true })]);
  draw(event, sales);
}

/** @param {any} event @param {any} sales */
function draw(event, sales) {
  document.title = EDIT.page(event.name);
  root.replaceChildren(
    h("a", { class: "crumb", href: "admin.html" }, icon("back"), ACCESS.myEvents),
    h("div", { class: "page-head" }, h("h1", null, h("bdi", null, event.name)), h("p", { class: "muted" }, EDIT.lead)),
    messages,
    editForm(event, sales),
    h(
      "section",
      { class: "box danger-box", "aria-labelledby": "danger-title" },
      h("div", null, h("h2", { id: "danger-title" }, EDIT.danger), h("p", { class: "muted" }, EDIT.dangerText)),
      h("button", { type: "button", class: "btn danger", onclick: () => void remove(event, sales) }, REMOVE.yes),
    ),
  );
}

/** @param {any} event @returns {Said} */
function saidOf({ name, venue, city, description, start_time, time_zone }) {
  return { name, venue, city, description, start: localOf(start_time, time_zone), time_zone };
}

/** @param {any} event @param {any} sales */
function editForm(event, sales) {
  const before = saidOf(event);
  const said = { ...before };
  const bound = (/** @type {"name" | "venue" | "city" | "description"} */ member, /** @type {HTMLElement} */ box) => {
    const input = /** @type {HTMLInputElement} */ (box.querySelector("input, textarea"));
    input.value = said[member];
    input.addEventListener("input", () => {
      said[member] = input.value;
    });
    return box;
  };
  const form = h(
    "form",
    { class: "box", novalidate: true },
    bound("name", field("name", FIELDS.name, { maxlength: 200, required: true, autocomplete: "off" }, { hint: FIELDS.nameHint })),
    h(
      "div",
      { class: "fields" },
      bound("venue", field("venue", FIELDS.venue, { maxlength: 200, required: true, autocomplete: "off" })),
      bound("city", field("city", FIELDS.city, { maxlength: 200, required: true, autocomplete: "off" })),
    ),
    startFields(said, (changes) => Object.assign(said, changes)),
    bound("description", field("description", FIELDS.description, {}, { control: h("textarea", { name: "description", maxlength: 5000, rows: 4 }), hint: FIELDS.descriptionHint })),
    sales.sold > 0 && h("div", { class: "notice warn" }, icon("warning"), h("div", null, EDIT.moved(sales.sold))),
    h(
      "div",
      { class: "row" },
      h("button", { type: "submit", class: "btn" }, EDIT.save),
      h("a", { class: "btn quiet", href: `admin-sales.html?event=${event.id}` }, EDIT.toSales),
      h("a", { class: "btn quiet", href: `event.html?event=${event.id}` }, EDIT.toSeats),
    ),
  );
  form.addEventListener("submit", (submitted) => {
    submitted.preventDefault();
    messages.replaceChildren();
    const body = read(form, said, before);
    if (body) void submitting(form, () => save(event.id, body, sales));
  });
  return form;
}

/** What differs, or null after saying what is wrong. @param {HTMLFormElement} form @param {Said} said @param {Said} before */
function read(form, said, before) {
  clearErrors(form);
  for (const name of /** @type {const} */ (["name", "venue", "city"])) if (!said[name].trim()) fieldError(form, [name], FAULTS.needed);
  const moved = said.start !== before.start || said.time_zone !== before.time_zone;
  const found = instantOf(said.start, said.time_zone);
  if (!found) fieldError(form, ["start_time"], FAULTS.noTime);
  else if (moved && Date.parse(found.instant) <= Date.now()) fieldError(form, ["start_time"], FAULTS.past);
  if (showSummary(form)) return null;
  /** @type {Record<string, string>} */
  const changes = {};
  for (const name of /** @type {const} */ (["name", "venue", "city", "description"])) if (said[name].trim() !== before[name]) changes[name] = said[name].trim();
  if (moved && found) Object.assign(changes, { start_time: found.instant, time_zone: said.time_zone });
  if (Object.keys(changes).length) return changes;
  messages.replaceChildren(notice("info", EDIT.unchanged));
  return null;
}

/** @param {number} id @param {Record<string, string>} body @param {any} sales */
async function save(id, body, sales) {
  const event = await api.patch(`/events/${id}`, body);
  draw(event, sales);
  messages.replaceChildren(notice("good", EDIT.saved));
  scrollTo(0, 0);
}

/** @param {any} event @param {any} sales */
async function remove(event, sales) {
  messages.replaceChildren();
  const what = [event.name, dateTime(event.start_time, { timeZone: event.time_zone }), event.venue].join(", ");
  try {
    if (!(await removeEvent({ ...sales, id: event.id }, what))) return;
  } catch (error) {
    messages.replaceChildren(notice("bad", explain(error)));
    return;
  }
  root.replaceChildren(h("h1", null, EDIT.title), notice("good", REMOVE.done(what)), h("a", { class: "btn quiet", href: "admin.html" }, ACCESS.myEvents));
}
