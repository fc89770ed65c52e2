// topic.memory() keeps what gocsp/topic promises: the whole suite for engines, in virtual time.
import * as synctest from "gocsp/synctest";
import * as topic from "gocsp/topic";
import { conformance } from "gocsp/topic/topictest";
import { describe, test } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";

expectNoGoroutinesLeft();

const checks = conformance({
  engine: () => topic.memory(),
  crash: (broker, engine) => (engine as topic.Memory).crash(broker),
});

describe("topic.memory() [P1]", () => {
  for (const { name, run } of checks) test(name, () => synctest.test(run));
});
