// What the runtime borrows from hosts that are not Node, played here by Node with other globals.
import { afterEach, describe, expect, test, vi } from "vitest";
import type * as AsyncContext from "../../src/runtime/async-context.ts";
import type * as Environment from "../../src/runtime/environment.ts";
import type * as Host from "../../src/runtime/host.ts";
import type * as Immediates from "../../src/runtime/immediates.ts";
import type * as Symbols from "../../src/runtime/symbols.ts";
import { endPlay, reload } from "./hosts.ts";

afterEach(endPlay);

const load = (): Promise<typeof Host> => reload(() => import("../../src/runtime/host.ts"));

const { setImmediate } = globalThis;
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("a turn of the event loop", () => {
  /** Plays a host whose immediates are numbered, as objects or as plain numbers. */
  function playImmediates(asObjects: boolean): { log: string[]; callbacks: (() => void)[] } {
    const log: string[] = [];
    const callbacks: (() => void)[] = [];
    vi.stubGlobal("setImmediate", (callback: () => void) => {
      const number = callbacks.push(callback);
      log.push(`sets ${number}`);
      return asObjects ? { toString: () => String(number), unref: () => log.push(`unrefs ${number}`) } : number;
    });
    vi.stubGlobal("clearImmediate", (immediate: unknown) => log.push(`clears ${String(immediate)}`));
    return { log, callbacks };
  }

  test("is an immediate that does not keep the process alive; one that is held is a new one [G18]", async () => {
    const { log, callbacks } = playImmediates(true);
    const { requestTurn } = await load();
    const callback = (): void => undefined;
    const requested = requestTurn(callback);
    expect(log).toEqual(["sets 1", "unrefs 1"]);
    requested.hold();
    expect(log).toEqual(["sets 1", "unrefs 1", "clears 1", "sets 2"]);
    expect(callbacks).toEqual([callback, callback]);
  });

  test("may be an immediate that is a number, or that cannot be cleared", async () => {
    const { log } = playImmediates(false);
    const { requestTurn } = await load();
    requestTurn(() => undefined).hold();
    expect(log).toEqual(["sets 1", "clears 1", "sets 2"]);
    vi.stubGlobal("clearImmediate", undefined);
    const { requestTurn: other } = await load();
    other(() => undefined).hold();
    expect(log.slice(3)).toEqual(["sets 3", "sets 4"]);
  });

  test("is a message in browsers: all requests of a turn come together, later ones on the next", async () => {
    vi.stubGlobal("setImmediate", undefined);
    vi.stubGlobal("setTimeout", () => expect.unreachable());
    const { MessageChannel, deliver } = messages();
    vi.stubGlobal("MessageChannel", MessageChannel);
    const { requestTurn } = await load();
    const log: string[] = [];
    requestTurn(() => {
      log.push("first");
      requestTurn(() => log.push("third"));
    }).hold();
    requestTurn(() => log.push("second"));
    await undefined;
    expect(log).toEqual([]);
    deliver();
    expect(log).toEqual(["first", "second"]);
    while (deliver());
    expect(log).toEqual(["first", "second", "third"]);
  });

  test("is a timeout of no time where there is neither", async () => {
    const delays: unknown[] = [];
    vi.stubGlobal("setImmediate", undefined);
    vi.stubGlobal("MessageChannel", undefined);
    vi.stubGlobal("setTimeout", (callback: () => void, delay: number) => {
      delays.push(delay);
      setImmediate(callback);
    });
    const { requestTurn } = await load();
    let called = false;
    requestTurn(() => (called = true)).hold();
    expect(called).toBe(false);
    await turn();
    expect([called, delays]).toEqual([true, [0]]);
  });
});

/** A browser's MessageChannel, each of whose messages is a task of its own: `deliver` runs one. */
function messages(): { MessageChannel: unknown; deliver: () => boolean } {
  const posted: (() => void)[] = [];
  const MessageChannel = class {
    readonly port1: { onmessage: (() => void) | null } = { onmessage: null };
    readonly port2 = { postMessage: () => void posted.push(() => this.port1.onmessage?.()) };
  };
  const deliver = (): boolean => {
    const next = posted.shift();
    next?.();
    return next !== undefined;
  };
  return { MessageChannel, deliver };
}

