/**
 * Reads QR codes: with the browser's own detector where it has one for them, else with a decoder that is loaded only then (ADR-0036).
 * @module
 */

/** @typedef {{detect: (source: HTMLCanvasElement) => Promise<{rawValue: string}[]>}} Detector */
/** @typedef {{new (options: {formats: string[]}): Detector, getSupportedFormats: () => Promise<string[]>}} DetectorClass */

const FORMAT = "qr_code";

/**
 * @param {DetectorClass | undefined} [own] the browser's; replaced in tests
 * @returns {Promise<(canvas: HTMLCanvasElement) => Promise<string[]>>} gives the texts of all codes on a canvas
 */
export async function codeReader(own = /** @type {any} */ (globalThis).BarcodeDetector) {
  const Reader = (await readsQr(own)) ? own : (await import("../vendor/qr-0.7.0/decode.js")).BarcodeDetector;
  const detector = new /** @type {DetectorClass} */ (Reader)({ formats: [FORMAT] });
  return async (canvas) => (await detector.detect(canvas)).map(({ rawValue }) => rawValue);
}

/** Some have the class and can read nothing: no part of the system does it for them. @param {DetectorClass | undefined} own */
async function readsQr(own) {
  try {
    return own !== undefined && (await own.getSupportedFormats()).includes(FORMAT);
  } catch {
    return false;
  }
}
