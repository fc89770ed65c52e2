import { chan, context, go, gosched, nilChan, select, selector, send, time } from "gocsp";
import { attach, type Hooks } from "gocsp/runtime";
import { describe, expect, test } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { follow } from "../support/outcome.ts";
import { settle } from "../support/settle.ts";

expectNoGoroutinesLeft();

/** Writes down what passes the door, with operations, channels, contexts and alarms numbered as they come. */
function record(added: Hooks = {}): { log: string[]; [Symbol.dispose](): void } {
  const log: string[] = [];
  const numbers = new Map<unknown, number>();
  const number = (thing: unknown): number => {
    if (!numbers.has(thing)) numbers.set(thing, numbers.size + 1);
    return numbers.get(thing) as number;
  };
  const attached = attach({
    park: (operation, state) => void log.push(`${number(operation)} parks: ${state}`),
    wake: (operation) => void log.push(`${number(operation)} wakes`),
    close: (channel) => void log.push(`${number(channel)} closes`),
    cancel: (ctx, cause) => void log.push(`${number(ctx)} ends: ${cause.message}`),
    alarm: (alarm) => void log.push(`${number(alarm)} is set`),
    ring: (alarm) => void log.push(`${number(alarm)} rings`),
    stop: (alarm) => void log.push(`${number(alarm)} is stopped`),
    ...added,
  });
  return { log, [Symbol.dispose]: () => attached[Symbol.dispose]() };
}

test("a park is followed by the wake of the same operation", async () => {
  using door = record();
  const ch = chan<number>();
  const received = follow(ch.receive());
  door.log.push("sends");
  await ch.send(1);
  expect(received.state).toBe("returned");
  expect(door.log).toEqual(["1 parks: chan receive", "sends", "1 wakes"]);
});

test("operations that need not wait pass without a word", async () => {
  using door = record();
  const ch = chan<number>(1);
  await ch.send(1);
  await ch.receive();
  ch.trySend(2);
  await select({ ch, default: true });
  await gosched();
  await time.sleep(0);
  await time.after(0).receive();
  expect(door.log).toEqual([]);
});

test("every kind of wait parks under its name [G19]", async () => {
  using door = record();
  const [a, b] = [chan<number>(), chan<number>()];
  const [ctx, cancel] = context.withCancel(context.background());
  const waits = [
    a.receive(),
    a.receiveOk(),
    a[Symbol.asyncIterator]().next(),
    b.send(1),
    select({ a, sent: send(b, 2) }),
    selector({ a }).select(),
    a.receive(ctx).catch(() => undefined),
    b.send(3, ctx).catch(() => undefined),
    nilChan()
      .receive(ctx)
      .catch(() => undefined),
    time.sleep(ctx, 60_000).catch(() => undefined),
    ctx.done().receive(),
    time.sleep(1),
  ];
  void nilChan().receive();
  void nilChan<number>().send(1);
  void select({});
  const states = door.log.filter((line) => line.includes("parks")).map((line) => line.replace(/^.*parks: /, ""));
  expect(states).toEqual([
    "chan receive",
    "chan receive",
    "chan receive",
    "chan send",
    "select",
    "select",
    "select",
    "select",
    "select",
    "select",
    "chan receive",
    "sleep",
    "chan receive (nil chan)",
    "chan send (nil chan)",
    "select (no cases)",
  ]);
  cancel();
  a.close();
  await b.receive();
  await Promise.all(waits);
  const numbers = (lines: string[]) => new Set(lines.map((line) => line.split(" ", 1)[0]));
  const parked = door.log.filter((line) => line.includes("parks"));
  const woken = door.log.filter((line) => line.endsWith("wakes"));
  // The last three wait for ever.
  expect(numbers(woken)).toEqual(numbers(parked.slice(0, -3)));
  expect(woken.length).toBe(parked.length - 3);
});

