import { channels } from "./channels.ts";
import { commands } from "./commands.ts";
import { eventful } from "./events.ts";
import { exchanges } from "./exchanges.ts";
import { groups } from "./groups.ts";
import { locks } from "./locks.ts";
import { pool } from "./pool.ts";
import type { Program } from "./program.ts";
import { signals } from "./signals.ts";
import { times } from "./times.ts";
import { topics } from "./topics.ts";

/** The library's own promises, as programs for every schedule. */
export const library: readonly Program[] = [
  ...channels,
  ...locks,
  ...groups,
  ...times,
  ...eventful,
  ...pool,
  ...exchanges,
  ...signals,
  ...commands,
  ...topics,
];
