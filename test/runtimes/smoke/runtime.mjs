import { chan, context, defer, errors, go, gosched, main, nilChan, select, sync, time } from "gocsp";
import * as chanModule from "gocsp/chan";
import * as contextModule from "gocsp/context";
import * as errorsModule from "gocsp/errors";
import * as runtimeModule from "gocsp/runtime";
import * as selectModule from "gocsp/select";
import * as timeModule from "gocsp/time";
import { check, equal, panics } from "./check.mjs";

await check("subpaths export the same objects as the root", () => {
  equal(chanModule.chan, chan);
  equal(contextModule.withCancel, context.withCancel);
  equal(errorsModule.is, errors.is);
  equal(runtimeModule.go, go);
  equal(selectModule.select, select);
  equal(timeModule.sleep, time.sleep);
});

await check("defer fixes its arguments and runs at the end of the block", () => {
  const log = [];
  let word = "deferred";
  const deferred = defer((value) => log.push(value), word);
  word = "changed";
  log.push("body", word);
  deferred[Symbol.dispose]();
  equal(log, ["body", "changed", "deferred"]);
});

await check("go starts a goroutine with its arguments, never on the caller's stack", async () => {
  const log = [];
  const done = chan();
  go(
    async (a, b) => {
      log.push(`goroutine ${a + b}`);
      done.close();
    },
    1,
    2,
  );
  log.push("caller");
  await done.receive();
  equal(log, ["caller", "goroutine 3"]);
});

await check("gosched lets other goroutines run", async () => {
  let ran = false;
  go(() => {
    ran = true;
  });
  equal(ran, false);
  await gosched();
  equal(ran, true);
});

await check("main may run again when it has returned and the program has gone on, as in hot reload", async () => {
  const { process } = globalThis;
  const exit = process === undefined ? undefined : Reflect.get(process, "exit");
  if (process !== undefined) process.exit = () => undefined;
  try {
    for (const turn of [1, 2]) {
      const ran = chan(1);
      main(() => ran.send(turn));
      equal(await ran.receive(), turn);
      // The end of main shows a little later.
      await time.sleep(5);
    }
  } finally {
    if (process !== undefined) process.exit = exit;
  }
});

await check("misuse panics with Go's texts", async () => {
  const ch = chan();
  ch.close();
  await panics("close of closed channel", () => ch.close());
  await panics("close of nil channel", () => nilChan().close());
  await panics("send on closed channel", () => ch.send(1));
  await panics("send on closed channel", () => ch.trySend(1));
  for (const size of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]) {
    await panics("makechan: size out of range", () => chan(size));
  }
});

/** Two goroutines that hand a ball to and fro until `ctx` ends. */
function rally(ctx) {
  const [ping, pong, ended] = [chan(1), chan(), chan(2)];
  const game = { rounds: 0, ended };
  const player = async (from, to) => {
    try {
      for (;;) {
        await to.send(await from.receive(ctx), ctx);
        game.rounds++;
      }
    } catch (error) {
      ended.trySend(error);
    }
  };
  ping.trySend("ball");
  go(player, ping, pong);
  go(player, pong, ping);
  return game;
}

const hostTimer = (delay) => new Promise((resolve) => setTimeout(resolve, delay));

await check("two goroutines that never rest do not starve a host timer", async () => {
  const [ctx, cancel] = context.withCancel(context.background());
  const game = rally(ctx);
  const start = performance.now();
  await hostTimer(50);
  const fired = performance.now() - start;
  cancel();
  for (let i = 0; i < 2; i++) equal(await game.ended.receive(), context.canceled);
  if (game.rounds < 100) throw new Error(`only ${game.rounds} rounds in ${fired} ms`);
  if (fired > 1000) throw new Error(`the timer fired after ${fired} ms`);
});

await check("a context interrupts goroutines that never rest, and they catch its error", async () => {
  // The end comes at another moment of the goroutines' slice each time; an error that escaped would end the program.
  for (let i = 0; i < 20; i++) {
    const [ctx, cancel] = context.withTimeout(context.background(), 3);
    const game = rally(ctx);
    await hostTimer(3);
    cancel();
    for (let j = 0; j < 2; j++) equal(errors.is(await game.ended.receive(), ctx.err()), true);
  }
});

await check("goroutines that try in vain do not meet in the same way for ever", async () => {
  for (const yields of [0, 1, 2, 3]) {
    const locks = [new sync.Mutex(), new sync.Mutex(), new sync.Mutex()];
    const wg = new sync.WaitGroup();
    let tries = 0;
    for (const [p, left] of locks.entries()) {
      const right = locks[(p + 1) % 3];
      wg.go(async () => {
        for (let meals = 0; meals < 10;) {
          if (++tries > 100_000) throw new Error("a livelock");
          await left.lock();
          const both = right.tryLock();
          if (both) {
            for (let i = 0; i < yields; i++) await gosched();
            right.unlock();
            meals++;
          }
          left.unlock();
          await gosched();
        }
      });
    }
    await wg.wait();
  }
});
