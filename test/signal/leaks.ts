import type { Signal } from "gocsp/signal";
import { afterEach, beforeEach, expect } from "vitest";
import { settle } from "../support/settle.ts";
import { expectNothingLeft } from "../context/contexts.ts";

const watched: readonly Signal[] = ["SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM", "SIGUSR1", "SIGUSR2", "SIGWINCH"];

function listening(): string[] {
  return watched.map((signal) => `${signal} ${process.listenerCount(signal)}`);
}

/** Makes a test fail that leaves a listener, a timer or a goroutine behind. */
export function expectNoListenersLeft(): void {
  expectNothingLeft();
  let before: string[] = [];
  let timers = 0;
  beforeEach(() => {
    before = listening();
    timers = countTimers();
  });
  afterEach(async () => {
    // A listener stays for two turns, for signals that are on their way.
    await settle();
    expect(listening(), "listeners left behind by this test").toEqual(before);
    // The runner's own timers come and go.
    for (let tries = 0; tries < 100 && countTimers() > timers; tries++) await settle();
    expect(countTimers(), "timers left behind by this test").toBeLessThanOrEqual(timers);
  });
}

function countTimers(): number {
  return process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
}

/** Simulates the arrival of a signal: all listeners have run when it returns. */
export function raise(signal: Signal): void {
  process.emit(signal as NodeJS.Signals, signal as NodeJS.Signals);
}
