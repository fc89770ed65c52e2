import { channels } from "./channels.ts";
import { eventful } from "./events.ts";
import { groups } from "./groups.ts";
import { locks } from "./locks.ts";
import { pool } from "./pool.ts";
import type { Program } from "./program.ts";
import { times } from "./times.ts";

/** The library's own promises, as programs for every schedule. */
export const library: readonly Program[] = [...channels, ...locks, ...groups, ...times, ...eventful, ...pool];
