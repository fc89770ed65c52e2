import { chan, nilChan, PanicError } from "gocsp";
import * as signal from "gocsp/signal";
import { describe, expect, test, vi } from "vitest";
import { settle } from "../support/settle.ts";
import { expectNoListenersLeft, raise } from "./leaks.ts";

expectNoListenersLeft();

function notified(capacity: number, ...signals: signal.Signal[]) {
  const ch = chan<signal.Signal>(capacity);
  signal.notify(ch, ...signals);
  return ch;
}

describe("notify", () => {
  test("delivers real signals [N9] [N12]", async () => {
    const ch = notified(1, "SIGUSR2");
    process.kill(process.pid, "SIGUSR2");
    expect(await ch.receive()).toBe("SIGUSR2");
    signal.stop(ch);
  });

  test("delivers the signals that were asked for and no others [N9]", () => {
    const ch = notified(4, "SIGHUP", "SIGUSR2");
    for (const name of ["SIGUSR2", "SIGWINCH", "SIGHUP"] as const) raise(name);
    expect([ch.length, ch.tryReceive()?.value, ch.tryReceive()?.value]).toEqual([2, "SIGUSR2", "SIGHUP"]);
    signal.stop(ch);
  });

  test("never waits: what finds the channel full is lost [N9]", () => {
    const ch = notified(1, "SIGHUP", "SIGUSR2");
    raise("SIGHUP");
    raise("SIGUSR2");
    expect([ch.length, ch.tryReceive()?.value]).toEqual([1, "SIGHUP"]);
    const unbuffered = notified(0, "SIGHUP");
    raise("SIGHUP");
    expect(unbuffered.tryReceive()).toBeUndefined();
    signal.stop(ch);
    signal.stop(unbuffered);
  });

  test("delivers to a goroutine that waits on an unbuffered channel [N9]", async () => {
    const ch = notified(0, "SIGHUP");
    const received = ch.receive();
    raise("SIGHUP");
    expect(await received).toBe("SIGHUP");
    signal.stop(ch);
  });

  test("gives every channel a copy [N9]", () => {
    const channels = [notified(1, "SIGHUP"), notified(1, "SIGHUP"), notified(1, "SIGUSR2")];
    raise("SIGHUP");
    expect(channels.map((ch) => ch.length)).toEqual([1, 1, 0]);
    for (const ch of channels) signal.stop(ch);
  });

  test("called again on the same channel adds signals, and one stop ends them all [N9] [N10]", () => {
    const ch = notified(4, "SIGHUP");
    signal.notify(ch, "SIGUSR2");
    raise("SIGHUP");
    raise("SIGUSR2");
    expect(ch.length).toBe(2);
    signal.stop(ch);
    raise("SIGHUP");
    expect(ch.length).toBe(2);
  });

  test("without signals is for all usual ones [N9]", () => {
    const ch = notified(9);
    const usual = ["SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM", "SIGUSR2", "SIGWINCH"] as const;
    for (const name of usual) raise(name);
    expect(usual.map(() => ch.tryReceive()?.value)).toEqual(usual);
    signal.stop(ch);
  });

  test.each([null, undefined, nilChan<signal.Signal>()])("panics with Go's text on nil: %s [N9]", (nil) => {
    expect(() => signal.notify(nil as never, "SIGHUP")).toThrow(new PanicError("os/signal: Notify using nil channel"));
  });

  test.each([
    ["SIGKILL", "SIGKILL"],
    ["SIGSTOP", "SIGSTOP"],
    ["SIGNONE", "SIGNONE"],
    ["SIGINT ", "SIGINT "],
    ["sigint", "sigint"],
    ["exit", "exit"],
    ["", ""],
    [2, "2"],
    [undefined, "undefined"],
  ] as [never, string][])("refuses %j, and the others with it [N12]", (name, printed) => {
    const ch = chan<signal.Signal>(1);
    const error = new TypeError(`signal: ${printed} is no signal that can be received`);
    expect(() => signal.notify(ch, "SIGHUP", name)).toThrow(error);
    expect(() => signal.ignore("SIGHUP", name)).toThrow(error);
    expect([signal.ignored("SIGHUP"), signal.ignored(name)]).toEqual([false, false]);
  });

  test("refuses a value that is not a channel", () => {
    expect(() => signal.notify({} as never, "SIGHUP")).toThrow(new TypeError("signal.notify: Object is not a channel"));
  });

  test("says so where there are no signals [N12]", () => {
    const errors: unknown[] = [];
    const ch = chan<signal.Signal>(1);
    vi.stubGlobal("process", undefined);
    try {
      for (const f of [() => signal.notify(ch, "SIGINT"), () => signal.ignore("SIGINT")]) {
        try {
          f();
        } catch (error) {
          errors.push(error);
        }
      }
      signal.stop(ch);
      signal.reset();
    } finally {
      vi.unstubAllGlobals();
    }
    const wanted = new Error("signal: there are no signals on this platform");
    expect(errors).toEqual([wanted, wanted]);
  });
});

