import { chan, context, go, select, send, sync, time } from "gocsp";
import * as synctest from "gocsp/synctest";
import * as trace from "gocsp/trace";
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { survivors } from "../support/memory.ts";
import { settle } from "../support/settle.ts";

expectNoGoroutinesLeft();

afterEach(() => void trace.stop());

const plain = (lines: readonly string[]): string[] => lines.map((line) => line.replace(/ {3}.*/, ""));

/** Records what a program does in a bubble, where goroutines have the same numbers each time. */
async function recorded(f: () => Promise<void>, options?: trace.TraceOptions): Promise<readonly trace.Event[]> {
  trace.start(options);
  await synctest.test(f);
  return trace.stop();
}

test("recordings that overlap, and later ones, name the same things each in its own order [K1]", async () => {
  const names = (events: readonly trace.Event[]): string[] => events.map(({ kind, on }) => `${kind} ${on}`);
  const flight = new trace.FlightRecorder();
  flight.start();
  const first = chan<number>(1);
  trace.start();
  const second = chan<number>(1);
  await second.send(1);
  await first.send(1);
  const finished = chan<never>();
  const frozen: context.Context = Object.freeze({
    deadline: () => undefined,
    done: () => finished,
    err: () => undefined,
    value: () => undefined,
  });
  const [, cancel] = context.withCancel(frozen);
  const [, again] = context.withCancel(frozen);
  again();
  cancel();
  const inner = trace.stop();
  const outer = flight.events();
  flight.stop();
  expect(names(inner)).toEqual([
    "make ch1",
    "send ch1",
    "send ch2",
    "make ch3",
    "derive ctx1",
    "derive ctx3",
    "cancel ctx3",
    "cancel ctx1",
  ]);
  expect(inner.filter(({ kind }) => kind === "derive").map(({ value }) => value)).toEqual(["ctx2", "ctx2"]);
  expect(names(outer)).toEqual(["make ch1", "make ch2", "send ch2", "send ch1", ...names(inner).slice(3)]);
  trace.start();
  await second.receive();
  await first.receive();
  await first.send(1);
  expect(names(trace.stop())).toEqual(["receive ch1", "receive ch2", "send ch2"]);
});

test("a recording tells who did what to what, in order [K1]", async () => {
  const events = await recorded(async () => {
    const [numbers, done] = [chan<number>(), chan(0)];
    const mu = new sync.Mutex();
    const [ctx, cancel] = context.withCancel(context.background());
    go(async () => {
      using _ = await mu.lock();
      for await (const n of numbers) await time.sleep(n);
      cancel();
      done.close();
    });
    await select({ done, sent: send(numbers, 5) });
    numbers.close();
    await ctx.done().receive();
  });
  expect(plain(trace.transcript(events))).toEqual([
    "goroutine 1 starts goroutine 2",
    "goroutine 1 waits: select",
    "goroutine 2 locks Mutex1",
    "goroutine 2 lets goroutine 1 go on",
    "goroutine 2 receives 5 from ch1 of goroutine 1",
    "goroutine 1 closes ch1",
    "goroutine 1 waits to receive from ch3",
    "goroutine 2 sleeps for 5 ms",
    "the host lets goroutine 2 go on",
    "goroutine 2 finds ch1 closed",
    "goroutine 2 ends ctx1: context canceled",
    "goroutine 2 closes ch3",
    "goroutine 2 lets goroutine 1 go on",
    "goroutine 2 closes ch2",
    "goroutine 2 unlocks Mutex1",
    "goroutine 2 ends",
    "goroutine 1 ends",
  ]);
});

test("an event names the line at work, if lines are recorded [K2]", async () => {
  const events = await recorded(
    async () => {
      await chan<number>(1).send(1);
    },
    { lines: true },
  );
  expect(events.find(({ kind }) => kind === "send")?.line?.toString()).toMatch(/trace\.test\.ts:\d+:\d+$/);
});

