import { time } from "gocsp";
import { expect, test } from "vitest";

test("the units are milliseconds, and a nanosecond is the smallest [J17]", () => {
  expect([time.nanosecond, time.microsecond, time.millisecond, time.second, time.minute, time.hour]).toEqual([
    1e-6, 1e-3, 1, 1000, 60_000, 3_600_000,
  ]);
});

// recorded.test.ts compares many more with Go.
test.each([
  [0, "0s"],
  [-0, "0s"],
  [-time.nanosecond, "-1ns"],
  [100 * time.millisecond, "100ms"],
  [1 * time.hour + 2 * time.minute + 3.5 * time.second, "1h2m3.5s"],
  [1.1 * time.microsecond, "1.1µs"],
  [2.2 * time.millisecond, "2.2ms"],
  [59.999999999 * time.second, "59.999999999s"],
  [1 * time.hour, "1h0m0s"],
  [100_000 * time.hour, "100000h0m0s"],
  // Go's longest duration, at which longer ones stay.
  [2_562_048 * time.hour, "2562047h47m16.854775807s"],
  [time.nanosecond / 2, "1ns"],
  [time.nanosecond / 3, "0s"],
  [-time.nanosecond / 3, "0s"],
  [Infinity, "2562047h47m16.854775807s"],
  [-Infinity, "-2562047h47m16.854775807s"],
])("a duration of %d prints as %s [T39] [J17]", (duration, printed) => {
  expect(time.formatDuration(duration)).toBe(printed);
});

test("a fraction that no number holds exactly prints as it was written [T39]", () => {
  const written = [0.1, 0.2, 0.3, 0.7, 1.1, 2.3, 4.35, 59.9];
  const printed = written.map((seconds) => time.formatDuration(seconds * time.second));
  expect(printed).toEqual(["100ms", "200ms", "300ms", "700ms", "1.1s", "2.3s", "4.35s", "59.9s"]);
  expect(time.formatDuration((0.1 + 0.2) * time.second)).toBe("300ms");
});

test("parsing reads what printing writes [T39] [T42]", () => {
  for (const duration of [0, 1, 1.5, -2.25, 90 * time.minute, 36 * time.hour + 0.000_001, -time.nanosecond]) {
    expect(time.parseDuration(time.formatDuration(duration))).toBe(duration);
  }
});

test("of a fraction as many digits count as in Go: nineteen only if they fit into 63 bits [T42]", () => {
  expect(time.parseDuration("0.93m")).toBe(55_800);
  // What Go makes of them.
  for (const text of ["0.93000000000000005563m", "0.93000000000000000099m"]) {
    expect(time.parseDuration(text)).toBe(55_799.999_999);
  }
});

test("a number that is too large is named before its unit is looked at, as in Go [T42]", () => {
  for (const text of ["99999999999999999999", "99999999999999999999x", "9223372036854775809ns"]) {
    expect(() => time.parseDuration(text)).toThrow(new Error(`time: invalid duration "${text}"`));
  }
  expect(() => time.parseDuration("9223372036854775807x")).toThrow("unknown unit");
});

test("Go's longest duration, and all beyond it, print as that one [J17]", () => {
  const longest = Number(2n ** 63n - 1n) / 1e6;
  for (const duration of [longest, longest * 2, Infinity]) {
    expect(time.formatDuration(duration)).toBe("2562047h47m16.854775807s");
    expect(time.formatDuration(-duration)).toBe("-2562047h47m16.854775807s");
  }
});

test("only a text is parsed [T42]", () => {
  expect(() => time.parseDuration(5 as never)).toThrow(
    new TypeError("time.parseDuration: the duration must be a text, got 5"),
  );
  expect(() => time.parseDuration("1\ud800s")).toThrow(
    new Error('time: unknown unit "\\xef\\xbf\\xbds" in duration "1\\xef\\xbf\\xbds"'),
  );
});

test("rounding stays at the longest duration, and takes infinite ones for that [T43]", () => {
  const longest = 2 ** 63 / 1e6;
  expect(time.round(Infinity, time.hour)).toBeCloseTo(longest, -3);
  expect(time.truncate(-Infinity, 7 * time.hour)).toBeLessThan(0);
  expect(time.round(1500, Infinity)).toBe(0);
  expect(() => time.round("1s" as never, 1)).toThrow(
    new TypeError('time.round: the duration must be a number of milliseconds, got "1s"'),
  );
  expect(() => time.truncate(1, Number.NaN)).toThrow(
    new TypeError("time.truncate: the duration must be a number of milliseconds, got NaN"),
  );
});
