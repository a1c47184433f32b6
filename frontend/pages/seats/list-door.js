/**
 * Where the list is shown. It is fetched when it is asked for, since most people choose on the map; until then this remembers what it has to know.
 * @module
 */

import { explain } from "../../lib/api.js";
import { h } from "../../lib/dom.js";
import { t } from "../../seat-map/texts.js";

export class ListDoor {
  /**
   * @param {HTMLElement} root
   * @param {(list: typeof import("./list.js")) => import("./list.js").SeatList} make
   */
  constructor(root, make) {
    this.root = root;
    this.make = make;
    /** @type {import("./list.js").SeatList | null} */
    this.list = null;
    /** @type {[ReadonlySet<number> | null, ReadonlySet<number> | null]} */
    this.wanted = [null, null];
    /** Why nothing is known of the seats, in words, and what asks again. @type {[string, () => void] | null} */
    this.problem = null;
  }

  /** Once it is there. @param {() => import("../../seat-map/state.js").SeatState} now the state, then */
  async open(now) {
    if (!this.list) await this.fetch();
    this.list?.show(now());
  }

  async fetch() {
    this.root.replaceChildren(h("p", { class: "muted", role: "status" }, t("list.loading")));
    try {
      const module = await import("./list.js");
      if (this.list) return; // another press was answered first
      this.root.replaceChildren();
      this.list = this.make(module);
    } catch (error) {
      const again = h("button", { type: "button", class: "link", onclick: () => location.reload() }, t("site.try-again"));
      this.root.replaceChildren(h("p", { role: "alert" }, explain(error), " ", again));
      throw error;
    }
    this.list.filter(...this.wanted);
    if (this.problem) this.list.showProblem(...this.problem);
  }

  /** @param {import("../../seat-map/state.js").SeatState} state */
  show(state) {
    if (!this.root.hidden) this.list?.show(state);
  }

  /** @param {ReadonlySet<number> | null} categories @param {ReadonlySet<number> | null} places only these; null for all */
  filter(categories, places) {
    this.wanted = [categories, places];
    this.list?.filter(categories, places);
  }

  /** Says why nothing is known of the seats, until something is. @param {string} text @param {() => void} onRetry */
  showProblem(text, onRetry) {
    this.problem = [text, onRetry];
    this.list?.showProblem(text, onRetry);
  }

  /** Waits for the statuses (again). */
  wait() {
    this.problem = null;
    this.list?.wait();
  }
}
