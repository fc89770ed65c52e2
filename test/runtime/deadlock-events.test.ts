// When a deadlock is reported, as the events of the host tell it; the process is played.
import { afterEach, expect, test, vi } from "vitest";
import { endPlay, type FakeProcess, playProcess, type Played, reload } from "./hosts.ts";

afterEach(endPlay);

const load = async () =>
  reload(async () => {
    const [gocsp, { checkOrphans }, { goexit }] = await Promise.all([
      import("gocsp"),
      import("../../src/runtime/deadlock.ts"),
      import("../../src/runtime/goexit.ts"),
    ]);
    return { ...gocsp, checkOrphans, goexit };
  });

/** Plays a process whose events the test fires. */
function playEvents(changes: FakeProcess = {}): Played & { fire(event: string): void; events: string[] } {
  const listeners = new Map<string, (() => void)[]>();
  const played = playProcess({
    on: (event: string, listener: () => void) => listeners.set(event, [...(listeners.get(event) ?? []), listener]),
    eventNames: () => [],
    ...changes,
  });
  return {
    ...played,
    get events() {
      return [...listeners].map(([event, list]) => `${list.length} ${event}`).toSorted();
    },
    fire(event) {
      for (const listener of listeners.get(event) ?? []) listener();
    },
  };
}

const { setImmediate } = globalThis;

/** Lets the report be made. */
async function turns(): Promise<void> {
  for (let i = 0; i < 3; i++) {
    await vi.dynamicImportSettled();
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
  }
}

const fatal = /^writes to 2: fatal error: all goroutines are asleep - deadlock!\n\n/;

/** The report that was written; undefined if there is none. */
function written({ log }: Played): string | undefined {
  return log.find((line) => fatal.test(line))?.replace(fatal, "");
}

test("it is watched once, from the first goroutine or the first wait on [G18]", async () => {
  const played = playEvents();
  const { go, chan } = await load();
  const ch = chan<number>();
  expect(played.events).toEqual([]);
  const received = ch.receive();
  go(() => ch.send(1));
  go(() => undefined);
  await received;
  expect(played.events).toEqual(["1 beforeExit", "1 exit"]);
});

test("a main that waits when the event loop has run dry is reported at the exit [G18]", async () => {
  const played = playEvents();
  const { main, chan } = await load();
  main(async function waits() {
    await chan<never>().receive();
  });
  await turns();
  played.fire("beforeExit");
  // The report is being made: the event loop turns again.
  played.fire("beforeExit");
  await turns();
  played.fire("exit");
  expect(written(played)).toBe(undefined);
  played.fire("beforeExit");
  played.fire("beforeExit");
  played.fire("exit");
  expect(written(played)).toMatch(
    /^goroutine 1 \[chan receive\]:\nwaits\(\.\.\.\)\n\t.*deadlock-events\.test\.ts:\d+:\d+\n$/,
  );
  expect(played.log.at(-1)).toBe("exits with (2)");
  expect(played.log[0]).toMatch(/^emits uncaughtExceptionMonitor: PanicError: all goroutines are asleep - deadlock!, /);
});

test("it is not reported when the event loop has turned since it ran dry [G18]", async () => {
  const played = playEvents();
  const { main, chan } = await load();
  main(() => chan<never>().receive());
  await turns();
  played.fire("beforeExit");
  await turns();
  played.fire("beforeExit");
  await turns();
  played.fire("exit");
  expect(played.log).toEqual([]);
  played.fire("beforeExit");
  played.fire("exit");
  expect(played.log.at(-1)).toBe("exits with (2)");
});

test("a goroutine that another listener wakes makes the report out of date [G18]", async () => {
  const played = playEvents();
  const { main, chan } = await load();
  const ch = chan<number>();
  main(async () => {
    await ch.receive();
    await ch.receive();
  });
  await turns();
  played.fire("beforeExit");
  await turns();
  played.fire("beforeExit");
  ch.trySend(1);
  played.fire("exit");
  expect(played.log).toEqual([]);
  await turns();
  played.fire("beforeExit");
  played.fire("exit");
  expect(played.log).toEqual([]);
  await turns();
  played.fire("beforeExit");
  played.fire("exit");
  expect(played.log.at(-1)).toBe("exits with (2)");
});

test.each([
  [13, true],
  [0, false],
  [undefined, false],
])("a module that waits is told by the status %j of the host: %j [G18]", async (exitCode, reported) => {
  const played = playEvents({ exitCode });
  const { chan } = await load();
  void chan<never>().receive();
  await turns();
  played.fire("beforeExit");
  await turns();
  played.fire("beforeExit");
  played.fire("exit");
  expect(written(played) !== undefined).toBe(reported);
});

test("a main that has returned is in no deadlock [G18]", async () => {
  const played = playEvents({ exitCode: 13 });
  const { main, go, chan } = await load();
  go(() => chan<never>().receive());
  main(() => undefined);
  await turns();
  played.log.length = 0;
  for (let i = 0; i < 3; i++) {
    played.fire("beforeExit");
    await turns();
  }
  played.fire("beforeExit");
  played.fire("exit");
  expect(played.log).toEqual([]);
});

test.each([
  [true, 1],
  [false, 0],
])("a main that awaits a signal is kept alive, a module is not: %j [G22]", async (hasMain, holds) => {
  const played = playEvents({ eventNames: () => ["SIGINT"], listeners: () => [() => undefined] });
  const { main, chan } = await load();
  const waits = (): Promise<unknown> => chan<never>().receive();
  if (hasMain) main(waits);
  else void waits();
  await turns();
  const delays: number[] = [];
  vi.stubGlobal("setTimeout", (_: () => void, delay: number) => delays.push(delay));
  played.fire("beforeExit");
  await turns();
  expect(delays).toEqual(Array.from({ length: holds }, () => 2 ** 31 - 1));
  played.fire("beforeExit");
  played.fire("exit");
  expect(played.log).toEqual([]);
});

test("where nothing waits no report is made [G28]", async () => {
  const played = playEvents();
  const { go } = await load();
  go(() => undefined);
  await turns();
  let requested = 0;
  vi.stubGlobal("setImmediate", () => requested++);
  const { go: other } = await load();
  other(() => undefined);
  await turns();
  requested = 0;
  played.fire("beforeExit");
  await turns();
  expect(requested).toBe(0);
});

test("main that leaves by goexit ends the program when the last goroutine has ended [G16]", async () => {
  const played = playEvents();
  const { main, go, goexit, chan } = await load();
  const last = chan<number>();
  main(() => {
    go(() => last.receive());
    goexit();
  });
  await turns();
  expect(played.log).toEqual([]);
  last.trySend(1);
  await turns();
  expect(played.log.slice(1)).toEqual([
    "writes to 2: fatal error: no goroutines (main called runtime.Goexit) - deadlock!\n",
    "exits with (2)",
  ]);
});

test("without a process, a main that leaves by goexit ends nothing [G16]", async () => {
  const reported: unknown[] = [];
  vi.stubGlobal("reportError", (error: unknown) => reported.push(error));
  vi.stubGlobal("process", undefined);
  const { main, goexit } = await load();
  main(goexit);
  await new Promise((resolve) => setImmediate(resolve));
  await new Promise((resolve) => setImmediate(resolve));
  vi.unstubAllGlobals();
  expect(reported).toEqual([]);
});
