// How a program ends in processes that no test can start: played ones, of other hosts and test runners.
import { afterEach, describe, expect, test, vi } from "vitest";
import type * as Process from "../../src/runtime/process.ts";
import { endPlay, type FakeProcess, playProcess, type Played, reload } from "./hosts.ts";

afterEach(endPlay);

const boom = new Error("boom");
const report = "panic: boom, and more";

/** Loads the module that ends processes, with what tells whether goroutines are frozen. */
async function load(): Promise<typeof Process & { readonly isHalted: () => boolean }> {
  return reload(async () => {
    const [process, halted] = await Promise.all([
      import("../../src/runtime/process.ts"),
      import("../../src/runtime/halted.ts"),
    ]);
    return { ...process, isHalted: () => halted.halted };
  });
}

/** Returns the errors that the functions throw that are to be called outside of all others. */
function uncaught({ ticks }: Played): unknown[] {
  return ticks.splice(0).map((tick) => {
    try {
      return tick();
    } catch (error) {
      return error;
    }
  });
}

const monitored = "emits uncaughtExceptionMonitor: Error: boom, uncaughtException";

describe("in a process without handlers of errors", () => {
  test("a panic is shown to the monitor, reported as a whole, and ends the process with status 2 [G29]", async () => {
    const played = playProcess();
    const { die, isHalted } = await load();
    die(report, boom);
    expect(played.log).toEqual([monitored, `writes to 2: ${report}`, "exits with (2)"]);
    expect(uncaught(played)).toEqual([]);
    // The exit is a test's, and has returned.
    expect(isHalted()).toBe(false);
  });

  test("a monitor that throws changes nothing [G29]", async () => {
    const played = playProcess({
      emit() {
        throw new Error("the monitor's");
      },
    });
    const { die } = await load();
    die(report, boom);
    expect(played.log).toEqual([`writes to 2: ${report}`, "exits with (2)"]);
  });

  test("the process exits when its output has left it, and freezes goroutines until then [G7]", async () => {
    const done: (() => void)[] = [];
    const stream = (writableLength: number): object => ({
      writableLength,
      write: (text: string, left: () => void) => void (text === "" && done.push(left)),
    });
    const played = playProcess({ stdout: stream(3), stderr: stream(1) });
    const { die, isHalted } = await load();
    die(report, boom);
    die(report, new Error("second"));
    expect([done.length, played.log, isHalted()]).toEqual([2, [], true]);
    done[0]?.();
    expect(played.log).toEqual([]);
    done[1]?.();
    expect(played.log).toEqual([monitored, `writes to 2: ${report}`, "exits with (2)"]);
  });

  test("output that has left one stream already is not waited for [G7]", async () => {
    const done: (() => void)[] = [];
    const stdout = { writableLength: 1, write: (_: string, left: () => void) => void done.push(left) };
    const played = playProcess({ stdout });
    const { die } = await load();
    die(report, boom);
    expect(played.log).toEqual([]);
    expect(done).toHaveLength(1);
    done[0]?.();
    expect(played.log.at(-1)).toBe("exits with (2)");
  });

  test("a report goes to the stream where there is no descriptor [G7]", async () => {
    const written: string[] = [];
    const stderr = { writableLength: 0, write: (text: string) => written.push(text) };
    for (const fs of [undefined, {}]) {
      playProcess({ stderr }, { "node:fs": fs });
      const { die } = await load();
      die(report, boom);
    }
    expect(written).toEqual([report, report]);
  });

  test("a report waits for a pipe that is full, and gives up when nobody reads it [G7]", async () => {
    let full = 3;
    let written = "";
    let tries = 0;
    const wait = vi.spyOn(Atomics, "wait").mockReturnValue("timed-out");
    const writeSync = (_: number, bytes: Uint8Array): number => {
      tries++;
      if (full-- > 0) throw new Error("EAGAIN");
      written += new TextDecoder().decode(bytes);
      return bytes.length;
    };
    try {
      const played = playProcess({}, { "node:fs": { writeSync } });
      const { die } = await load();
      die(report, boom);
      expect([written, tries, wait.mock.calls.length]).toEqual([report, 4, 3]);
      // Ten milliseconds each: a value that is 0, as asked, and never changes.
      for (const [array, index, value, limit] of wait.mock.calls) {
        expect([Number(array[index]), value, limit]).toEqual([0, 0, 10]);
      }
      full = Infinity;
      die(report, boom);
      expect(tries).toBeGreaterThan(100);
      expect(played.log.filter((line) => line === "exits with (2)")).toHaveLength(2);
    } finally {
      wait.mockRestore();
    }
  });
});