test("goroutines of a program that runs by itself are told apart, also behind each other's promises [K3]", async () => {
  trace.start({ goroutines: true });
  const ch = chan<string>(8);
  const shared = time.sleep(1);
  for (const name of ["a", "b"]) {
    go(async () => {
      await shared;
      await new Promise((resolve) => setTimeout(resolve, 1));
      await ch.send(name);
    });
  }
  await ch.receive();
  await ch.receive();
  const sends = trace.stop().filter(({ kind }) => kind === "send");
  expect(new Set(sends.map(({ goroutine }) => goroutine)).size).toBe(2);
  expect(sends.every(({ goroutine }) => goroutine > 1)).toBe(true);
});

test("only the latest events are kept [K4]", async () => {
  const recorder = new trace.FlightRecorder({ limit: 3 });
  recorder.start();
  const ch = chan<number>(100);
  for (let n = 0; n < 10; n++) await ch.send(n);
  expect(recorder.events().map(({ value }) => value)).toEqual([7, 8, 9]);
  recorder.stop();
  expect(recorder.events()).toEqual([]);
});

test("a recorder keeps the events of the last minAge milliseconds [K4]", async () => {
  const recorder = new trace.FlightRecorder({ minAge: 1000 });
  recorder.start();
  await synctest.test(async () => {
    const ch = chan<number>(100);
    for (let n = 0; n < 5; n++) {
      await ch.send(n);
      await time.sleep(400);
    }
  });
  const sent = recorder.events().filter(({ kind }) => kind === "send");
  expect(sent.map(({ value }) => value)).toEqual([3, 4]);
  recorder.stop();
});

test("a recording keeps nothing of the program alive, and shows values as they were [K11]", async () => {
  const references = new Map<string, WeakRef<object>>();
  const held = <T extends object>(name: string, object: T): T => {
    references.set(name, new WeakRef(object));
    return object;
  };
  const long = "x".repeat(40);
  const { proxy, revoke } = Proxy.revocable({}, {});
  const recorder = new trace.FlightRecorder();
  recorder.start();
  await (async () => {
    const ch = held("channel", chan<unknown>(1));
    const list = held("array", [1, 2]);
    revoke();
    const values = [
      held("object", { a: 1 }),
      list,
      held("error", new TypeError("no such thing")),
      held("function", function answer() {}),
      -0,
      NaN,
      42n,
      null,
      undefined,
      "short",
      "a text of some length",
      long,
      Symbol("s"),
      proxy,
    ];
    for (const value of values) {
      await ch.send(value);
      ch.tryReceive();
    }
    await select({ given: send(ch, held("case", { b: 1 })) });
    list.push(3);
    const [ctx, cancel] = context.withCancelCause(held("context", context.withValue(context.background(), "k", 1)));
    const waits = chan<object>();
    go(() => waits.send(held("woken", {})));
    await waits.receive(ctx);
    cancel(held("cause", new Error("had enough")));
  })();
  expect(await survivors(references)).toEqual([]);
  const told = trace.transcript(recorder.events());
  expect(told.filter((line) => line.includes(" sends ") && line.endsWith("ch1"))).toEqual(
    [
      "{…}",
      "[2 values]",
      "TypeError: no such thing",
      "function answer",
      "0",
      "NaN",
      "42",
      "null",
      "undefined",
      '"short"',
      '"a text of some length"',
      `"${long.slice(0, 30)}…"`,
      "Symbol(s)",
      "{…}",
      "{…}",
    ].map((value) => `the host sends ${value} on ch1`),
  );
  expect(told.some((line) => /^the host ends ctx\d: had enough$/.test(line))).toBe(true);
  const { traceEvents } = trace.chrome(recorder.events());
  expect(traceEvents.find(({ ph }) => ph === "e")?.args).toEqual({ cause: "had enough" });
  recorder.stop();
});

