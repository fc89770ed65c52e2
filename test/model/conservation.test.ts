import fc from "fast-check";
import { chan, type Chan, go, gosched, select, type SendCase, send } from "gocsp";
import { numGoroutine, seed } from "gocsp/runtime";
import { describe, expect, test } from "vitest";
import { settle } from "../support/settle.ts";

const capacities = [0, 0, 1, 2, 3];

interface Step {
  readonly do: "send" | "receive" | "select" | "trySend" | "tryReceive" | "gosched" | "pause" | "close";
  /** Indexes of channels; a select uses all of them, the others the first. */
  readonly channels: readonly number[];
  /** For each of them, whether a select sends there. */
  readonly sends: readonly boolean[];
}

const step: fc.Arbitrary<Step> = fc.record({
  do: fc.oneof(
    { weight: 8, arbitrary: fc.constant("send" as const) },
    { weight: 8, arbitrary: fc.constant("receive" as const) },
    { weight: 12, arbitrary: fc.constant("select" as const) },
    fc.constantFrom("trySend", "tryReceive", "gosched", "pause"),
  ),
  channels: fc.array(fc.nat({ max: capacities.length - 1 }), { minLength: 1, maxLength: 4 }),
  sends: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
});
const closing = step.map((each): Step => ({ ...each, do: "close" }));

/** A program: one list of steps for each goroutine. */
const quiet = fc.array(fc.array(step, { maxLength: 15 }), { minLength: 1, maxLength: 12 });
const withCloses = fc.array(fc.array(fc.oneof({ weight: 30, arbitrary: step }, closing), { maxLength: 15 }), {
  minLength: 1,
  maxLength: 12,
});

interface Value {
  readonly sender: number;
  readonly nth: number;
  readonly channel: number;
}

/** What a parked goroutine could do next: the directions of its operation. */
interface Waiting {
  readonly sends: readonly number[];
  readonly receives: readonly number[];
}

class Program {
  readonly chans: Chan<Value>[] = capacities.map((capacity) => chan<Value>(capacity));
  readonly closed = new Set<number>();
  readonly waiting = new Map<number, Waiting>();
  readonly sent: Value[] = [];
  /** For each goroutine, what it received, in order. */
  readonly received: Value[][] = [];
  running = 0;
  #nth = 0;

  start(steps: readonly Step[]): void {
    const me = this.received.push([]) - 1;
    this.running++;
    go(async () => {
      for (const each of steps) await this.#run(me, each);
      this.running--;
    });
  }

