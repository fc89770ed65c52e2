// The library under test, as its users import it.
import type { Runs } from "../harness/subject.ts";
import { channels } from "./gocsp/channels.ts";
import { contexts } from "./gocsp/contexts.ts";
import { selects } from "./gocsp/selects.ts";
import { shelf } from "./gocsp/shelf.ts";

export const runs: Runs = { ...channels, ...selects, ...contexts, ...shelf };
