import { readFileSync } from "node:fs";
import * as rate from "gocsp/rate";
import { describe, expect, test } from "vitest";

// testdata/record holds the Go program that wrote this file.
const lives = readFileSync(new URL("testdata/limiter.txt", import.meta.url), "utf8")
  .trimEnd()
  .split("\n");

/** A time of the record. */
const at = (ms: string | undefined): Date => new Date(1_700_000_000_000 + Number(ms));

/** Go counts in whole nanoseconds, so results may differ by a few of them. */
const isClose = (a: number, b: number): boolean => a === b || Math.abs(a - b) < 1e-5;

/** Carries out recorded steps and returns those with another result. */
function differences(life: string): string[] {
  const [made, ...steps] = life.split("; ") as [string, ...string[]];
  const [, limit, burst] = made.split(" ");
  const limiter = new rate.Limiter(Number(limit), Number(burst));
  const reservations: rate.Reservation[] = [];
  const found: string[] = [];
  const compare = <T>(step: string, wanted: T, got: T): void => {
    const same = typeof wanted === "number" ? isClose(wanted, Number(got)) : wanted === got;
    if (!same) found.push(`${step}: here ${String(got)}`);
  };
  for (const step of steps) {
    const [name, time, operand, ...results] = step.split(" ");
    switch (name) {
      case "allow":
        compare(step, results[0] === "true", limiter.allowN(at(time), Number(operand)));
        break;
      case "reserve": {
        const reservation = limiter.reserveN(at(time), Number(operand));
        reservations.push(reservation);
        compare(step, results[0] === "true", reservation.ok());
        const delay = results[1] === "never" ? Infinity : Number(results[1]);
        compare(step, delay, reservation.delayFrom(at(time)));
        break;
      }
      case "cancel":
        reservations[Number(operand)]?.cancelAt(at(time));
        break;
      case "limit":
        limiter.setLimitAt(at(time), Number(operand));
        break;
      case "burst":
        limiter.setBurstAt(at(time), Number(operand));
        break;
      case "tokens":
        compare(step, Number(operand), limiter.tokensAt(at(time)));
        break;
      default:
        throw new Error(`unknown step: ${step}`);
    }
    if (found.length > 0) break;
  }
  return found;
}

describe("random lives of limiters, as recorded from Go", () => {
  const batch = 25;
  for (let first = 0; first < lives.length; first += batch) {
    test(`number ${first} to ${first + batch - 1} [R1] [R2] [R3] [R4] [R5] [R6] [R10] [R12] [R14]`, () => {
      const found = lives
        .slice(first, first + batch)
        .flatMap((life, i) => differences(life).map((text) => `life ${first + i}, ${text}`));
      expect(found).toEqual([]);
    });
  }
});
