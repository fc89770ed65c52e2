import type { Pattern } from "./types.ts";

/** The patterns, in the order of the site. */
export const patterns: readonly Pattern[] = [
  {
    name: "worker-pool",
    title: "Worker pool",
    summary: "A fixed number of goroutines takes jobs from one channel until it is closed.",
    group: "Pipelines and pools",
    twin: {
      title: "The results have no room, and nobody takes them",
      fails: "deadlock",
      says: "all goroutines are asleep",
    },
    proof: { explored: 2000 },
  },
];
