/**
 * The door of one event: asks what is known of it, takes the list of its tickets along, and lets people in.
 * @module
 */

import { api, explain } from "../lib/api.js";
import { clock } from "../lib/clock.js";
import { find, h } from "../lib/dom.js";
import { setTitle } from "../lib/texts.js";
import { Checking } from "./door/checking.js";
import { Door } from "./door/door.js";
import { Queue } from "./door/queue.js";
import { t } from "./door/texts.js";
import { TicketList } from "./door/ticket-list.js";
import { eventInAddress, forOrganisers, say } from "./organiser/access.js";
import { ACCESS } from "./organiser/words.js";

const root = find("#admin");
const title = t("organiser.door");
/** @type {Door | null} */
let open = null;

forOrganisers(root, {
  title,
  close: () => open?.stop(),
  open: async () => {
    const id = eventInAddress(root, title);
    if (id === null) return;
    const checkIn = await api.get(`/check-in/${id}`, { auth: true });
    setTitle(t("door.page", { event: checkIn.name }));
    const checking = new Checking(checkIn, { api, list: new TicketList(), queue: new Queue(), clock });
    open = new Door(root, checking, {
      onLost: (error) => say(root, title, t("door.closed"), explain(error), h("a", { class: "btn", href: "admin.html" }, ACCESS.myEvents)),
    });
    open.start();
  },
});
