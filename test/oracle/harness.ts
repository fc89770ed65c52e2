/** The functions that programs in TypeScript call besides the library's. `testdata/harness.go` is the same for Go. */

import { AsyncLocalStorage } from "node:async_hooks";
import { runInThisContext } from "node:vm";
import * as gocsp from "gocsp";
import { type Chan, chan, type Context, context, nilChan, sync } from "gocsp";
import { goexit } from "gocsp/runtime";
import type { Outcome } from "./go.ts";

type Noted = string | number | boolean | Error | undefined;
type Written = (p: Harness, g: Goroutine) => Promise<void>;

/** Returns the program as a function. */
export function compile(text: string): Written {
  const names = { ...gocsp, goexit, embedding, ownDone, sorted, sendUntil, receiveUntil, describe };
  const make = runInThisContext(`({ ${Object.keys(names).join(", ")} }) => ${text}`) as (all: typeof names) => Written;
  return make(names);
}

/** The goroutine whose code runs. */
export const running: AsyncLocalStorage<Goroutine> = new AsyncLocalStorage();

/** A program as it runs. */
export class Harness {
  readonly #alone: boolean;
  readonly sum: [number, number] = [0, 0];
  step = 0;
  #resume: (() => void) | undefined;
  readonly #goroutines = new Map<string, Goroutine>();

  /** Set if the program is a process of its own, which reports what ends it. */
  constructor(alone: boolean = false) {
    this.#alone = alone;
  }

  /** Returns a function that runs `f` as a goroutine and records how it ended. */
  run(name: string, f: Written): () => Promise<void> {
    return () => {
      const g = this.named(name);
      if (this.#alone) return f(this, g);
      return running.run(g, async () => {
        try {
          await f(this, g);
          g.note("returned");
        } catch (err) {
          g.note(isPanic(err) ? `panic: ${textOf(err)}` : "goexit");
          if (!isPanic(err)) throw err;
        }
      });
    };
  }

  goroutine(name: string, f: (g: Goroutine) => Promise<void>): () => Promise<void> {
    return this.run(name, (_, g) => f(g));
  }

  named(name: string): Goroutine {
    const found = this.#goroutines.get(name) ?? new Goroutine(this, name);
    this.#goroutines.set(name, found);
    return found;
  }

  /** Returns when every other goroutine waits or has ended. */
  async rest(): Promise<void> {
    await new Promise<void>((resolve) => (this.#resume = resolve));
    this.step++;
  }

  /** Resumes main if it rests; returns false if it does not. */
  resume(): boolean {
    const resume = this.#resume;
    this.#resume = undefined;
    resume?.();
    return resume !== undefined;
  }

  /** Returns the records of all goroutines. Those that still wait never resume. */
  outcome(waiting: Iterable<{ readonly who: Goroutine | undefined; readonly state: string }>): Outcome {
    for (const { who, state } of waiting) who?.notes.push(`[${state}]`);
    const notes = [...this.#goroutines.values()].map(({ name, notes }) => [name, notes] as const);
    return Object.fromEntries([...notes, ["sum", [`[${this.sum.join(" ")}]`]]]);
  }

  things(...capacities: number[]): Record<string, unknown> {
    const six = <T>(make: (i: number) => T): T[] => Array.from({ length: 6 }, (_, i) => make(i));
    const mu = six(() => new sync.Mutex());
    return {
      c: [nilChan<number>(), ...capacities.map((capacity) => chan<number>(capacity))],
      gate: six(() => chan<never>()),
      x: six((i) => (i === 1 ? context.todo() : context.background())),
      cancel: six(() => () => undefined),
      cancelCause: six(() => () => undefined),
      end: six(() => () => undefined),
      keys,
      stop: six(() => () => false),
      mu,
      rw: new sync.RWMutex(),
      cond: new sync.Cond(mu[1] as sync.Mutex),
      wg: six(() => new sync.WaitGroup()),
      once: six(() => new sync.Once()),
    };
  }
}

export class Goroutine {
  readonly #p: Harness;
  readonly name: string;
  readonly notes: string[] = [];

  constructor(p: Harness, name: string) {
    this.#p = p;
    this.name = name;
  }

  note(...values: Noted[]): void {
    this.notes.push(`${this.#p.step}: ${values.map(textOf).join(" ")}`);
  }

  part(name: string): Goroutine {
    return this.#p.named(`${this.name} ${name}`);
  }

  recovers(err: unknown): void {
    if (!isPanic(err)) throw err;
    this.note("recovered", err);
  }
}

/** Go's recover does not see a goexit. */
function isPanic(thrown: unknown): thrown is Error {
  return thrown instanceof Error;
}

/** Of several consecutive panics, recover returns the last. */
function textOf(value: Noted): string {
  if (value instanceof SuppressedError) return textOf(value.error as Noted);
  return value instanceof Error ? value.message : String(value ?? "nil");
}

const keys: readonly unknown[] = [context.key("a"), context.key("b"), "c"];

/** A user's context that overrides nothing. */
function embedding(parent: Context): Context {
  return {
    deadline: () => parent.deadline(),
    done: () => parent.done(),
    err: () => parent.err(),
    value: (key: unknown) => parent.value(key),
    toString: () => `${parent}.embedding`,
  };
}

/** A user's context with its own end, independent of its parent's. */
function ownDone(parent: Context): [ctx: Context, end: () => void] {
  const done = chan<never>();
  let error: Error | undefined;
  const end = (): void => {
    if (error !== undefined) return;
    error = new Error("ended by itself");
    done.close();
  };
  const toString = (): string => `${parent}.ownDone`;
  return [{ ...embedding(parent), done: () => done, err: () => error, toString }, end];
}

async function sorted(c: Chan<number>): Promise<string> {
  const all: number[] = [];
  for await (const v of c) all.push(v);
  return `[${all.sort((a, b) => a - b).join(" ")}]`;
}

async function sendUntil(ctx: Context, c: Chan<number>, v: number): Promise<Error | undefined> {
  try {
    await c.send(v, ctx);
    return undefined;
  } catch (err) {
    if (err !== ctx.err()) throw err;
    return ctx.err();
  }
}

async function receiveUntil(ctx: Context, c: Chan<number>): Promise<[number, boolean, Error | undefined]> {
  try {
    const [v, ok] = await c.receiveOk(ctx);
    return [v ?? 0, ok, undefined];
  } catch (err) {
    if (err !== ctx.err()) throw err;
    return [0, false, ctx.err()];
  }
}

/** Records everything observable about a context. */
function describe(ctx: Context): Noted[] {
  const done = ctx.done() === nilChan() ? "nil" : ctx.done().tryReceive()?.ok === false ? "closed" : "open";
  const values = keys.map((key) => ctx.value(key) as string | undefined);
  const name = ctx.toString().replaceAll(/WithDeadline\(.*?\]\)/g, "WithDeadline");
  return [ctx.err(), context.cause(ctx), done, ctx.deadline() !== undefined, ...values, name];
}
