import type { ExploreOptions } from "gocsp/explore";
import type { Bug } from "./bug.ts";
import { channels } from "./channels.ts";
import { idioms } from "./idioms.ts";
import { lifetimes } from "./lifetimes.ts";
import { locks } from "./locks.ts";
import { meetings } from "./meetings.ts";
import { races } from "./races.ts";
import { resources } from "./resources.ts";

export const corpus: readonly Bug[] = [
  ...locks,
  ...channels,
  ...lifetimes,
  ...races,
  ...resources,
  ...meetings,
  ...idioms,
];

export function optionsOf({ slow, maxSteps }: Bug): ExploreOptions {
  return { ...(slow === undefined ? {} : { slow }), ...(maxSteps === undefined ? {} : { maxSteps }) };
}
