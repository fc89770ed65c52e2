/**
 * What the code calls that `gocsp/explore/vite` or `gocsp/explore/register` has instrumented. Programs have no use for it.
 *
 * @module
 */

export { point, resumed, who } from "../conductor/points.ts";
