/**
 * How one event sells: fetches it, its plan and its numbers, and opens the dashboard.
 * @module
 */

import { api } from "../lib/api.js";
import { find, h } from "../lib/dom.js";
import { decodePlan } from "../seat-map/plan.js";
import { eventInAddress, forOrganisers, say } from "./organiser/access.js";
import { Dashboard } from "./organiser/dashboard.js";
import { ACCESS, SALES } from "./organiser/words.js";

const root = find("#admin");
/** @type {Dashboard | null} */
let open = null;

forOrganisers(root, {
  title: SALES.eyebrow,
  close: () => open?.stop(),
  open: async () => {
    const id = eventInAddress(root, SALES.eyebrow);
    if (id === null) return;
    // The numbers first: whoever may not see them is told so, and nothing else is drawn.
    const sales = await api.get(`/sales/${id}`, { auth: true });
    const [event, plan] = await Promise.all([api.get(`/events/${id}`), api.get(`/events/${id}/seat-plan`)]);
    document.title = SALES.page(event.name);
    open = new Dashboard(root, event, decodePlan(plan), sales, {
      onGone: () => say(root, SALES.eyebrow, SALES.goneTitle, SALES.goneText, h("a", { class: "btn", href: "admin.html" }, ACCESS.myEvents)),
    });
    open.start();
  },
});
