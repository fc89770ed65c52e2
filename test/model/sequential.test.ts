import fc from "fast-check";
import { attach } from "gocsp/runtime";
import { describe, expect, test } from "vitest";
import { exhaust } from "../support/exhaust.ts";
import { settle } from "../support/settle.ts";
import { type Command, program } from "./commands.ts";
import { Library, Reference } from "./machine.ts";

/** Numbers in a fixed order, the same for both sides: what a select chooses is part of the program. */
function decisions(numbers: readonly number[]): { asked: number[]; choose: (ready: number) => number } {
  const asked: number[] = [];
  const choose = (ready: number): number => {
    const number = numbers[asked.length % numbers.length] ?? 0;
    asked.push(ready);
    return number % ready;
  };
  return { asked, choose };
}

/**
 * Runs a program on both sides. Lengths, choices and the number of waiters must agree after every command,
 * before any goroutine has run; the states of all operations, whenever the program settles.
 */
async function compare(
  commands: readonly Command[],
  numbers: readonly number[],
  beforeBurst: () => void = () => undefined,
): Promise<void> {
  const [real, ideal] = [decisions(numbers), decisions(numbers)];
  const parked = new Set<object>();
  using _ = attach({
    choose: real.choose,
    park: (operation) => void parked.add(operation),
    wake: (operation) => void parked.delete(operation),
  });
  const library = new Library();
  const reference = new Reference(ideal.choose);
  beforeBurst();
  for (const command of [...commands, { do: "settle" } as const]) {
    if (command.do === "settle") {
      await settle();
      expect(library.history).toEqual(reference.history);
      beforeBurst();
    } else {
      library.run(command);
      reference.run(command);
      expect(library.lengths()).toEqual(reference.lengths());
      expect(real.asked).toEqual(ideal.asked);
      expect(parked.size).toBe(reference.parkedCount);
    }
  }
}

const numbers = fc.array(fc.nat({ max: 1000 }), { minLength: 1, maxLength: 40 });

describe("channels, selects and contexts behave as the model does [C39]", () => {
  test("step by step: the goroutines run after every command", { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(program, numbers, async (commands, numbers) => {
        const stepwise = commands.flatMap((command): Command[] => [command, { do: "settle" }]);
        await compare(stepwise, numbers);
      }),
      { numRuns: 300 },
    );
  });

  test("in bursts: commands come before the goroutines have run", { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(program, numbers, async (commands, numbers) => compare(commands, numbers)),
      { numRuns: 1500 },
    );
  });

  test("in bursts that begin when a turn of the event loop is already owed", { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(program, numbers, async (commands, numbers) => compare(commands, numbers, exhaust)),
      { numRuns: 100 },
    );
  });
});
