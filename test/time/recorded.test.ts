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

  test("texts are read alike, or refused with the same words [T42]", () => {
    for (const line of lines("parsed.txt")) {
      const [text, want] = line.split("\t").map((part, i) => (i === 0 ? JSON.parse(part) : part)) as [string, string];
      let got: number | string;
      try {
        got = time.parseDuration(text);
      } catch (error) {
        got = (error as Error).message;
      }
      if (typeof got === "string" || !/^-?\d+$/.test(want)) expect(got, text).toBe(want);
      else expectNanoseconds(got, BigInt(want), text);
    }
  });

  test("durations are rounded and truncated alike [T43]", () => {
    for (const line of lines("rounded.txt")) {
      const [duration, unit, rounded, truncated] = line.split(" ").map(BigInt) as [bigint, bigint, bigint, bigint];
      const [d, m] = [inMilliseconds(duration), inMilliseconds(unit)];
      expectNanoseconds(time.round(d, m), rounded, line);
      expectNanoseconds(time.truncate(d, m), truncated, line);
    }
  });

  describe("random lives of timers and tickers", () => {
    beforeEach(() => {
      // Fake timers, not a bubble: the test moves time step by step, and looks at what has not happened yet.
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

/** A number of milliseconds holds single nanoseconds up to some ten days. */
function expectNanoseconds(got: number, want: bigint, what: string): void {
  const wanted = Number(want) / 1e6;
  if (want < 2n ** 50n && want > -(2n ** 50n)) expect(BigInt(Math.round(got * 1e6)), what).toBe(want);
  else expect(Math.abs(got - wanted), what).toBeLessThanOrEqual(Math.abs(wanted) * 2 ** -51);
}

function inMilliseconds(nanoseconds: bigint): number {
  return nanoseconds % 1_000_000n === 0n ? Number(nanoseconds / 1_000_000n) : Number(nanoseconds) / 1e6;
}

/** Carries out recorded steps, and returns them with the results that they have here. */
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
