// The same schedules, tokens and times on every runtime.
import { chan, go, gosched, select, sync, time } from "gocsp";
import { explore, ExploreError, replay, Session } from "gocsp/explore";
import * as synctest from "gocsp/synctest";
import * as trace from "gocsp/trace";
import { check, equal, thrownBy } from "./check.mjs";

async function both(x, y) {
  await x.lock();
  await y.lock();
  y.unlock();
  x.unlock();
}

/** Programs with the options and the token of the failure that is found first. */
const programs = {
  "locks in two orders": [
    { seed: 1 },
    "1-stay-1x1-qhqzlx",
    async () => {
      const [a, b] = [new sync.Mutex(), new sync.Mutex()];
      const wg = new sync.WaitGroup();
      wg.go(both, a, b);
      wg.go(both, b, a);
      await wg.wait();
    },
  ],
  "a lost update": [
    { seed: 2, strategy: "random" },
    "1-stay-1x2-f444o3",
    async () => {
      let n = 0;
      const wg = new sync.WaitGroup();
      for (let i = 0; i < 3; i++) {
        wg.go(async () => {
          const seen = n;
          await gosched();
          n = seen + 1;
        });
      }
      await wg.wait();
      if (n !== 3) throw new Error(`counted ${n} of 3`);
    },
  ],
  "five philosophers": [
    { seed: 3, strategy: "pct:3", runs: 5000 },
    "1-stay-1x4,0x3,1x1-16hjupb",
    async () => {
      const forks = Array.from({ length: 5 }, () => new sync.Mutex());
      const wg = new sync.WaitGroup();
      for (let i = 0; i < 5; i++) wg.go(both, forks[i], forks[(i + 1) % 5]);
      await wg.wait();
    },
  ],
  "a timeout before its answer": [
    { seed: 4, slow: true },
    "1-stay.slow-0x1-1yejid",
    async () => {
      const answer = chan();
      go(async () => {
        await gosched();
        await answer.send(1);
      });
      const op = await select({ answer, late: time.after(time.second) });
      if (op.case === "late") throw new Error("late");
    },
  ],
};

for (const [name, [options, token, program]] of Object.entries(programs)) {
  await check(`explore finds ${name} by the same token, and replays it`, async () => {
    const found = await thrownBy(() => explore(program, options));
    if (!(found instanceof ExploreError)) throw found;
    equal(found.token, token);
    const again = await thrownBy(() => replay(token, program));
    equal([again.kind, again.transcript.length], [found.kind, found.transcript.length]);
  });
}

await check("explore tells the lines, also in a bundle for browsers", async () => {
  // Only V8 has them.
  if (Error.captureStackTrace === undefined || typeof globalThis.Bun !== "undefined") return;
  const [options, , program] = programs["a lost update"];
  const { transcript } = await thrownBy(() => explore(program, options));
  equal(
    transcript.some((line) => /goes on {3}\S*\.m?js:\d+:\d+$/.test(line)),
    true,
  );
});

await check("synctest: an hour passes at once, for the host's timers too", async () => {
  const log = await synctest.test(async () => {
    const log = [];
    const begun = Date.now();
    setTimeout(() => log.push(["timeout", Date.now() - begun]), 1000);
    await time.sleep(time.hour);
    log.push(["sleep", Date.now() - begun]);
    return log;
  });
  equal(log, [
    ["timeout", 1000],
    ["sleep", 3_600_000],
  ]);
});

await check("synctest: a goroutine that is left is a failure", async () => {
  const error = await thrownBy(() => synctest.test(() => go(() => chan().receive())));
  equal(error instanceof synctest.DeadlockError, true);
  equal(error.goroutines, [{ number: 2, state: "chan receive" }]);
});

await check("a session goes back to what was there", async () => {
  const session = new Session(async () => {
    const ch = chan(1);
    go(() => ch.send("a"));
    return ch.receive();
  });
  await session.start();
  await session.step();
  const before = trace.transcript(session.events).map((line) => line.replace(/ {3}.*/, ""));
  await session.goTo(Infinity);
  equal(session.outcome.value, "a");
  await session.goTo(1);
  equal(
    trace.transcript(session.events).map((line) => line.replace(/ {3}.*/, "")),
    before,
  );
  await session.stop();
});
