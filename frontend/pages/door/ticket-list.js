/**
 * The tickets of an event as a scanner takes them along: by the fingerprints of their codes, so that a lost scanner reveals no code. Knows also whom this
 * scanner has let in itself, which the list that comes next may not know yet.
 * @module
 */

/** @typedef {import("./verdicts.js").Verdict} Verdict */
/** @typedef {{id: string, seat_number: string, section: string, row: string, state: "valid" | "used" | "cancelled", admitted_at: string | null, gate: string | null}} ListedTicket */

export class TicketList {
  constructor() {
    /** @type {Map<string, ListedTicket>} */
    this.tickets = new Map();
    /** When the server wrote it, RFC 3339; null before it was ever fetched. @type {string | null} */
    this.asOf = null;
    /** Let in here, by id. @type {Map<string, {at: string, gate: string | null}>} */
    this.admissions = new Map();
  }

  /** @param {{as_of: string, tickets: ListedTicket[]}} answer */
  replace({ as_of, tickets }) {
    this.tickets = new Map(tickets.map((ticket) => [ticket.id, ticket]));
    this.asOf = as_of;
  }

  /** @param {string} id @param {{at: string, gate: string | null}} admission */
  noteAdmission(id, admission) {
    this.admissions.set(id, admission);
  }

  /**
   * What the list says of a ticket. Of one that it does not have it says "forged", with the time it was written: what was bought since is not on it.
   * @param {string | null} id null when it cannot be known
   * @returns {Verdict}
   */
  judge(id) {
    if (id === null || this.asOf === null) return { kind: "unknown" };
    const ticket = this.tickets.get(id);
    const asOf = this.asOf;
    if (!ticket) return { kind: "forged", asOf };
    const seat = { seat_number: ticket.seat_number, section: ticket.section, row: ticket.row };
    const here = this.admissions.get(id);
    if (here) return { kind: "used", seat, asOf, ...here };
    if (ticket.state === "used") return { kind: "used", seat, asOf, at: ticket.admitted_at, gate: ticket.gate };
    return { kind: ticket.state === "cancelled" ? "cancelled" : "admitted", seat, asOf };
  }
}