/** Hosts that handle an uncaught error, each with what it has. */
const handlers: Record<string, () => Played> = {
  "has a listener": () => playProcess({ listenerCount: (event: string) => (event === "uncaughtException" ? 1 : 0) }),
  "has a capturing callback": () => playProcess({ hasUncaughtExceptionCaptureCallback: () => true }),
  "is jest": () => {
    vi.stubGlobal(Symbol.for("jest-native-promise"), Promise);
    return playProcess();
  },
  "is Bun's test runner": () => {
    vi.stubGlobal("Bun", {});
    return playProcess({}, { "bun:test": { test: fails("test() needs a name") } });
  },
};

/** Hosts that look as if they did. */
const others: Record<string, () => Played> = {
  "is Bun without its test runner": () => {
    vi.stubGlobal("Bun", {});
    return playProcess({}, { "bun:test": { test: fails("Cannot use test() outside of the test runner") } });
  },
  "is a Bun that says nothing": () => {
    vi.stubGlobal("Bun", {});
    return playProcess({ getBuiltinModule: undefined, stderr: { writableLength: 0, write: () => true } });
  },
  "tells nothing of listeners": () =>
    playProcess({ listenerCount: undefined, hasUncaughtExceptionCaptureCallback: undefined }),
  "has a module of that name, but is not Bun": () => playProcess({}, { "bun:test": { test: fails("no name") } }),
};

function fails(text: string) {
  return () => {
    throw new Error(text);
  };
}

describe.each(Object.keys(handlers))("in a process that %s", (kind) => {
  test("a panic becomes an uncaught error, behind its report, and the program goes on if that is handled [G29]", async () => {
    const played = handlers[kind]?.() as Played;
    const { die, isHalted } = await load();
    die(report, boom);
    expect(played.log).toEqual([`writes to 2: ${report}`]);
    expect(isHalted()).toBe(true);
    expect(uncaught(played)).toEqual([boom]);
    await turns();
    expect(isHalted()).toBe(false);
    expect(played.log).toHaveLength(1);
  });

  test("an exit that was replaced later is called nevertheless [G30]", async () => {
    const played = handlers[kind]?.() as Played;
    const { die } = await load();
    const exit = vi.fn();
    played.process["exit"] = exit;
    die(report, boom);
    expect(exit.mock.calls).toEqual([[2]]);
    expect(uncaught(played)).toEqual([]);
  });
});

test.each(Object.keys(others))("in a process that %s a panic ends it [G29]", async (kind) => {
  const played = others[kind]?.() as Played;
  const { die } = await load();
  die(report, boom);
  expect(played.log.at(-1)).toBe("exits with (2)");
  expect(uncaught(played)).toEqual([]);
});

