import { chan, context, go, gosched, nilChan, select, selectList, selector, send, sync, time } from "gocsp";
import { attach, type Hooks, seed, type StartedTimer } from "gocsp/runtime";
import { describe, expect, test, vi } from "vitest";
import { StandingClock } from "../support/clock.ts";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { follow } from "../support/outcome.ts";
import { settle } from "../support/settle.ts";

expectNoGoroutinesLeft();

/** Records the calls of all hooks, with operations, channels, contexts and alarms numbered as they come. */
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
  void selectList([]);
  void select({ a: null, b: nilChan() });
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
    "select (no cases)",
    "select",
  ]);
  cancel();
  a.close();
  await b.receive();
  await Promise.all(waits);
  const numbers = (lines: string[]) => new Set(lines.map((line) => line.split(" ", 1)[0]));
  const parked = door.log.filter((line) => line.includes("parks"));
  const woken = door.log.filter((line) => line.endsWith("wakes"));
  // The last five never resume.
  expect(numbers(woken)).toEqual(numbers(parked.slice(0, -5)));
  expect(woken.length).toBe(parked.length - 5);
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

test("an end without a cause of its own passes the door at once, with its error as the cause [X20] [X31]", () => {
  using door = record();
  const [plain, cancelPlain] = context.withCancelCause(context.background());
  cancelPlain();
  const [nothing, cancelNothing] = context.withCancelCause(context.background());
  cancelNothing(null);
  const [late] = context.withTimeout(context.background(), 0);
  // The contexts have not been looked at: one without any time does not wait for the next look at the clock.
  expect(door.log).toEqual([
    "1 ends: context canceled",
    "2 ends: context canceled",
    "3 ends: context deadline exceeded",
  ]);
  const causes = [plain, nothing, late].map((ctx) => context.cause(ctx));
  expect(causes).toEqual([context.canceled, context.canceled, context.deadlineExceeded]);
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

test("a timer is told when it is started, though nobody waits for it and it has no alarm", () => {
  const clock = new StandingClock();
  const told: [running: boolean, due: number][] = [];
  let [alarms, latest] = [0, undefined as StartedTimer | undefined];
  using _ = attach({
    clock,
    alarm: () => void alarms++,
    timer(timer) {
      latest = timer;
      told.push([timer.running, timer.due - clock.now()]);
    },
  });
  const timer = time.newTimer(5);
  timer.reset(7);
  timer.stop();
  expect(latest?.running).toBe(false);
  const { c } = time.newTicker(3);
  clock.advance(4);
  expect(c.tryReceive()?.ok).toBe(true);
  expect([latest?.running, (latest?.due ?? 0) - clock.now()]).toEqual([true, 2]);
  expect([told, alarms]).toEqual([
    [
      [true, 5],
      [true, 7],
      [true, 3],
    ],
    0,
  ]);
});

test("an alarm comes with what it belongs to: a timer's channel, a context", async () => {
  const subjects: object[] = [];
  using _ = attach({ alarm: (_alarm, _when, subject) => void subjects.push(subject) });
  const clock = new StandingClock();
  using _1 = attach({ clock });
  const timer = time.newTimer(1);
  const ticker = time.newTicker(1);
  const waiting = [timer.c.receive(), ticker.c.receive()];
  const [ctx, cancel] = context.withTimeout(context.background(), 2);
  expect(subjects).toEqual([timer.c, ticker.c, ctx]);
  clock.advance(1);
  await Promise.all(waiting);
  ticker.stop();
  cancel();
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

test("an answer that is no ready case rejects the select, and says what is wanted [J18]", async () => {
  const [a, b] = [chan<number>(1), chan<number>(1)];
  a.trySend(1);
  b.trySend(2);
  for (const answer of [0.5, -1, 2, Number.NaN]) {
    using _ = attach({ choose: () => answer });
    await expect(select({ a, b })).rejects.toEqual(
      new RangeError(`runtime: the choose hook must return an integer from 0 to 1, got ${answer}`),
    );
  }
  expect([a.length, b.length]).toEqual([1, 1]);
});

test.each(["make", "send", "receive", "select", "guard"] as const)(
  "the hook %s sees channels and selects where it is the only one attached [J18]",
  async (name) => {
    const hook = vi.fn();
    using _1 = attach({ close: () => undefined });
    using _2 = attach({ [name]: hook });
    const ch = chan<number>(1);
    await ch.send(1);
    await select({ ch });
    expect(hook).toHaveBeenCalled();
  },
);

test("any number of sets watch, and one at a time decides", async () => {
  const heard: string[] = [];
  using _1 = attach({ close: () => void heard.push("first") });
  const decider = attach({ choose: () => 0, close: () => void heard.push("decider") });
  using _2 = attach({ close: () => void heard.push("second") });
  const refusal = new Error("runtime.attach: hooks that decide are attached already");
  expect(() => attach({ choose: () => 1 })).toThrow(refusal);
  expect(() => attach({ schedule: () => false })).toThrow(refusal);
  chan().close();
  // The set that decides is called first, so that the others may ask it which goroutine runs.
  expect(heard).toEqual(["decider", "first", "second"]);
  decider[Symbol.dispose]();
  const other = attach({ choose: () => 1 });
  // A detached set is no longer called.
  decider[Symbol.dispose]();
  const [a, b] = [chan<number>(1), chan<number>(1)];
  a.trySend(1);
  b.trySend(2);
  expect((await select({ a, b })).case).toBe("b");
  other[Symbol.dispose]();
});

test.each([
  ["frozen", (hooks: Hooks) => Object.freeze(hooks)],
  ["not frozen", (hooks: Hooks) => hooks],
])("the same set, %s, may be attached twice and again, beside others and alone", (_, made) => {
  const heard: string[] = [];
  const hooks = made({ close: () => void heard.push("same") });
  const first = attach(hooks);
  chan().close();
  expect(heard).toEqual(["same"]);
  const second = attach(hooks);
  chan().close();
  expect(heard).toEqual(["same", "same", "same"]);
  first[Symbol.dispose]();
  using _1 = attach({ close: () => void heard.push("other") });
  chan().close();
  expect(heard.slice(3)).toEqual(["same", "other"]);
  second[Symbol.dispose]();
  chan().close();
  expect(heard.slice(5)).toEqual(["other"]);
  using _2 = attach(hooks);
  chan().close();
  expect(heard.slice(6)).toEqual(["other", "same"]);
});

test("a set that was changed between two attachments is attached as it is then", () => {
  const heard: string[] = [];
  const hooks: Hooks = {};
  attach(hooks)[Symbol.dispose]();
  hooks.close = () => void heard.push("close");
  using _ = attach(hooks);
  chan().close();
  expect(heard).toEqual(["close"]);
});

test("a hook is called as a method of its set", () => {
  const close = vi.fn();
  const hooks: Hooks = { close };
  using _ = attach(hooks);
  chan().close();
  expect(close.mock.contexts).toEqual([hooks]);
});

test("a hook that throws is reported and harms no goroutine", async () => {
  const reported: unknown[] = [];
  vi.stubGlobal("reportError", (error: unknown) => reported.push(error));
  const fault = (name: string) => () => {
    throw new Error(name);
  };
  const names = ["spawn", "end", "park", "wake", "make", "send", "receive", "close", "select", "sync"] as const;
  const more = ["derive", "cancel", "alarm", "timer", "ring", "stop"] as const;
  const hooks = Object.fromEntries([...names, ...more].map((name) => [name, fault(name)]));
  {
    using _ = attach(hooks);
    const [a, b] = [chan<number>(), chan<number>(2)];
    go(async () => {
      for await (const n of a) await b.send(n);
      b.close();
    });
    await a.send(1);
    await a.send(2);
    a.close();
    expect(await select({ b })).toEqual({ case: "b", value: 1, ok: true });
    expect(await b.receive()).toBe(2);
    expect(await b.receiveOk()).toEqual([undefined, false]);
    const mu = new sync.Mutex();
    await mu.lock();
    mu.unlock();
    const [ctx, cancel] = context.withTimeout(context.background(), 60_000);
    cancel();
    expect(ctx.err()).toBe(context.canceled);
    await time.sleep(1);
    time.newTimer(1);
  }
  vi.unstubAllGlobals();
  const told = new Set(reported.map((error) => (error as Error).message));
  expect([...told].sort()).toEqual([...names, ...more].sort());
});

test("hooks see each value of a channel with the operation on the other side", async () => {
  const log: unknown[] = [];
  using _ = attach({
    make: (_ch, capacity) => void log.push(["make", capacity]),
    send: (_ch, value, to) => void log.push(["send", value, to !== undefined]),
    receive: (_ch, value, ok, from) => void log.push(["receive", value, ok, from !== undefined]),
    select: (_op, cases, chosen) =>
      void log.push(["select", cases.map((one) => [one.name, one.send?.value, one.canProceed()]), chosen]),
    sync: (_object, method, count) => void log.push([method, count]),
  });
  const ch = chan<string>();
  const buffered = chan<string>(1);
  void ch.receive();
  await ch.send("to a receiver");
  await buffered.send("to the buffer");
  const op = await select({ none: ch, buffered });
  expect(op.case).toBe("buffered");
  const sent = ch.send("from a sender");
  ch.tryReceive();
  await sent;
  ch.close();
  ch.tryReceive();
  const mu = new sync.Mutex();
  mu.tryLock();
  mu.unlock();
  expect(log).toEqual([
    ["make", 0],
    ["make", 1],
    ["send", "to a receiver", true],
    ["send", "to the buffer", false],
    [
      "select",
      [
        ["none", undefined, false],
        ["buffered", undefined, true],
      ],
      1,
    ],
    ["receive", "to the buffer", true, false],
    ["receive", "from a sender", true, true],
    ["receive", undefined, false, false],
    ["lock", 1],
    ["unlock", 1],
  ]);
});

test("hooks see the cases of a list in its order, its default behind them, and nothing else", async () => {
  const looks: unknown[] = [];
  using _ = attach({ select: (_op, cases, chosen) => void looks.push([cases.map(({ name }) => name), chosen]) });
  const ch = chan<number>(1);
  ch.trySend(1);
  await selectList([null, ch]);
  await selectList([ch], { default: true });
  await selectList([ch, send(ch, 1)], { default: false });
  expect(looks).toEqual([
    [["0", "1"], 1],
    [["0", "default"], 1],
    [["0", "1"], 1],
  ]);
});

test("hooks see no select of which they have seen no channel made", async () => {
  const [early, other] = [chan<number>(1), chan<number>(1)];
  const looks: number[] = [];
  using _ = attach({ select: (_op, _cases, chosen) => void looks.push(chosen) });
  const seen = chan<number>(1);
  const turn = selector({ early, other });
  early.trySend(1);
  await select({ early, other });
  expect(looks).toEqual([]);
  seen.trySend(2);
  await select({ other, seen });
  expect(looks.splice(0)).toEqual([1]);
  // The next select is told nothing of the last one.
  early.trySend(3);
  await select({ other, early });
  early.trySend(4);
  await turn.select();
  expect(looks).toEqual([]);
  turn.set("other", seen);
  expect(turn.trySelect()).toBeUndefined();
  expect(looks).toEqual([-1]);
});

test("hooks see one look of a select, also of a goroutine that spins", async () => {
  seed(1);
  const looks: number[] = [];
  using _ = attach({ select: (_op, _cases, chosen) => void looks.push(chosen) });
  const [empty, full] = [chan<number>(1), chan<number>(1)];
  for (let i = 0; i < 1000; i++) {
    empty.tryReceive();
    full.trySend(i);
    await select({ full });
    expect(looks.splice(0)).toEqual([0]);
  }
});

test("hooks see what happens to locks, counters and conditions, and by how much", async () => {
  const log: string[] = [];
  using _ = attach({ sync: (_object, method, count) => void log.push(`${method} ${count}`) });
  const mu = new sync.Mutex();
  await mu.lock();
  mu.unlock();
  const rw = new sync.RWMutex();
  await rw.lock();
  rw.unlock();
  await rw.rLock();
  rw.rUnlock();
  expect(log.splice(0)).toEqual(["lock 1", "unlock 1", "lock 1", "unlock 1", "rLock 1", "rUnlock 1"]);
  const wg = new sync.WaitGroup();
  wg.add(2);
  wg.done();
  wg.add(-1);
  expect(log.splice(0)).toEqual(["add 2", "add -1", "add -1"]);
  const once = new sync.Once();
  await once.do(() => undefined);
  await once.do(() => undefined);
  expect(log.splice(0)).toEqual(["do 1", "done 1"]);
  const cond = new sync.Cond(mu);
  cond.signal();
  await mu.lock();
  const waiting = cond.wait();
  await settle();
  cond.signal();
  await waiting;
  cond.broadcast();
  expect(log.splice(0)).toEqual(["signal 0", "lock 1", "unlock 1", "signal 1", "lock 1", "broadcast 1"]);
});

test("a detached set is no longer called, not even for operations that it saw begin", async () => {
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
