/**
 * The texts of the door, beside those of every page: whoever imports `t` from here has both.
 * @module
 */

import { load, t } from "../../lib/texts.js";

await load("door");

export { t };
