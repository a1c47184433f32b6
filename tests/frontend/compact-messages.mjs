import { readFileSync } from "node:fs";

/** Messages of `frontrow.v1` and what they say, the same that the server's tests encode. Seats are [seat_id, status, version]. */
export const { messages } = JSON.parse(readFileSync(new URL("compact-messages.json", import.meta.url), "utf8"));

/** @param {{hex: string}} message */
export const bytes = ({ hex }) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16)).buffer;
