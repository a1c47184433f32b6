/**
 * Speaks the time that is left of a hold: at two minutes, one minute and twenty seconds, not each second.
 * @module
 */

import { timeLeftInWords } from "../../lib/format.js";
import { alarm, announce } from "../../lib/site.js";
import { t } from "../../seat-map/texts.js";
import { WARNING_MS } from "./basket.js";

/** @typedef {import("../../lib/holds.js").Hold} Hold */

const SPOKEN_AT_MS = [120_000, 60_000, 20_000];
/** From here on the voice interrupts. */
const LAST_MS = 20_000;
/** A moment that is missed by more than this (a sleeping laptop) is not caught up with. */
const LATE_MS = 1_000;

export class SpokenClocks {
  /**
   * @param {(hold: Hold) => number} remaining milliseconds left of a hold
   * @param {{announce: (text: string, topic: string) => void, alarm: (text: string) => void}} [voice] replaced in tests
   */
  constructor(remaining, voice = { announce, alarm }) {
    this.remaining = remaining;
    this.voice = voice;
    /** What was said, by hold, end and moment: an extended hold is a new clock. @type {Set<string>} */
    this.spoken = new Set();
  }

  /** @param {readonly Hold[]} holds */
  tick(holds) {
    for (const hold of holds) {
      const left = this.remaining(hold);
      for (const at of SPOKEN_AT_MS) {
        const key = `${hold.hold_id} ${hold.expires_at} ${at}`;
        if (left > at || left < at - LATE_MS || this.spoken.has(key)) continue;
        this.spoken.add(key);
        const clock = t("purchase.clock", { time: timeLeftInWords(left) });
        const text = left < WARNING_MS ? `${clock} ${t("purchase.may-extend")}` : clock;
        if (at <= LAST_MS) this.voice.alarm(text);
        else this.voice.announce(text, "time");
      }
    }
  }
}
