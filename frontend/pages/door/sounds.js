/**
 * What is heard and felt of a verdict, for whoever looks at faces and not at the screen: two short tones that rise, or one low one.
 * @module
 */

/** @typedef {{hertz: number, from_s: number, for_s: number}} Tone */
/** @typedef {{tones: Tone[], shape: OscillatorType, tremble: number[]}} Signal `tremble` in milliseconds: on, off, on */

/** @type {{welcome: Signal, halt: Signal}} */
const SIGNALS = {
  welcome: {
    tones: [
      { hertz: 880, from_s: 0, for_s: 0.09 },
      { hertz: 1320, from_s: 0.12, for_s: 0.14 },
    ],
    shape: "sine",
    tremble: [60],
  },
  halt: { tones: [{ hertz: 165, from_s: 0, for_s: 0.55 }], shape: "square", tremble: [220, 90, 220] },
};
/** Of 1. Square waves sound louder. */
const LOUD = { sine: 0.5, square: 0.25 };
/** Tones that begin or end at once click. */
const FADE_S = 0.012;

export class Sounds {
  constructor() {
    /** @type {AudioContext | null} */
    this.context = null;
    this.isMuted = false;
  }

  /** @param {"welcome" | "halt"} what */
  play(what) {
    // Before the first press or key browsers allow neither, and complain about those who try.
    if (!navigator.userActivation?.hasBeenActive) return;
    navigator.vibrate?.(SIGNALS[what].tremble);
    if (this.isMuted) return;
    this.context ??= new AudioContext();
    void this.context.resume();
    for (const tone of SIGNALS[what].tones) this.sound(this.context, tone, SIGNALS[what].shape);
  }

  /** @param {AudioContext} context @param {Tone} tone @param {OscillatorType} shape */
  sound(context, { hertz, from_s, for_s }, shape) {
    const oscillator = new OscillatorNode(context, { type: shape, frequency: hertz });
    const volume = new GainNode(context, { gain: 0 });
    const begin = context.currentTime + from_s;
    const loud = LOUD[/** @type {keyof typeof LOUD} */ (shape)];
    volume.gain.setValueAtTime(0, begin);
    volume.gain.linearRampToValueAtTime(loud, begin + FADE_S);
    volume.gain.setValueAtTime(loud, begin + for_s - FADE_S);
    volume.gain.linearRampToValueAtTime(0, begin + for_s);
    oscillator.connect(volume).connect(context.destination);
    oscillator.start(begin);
    oscillator.stop(begin + for_s);
  }
}
