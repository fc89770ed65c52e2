/** All that a page can import: programs that name one of these get a larger worker. */

import * as events from "gocsp/events";
import * as golib from "gocsp/golib";
import * as atomic from "gocsp/golib/atomic";
import * as bits from "gocsp/golib/bits";
import * as bytes from "gocsp/golib/bytes";
import * as cmp from "gocsp/golib/cmp";
import * as fmt from "gocsp/golib/fmt";
import * as heap from "gocsp/golib/heap";
import * as list from "gocsp/golib/list";
import * as maps from "gocsp/golib/maps";
import * as math from "gocsp/golib/math";
import * as rand from "gocsp/golib/rand";
import * as ring from "gocsp/golib/ring";
import * as slices from "gocsp/golib/slices";
import * as sort from "gocsp/golib/sort";
import * as strconv from "gocsp/golib/strconv";
import * as strings from "gocsp/golib/strings";
import * as golibTime from "gocsp/golib/time";
import * as unicode from "gocsp/golib/unicode";
import * as utf8 from "gocsp/golib/utf8";
import * as sql from "gocsp/sql";
import * as driver from "gocsp/sql/driver";
import * as topic from "gocsp/topic";
import type { Modules } from "./compile.ts";
import { core } from "./modules.ts";

export const all: Modules = {
  ...core,
  "gocsp/events": events,
  "gocsp/golib": golib,
  "gocsp/golib/atomic": atomic,
  "gocsp/golib/bits": bits,
  "gocsp/golib/bytes": bytes,
  "gocsp/golib/cmp": cmp,
  "gocsp/golib/fmt": fmt,
  "gocsp/golib/heap": heap,
  "gocsp/golib/list": list,
  "gocsp/golib/maps": maps,
  "gocsp/golib/math": math,
  "gocsp/golib/rand": rand,
  "gocsp/golib/ring": ring,
  "gocsp/golib/slices": slices,
  "gocsp/golib/sort": sort,
  "gocsp/golib/strconv": strconv,
  "gocsp/golib/strings": strings,
  "gocsp/golib/time": golibTime,
  "gocsp/golib/unicode": unicode,
  "gocsp/golib/utf8": utf8,
  "gocsp/sql": sql,
  "gocsp/sql/driver": driver,
  "gocsp/topic": topic,
};
