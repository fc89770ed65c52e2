/** Compares programs, as this library runs them, with what Go did. */

import { isDeepStrictEqual } from "node:util";
import { go } from "gocsp";
import { attach, type Clock } from "gocsp/runtime";
import { exhaust } from "../support/exhaust.ts";
import { settle } from "../support/settle.ts";
import type { Outcome } from "./go.ts";
import { compile, type Goroutine, Harness, running } from "./harness.ts";
import { type Program, write } from "./program.ts";

/** Returns the outcome of ours that contradicts Go's; undefined if they agree. See `generate.ts`. */
export async function contradiction(program: Program, wanted: Outcome): Promise<Outcome | undefined> {
  if (program.style === "conducted") return noneIs(wanted, everyRun(program));
  for (const choose of [first, last, inTurn()]) {
    const outcome = await run(program, choose);
    if (!isDeepStrictEqual(outcome, wanted)) return outcome;
    // The next run starts in a new turn of the event loop.
    exhaust();
  }
  return undefined;
}

const first = (): number => 0;
const last = (ready: number): number => ready - 1;

function inTurn(): (ready: number) => number {
  let asked = 0;
  return (ready) => asked++ % ready;
}

async function noneIs(wanted: Outcome, outcomes: AsyncIterable<Outcome>): Promise<Outcome | undefined> {
  let other: Outcome | undefined;
  for await (const outcome of outcomes) {
    if (isDeepStrictEqual(outcome, wanted)) return undefined;
    other ??= outcome;
  }
  return other;
}

/** Runs a program once for each series of choices that its selects can make. */
async function* everyRun(program: Program): AsyncGenerator<Outcome, void> {
  let choices: { chosen: number; readonly ready: number }[] = [];
  do {
    let asked = 0;
    yield await run(program, (ready) => (choices[asked++] ??= { chosen: 0, ready }).chosen);
    // The last choice that has another possibility takes it; what came after it is open again.
    const next = choices.findLastIndex(({ chosen, ready }) => chosen + 1 < ready);
    choices = choices.slice(0, next + 1);
    for (const choice of choices.slice(-1)) choice.chosen++;
  } while (choices.length > 0);
}

/** Runs a program until nothing can resume. `choose` makes the choices of its selects. */
async function run(program: Program, choose: (ready: number) => number): Promise<Outcome> {
  const waiting = new Map<object, { who: Goroutine | undefined; state: string }>();
  using _ = attach({
    choose,
    clock,
    park: (operation, state) => void waiting.set(operation, { who: running.getStore(), state }),
    wake: (operation) => void waiting.delete(operation),
  });
  const p = new Harness();
  go(p.run("main", compile(write(program, "ts"))));
  // Resumes main whenever everything rests.
  do await settle();
  while (p.resume());
  return p.outcome(waiting.values());
}

/** No two deadlines are the same, and none passes. */
const clock: Clock = {
  now: () => ++time,
  wall: () => ++time,
  setTimeout: () => undefined,
  clearTimeout: () => undefined,
};
let time = 0;
