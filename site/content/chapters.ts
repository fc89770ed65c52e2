import type { Chapter } from "./types.ts";

/** The chapters of the tour, in their order. */
export const chapters: readonly Chapter[] = [];