  async #run(me: number, { do: what, channels, sends }: Step): Promise<void> {
    const channel = channels[0] as number;
    const ch = this.chans[channel] as Chan<Value>;
    try {
      switch (what) {
        case "send": {
          const value = this.#value(me, channel);
          await this.#wait(me, { sends: [channel], receives: [] }, ch.send(value));
          this.sent.push(value);
          break;
        }
        case "receive": {
          const [value, ok] = await this.#wait(me, { sends: [], receives: [channel] }, ch.receiveOk());
          if (ok) this.received[me]?.push(value);
          break;
        }
        case "select":
          await this.#select(me, channels, sends);
          break;
        case "trySend": {
          const value = this.#value(me, channel);
          if (ch.trySend(value)) this.sent.push(value);
          break;
        }
        case "tryReceive": {
          const got = ch.tryReceive();
          if (got?.ok === true) this.received[me]?.push(got.value);
          break;
        }
        case "gosched":
          await gosched();
          break;
        case "pause":
          await new Promise((resolve) => setImmediate(resolve));
          break;
        case "close":
          ch.close();
          this.closed.add(channel);
      }
    } catch (error) {
      if (!/^(send on|close of) closed channel$/.test((error as Error).message)) throw error;
    }
    this.waiting.delete(me);
  }

  async #select(me: number, channels: readonly number[], sends: readonly boolean[]): Promise<void> {
    const cases: Record<string, Chan<Value> | SendCase<Value>> = {};
    const offers: Value[] = [];
    for (const [i, channel] of channels.entries()) {
      const ch = this.chans[channel] as Chan<Value>;
      const offer = this.#value(me, channel);
      offers.push(offer);
      cases[`case ${i}`] = sends[i] === true ? send(ch, offer) : ch;
    }
    const waiting = {
      sends: channels.filter((_, i) => sends[i] === true),
      receives: channels.filter((_, i) => sends[i] !== true),
    };
    const op = await this.#wait(me, waiting, select(cases));
    const chosen = Number(op.case.slice("case ".length));
    if (sends[chosen] === true) this.sent.push(offers[chosen] as Value);
    else if (op.ok) this.received[me]?.push(op.value as Value);
  }

  #wait<T>(me: number, waiting: Waiting, operation: Promise<T>): Promise<T> {
    this.waiting.set(me, waiting);
    return operation;
  }

  #value(sender: number, channel: number): Value {
    return { sender, nth: this.#nth++, channel };
  }

  /** Names of goroutines that are parked although they could proceed. */
  stuck(): string[] {
    const stuck: string[] = [];
    for (const [me, { sends, receives }] of this.waiting) {
      for (const channel of [...sends, ...receives]) {
        if (this.closed.has(channel)) stuck.push(`${me} waits on closed channel ${channel}`);
      }
      for (const channel of receives) {
        if ((this.chans[channel] as Chan<Value>).length > 0) stuck.push(`${me} could receive on ${channel}`);
        for (const [other, theirs] of this.waiting) {
          if (other !== me && theirs.sends.includes(channel)) stuck.push(`${me} and ${other} could meet on ${channel}`);
        }
      }
      for (const channel of sends) {
        const ch = this.chans[channel] as Chan<Value>;
        if (ch.length < ch.capacity) stuck.push(`${me} could send on ${channel}`);
      }
    }
    return stuck;
  }

  /** Drains the buffers, then closes the open channels, so that every goroutine ends. */
  async finish(): Promise<void> {
    const rest: Value[] = [];
    this.received.push(rest);
    while (this.running > 0) {
      for (const [channel, ch] of this.chans.entries()) {
        for (let got = ch.tryReceive(); got?.ok === true; got = ch.tryReceive()) rest.push(got.value);
        if (!this.closed.has(channel)) {
          this.closed.add(channel);
          ch.close();
        }
      }
      await settle();
    }
    for (const ch of this.chans) {
      for (let got = ch.tryReceive(); got?.ok === true; got = ch.tryReceive()) rest.push(got.value);
    }
  }
}

async function check(goroutines: readonly (readonly Step[])[], start: number): Promise<void> {
  seed(start);
  const before = numGoroutine();
  const program = new Program();
  for (const steps of goroutines) program.start(steps);
  await settle();
  expect(program.stuck()).toEqual([]);
  await program.finish();
  expect(numGoroutine()).toBe(before);

  const byNumber = (a: Value, b: Value): number => a.nth - b.nth;
  expect(program.received.flat().sort(byNumber)).toEqual([...program.sent].sort(byNumber));
  for (const values of program.received) {
    for (const [i, value] of values.entries()) {
      const overtaken = values
        .slice(0, i)
        .some(({ sender, channel, nth }) => sender === value.sender && channel === value.channel && nth > value.nth);
      expect(overtaken, `value ${value.nth} was overtaken`).toBe(false);
    }
  }
}

describe("programs of many goroutines", () => {
  test("every value sent is received once, in its sender's order, and no waiter could proceed [C3] [C4] [C39]", async () => {
    await fc.assert(fc.asyncProperty(quiet, fc.integer(), check), { numRuns: 1500 });
  }, 60_000);

  test("also when channels close in the midst of it [C13] [C17] [C39]", async () => {
    await fc.assert(fc.asyncProperty(withCloses, fc.integer(), check), { numRuns: 1500 });
  }, 60_000);
});
