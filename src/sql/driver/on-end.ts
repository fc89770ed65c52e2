/** How everything here hears of the end of a context. Its `stop` never calls back, which the pool relies on. */
export { onEnd } from "../../context/context.ts";