describe("in a worker thread", () => {
  const worker = { "node:worker_threads": { isMainThread: false } };
  const busy = (done: (() => void)[]): FakeProcess => ({
    stdout: { writableLength: 1, write: (_: string, left: () => void) => void done.push(left) },
  });

  test("an error ends the thread when its output has left it [G29]", async () => {
    const done: (() => void)[] = [];
    const played = playProcess(busy(done), worker);
    const { die } = await load();
    die(report, boom);
    expect([played.log, played.ticks]).toEqual([[], []]);
    done[0]?.();
    expect(played.log).toEqual([`writes to 2: ${report}`]);
    expect(uncaught(played)).toEqual([boom]);
  });

  test("with handlers of its own it gets the error at once [G29]", async () => {
    const played = playProcess({ ...busy([]), listenerCount: () => 1 }, worker);
    const { die } = await load();
    die(report, boom);
    expect(uncaught(played)).toEqual([boom]);
  });
});

describe("an exit that throws", () => {
  const throwing = (exiting: boolean): FakeProcess => ({ exit: fails("from exit"), _exiting: exiting });

  test("because a listener of the exit threw, throws that [G28]", async () => {
    playProcess(throwing(true));
    const { dieNow } = await load();
    expect(() => dieNow(report, boom)).toThrow("from exit");
  });

  test.each([
    ["because a test replaced it", (): void => undefined, false],
    ["in Deno, whose test runner throws to prevent it,", (): void => void vi.stubGlobal("Deno", {}), true],
  ])("%s lets the program go on [G30]", async (_, prepare, exiting) => {
    prepare();
    const played = playProcess(throwing(exiting));
    const { die, isHalted } = await load();
    die(report, boom);
    expect(isHalted()).toBe(false);
    die(report, boom);
    expect(played.log.filter((line) => line.startsWith("writes"))).toHaveLength(2);
  });
});

describe("without a process", () => {
  test.each([{}, { exit: undefined }])(
    "an error is reported to the host, and nothing freezes or exits [G7]",
    async (has) => {
      const reported: unknown[] = [];
      vi.stubGlobal("reportError", (error: unknown) => reported.push(error));
      vi.stubGlobal("process", "exit" in has ? Object.assign(Object.create(process), has) : undefined);
      const { die, exitNormally, exitStatus, awaitsSignals, onProcess, isHalted } = await load();
      die(report, boom);
      exitNormally();
      exitNormally({ size: 1 });
      expect([reported, isHalted()]).toEqual([[boom], false]);
      if (!("exit" in has)) {
        onProcess("exit", () => expect.unreachable());
        expect([exitStatus(), awaitsSignals()]).toEqual([undefined, false]);
      }
    },
  );
});

describe("when main has returned", () => {
  test("the process exits at once, with its own status [G5]", async () => {
    const played = playProcess();
    const { exitNormally, isHalted } = await load();
    exitNormally();
    expect(played.log).toEqual(["exits with ()"]);
    expect(isHalted()).toBe(false);
    exitNormally({ size: 0 });
    expect(played.log).toEqual(["exits with ()", "exits with ()"]);
  });

  test("while others unwind it exits some microtasks later, frozen meanwhile [G5] [G7]", async () => {
    const played = playProcess();
    const { exitNormally, isHalted } = await load();
    exitNormally({ size: 1 });
    for (let i = 0; i < 900; i++) await undefined;
    expect([played.log, isHalted()]).toEqual([[], true]);
    for (let i = 0; i < 200; i++) await undefined;
    expect(played.log).toEqual(["exits with ()"]);
  });

  test("a panic that comes meanwhile ends the process in its place [G5] [G7]", async () => {
    const played = playProcess();
    const { exitNormally, die } = await load();
    exitNormally({ size: 1 });
    await undefined;
    die(report, boom);
    for (let i = 0; i < 1100; i++) await undefined;
    expect(played.log.filter((line) => line.startsWith("exits"))).toEqual(["exits with (2)"]);
  });

  test("a panic before that does not count [G5]", async () => {
    const played = playProcess();
    const { exitNormally, die } = await load();
    die(report, boom);
    exitNormally({ size: 1 });
    for (let i = 0; i < 1100; i++) await undefined;
    expect(played.log.filter((line) => line.startsWith("exits"))).toEqual(["exits with (2)", "exits with ()"]);
  });

  test("and an error was handled meanwhile, the program ends then [G29]", async () => {
    const played = playProcess({ listenerCount: () => 1 });
    const { die } = await load();
    const { program } = await import("../../src/runtime/program.ts");
    program.main = "exited";
    die(report, boom);
    expect(uncaught(played)).toEqual([boom]);
    await turns();
    expect(played.log).toEqual([`writes to 2: ${report}`, "exits with ()"]);
  });
});