describe("an error that nobody catches", () => {
  test("is reported by the host's own function, as in browsers [G7]", async () => {
    const reported: unknown[] = [];
    vi.stubGlobal("reportError", (error: unknown) => reported.push(error));
    vi.stubGlobal("setTimeout", () => expect.unreachable());
    const { reportUncaught } = await load();
    reportUncaught("boom");
    expect(reported).toEqual(["boom"]);
  });

  test("is thrown from a timeout of no time where there is no such function [G7]", async () => {
    const set: [() => void, number][] = [];
    vi.stubGlobal("reportError", undefined);
    vi.stubGlobal("setTimeout", (...timeout: [() => void, number]) => set.push(timeout));
    const { reportUncaught } = await load();
    const boom = new Error("boom");
    reportUncaught(boom);
    expect(set.map(([, delay]) => delay)).toEqual([0]);
    expect(() => set[0]?.[0]()).toThrow(boom);
  });
});

describe("a module that is loaded under fake timers", () => {
  test("takes the host's functions as soon as those are back", async () => {
    vi.useFakeTimers();
    let [faked, real] = [0, 0];
    try {
      const { requestTurn, realNow } = await load();
      const before = realNow();
      vi.advanceTimersByTime(1000);
      expect(realNow() - before).toBe(1000);
      requestTurn(() => faked++);
      await turn();
      expect(faked).toBe(0);
      vi.runAllTimers();
      expect(faked).toBe(1);
      vi.useRealTimers();
      requestTurn(() => real++);
      await turn();
      expect(real).toBe(1);
      expect(realNow()).toBeLessThanOrEqual(performance.now());
    } finally {
      vi.useRealTimers();
    }
  });
});

