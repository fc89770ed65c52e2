import { readFileSync } from "node:fs";
import { time } from "gocsp";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { follow } from "../support/outcome.ts";

// testdata/record holds the Go program that wrote these files.
const lines = (name: string): string[] =>
  readFileSync(new URL(`testdata/${name}`, import.meta.url), "utf8")
    .trimEnd()
    .split("\n");

describe("as recorded from Go", () => {
  test("durations print alike [T39]", () => {
    const recorded = lines("durations.txt");
    const printed = recorded.map((line) => {
      const nanoseconds = BigInt(line.slice(0, line.indexOf(" ")));
      return `${nanoseconds} ${time.formatDuration(inMilliseconds(nanoseconds))}`;
    });
    expect(printed).toEqual(recorded);
  });

  describe("random lives of timers and tickers", () => {
    beforeEach(() => {
      vi.useFakeTimers();
    });
    afterEach(() => {
      vi.useRealTimers();
    });

    const recorded = lines("timers.txt");
    const batch = 50;
    for (let first = 0; first < recorded.length; first += batch) {
      test(`number ${first} to ${first + batch - 1} [T5] [T6] [T7] [T8] [T10] [T11] [T12] [T28] [T29] [T30] [T31]`, async () => {
        for (const life of recorded.slice(first, first + batch)) expect(await replay(life)).toBe(life);
      });
    }
  });
});

function inMilliseconds(nanoseconds: bigint): number {
  return nanoseconds % 1_000_000n === 0n ? Number(nanoseconds / 1_000_000n) : Number(nanoseconds) / 1e6;
}

/** Carries out the steps of a recorded life, and returns them with the results that they have here. */
async function replay(life: string): Promise<string> {
  const [made, ...steps] = life.split("; ") as [string, ...string[]];
  const start = Date.now() - 1;
  const [kind, duration] = made.split(" ") as [string, string];
  const timer = kind === "timer" ? time.newTimer(Number(duration)) : time.newTicker(Number(duration));
  const at = (date: Date | undefined): string => String((date?.getTime() ?? Number.NaN) - start);
  const results = [made];
  for (const step of steps) {
    const [name, operand] = step.split(" ") as [string, string | undefined];
    switch (name) {
      case "until":
        await vi.advanceTimersByTimeAsync(start + Number(operand) - Date.now());
        results.push(step);
        break;
      case "try": {
        const got = timer.c.tryReceive();
        results.push(`try ${got === undefined ? "-" : at(got.value)}`);
        break;
      }
      case "stop":
        results.push(`stop ${timer.stop() ?? ""}`.trimEnd());
        break;
      case "reset":
        results.push(`reset ${operand} ${timer.reset(Number(operand)) ?? ""}`.trimEnd());
        break;
      case "receive": {
        const received = follow(timer.c.receive());
        for (let waited = 0; received.state === "waits" && waited < 200; waited++) await vi.advanceTimersByTimeAsync(1);
        results.push(`receive ${received.state === "waits" ? "never" : at(received.value)}`);
        break;
      }
      default:
        throw new Error(`recorded: unknown step ${step}`);
    }
  }
  return results.join("; ");
}