test("a ring that is full forgets whole events, their cases and lines too [K4]", async () => {
  const recorder = new trace.FlightRecorder({ limit: 10_000, lines: true, goroutines: false });
  recorder.start();
  const ch = chan<number>(1);
  await select({ a: send(ch, 1) });
  const first = recorder.events().at(-2);
  expect(first?.kind).toBe("select");
  expect(first?.cases).toEqual([{ name: "a", on: "ch1", sends: true, value: 1, ready: true }]);
  expect(first?.line?.toString()).toMatch(/trace\.test\.ts/);
  // The ring has come round to where the select was.
  for (let n = 0; n < 5000; n++) {
    await ch.receive();
    await ch.send(n);
  }
  const events = recorder.events();
  expect(events).toHaveLength(10_000);
  expect(events.every(({ cases }) => cases === undefined)).toBe(true);
  expect(events.map(({ kind, value }) => `${kind} ${value as number}`).slice(-3)).toEqual([
    "send 4998",
    "receive 4998",
    "send 4999",
  ]);
  expect(events[0]).toMatchObject({ kind: "receive", value: 1 });
  recorder.stop();
});

test("regions, tasks and messages are in it, and cost nothing without a recording [K5]", async () => {
  const [background] = trace.newTask(context.background(), "unseen");
  trace.log(background, "", "unseen");
  trace.start();
  const [ctx, task] = trace.newTask(context.background(), "request");
  const answer = await trace.withRegion(ctx, "read", async () => {
    trace.log(ctx, "size", "42");
    return 42;
  });
  expect(() =>
    trace.withRegion(ctx, "fails", () => {
      throw new Error("inside");
    }),
  ).toThrow("inside");
  task.end();
  trace.log(context.background(), "", "alone");
  expect(answer).toBe(42);
  const events = trace.stop();
  const [{ on: name } = { on: "" }] = events;
  expect(name).toMatch(/^task\d+$/);
  const told = events.filter(({ kind }) => kind !== "derive");
  expect(told.map(({ on }) => on)).toEqual([...Array.from({ length: 7 }, () => name), ""]);
  expect(trace.transcript(events)).toEqual([
    "the host begins request",
    "the host begins read",
    "the host says: size: 42",
    "the host finishes read",
    "the host begins fails",
    "the host finishes fails",
    "the host finishes request",
    "the host says: alone",
  ]);
});

test("the event of an alarm says what the alarm is for, and when it rings [K1]", async () => {
  const events = await recorded(async () => {
    const [ctx, cancel] = context.withTimeout(context.background(), 1500);
    const late = time.after(250);
    await select({ late, done: ctx.done() });
    cancel();
  });
  const alarms = events.filter(({ kind }) => kind === "alarm" || kind === "ring" || kind === "stop");
  expect(alarms.map(({ kind, on, value, detail }) => [kind, on, value, detail])).toEqual([
    ["alarm", "alarm1", 1500, "ctx1"],
    ["alarm", "alarm2", 250, "ch1"],
    ["ring", "alarm2", undefined, ""],
    ["stop", "alarm1", undefined, ""],
  ]);
});

test("a trace for Perfetto has a track for each goroutine, waits as slices, wakes as arrows, contexts as spans [K6]", async () => {
  const events = await recorded(async () => {
    const [ctx, cancel] = context.withTimeout(context.background(), time.second);
    using _ = cancel;
    const ch = chan<number>();
    go(() => ch.send(1));
    await ch.receive();
    await ctx.done().receive();
  });
  const { traceEvents } = trace.chrome(events);
  const names = traceEvents.filter(({ name }) => name === "thread_name").map(({ args }) => args?.["name"]);
  expect(names).toContain("goroutine 1");
  expect(names).toContain("goroutine 2");
  const slices = traceEvents.filter(({ ph }) => ph === "X").map(({ name, tid, dur }) => [name, tid, dur]);
  expect(slices).toContainEqual(["chan receive", 1, 1]);
  expect(slices).toContainEqual(["chan receive", 1, 1_000_000]);
  const ids = (ph: string) => traceEvents.filter((event) => event.ph === ph).map(({ id }) => id);
  expect(ids("s").length).toBeGreaterThan(0);
  expect(ids("f")).toEqual(ids("s"));
  const spans = traceEvents.filter(({ ph }) => ph === "b" || ph === "e").map(({ ph, id }) => [ph, id]);
  expect(spans).toEqual([
    ["b", "ctx1"],
    ["e", "ctx1"],
  ]);
  expect(traceEvents.every(({ ts }) => ts === undefined || Number.isInteger(ts))).toBe(true);
});