describe("stop", () => {
  test("ends the delivery on one channel; others continue [N10]", () => {
    const [one, two] = [notified(2, "SIGHUP"), notified(2, "SIGHUP")];
    signal.stop(one);
    raise("SIGHUP");
    expect([one.length, two.length]).toEqual([0, 1]);
    signal.stop(two);
  });

  test("of a channel that was never notified, or twice, does nothing [N10]", () => {
    const ch = notified(1, "SIGHUP");
    signal.stop(chan<signal.Signal>());
    signal.stop(ch);
    signal.stop(ch);
  });

  test("leaves what is in the channel, and notify may follow [N10]", () => {
    const ch = notified(2, "SIGHUP");
    raise("SIGHUP");
    signal.stop(ch);
    expect(ch.length).toBe(1);
    signal.notify(ch, "SIGUSR2");
    raise("SIGHUP");
    raise("SIGUSR2");
    expect([ch.tryReceive()?.value, ch.tryReceive()?.value]).toEqual(["SIGHUP", "SIGUSR2"]);
    signal.stop(ch);
  });

  test("does not touch listeners of the program's own [N10] [N12]", () => {
    const own = vi.fn();
    process.on("SIGHUP", own);
    const ch = notified(1, "SIGHUP");
    signal.stop(ch);
    raise("SIGHUP");
    process.off("SIGHUP", own);
    expect(own).toHaveBeenCalledOnce();
  });
});

describe("after the last stop", () => {
  test("an event that the program itself emits is not a signal, and kills no process [N13]", async () => {
    const ch = notified(1, "SIGHUP");
    signal.stop(ch);
    raise("SIGHUP");
    await settle();
    expect([ch.length, process.listenerCount("SIGHUP")]).toEqual([0, 0]);
  });

  test("a notify that follows at once keeps the listener, and a stop after it removes it [N13]", async () => {
    const ch = notified(1, "SIGHUP");
    signal.stop(ch);
    signal.notify(ch, "SIGHUP");
    await settle();
    raise("SIGHUP");
    expect([ch.length, process.listenerCount("SIGHUP")]).toEqual([1, 1]);
    signal.stop(ch);
    await settle();
    expect(process.listenerCount("SIGHUP")).toBe(0);
  });

  test("an ignore that follows at once stays [N13]", async () => {
    const ch = notified(1, "SIGHUP");
    signal.stop(ch);
    signal.ignore("SIGHUP");
    await settle();
    expect([signal.ignored("SIGHUP"), process.listenerCount("SIGHUP")]).toEqual([true, 1]);
    signal.reset("SIGHUP");
  });
});

describe("reset and ignore", () => {
  test("reset takes signals from all channels, and leaves them the others [N11]", () => {
    const [one, two] = [notified(4, "SIGHUP", "SIGUSR2"), notified(4, "SIGHUP")];
    signal.reset("SIGHUP");
    raise("SIGHUP");
    raise("SIGUSR2");
    expect([one.length, two.length]).toEqual([1, 0]);
    signal.reset();
    raise("SIGUSR2");
    expect(one.length).toBe(1);
  });

  test("ignore removes a signal from channels, and ignored reports it [N11]", () => {
    const ch = notified(4, "SIGHUP");
    expect(signal.ignored("SIGHUP")).toBe(false);
    signal.ignore("SIGHUP");
    raise("SIGHUP");
    expect([ch.length, signal.ignored("SIGHUP"), process.listenerCount("SIGHUP")]).toEqual([0, true, 1]);
    signal.reset("SIGHUP");
    expect([signal.ignored("SIGHUP"), process.listenerCount("SIGHUP")]).toEqual([false, 0]);
  });

  test("notify after ignore delivers again [N11]", () => {
    signal.ignore("SIGHUP");
    const ch = notified(1, "SIGHUP");
    raise("SIGHUP");
    expect([ch.length, signal.ignored("SIGHUP")]).toEqual([1, false]);
    signal.stop(ch);
  });

  test("ignore without signals is for all usual ones, and reset for all [N11]", () => {
    signal.ignore();
    expect(["SIGHUP", "SIGINT", "SIGTERM"].map((name) => signal.ignored(name as signal.Signal))).toEqual([
      true,
      true,
      true,
    ]);
    signal.reset();
    expect(signal.ignored("SIGINT")).toBe(false);
  });
});

test.each([
  ["SIGHUP", "hangup"],
  ["SIGINT", "interrupt"],
  ["SIGQUIT", "quit"],
  ["SIGABRT", "aborted"],
  ["SIGKILL", "killed"],
  ["SIGUSR1", "user defined signal 1"],
  ["SIGUSR2", "user defined signal 2"],
  ["SIGPIPE", "broken pipe"],
  ["SIGALRM", "alarm clock"],
  ["SIGTERM", "terminated"],
  ["SIGCHLD", "child exited"],
  ["SIGCONT", "continued"],
  ["SIGSTOP", "stopped (signal)"],
  ["SIGTSTP", "stopped"],
  ["SIGTTIN", "stopped (tty input)"],
  ["SIGTTOU", "stopped (tty output)"],
  ["SIGXCPU", "CPU time limit exceeded"],
  ["SIGWINCH", "window changed"],
  ["SIGIO", "I/O possible"],
  ["SIGSYS", "bad system call"],
] as [signal.Signal, string][])("%s prints as %s [N12]", (name, printed) => {
  expect(signal.signalName(name)).toBe(printed);
});