describe("a program awaits a signal", () => {
  const listening = (events: Record<string | symbol, unknown[]>): FakeProcess => ({
    eventNames: () => Reflect.ownKeys(events),
    listeners: (name: string) => events[name],
  });
  const listener = (): void => undefined;

  test.each<[expected: boolean, why: string, events: Record<string | symbol, unknown[]>]>([
    [true, "with a listener of one", { exit: [listener], SIGTERM: [listener] }],
    [
      false,
      "not with listeners of other events",
      { exit: [listener], DESIGN: [listener], [Symbol("SIG")]: [listener] },
    ],
    [false, "not with Node's own", { SIGWINCH: [listener] }],
    [false, "not without listeners", { SIGINT: [] }],
  ])("%s: %s [G22]", async (expected, _, events) => {
    playProcess(listening(events));
    const { awaitsSignals } = await load();
    expect(awaitsSignals()).toBe(expected);
  });

  test("unless it ignores it [G22]", async () => {
    const events: Record<string, unknown[]> = {};
    playProcess(listening(events));
    const { awaitsSignals, ignoreSignal } = await load();
    events["SIGINT"] = [ignoreSignal];
    expect(awaitsSignals()).toBe(false);
    events["SIGINT"] = [ignoreSignal, listener];
    expect(awaitsSignals()).toBe(true);
  });

  test("not where the host does not tell [G22]", async () => {
    playProcess({ eventNames: undefined });
    expect((await load()).awaitsSignals()).toBe(false);
    playProcess({ eventNames: () => ["SIGINT"], listeners: undefined });
    expect((await load()).awaitsSignals()).toBe(false);
  });
});

describe("a process is kept alive", () => {
  test("by timeouts that follow each other, until that is undone", async () => {
    const set: { callback: () => void; delay: number }[] = [];
    const cleared: unknown[] = [];
    const { holdProcess } = await load();
    vi.stubGlobal("setTimeout", (callback: () => void, delay: number) => set.push({ callback, delay }));
    vi.stubGlobal("clearTimeout", (timeout: unknown) => cleared.push(timeout));
    const undo = holdProcess();
    expect(set.map(({ delay }) => delay)).toEqual([2 ** 31 - 1]);
    set[0]?.callback();
    undo();
    vi.unstubAllGlobals();
    expect([set.length, cleared]).toEqual([2, [2]]);
  });

  test("by a timeout that is an object, as in Node", async () => {
    const { setHold } = await load();
    const calls: string[] = [];
    const timeout = { ref: () => calls.push("ref"), unref: () => calls.push("unref") };
    setHold(timeout, true);
    setHold(timeout, false);
    expect(calls).toEqual(["ref", "unref"]);
    for (const none of [{}, null, undefined, 1]) for (const held of [true, false]) setHold(none, held);
  });

  test("by a timeout that is a number, as in Deno", async () => {
    const { setHold } = await load();
    const calls: unknown[] = [];
    const refTimer = (id: unknown): void => void calls.push(["ref", id]);
    vi.stubGlobal("Deno", { refTimer, unrefTimer: (id: unknown) => calls.push(["unref", id]) });
    setHold(7, true);
    setHold(7, false);
    setHold({ ref: () => calls.push("object") }, true);
    expect(calls).toEqual([["ref", 7], ["unref", 7], "object"]);
  });
});

async function turns(): Promise<void> {
  for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve));
}
