import { attach } from "gocsp/runtime";
import * as time from "gocsp/golib/time";
import { describe, expect, test } from "vitest";
import { replay } from "./replay.ts";

type Fields = [number, number, number, number, number, number, number];

const at = (fields: unknown[]): time.Time => time.date(...(fields.slice(0, 7) as Fields), time.utc);

describe("times", () => {
  replay(
    "time.jsonl",
    "[B10]",
    {
      parseDuration: time.parseDuration,
      compareTimes: (a: unknown[], b: unknown[]) => {
        const [t, u] = [at(a), at(b)];
        return [t.before(u), t.after(u), t.equal(u), t.compare(u), t.sub(u)];
      },
      clock: (...args: unknown[]) => at(args).clock(),
      unix: (seconds: number, nanoseconds: number) => time.unix(seconds, nanoseconds).utc().string(),
      unixMilli: (n: number) => [time.unixMilli(n).utc().string(), time.unixMilli(n).unixMilli()],
      unixMicro: (n: number) => [time.unixMicro(n).utc().string(), time.unixMicro(n).unixMicro()],
      monthString: time.monthString,
      weekdayString: time.weekdayString,
      formatDuration: (n: number) => time.formatDuration(time.fromNanoseconds(n)),
      nanoseconds: (n: number) => time.nanoseconds(time.fromNanoseconds(n)),
      format: (...args: unknown[]) => at(args).format(args[7] as string),
      string: (...args: unknown[]) => at(args).string(),
      parts: (...args: unknown[]) => {
        const t = at(args);
        const [year, month, day] = t.date();
        return [year, month, day, t.hour(), t.minute(), t.second(), t.nanosecond(), t.weekday(), t.yearDay(), t.unix()];
      },
      addDate: (...args: unknown[]) =>
        at(args)
          .addDate(args[7] as number, args[8] as number, args[9] as number)
          .string(),
      truncate: (...args: unknown[]) =>
        at(args)
          .truncate(time.fromNanoseconds(args[7] as number))
          .string(),
      round: (...args: unknown[]) =>
        at(args)
          .round(time.fromNanoseconds(args[7] as number))
          .string(),
      add: (...args: unknown[]) =>
        at(args)
          .add(time.fromNanoseconds(args[7] as number))
          .string(),
      roundDuration: (n: number, step: number) => time.nanoseconds(time.roundDuration(n / 1e6, step / 1e6)),
      truncateDuration: (n: number, step: number) => time.nanoseconds(time.truncateDuration(n / 1e6, step / 1e6)),
    },
    { several: ["parseDuration", "parts", "compareTimes", "clock", "unixMilli", "unixMicro"] },
  );

  test("the zero time is the beginning of the year 1 [B10]", () => {
    expect(time.zero().isZero()).toBe(true);
    expect(time.zero().string()).toBe("0001-01-01 00:00:00 +0000 UTC");
    expect(time.now().isZero()).toBe(false);
  });

  test("two looks at the clock are never the same nor in the wrong order [B10]", () => {
    const first = time.now();
    const second = time.now();
    expect(second.before(first)).toBe(false);
    expect(second.sub(first)).toBeGreaterThanOrEqual(0);
    expect(first.string()).toMatch(/ m=\+\d+\.\d{9}$/);
  });

  test("now and since go by an attached clock [B10]", () => {
    let now = 0;
    using _ = attach({
      clock: {
        now: () => now,
        wall: () => Date.UTC(2000, 0, 1) + now,
        setTimeout: () => 0,
        clearTimeout: () => undefined,
      },
    });
    const start = time.now();
    expect(start.utc().format(time.rfc3339)).toBe("2000-01-01T00:00:00Z");
    now = 90 * time.second;
    expect(time.since(start)).toBe(90_000);
    expect(time.until(start)).toBe(-90_000);
    expect(start.add(30 * time.second).after(time.now())).toBe(false);
  });
});
