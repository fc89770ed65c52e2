/** The modules that most programs need: they are in every worker. */

import * as gocsp from "gocsp";
import * as chan from "gocsp/chan";
import * as context from "gocsp/context";
import * as errgroup from "gocsp/errgroup";
import * as errors from "gocsp/errors";
import * as rate from "gocsp/rate";
import * as runtime from "gocsp/runtime";
import * as select from "gocsp/select";
import * as semaphore from "gocsp/semaphore";
import * as singleflight from "gocsp/singleflight";
import * as stream from "gocsp/stream";
import * as sync from "gocsp/sync";
import * as time from "gocsp/time";
import type { Modules } from "./compile.ts";

/** What instrumented code calls. Plain awaits are no points here, so that a page looks at what Node looks at. */
import { resumed, who } from "gocsp/explore/points";

export const core: Modules = {
  gocsp: gocsp,
  "gocsp/chan": chan,
  "gocsp/context": context,
  "gocsp/errgroup": errgroup,
  "gocsp/errors": errors,
  "gocsp/rate": rate,
  "gocsp/runtime": runtime,
  "gocsp/select": select,
  "gocsp/semaphore": semaphore,
  "gocsp/singleflight": singleflight,
  "gocsp/stream": stream,
  "gocsp/sync": sync,
  "gocsp/time": time,
  "gocsp/explore/points": { who, resumed, point: (_: unknown, value: unknown) => value },
};
