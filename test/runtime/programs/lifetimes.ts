// A plain module that starts what the first argument names. It is still alive a moment later only if that holds it.
import { chan, context, go, select, send, time } from "gocsp";

const long = 10 * time.minute;
const background = context.background();

const lost: Record<string, () => unknown> = {
  after: () => time.after(long),
  newTimer: () => time.newTimer(long),
  newTicker: () => time.newTicker(long),
  tick: () => time.tick(long),
  withTimeout: () => context.withTimeout(background, long),
  withDeadline: () => context.withDeadline(background, new Date(Date.now() + long)),
  "the channel of a deadline": () => context.withTimeout(background, long)[0].done(),
  "an after that lost its select": async () => {
    const ch = chan<string>();
    go(() => ch.send("value"));
    console.log((await select({ ch, late: time.after(long) })).case);
  },
  "an after that lost a select which was ready at once": async () => {
    const ch = chan<string>(1);
    console.log((await select({ sent: send(ch, "value"), late: time.after(long) })).case);
  },
  "a deadline that lost a receive": async () => {
    const ch = chan<string>();
    go(() => ch.send("value"));
    console.log(await ch.receive(context.withTimeout(background, long)[0]));
  },
  "a sleep whose context ended": async () => {
    const [ctx, cancel] = context.withCancel(background);
    go(() => time.sleep(1).then(cancel));
    await time.sleep(ctx, long).catch((error: Error) => console.log(error.message));
  },
  "a stopped afterFunc": () => time.afterFunc(long, () => undefined).stop(),
  "a stopped timer with a goroutine": async () => {
    const timer = time.newTimer(long);
    go(() => timer.c.receive());
    await time.sleep(1);
    timer.stop();
  },
  "a stopped ticker with a goroutine": async () => {
    const ticker = time.newTicker(long);
    go(() => ticker.c.receive());
    await time.sleep(1);
    ticker.stop();
  },
  "a ticker that nobody reads any more": async () => {
    const ticker = time.newTicker(1);
    await ticker.c.receive();
    ticker.reset(long);
  },
  "a timer that fired and was reset": async () => {
    const timer = time.newTimer(1);
    await timer.c.receive();
    timer.reset(long);
  },
  "a deadline that was canceled under a goroutine": async () => {
    const [ctx, cancel] = context.withTimeout(background, long);
    go(() => ctx.done().receive());
    await time.sleep(1);
    cancel();
  },
  "a stopped function of a deadline": () =>
    context.afterFunc(context.withTimeout(background, long)[0], () => undefined)(),
};

const held: Record<string, (duration: number) => unknown> = {
  sleep: (d) => go(() => time.sleep(d).then(fired)),
  "sleep with a context": (d) => go(() => time.sleep(background, d).then(fired)),
  "a receive from a timer": (d) => go(() => time.after(d).receive().then(fired)),
  "a receive from a ticker": (d) => go(() => time.newTicker(d).c.receive().then(fired)),
  "a loop over ticks": (d) =>
    go(async () => {
      for await (const _ of time.tick(d)) {
        fired();
        break;
      }
    }),
  "a select with after": (d) => go(() => select({ late: time.after(d), never: chan() }).then(fired)),
  afterFunc: (d) => time.afterFunc(d, fired),
  "an afterFunc that was reset": (d) => time.afterFunc(1, fired).reset(d),
  "a wait for a deadline": (d) => go(() => context.withTimeout(background, d)[0].done().receive().then(fired)),
  "a receive with a deadline": (d) => go(() => chan().receive(context.withTimeout(background, d)[0]).catch(fired)),
  "a function of a deadline": (d) => context.afterFunc(context.withTimeout(background, d)[0], fired),
  "a wait for a child of a deadline": (d) =>
    go(() => context.withCancel(context.withTimeout(background, d)[0])[0].done().receive().then(fired)),
  "a timer that is reset under a goroutine": (d) => {
    const timer = time.newTimer(Infinity);
    go(() => timer.c.receive().then(fired));
    time.afterFunc(1, () => timer.reset(d));
  },
};

function fired(): void {
  console.log("fired");
}

const [name, duration] = process.argv.slice(2) as [string, string | undefined];
if (duration === undefined) await lost[name]?.();
else held[name]?.(Number(duration));

// This timer does not hold the process itself. It tells that something else still does. Where nothing should, it takes
// longer than a busy machine to end the process.
if (Number(duration ?? long) > 1000) {
  const patience = duration === undefined ? 10_000 : 50;
  setTimeout(() => {
    console.log("still alive");
    process.exit();
  }, patience).unref();
}