describe("a module that is loaded with real timers", () => {
  test("goes on with them under fake ones", async () => {
    const { requestTurn, realNow } = await load();
    vi.useFakeTimers();
    try {
      const before = realNow();
      vi.advanceTimersByTime(3_600_000);
      expect(realNow() - before).toBeLessThan(3_600_000);
      let turned = 0;
      requestTurn(() => turned++);
      await turn();
      expect(turned).toBe(1);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe("what the program is part of", () => {
  const environment = (): Promise<typeof Environment> => reload(() => import("../../src/runtime/environment.ts"));
  const none = (): void => undefined;

  test.each<[what: string, process: object | undefined, hasProcess: boolean, knowsWhenDry: boolean]>([
    ["a process", { exit: none, on: none }, true, true],
    ["a worker of a host without events", { exit: none }, true, false],
    ["a bundler's stand-in for a process", { on: none, env: {} }, false, false],
    ["no process", undefined, false, false],
  ])("%s [G18]", async (_, process, ...known) => {
    vi.stubGlobal("process", process);
    const { hasProcess, knowsWhenDry, tracesPromises } = await environment();
    vi.unstubAllGlobals();
    expect([hasProcess, knowsWhenDry, tracesPromises]).toEqual([...known, false]);
  });

  test.each([
    [true, ["NativeModule events", "NativeModule internal/test_runner/harness"]],
    [false, ["NativeModule events"]],
    [false, undefined],
  ])("a test of node:test, where no promise is shared: %s [G29]", async (expected, moduleLoadList) => {
    vi.stubGlobal("process", { moduleLoadList });
    const { tracesPromises } = await environment();
    vi.unstubAllGlobals();
    expect(tracesPromises).toBe(expected);
  });
});

describe("asynchronous contexts", () => {
  const contexts = (): Promise<typeof AsyncContext> => reload(() => import("../../src/runtime/async-context.ts"));

  test.each([undefined, {}, { getBuiltinModule: () => undefined }, { getBuiltinModule: () => ({}) }])(
    "are not recorded in a host that has none",
    async (process) => {
      vi.stubGlobal("process", process);
      const { bound, hasAsyncContexts } = await contexts();
      vi.unstubAllGlobals();
      const f = (): void => undefined;
      expect([hasAsyncContexts, bound(f)]).toEqual([false, f]);
    },
  );

  test("are recorded without being tracked for the collector", async () => {
    const made: unknown[] = [];
    class AsyncResource {
      constructor(...args: unknown[]) {
        made.push(args);
      }
      runInAsyncScope(f: (...args: unknown[]) => unknown, self: unknown, ...args: unknown[]): unknown {
        return [self, f(...args)];
      }
    }
    vi.stubGlobal("process", {
      getBuiltinModule: (id: string) => (id === "node:async_hooks" ? { AsyncResource } : {}),
    });
    const { bound, hasAsyncContexts } = await contexts();
    vi.unstubAllGlobals();
    const sum = bound((a: number, b: number) => a + b);
    expect([hasAsyncContexts, sum(1, 2)]).toEqual([true, [undefined, 3]]);
    expect(made).toEqual([["gocsp", { requireManualDestroy: true }]]);
  });
});

describe("the symbols of using", () => {
  const symbols = (): Promise<typeof Symbols> => reload(() => import("../../src/runtime/symbols.ts"));

  test("are the engine's", async () => {
    const { dispose, asyncDispose } = await symbols();
    expect([dispose, asyncDispose]).toEqual([Symbol.dispose, Symbol.asyncDispose]);
  });
});

describe("immediates", () => {
  const load = (): Promise<typeof Immediates> => reload(() => import("../../src/runtime/immediates.ts"));
  const clockOf = (log: unknown[]) => ({
    now: () => 1,
    wall: () => 2,
    setTimeout: (_: () => void, delay: number) => (log.push(delay), `timeout ${delay}`),
    clearTimeout: (timeout: unknown) => void log.push(`clears ${String(timeout)}`),
  });

  test("ring the alarms that are due at once, and are cleared as such", async () => {
    const log: unknown[] = [];
    vi.stubGlobal("setImmediate", () => (log.push("immediate"), "the immediate"));
    vi.stubGlobal("clearImmediate", (immediate: unknown) => log.push(`clears ${String(immediate)} at once`));
    const { withImmediates } = await load();
    const clock = withImmediates(clockOf(log));
    vi.unstubAllGlobals();
    const timeouts = [-1, 0, 0.1, 1].map((delay) => clock.setTimeout(() => undefined, delay));
    expect(log).toEqual(["immediate", "immediate", 0.1, 1]);
    expect([clock.now(), clock.wall()]).toEqual([1, 2]);
    log.length = 0;
    for (const timeout of timeouts.slice(1)) clock.clearTimeout(timeout);
    expect(log).toEqual(["clears the immediate at once", "clears timeout 0.1", "clears timeout 1"]);
  });

  test("are cleared in Bun, too, where the queue holds another object", async () => {
    const log: unknown[] = [];
    vi.stubGlobal("Bun", {});
    vi.stubGlobal("setImmediate", () => "the immediate");
    vi.stubGlobal("clearImmediate", (immediate: unknown) => void log.push(immediate));
    const { withImmediates } = await load();
    const clock = withImmediates(clockOf(log));
    const timeout = clock.setTimeout(() => undefined, 0);
    expect(timeout).toEqual({});
    clock.clearTimeout(timeout);
    clock.clearTimeout({ toString: () => "another" });
    expect(log).toEqual(["the immediate", "clears another"]);
  });

  test.each(["setImmediate", "clearImmediate"])("are not used in a host without %s", async (name) => {
    vi.stubGlobal(name, undefined);
    const { withImmediates } = await load();
    vi.unstubAllGlobals();
    const clock = clockOf([]);
    expect(withImmediates(clock)).toBe(clock);
  });

  test("are not used where the program has replaced the timeouts", async () => {
    const { withImmediates } = await load();
    const clock = clockOf([]);
    vi.stubGlobal("setTimeout", () => undefined);
    expect(withImmediates(clock)).toBe(clock);
    vi.unstubAllGlobals();
    expect(withImmediates(clock)).not.toBe(clock);
  });

  test("of a test are not taken for the host's", async () => {
    vi.useFakeTimers({ toFake: ["setImmediate", "clearImmediate"] });
    try {
      const { withImmediates } = await load();
      const clock = clockOf([]);
      expect(withImmediates(clock)).toBe(clock);
    } finally {
      vi.useRealTimers();
    }
  });
});
