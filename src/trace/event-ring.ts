import { type Event, type EventKind, eventOf, type EventStore, type LoggedCase } from "./event-log.ts";
import type { Name, Names } from "./names.ts";
import { preview } from "./preview.ts";

const kinds: readonly EventKind[] = [
  "go",
  "step",
  "end",
  "panic",
  "block",
  "unblock",
  "make",
  "send",
  "receive",
  "close",
  "select",
  "sync",
  "derive",
  "cancel",
  "alarm",
  "ring",
  "stop",
  "log",
  "begin",
  "finish",
];

const indices: Readonly<Record<EventKind, number>> = Object.fromEntries(
  kinds.map((kind, index) => [kind, index]),
) as Record<EventKind, number>;

const blockSize = 8192;

/** In the column of values: the number is in its own. */
const aNumber: unique symbol = Symbol("a number");

/** A stretch of the ring, a column for each member of an event. */
class Block {
  readonly kinds: Uint8Array;
  readonly times: Float64Array;
  readonly goroutines: Float64Array;
  readonly ons: Float64Array;
  readonly peers: Float64Array;
  readonly others: Float64Array;
  readonly numbers: Float64Array;
  readonly values: unknown[];
  readonly details: string[];
  /** Made when the first event has cases, or a line. */
  cases: (readonly LoggedCase[] | undefined)[] | undefined = undefined;
  lines: Event["line"][] | undefined = undefined;

  constructor(size: number) {
    this.kinds = new Uint8Array(size);
    this.times = new Float64Array(size);
    this.goroutines = new Float64Array(size);
    this.ons = new Float64Array(size);
    this.peers = new Float64Array(size);
    this.others = new Float64Array(size);
    this.numbers = new Float64Array(size);
    this.values = Array.from({ length: size }, () => undefined);
    this.details = Array.from({ length: size }, () => "");
  }
}

/**
 * The latest `limit` events, in columns. An object for each event would be old by the time it is overwritten: each would
 * be copied by two collections of young objects and then wait for one of the old, which costs a server more than the
 * writing.
 */
export class EventRing implements EventStore {
  readonly #limit: number;
  readonly #blocks: Block[] = [];
  /** Where the next event goes. */
  #next = 0;
  length = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(
    kind: EventKind,
    time: number,
    goroutine: number,
    line: Event["line"],
    on: Name,
    peer: number,
    value: unknown,
    detail: string,
    other: Name,
    cases: readonly LoggedCase[] | undefined,
  ): void {
    const at = this.#next;
    const i = at % blockSize;
    const block = this.#blocks[(at - i) / blockSize] ?? this.#grow();
    block.kinds[i] = indices[kind];
    block.times[i] = time;
    block.goroutines[i] = goroutine;
    block.ons[i] = on;
    block.peers[i] = peer;
    block.others[i] = other;
    if (typeof value === "number") {
      block.numbers[i] = value;
      block.values[i] = aNumber;
    } else {
      block.values[i] = preview(value);
    }
    block.details[i] = detail;
    if (cases !== undefined || block.cases !== undefined) (block.cases ??= columnOf(block))[i] = keptCases(cases);
    if (line !== undefined || block.lines !== undefined) (block.lines ??= columnOf(block))[i] = line;
    this.#next = at + 1 === this.#limit ? 0 : at + 1;
    if (this.length < this.#limit) this.length++;
  }

  read(names: Names, age: number = Infinity): Event[] {
    const { length } = this;
    const events: Event[] = [];
    const first = length < this.#limit ? 0 : this.#next;
    const last = (first + length - 1) % this.#limit;
    const since = length === 0 ? 0 : this.#timeAt(last) - age;
    for (let n = 0; n < length; n++) {
      const at = (first + n) % this.#limit;
      if (this.#timeAt(at) >= since) events.push(this.#eventAt(at, names));
    }
    return events;
  }

  #grow(): Block {
    const block = new Block(Math.min(this.#limit, blockSize));
    this.#blocks.push(block);
    return block;
  }

  #timeAt(at: number): number {
    const i = at % blockSize;
    return (this.#blocks[(at - i) / blockSize] as Block).times[i] as number;
  }

  #eventAt(at: number, names: Names): Event {
    const i = at % blockSize;
    const block = this.#blocks[(at - i) / blockSize] as Block;
    const value = block.values[i];
    return eventOf(
      names,
      kinds[block.kinds[i] as number] as EventKind,
      block.times[i] as number,
      block.goroutines[i] as number,
      block.lines?.[i],
      block.ons[i] as number,
      block.peers[i] as number,
      value === aNumber ? block.numbers[i] : value,
      block.details[i] as string,
      block.others[i] as number,
      block.cases?.[i],
    );
  }
}

function columnOf<T>({ kinds: { length } }: Block): (T | undefined)[] {
  return Array.from({ length }, () => undefined);
}

function keptCases(cases: readonly LoggedCase[] | undefined): readonly LoggedCase[] | undefined {
  return cases?.map((one) => ({ ...one, value: preview(one.value) }));
}
