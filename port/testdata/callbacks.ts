// Functions of the standard library that call a function before they return: they wait if it does.
import { chan, go, main, sync } from "gocsp";
import { asserted } from "gocsp/golib";
import * as testing from "gocsp/golib/testing";

main(async () => {
  // A function that waits: the next run starts when it has returned.
  const ch = chan<number>();
  go(async () => {
    for (let i = 0; ; i++) {
      await ch.send(i);
    }
  });
  let sum = 0;
  let last = 0;
  await testing.allocsPerRun(3, async () => {
    last = (await ch.receive())!;
    sum += last;
  });
  console.log("sum", sum, "last", last);

  // A function that is in a variable.
  const next = async () => {
    last = (await ch.receive())!;
  };
  await testing.allocsPerRun(1, next);
  console.log("last", last);

  // A function that does not wait.
  let runs = 0;
  testing.allocsPerRun(4, () => {
    runs++;
  });
  console.log("runs", runs);

  const m = new sync.Map<unknown, unknown>();
  m.store("a", 1);
  m.store("b", 2);
  let total = 0;
  m.range((_: unknown, v: unknown): boolean => {
    total += asserted<number>(v, (v) => typeof v === "number", "int");
    return true;
  });
  console.log("total", total);
});
