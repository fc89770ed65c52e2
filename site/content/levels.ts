import type { Level } from "./types.ts";

/** The levels, the easiest first. */
export const levels: readonly Level[] = [];
