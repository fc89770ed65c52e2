/** Takes the place of `../crashreport.ts` in bundles for browsers: an uncaught error is the host's to report there. */

export { reportUncaught as crash, reportUncaught as crashFatally } from "../host.ts";
