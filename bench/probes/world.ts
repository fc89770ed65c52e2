// One run of what `bench/world.ts` measures, named by the argument: a hundred megabytes through a pipe or a stream, or
// events at a rate. Prints its figures as JSON.
import { spawn } from "node:child_process";
import { EventEmitter } from "node:events";
import { Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { chan, context, go } from "../../src/index.ts";
import * as events from "../../src/events/events.ts";
import * as exec from "../../src/exec/exec.ts";
import * as stream from "../../src/stream/stream.ts";

const [, , name = "", policy = ""] = process.argv;
const background = context.background();

const size = 64 * 1024;
const chunks = 1600; // a hundred MiB
/** The numbers of chunks after which memory is measured. */
const marks = [chunks / 4, chunks / 2, (3 * chunks) / 4, chunks];

/** The memory in use after a collection, in megabytes, at each of the marks. */
const memory: number[] = [];
let taken = 0;
let bytes = 0;

function look(): void {
  // Only the second collection frees buffers.
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  memory.push((heapUsed + external) / 2 ** 20);
}

function take(chunk: Uint8Array): void {
  bytes += chunk.length;
  while (taken < marks.length && bytes >= (marks[taken] as number) * size) {
    taken++;
    look();
  }
}

/** A source that makes chunks on demand. */
async function* made(): AsyncGenerator<Buffer> {
  for (let i = 0; i < chunks; i++) yield Buffer.alloc(size, i);
}

const source = (): Readable => Readable.from(made(), { objectMode: false });

const webSource = (): ReadableStream<Uint8Array> => {
  let left = chunks;
  return new ReadableStream({
    pull(controller) {
      if (left-- > 0) controller.enqueue(new Uint8Array(size));
      else controller.close();
    },
  });
};

const sink = (): Writable =>
  new Writable({
    write(chunk: Buffer, _encoding, done) {
      take(chunk);
      done();
    },
  });

const runs: Record<string, () => Promise<void>> = {
  async "exec: cat"() {
    const cmd = exec.command("cat");
    cmd.stdin = source();
    cmd.stdout = take;
    await cmd.run();
  },
  async "spawn: cat"() {
    const child = spawn("cat", { stdio: ["pipe", "pipe", "inherit"] });
    await Promise.all([pipeline(source(), child.stdin), pipeline(child.stdout, sink())]);
  },
  async "Node's stream: receive"() {
    for await (const chunk of stream.receive(background, source())) take(chunk as Buffer);
  },
  async "Node's stream: for await"() {
    for await (const chunk of source()) take(chunk as Buffer);
  },
  async "stream of the web: receive"() {
    for await (const chunk of stream.receive(background, webSource())) take(chunk);
  },
  async "stream of the web: for await"() {
    for await (const chunk of webSource()) take(chunk);
  },
  async "channel to Node's stream: Readable.from(ch)"() {
    const ch = chan<Buffer>();
    go(async () => {
      for await (const chunk of made()) await ch.send(chunk);
      ch.close();
    });
    await pipeline(Readable.from(ch), sink());
  },
  async "generator to Node's stream: Readable.from(iterable)"() {
    await pipeline(source(), sink());
  },
};

/** A source of events that can be paused, and sends a hundred thousand a second in bursts of a millisecond. */
class Source extends EventEmitter {
  sent = 0;
  #isPaused = false;
  pauses = 0;
  /** How many events are due by now. */
  #due = 0;

  pause(): void {
    this.#isPaused = true;
    this.pauses++;
  }

  resume(): void {
    this.#isPaused = false;
    this.#send();
  }

  #send(): void {
    while (this.sent < this.#due && !this.#isPaused) this.emit("data", this.sent++);
  }

  async run(seconds: number, rate: number): Promise<void> {
    const start = performance.now();
    for (let now = 0; now < seconds * 1000; now = performance.now() - start) {
      this.#due = Math.floor((now * rate) / 1000);
      this.#send();
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    this.#due = seconds * rate;
    while (this.sent < this.#due) {
      this.#send();
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

/** Sends events for three seconds; the consumer takes at most 32 between two turns of the event loop. */
async function eventsAt(rate: number, full: "dropNewest" | "dropOldest" | "error" | "pause"): Promise<object> {
  const source = new Source();
  const [ctx, cancel] = context.withCancel(background);
  const ch = events.receive<number>(ctx, source, "data", { capacity: 64, full });
  let received = 0;
  let inOrder = true;
  const done = chan<void>();
  go(async () => {
    let last = -1;
    for await (const n of ch) {
      inOrder &&= n > last;
      last = n;
      // Slower than the source, which sends a hundred in a millisecond.
      if (++received % 32 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    done.close();
  });
  const start = performance.now();
  await source.run(3, rate);
  const took = performance.now() - start;
  const cause = events.cause(ch)?.message ?? "";
  if (full === "pause") while (received < source.sent) await new Promise((resolve) => setImmediate(resolve));
  cancel();
  await done.receive();
  const dropped = events.dropped(ch);
  return {
    sent: source.sent,
    received,
    dropped,
    inOrder,
    pauses: source.pauses,
    cause,
    took,
    left: source.listenerCount("data"),
  };
}

look();
const start = performance.now();
if (name === "events") {
  console.log(JSON.stringify(await eventsAt(100_000, policy as "dropNewest")));
} else {
  await runs[name]?.();
  const took = performance.now() - start;
  if (bytes !== size * chunks) throw new Error(`${name}: ${bytes} bytes came through`);
  console.log(JSON.stringify({ took, memory }));
}
process.exit();
