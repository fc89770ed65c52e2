import fc from "fast-check";
import { go } from "gocsp";
import { Mutex, RWMutex } from "gocsp/sync";
import { describe, expect, test } from "vitest";
import { exhaust } from "../support/exhaust.ts";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { follow, type Outcome } from "../support/outcome.ts";
import { settle } from "../support/settle.ts";
import { type Kind, LockModel } from "./locks.model.ts";
import { cancelable } from "./log.ts";

expectNoGoroutinesLeft();

const contextCount = 4;

/** `spawn` locks in a goroutine of its own; `exhaust` uses up the time until the event loop must turn. */
type Command =
  | { do: "lock" | "spawn"; kind: Kind; context: number | undefined }
  | { do: "tryLock" | "unlock"; kind: Kind }
  | { do: "cancel"; context: number }
  | { do: "settle" | "exhaust" };

const context = fc.integer({ min: 0, max: contextCount - 1 });

function programs(kinds: Kind[]): fc.Arbitrary<Command[]> {
  const kind = fc.constantFrom(...kinds);
  const waits = { kind, context: fc.oneof(fc.constant(undefined), context) };
  const command: fc.Arbitrary<Command> = fc.oneof(
    { weight: 8, arbitrary: fc.record({ do: fc.constant("lock" as const), ...waits }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant("spawn" as const), ...waits }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant("tryLock" as const), kind }) },
    { weight: 9, arbitrary: fc.record({ do: fc.constant("unlock" as const), kind }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("cancel" as const), context }) },
    { weight: 4, arbitrary: fc.constant({ do: "settle" as const }) },
  );
  const slow = fc.oneof(
    { weight: 150, arbitrary: command },
    { weight: 1, arbitrary: fc.constant({ do: "exhaust" as const }) },
  );
  return fc.array(slow, { maxLength: 60, size: "max" });
}

const locks: [name: string, kinds: Kind[], make: () => Mutex | RWMutex][] = [
  ["Mutex", ["write"], () => new Mutex()],
  ["RWMutex", ["write", "read"], () => new RWMutex()],
];

describe.each(locks)("%s", (_, kinds, make) => {
  test("random programs behave as the model says [Y1] [Y8]", { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(programs(kinds), async (commands) => compare(commands, kinds, make())),
      { numRuns: 2000 },
    );
  });
});

/** Which locks are free must agree after every command; the states of all operations, after every settle. */
async function compare(commands: readonly Command[], kinds: Kind[], mu: Mutex | RWMutex): Promise<void> {
  const model = new LockModel();
  const contexts = Array.from({ length: contextCount }, () => cancelable());
  const real: Outcome<unknown>[] = [];
  let spawned: Extract<Command, { do: "lock" | "spawn" }>[] = [];

  const lock = ({ kind, context }: { kind: Kind; context: number | undefined }): void => {
    const ctx = context === undefined ? undefined : contexts[context]?.[0];
    real.push(follow(kind === "write" ? mu.lock(ctx) : (mu as RWMutex).rLock(ctx)));
    model.lock(kind, context);
  };
  const tryLock = (kind: Kind): boolean => (kind === "write" ? mu.tryLock() : (mu as RWMutex).tryRLock());
  const unlock = (kind: Kind): void => {
    if (kind === "write") mu.unlock();
    else (mu as RWMutex).rUnlock();
    model.unlock(kind);
  };
  const settled = async (): Promise<void> => {
    await settle();
    expect(spawned).toEqual([]);
    expect(real.map(({ state }) => state)).toEqual(model.outcomes);
  };

  for (const command of commands) {
    switch (command.do) {
      case "lock":
        lock(command);
        break;
      case "spawn":
        spawned.push(command);
        go(() => {
          spawned = spawned.filter((each) => each !== command);
          lock(command);
        });
        break;
      case "tryLock":
        expect(tryLock(command.kind)).toBe(model.tryLock(command.kind));
        break;
      case "unlock":
        if (model.held[command.kind] > 0) unlock(command.kind);
        break;
      case "cancel":
        contexts[command.context]?.[1]();
        model.cancel(command.context);
        break;
      case "exhaust":
        exhaust();
        break;
      default:
        await settled();
    }
  }
  await settled();
  // No waiter is lost: with enough unlocks each has had its turn, and the lock is free.
  for (let i = 0; i < contextCount; i++) {
    contexts[i]?.[1]();
    model.cancel(i);
  }
  while (model.held.write + model.held.read > 0) unlock(model.held.write > 0 ? "write" : "read");
  await settled();
  expect(real.some(({ state }) => state === "waits")).toBe(false);
  for (const kind of kinds.toReversed()) {
    expect(tryLock(kind)).toBe(true);
    model.tryLock(kind);
    unlock(kind);
  }
}
