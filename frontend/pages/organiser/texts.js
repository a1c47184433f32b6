/**
 * The texts of the organisers' pages, beside those of every page: whoever imports `t` from here has both.
 * @module
 */

import { load, t } from "../../lib/texts.js";

await load("organiser");

export { t };
