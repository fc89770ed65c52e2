// The process has to stay alive exactly while something depends on an alarm. Here the host's timeouts are counted on an
// attached clock, and compared with a model of the waiters.
import fc from "fast-check";
import { context, go, time } from "gocsp";
import { attach, type Clock } from "gocsp/runtime";
import { expect, test } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { settle } from "../support/settle.ts";

expectNoGoroutinesLeft();

class Timeout {
  held = true;
  readonly at: number;
  readonly callback: () => void;

  constructor(at: number, callback: () => void) {
    this.at = at;
    this.callback = callback;
  }

  ref(): void {
    this.held = true;
  }

  unref(): void {
    this.held = false;
  }
}

class CountingClock implements Clock {
  #now = 0;
  readonly timeouts = new Set<Timeout>();

  now(): number {
    return this.#now;
  }

  wall(): number {
    return this.#now;
  }

  setTimeout(callback: () => void, delay: number): Timeout {
    const timeout = new Timeout(this.#now + delay, callback);
    this.timeouts.add(timeout);
    return timeout;
  }

  clearTimeout(timeout: unknown): void {
    this.timeouts.delete(timeout as Timeout);
  }

  get held(): boolean {
    return [...this.timeouts].some((timeout) => timeout.held);
  }

  async advance(duration: number): Promise<void> {
    const end = this.#now + duration;
    for (;;) {
      const due = [...this.timeouts].filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      this.timeouts.delete(due);
      this.#now = due.at;
      due.callback();
      await settle();
    }
    this.#now = end;
  }
}

/** A timer as the model sees it. */
interface ModelTimer {
  due: number;
  /** How many goroutines wait for it. */
  parked: number;
}

const step = fc.record({
  kind: fc.constantFrom(
    "sleep",
    "park",
    "park",
    "give up",
    "reset",
    "reset",
    "stop",
    "call",
    "forget call",
    "pass",
    "pass",
  ),
  timer: fc.nat({ max: 2 }),
  duration: fc.integer({ min: 1, max: 30 }),
});

test("the host's timeout is held exactly while a goroutine or a function depends on an alarm [T18]", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40, size: "max" }), async (steps) => {
      const clock = new CountingClock();
      using _ = attach({ clock });
      const timers = [0, 1, 2].map(() => time.newTimer(Infinity));
      const calls = [0, 1, 2].map(() => time.afterFunc(Infinity, () => undefined));
      for (const timer of [...timers, ...calls]) timer.stop();
      const model = timers.map((): ModelTimer => ({ due: Infinity, parked: 0 }));
      const pendingCalls = calls.map(() => Infinity);
      let sleeps: number[] = [];
      const waiters: (() => void)[][] = timers.map(() => []);
      let received = 0;
      let modelReceived = 0;

      const pass = (): void => {
        for (const timer of model) {
          if (timer.due > clock.now() || timer.parked === 0) continue;
          timer.due = Infinity;
          timer.parked--;
          modelReceived++;
        }
        pendingCalls.forEach((due, i) => due <= clock.now() && (pendingCalls[i] = Infinity));
        sleeps = sleeps.filter((due) => due > clock.now());
      };

      for (const { kind, timer: i, duration } of steps) {
        const [timer, own] = [timers[i] as time.Timer, model[i] as ModelTimer];
        if (kind === "sleep") {
          go(() => time.sleep(duration));
          sleeps.push(clock.now() + duration);
        } else if (kind === "park") {
          const [ctx, cancel] = context.withCancel(context.background());
          go(() =>
            timer.c.receive(ctx).then(
              () => received++,
              () => undefined,
            ),
          );
          waiters[i]?.push(cancel);
          own.parked++;
        } else if (kind === "give up") {
          for (const cancel of waiters[i]?.splice(0) ?? []) cancel();
          own.parked = 0;
        } else if (kind === "reset") {
          timer.reset(duration);
          own.due = clock.now() + duration;
        } else if (kind === "stop") {
          timer.stop();
          own.due = Infinity;
        } else if (kind === "call") {
          calls[i]?.reset(duration);
          pendingCalls[i] = clock.now() + duration;
        } else if (kind === "forget call") {
          calls[i]?.stop();
          pendingCalls[i] = Infinity;
        } else {
          await settle();
          await clock.advance(duration);
        }
        await settle();
        pass();
        const depends =
          sleeps.length > 0 ||
          pendingCalls.some((due) => due !== Infinity) ||
          model.some(({ due, parked }) => parked > 0 && due !== Infinity);
        expect([kind, clock.held, received]).toEqual([kind, depends, modelReceived]);
        expect(clock.timeouts.size).toBeLessThanOrEqual(1);
      }

      for (const cancel of waiters.flat()) cancel();
      for (const timer of calls) timer.stop();
      await clock.advance(100);
      await settle();
      expect(clock.timeouts.size).toBe(0);
    }),
    { numRuns: 100 },
  );
});
