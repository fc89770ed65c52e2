// What an event costs, in the runtime that runs this: recorded, and shown in a browser's developer tools. Prints one line
// of JSON, nanoseconds by name.
import { chan, go } from "gocsp";
import * as synctest from "gocsp/synctest";
import * as trace from "gocsp/trace";

interface Console {
  log(text: string): void;
  timeStamp?(label: string, start: number, end: number, track: string, group: string, color: string): void;
}

interface Timeline {
  now(): number;
  measure(name: string, options: object): unknown;
  clearMeasures(): void;
}

const { console, performance } = globalThis as unknown as { console: Console; performance: Timeline };
const trips = 5000;

/** Two goroutines send n values back and forth. */
async function pingPong(): Promise<void> {
  const [ping, pong] = [chan<number>(), chan<number>()];
  go(async () => {
    for (let i = 0; i < trips; i++) await pong.send((await ping.receive()) as number);
  });
  for (let i = 0; i < trips; i++) {
    await ping.send(i);
    await pong.receive();
  }
}

const inBubble = (): Promise<void> => synctest.test(pingPong);

const rounds = 15;

async function timed(f: () => unknown): Promise<number> {
  const start = performance.now();
  await f();
  return performance.now() - start;
}

/** Returns by how many milliseconds `within` takes longer than `without`: by the least of both, which nothing disturbed. */
async function difference(without: () => unknown, within: () => unknown): Promise<number> {
  let [least, most] = [Infinity, Infinity];
  for (let round = 0; round < rounds; round++) {
    least = Math.min(least, await timed(without));
    most = Math.min(most, await timed(within));
  }
  return most - least;
}

/** Returns what an event adds to the time of a program. What is recorded is not read, because that is another matter. */
async function perEvent(program: () => Promise<void>, options: trace.TraceOptions = {}): Promise<number> {
  let events = 0;
  const record = async (): Promise<void> => {
    const recorder = new trace.FlightRecorder({ limit: 1_000_000, ...options });
    recorder.start();
    await program();
    if (events === 0) events = recorder.events().length;
    recorder.stop();
  };
  await program();
  await record();
  return ((await difference(program, record)) / events) * 1e6;
}

/** Returns what a wait adds to the time of a program while it is shown. */
async function perShownWait(): Promise<number> {
  const showing = async (): Promise<void> => {
    const shown = trace.devtools();
    await pingPong();
    shown[Symbol.dispose]();
  };
  await pingPong();
  await showing();
  return ((await difference(pingPong, showing)) / (2 * trips)) * 1e6;
}

async function perCall(n: number, f: (i: number) => unknown): Promise<number> {
  const all = (): void => {
    for (let i = 0; i < n; i++) f(i);
  };
  all();
  return ((await difference(() => undefined, all)) / n) * 1e6;
}

const found: Record<string, number> = {
  "an event, recorded": await perEvent(pingPong),
  "an event, recorded without goroutines": await perEvent(pingPong, { goroutines: false }),
  "an event, recorded with its line": await perEvent(pingPong, { lines: true }),
  "an event in a bubble, recorded": await perEvent(inBubble),
};
if (console.timeStamp !== undefined) {
  found["console.timeStamp"] = await perCall(5000, (i) =>
    console.timeStamp?.("chan receive", i, i + 1, "goroutine 1", "Goroutines", "primary"),
  );
  found["a wait, shown by trace.devtools"] = await perShownWait();
}
const devtools = { dataType: "track-entry", track: "goroutine 1", trackGroup: "Goroutines", color: "primary" };
found["performance.measure with the same"] = await perCall(1000, (i) => {
  performance.measure("chan receive", { start: i, end: i + 1, detail: { devtools } });
  if (i % 100 === 0) performance.clearMeasures();
});

console.log(JSON.stringify(found));