test("a second recording at once is refused, and bad options [K7]", () => {
  trace.start();
  expect(() => trace.start()).toThrow("trace.start: tracing is already enabled");
  expect(trace.isEnabled()).toBe(true);
  expect(() => new trace.FlightRecorder({ minAge: -1 })).toThrow(
    "trace.FlightRecorder: minAge must be at least 0 milliseconds, got -1",
  );
  const recorder = new trace.FlightRecorder({ limit: 0.5 });
  expect(() => recorder.start()).toThrow("trace: the limit must be an integer of at least 0, got 0.5");
  expect(() => trace.withRegion(context.background(), "x", 42 as never)).toThrow(
    "trace.withRegion: 42 is not a function",
  );
  const other = new trace.FlightRecorder();
  other.start();
  expect(() => other.start()).toThrow("trace.FlightRecorder: started already");
  other.stop();
});

test("recordings combine with each other and with a bubble [K8]", async () => {
  trace.start();
  const recorder = new trace.FlightRecorder();
  recorder.start();
  await synctest.test(() => chan<number>(1).send(1));
  const kinds = (events: readonly trace.Event[]) => events.map(({ kind, goroutine }) => `${kind} ${goroutine}`);
  expect(kinds(recorder.events())).toEqual(kinds(trace.stop()));
  recorder.stop();
});

for (const ending of ["returns", "panics", "hangs"]) {
  test.concurrent(`a program is recorded without a change, when it ${ending} too [K9]`, async () => {
    const folder = mkdtempSync(join(tmpdir(), "gocsp-trace-"));
    try {
      const file = join(folder, "trace.txt");
      const program = join(import.meta.dirname, "programs", "workers.ts");
      const register = join(import.meta.dirname, "../../dist/trace/register.js");
      const child = spawn(process.execPath, ["--import", register, program, ending], {
        env: { ...process.env, GOCSP_TRACE: file, GOCSP_TRACE_FLIGHT: "60000", NODE_OPTIONS: "" },
        stdio: "ignore",
      });
      const code = await new Promise((resolve) => child.on("exit", resolve));
      expect(code).toBe(ending === "returns" ? 0 : 2);
      const lines = readFileSync(file, "utf8").split("\n");
      expect(lines).toContain("goroutine 2 receives 1 from ch1 of goroutine 1");
      expect(lines).toContain("goroutine 1 closes ch1");
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
}

test("waits are shown in Chrome's performance panel, on a track for each goroutine [K10]", async () => {
  const timeStamp = vi.fn<(...slice: unknown[]) => void>();
  vi.stubGlobal("console", { timeStamp });
  const shown = trace.devtools();
  const ch = chan<number>();
  const wg = new sync.WaitGroup();
  wg.go(async () => {
    await ch.receive();
  });
  await settle();
  await ch.send(1);
  await wg.wait();
  shown[Symbol.dispose]();
  wg.go(() => time.sleep(0.1));
  await wg.wait();
  const slices = timeStamp.mock.calls as [string, number, number, string, string, string][];
  const received = slices.find(([state]) => state === "chan receive");
  expect(received?.slice(3)).toEqual([expect.stringMatching(/^goroutine \d+$/), "Goroutines", "primary"]);
  expect(received?.[2]).toBeGreaterThanOrEqual(received?.[1] as number);
  expect(slices.some(([state]) => state === "sleep")).toBe(false);
  vi.stubGlobal("console", {});
  trace.devtools()[Symbol.dispose]();
  vi.unstubAllGlobals();
});
