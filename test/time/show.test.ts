import { inspect } from "node:util";
import { time } from "gocsp";
import { expect, test } from "vitest";

test("a timer prints whether it is pending [T40]", async () => {
  const timer = time.newTimer(1 * time.hour);
  expect(inspect(timer)).toBe("Timer(pending)");
  timer.stop();
  expect(inspect({ timer })).toBe("{ timer: Timer(stopped) }");
  timer.reset(0);
  expect(`${timer}`).toBe("Timer(pending)");
  await timer.c.receive();
  expect(JSON.stringify({ timer })).toBe('{"timer":"Timer(stopped)"}');
  const call = time.afterFunc(1 * time.hour, () => undefined);
  expect(inspect(call)).toBe("Timer(pending)");
  call.stop();
  expect(inspect(call)).toBe("Timer(stopped)");
  expect(inspect(new time.Timer())).toBe("Timer(stopped)");
});

test("a value that has fired and is not received yet counts as pending, as for stop [T6] [T40]", async () => {
  const timer = time.newTimer(0);
  expect(timer.c.length).toBe(0);
  await time.sleep(1);
  expect(`${timer}`).toBe("Timer(pending)");
  expect(timer.stop()).toBe(true);
  expect(`${timer}`).toBe("Timer(stopped)");
});

test("a ticker prints whether it ticks [T40]", () => {
  const ticker = time.newTicker(1 * time.hour);
  expect(inspect(ticker)).toBe("Ticker(ticking)");
  ticker.stop();
  expect(inspect(ticker)).toBe("Ticker(stopped)");
  ticker.reset(1);
  expect(`${ticker}`).toBe("Ticker(ticking)");
  ticker.stop();
  expect(inspect(new time.Ticker())).toBe("Ticker(stopped)");
});
