/**
 * The camera at the door: shown to whoever holds it, and looked at several times a second for codes.
 * @module
 */

import { codeReader } from "../../lib/code-reader.js";

/** Between two looks. A look takes 10 ms on a desk, ten times that on a slow phone. */
const PAUSE_MS = 120;
/** Pixels of the longer side that are looked at: a code that fills a tenth of it can be read. */
const LONGER_SIDE = 960;

/** @typedef {"denied" | "none" | "busy" | "insecure" | "failed"} CameraFault */

/** @type {Record<string, CameraFault>} */
const FAULTS = { NotAllowedError: "denied", SecurityError: "denied", NotFoundError: "none", OverconstrainedError: "none", NotReadableError: "busy", AbortError: "busy" };

export class NoCamera extends Error {
  /** @param {CameraFault} fault */
  constructor(fault) {
    super(fault);
    this.fault = fault;
  }
}

export class Camera {
  /**
   * @param {HTMLVideoElement} video
   * @param {{onCodes: (codes: string[]) => void, onEnd: () => void}} heard `onEnd`: it was unplugged, or taken away
   */
  constructor(video, { onCodes, onEnd }) {
    this.video = video;
    this.onCodes = onCodes;
    this.onEnd = onEnd;
    this.canvas = document.createElement("canvas");
    /** Ends what belongs to one time that it is on. @type {AbortController | null} */
    this.life = null;
  }

  get isOn() {
    return this.life !== null;
  }

  /** Asks for the camera, the one that looks away from whoever holds it. Throws NoCamera. */
  async start() {
    if (!navigator.mediaDevices) throw new NoCamera(isSecureContext ? "none" : "insecure");
    /** @type {MediaStream} */
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: { facingMode: { ideal: "environment" }, width: { ideal: 1280 }, height: { ideal: 720 } } });
    } catch (error) {
      throw new NoCamera(FAULTS[/** @type {Error} */ (error).name] ?? "failed");
    }
    this.stop();
    this.life = new AbortController();
    const { signal } = this.life;
    signal.addEventListener("abort", () => {
      for (const track of stream.getTracks()) track.stop();
      this.video.srcObject = null;
    });
    for (const track of stream.getTracks()) track.addEventListener("ended", () => this.end(), { signal });
    this.video.srcObject = stream;
    await this.video.play().catch(() => {}); // stopped meanwhile
    keepAwake(signal);
    void this.look(await codeReader(), signal);
  }

  stop() {
    this.life?.abort();
    this.life = null;
  }

  end() {
    this.stop();
    this.onEnd();
  }

  /** @param {(canvas: HTMLCanvasElement) => Promise<string[]>} read @param {AbortSignal} signal */
  async look(read, signal) {
    const context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d", { willReadFrequently: true }));
    while (!signal.aborted) {
      const { videoWidth, videoHeight } = this.video;
      if (videoWidth && !document.hidden) {
        const scale = Math.min(1, LONGER_SIDE / Math.max(videoWidth, videoHeight));
        this.canvas.width = Math.round(videoWidth * scale);
        this.canvas.height = Math.round(videoHeight * scale);
        context.drawImage(this.video, 0, 0, this.canvas.width, this.canvas.height);
        const codes = await read(this.canvas);
        if (codes.length && !signal.aborted) this.onCodes(codes);
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}

/** A phone that is held up must not fall asleep between two guests. @param {AbortSignal} signal */
function keepAwake(signal) {
  /** @type {WakeLockSentinel | null} */
  let lock = null;
  const wake = async () => {
    // It ends by itself when the page is hidden. Not every browser has it, and a low battery refuses it.
    if (!document.hidden && !signal.aborted) lock = (await navigator.wakeLock?.request("screen").catch(() => null)) ?? null;
    if (signal.aborted) void lock?.release();
  };
  document.addEventListener("visibilitychange", wake, { signal });
  signal.addEventListener("abort", () => void lock?.release());
  void wake();
}