test("failures wake as well: a close under senders, a canceled context", async () => {
  using door = record();
  const ch = chan<number>();
  const [ctx, cancel] = context.withCancel(context.background());
  const failed = [follow(ch.send(1)), follow(ch.send(2, ctx)), follow(select({ sent: send(ch, 3) }))];
  const canceled = follow(nilChan().receive(ctx));
  ch.close();
  cancel();
  await settle();
  expect([...failed, canceled].map(({ state }) => state)).toEqual(["threw", "threw", "threw", "threw"]);
  expect(door.log.filter((line) => line.endsWith("wakes")).length).toBe(4);
});

test("closing and ending pass the door, each once", () => {
  using door = record();
  const [parent, cancel] = context.withCancelCause(context.background());
  context.withCancel(parent);
  const ch = chan<void>();
  ch.close();
  cancel(new Error("enough"));
  cancel(new Error("again"));
  expect(door.log.filter((line) => line.includes("ends"))).toEqual(["2 ends: enough", "3 ends: enough"]);
  expect(door.log[0]).toBe("1 closes");
});

test("alarms are set, ring, or are stopped", async () => {
  using door = record({ park: undefined as never, wake: undefined as never });
  const slept = time.sleep(1);
  const timer = time.newTimer(60_000);
  const call = time.afterFunc(60_000, () => undefined);
  door.log.push("nobody waits for the timer");
  const lost = select({ late: timer.c, ch: time.after(0) });
  call.stop();
  await lost;
  await slept;
  expect(door.log).toEqual(["1 is set", "2 is set", "nobody waits for the timer", "2 is stopped", "1 rings"]);
});

test("goroutines start and end in pairs, also those that panic or leave by goexit", async () => {
  const log: string[] = [];
  using _ = attach({
    spawn: (id) => void log.push(`${id} starts`),
    end: (id) => void log.push(`${id} ends`),
    panic: (id) => log.push(`${id} panics`) > 0,
  });
  go(() => log.push("runs"));
  go(async () => gosched());
  go(() => {
    throw new Error("panic");
  });
  go(() => Promise.reject(new Error("panic")));
  log.push("nothing has run");
  await settle();
  const [first] = log;
  const base = Number.parseInt(first ?? "", 10);
  const relative = log.map((line) => line.replace(/^\d+/, (id) => String(Number(id) - base + 1)));
  expect(relative.slice(0, 6)).toEqual(["1 starts", "2 starts", "3 starts", "4 starts", "nothing has run", "runs"]);
  expect(relative.slice(6).toSorted()).toEqual(["1 ends", "2 ends", "3 panics", "4 panics"]);
});

describe("choose", () => {
  test("replaces the random choice, and is asked for two or more ready cases only [J18]", async () => {
    const asked: number[] = [];
    let answer = 0;
    using _ = attach({
      choose(ready) {
        asked.push(ready);
        return answer;
      },
    });
    const [a, b, c, never] = [chan<number>(9), chan<number>(9), chan<number>(9), chan<number>()];
    for (const ch of [a, b, c]) for (let i = 0; i < 3; i++) ch.trySend(i);
    const chosen: string[] = [];
    for (answer of [0, 1, 2]) chosen.push((await select({ a, never, b, nil: null, c, default: true })).case);
    chosen.push((await select({ never, b })).case, (await select({ never, default: true })).case);
    expect(chosen).toEqual(["a", "b", "c", "b", "default"]);
    expect(asked).toEqual([3, 3, 3]);
  });
});

test("a second set of hooks is refused until the first is detached", () => {
  const first = attach({});
  expect(() => attach({})).toThrow(new Error("runtime.attach: hooks are attached already"));
  first[Symbol.dispose]();
  const second = attach({});
  // A detached set has no say any more.
  first[Symbol.dispose]();
  expect(() => attach({})).toThrow();
  second[Symbol.dispose]();
  attach({})[Symbol.dispose]();
});

test("what is detached hears nothing any more, not even of what it saw begin", async () => {
  const door = record();
  const ch = chan<number>();
  const received = follow(ch.receive());
  const sleeping = follow(time.sleep(1));
  door[Symbol.dispose]();
  const heard = door.log.length;
  await ch.send(1);
  await time.sleep(2);
  expect([received.state, sleeping.state]).toEqual(["returned", "returned"]);
  expect(door.log.length).toBe(heard);
});
