// What the views of the site show is a function of the log and a position in it. Here the logs are real, and there is no page.
import { stripTypeScriptTypes } from "node:module";
import { explore, type ExploreError } from "gocsp/explore";
import { parseAst } from "vite";
import { afterEach, describe, expect, test } from "vitest";
import { compile, type Program, ProgramError } from "../../site/engine/compile.ts";
import { inspect, line } from "../../site/engine/inspect.ts";
import { Leader } from "../../site/engine/leader.ts";
import { all } from "../../site/engine/more-modules.ts";
import type { Entry, Recording } from "../../site/engine/protocol.ts";
import { align } from "../../site/model/align.ts";
import { reachedBy } from "../../site/model/goal.ts";
import {
  columnsOf,
  decisive,
  type Lanes,
  lanesAt,
  layOut,
  nextPosition,
  positionOf,
  previousPosition,
} from "../../site/model/lanes.ts";
import { namesOf, told } from "../../site/model/names.ts";
import { usersOf, type Waits, waitsAt } from "../../site/model/waits.ts";
import { History, worldAt } from "../../site/model/world.ts";

const tools = { strip: (code: string) => stripTypeScriptTypes(code), parse: (code: string): unknown => parseAst(code) };

function program(source: string): Program {
  return compile(source, tools, (name) => name in all);
}

function shown(source: string): () => Promise<unknown> {
  return program(source).bind({ modules: all, print: (_, values) => console.log(line(values)) });
}

/** One that is not stopped would let the next test wait. */
const leaders: Leader[] = [];

function newLeader(): Leader {
  const leader = new Leader(undefined, false);
  leaders.push(leader);
  return leader;
}

afterEach(async () => {
  for (const leader of leaders.splice(0)) await leader.stop();
});

async function record(source: string, seed = 1, token?: string): Promise<Recording> {
  const leader = newLeader();
  const lead = token === undefined ? { seed } : { seed, token };
  await leader.begin(shown(source), lead);
  await leader.runToEnd(lead);
  return leader.recording;
}

const pool = `
import { chan, go, main } from "gocsp";
const jobs = chan<number>(2);
const done = chan<string>();
const worker = async (name: string) => {
  for await (const n of jobs) await done.send(name + n);
};
main(async () => {
  go(worker, "a");
  go(worker, "b");
  for (let n = 0; n < 3; n++) {
    await jobs.send(n);
  }
  jobs.close();
  for (let n = 0; n < 3; n++) console.log(await done.receive());
});
`;

const philosophers = `
import { go, main, sync } from "gocsp";
const left = new sync.Mutex();
const right = new sync.Mutex();
const eat = async (a: sync.Mutex, b: sync.Mutex) => {
  using _ = await a.lock();
  using _1 = await b.lock();
};
main(async () => {
  const wg = new sync.WaitGroup();
  wg.go(eat, left, right);
  wg.go(eat, right, left);
  await wg.wait();
});
`;

const tree = `
import { context, go, main, time } from "gocsp";
main(async () => {
  const [ctx, cancel] = context.withTimeout(context.background(), 50);
  using _ = cancel;
  const [child, stop] = context.withCancel(ctx);
  using _1 = stop;
  go(async () => void (await child.done().receive()));
  await ctx.done().receive();
  await time.sleep(1);
});
`;

function waitsAtEnd(entries: readonly Entry[]): Waits {
  return waitsAt(usersOf(entries), worldAt(entries, entries.length));
}

function wholeLanes(entries: readonly Entry[]): Lanes {
  return lanesAt(layOut(entries), entries.length);
}

async function failing(source: string): Promise<Recording> {
  const found = await explore(shown(source), { seed: 1 }).catch((error: unknown) => error as ExploreError);
  return record(source, 1, (found as ExploreError).token);
}

describe("a program", () => {
  test("keeps its lines, whatever is put between them", async () => {
    const { entries } = await record(pool);
    const made = entries.filter(({ kind }) => kind === "make").map(({ on, value, line }) => [on, value, line]);
    // Lines are the program's where the engine tells its stacks as V8 does; its frames are named by the site alone.
    expect(made.map(([on, value]) => [on, value])).toEqual([
      ["ch1", "2"],
      ["ch2", "0"],
    ]);
  });

  test("that is not one is refused, with its line", () => {
    expect(() => program("let x = 1;\nlet = 2;")).toThrow(ProgramError);
    expect(() => program('import fs from "node:fs";')).toThrow('line 1: a page has no "node:fs"');
    expect(() => program("export default 1;")).toThrow("line 1: a program exports nothing");
  });

  test("has guarded loops, in every form", async () => {
    const lines: number[] = [];
    const source = `let n = 0;
for (let i = 0; i < 2; i++) n++;
for (const x of [1]) { n += x; }
for (const k in { a: 1 }) n++;
while (n < 6) n++;
do n++; while (n < 8);
for (const i of [1]) if (i > 0) for (;;) break;`;
    await program(source).bind({ modules: all, print: () => undefined, loop: (at) => lines.push(at) })();
    expect(lines).toEqual([2, 2, 3, 4, 5, 5, 6, 6, 7, 7]);
  });

  test("is evaluated anew in each run", async () => {
    const f = shown('let n = 0;\nimport { main } from "gocsp";\nmain(() => ++n);');
    expect([await f(), await f()]).toEqual([1, 1]);
  });
});

describe("a recording", () => {
  test("is the same for the same seed, and another for another one", async () => {
    const [one, again] = [await record(pool, 7), await record(pool, 7)];
    expect(again).toEqual(one);
    const others = await Promise.all([1, 2, 3, 4, 5].map((seed) => record(pool, seed)));
    expect(new Set(others.map(({ token }) => token)).size).toBeGreaterThan(1);
  });

  test("is repeated bit by bit by its token", async () => {
    for (const seed of [1, 2, 3]) {
      const one = await record(pool, seed);
      expect(await record(pool, seed, one.token)).toEqual(one);
    }
  });

  test("led by hand is what it was before, after each step back", async () => {
    const leader = newLeader();
    await leader.begin(shown(pool), { seed: 1 });
    const seen: Recording[] = [leader.recording];
    for (let i = 0; leader.recording.outcome === undefined; i++) {
      await leader.step(i % Math.max(1, leader.recording.choices.length));
      seen.push(leader.recording);
    }
    for (let at = seen.length - 2; at >= 0; at--) {
      await leader.goTo(at);
      expect(leader.recording).toEqual(seen[at]);
    }
  });

  test("that somebody has led is reproduced by its choices", async () => {
    const one = await record(pool, 3);
    const leader = newLeader();
    await leader.begin(shown(pool), { seed: 3 });
    for (const { choices, went } of one.steps) {
      await leader.step(choices.length > 1 ? choices.findIndex(({ goroutine }) => goroutine === went) : undefined);
    }
    expect(leader.recording.entries).toEqual(one.entries);
  });

  test("that was led and not ended lets an exploration begin once it is stopped, and leaves nothing", async () => {
    const leader = newLeader();
    await leader.begin(shown(pool), { seed: 1 });
    await leader.step();
    await leader.step();
    expect(leader.recording.choices.length).toBeGreaterThan(0);
    await leader.stop();
    expect(leader.recording).toMatchObject({ entries: [], steps: [], choices: [], outcome: undefined, token: "" });
    expect(leader.recorded).toBe(0);
    const silent = program(pool).bind({ modules: all, print: () => undefined });
    const { runs } = await explore(silent, { runs: 3 });
    expect(runs).toBe(3);
  });

  test("is gone back in, over more steps than one slice, to what it was", async () => {
    const many = `
import { gosched, main } from "gocsp";
main(async () => {
  for (let n = 0; n < 1200; n++) await gosched();
});
`;
    const leader = newLeader();
    await leader.begin(shown(many), { seed: 1 });
    await leader.advance(1100);
    const seen = leader.recording;
    expect(seen.steps.length).toBe(1100);
    await leader.advance(50);
    await leader.goTo(1100);
    expect(leader.recording).toEqual(seen);
    await leader.goTo(1000);
    expect(leader.recording.steps.length).toBe(1000);
    await leader.goTo(0);
    expect(leader.recording.steps.length).toBe(0);
  });

  test("stops after 50,000 events, and says so", async () => {
    const endless = `
import { chan, go, main } from "gocsp";
main(async () => {
  const ch = chan<number>();
  go(async () => {
    for (let n = 0; ; n++) await ch.send(n);
  });
  for (;;) await ch.receive();
});
`;
    const { outcome, entries } = await record(endless);
    expect(outcome).toMatchObject({
      kind: "limit",
      message: expect.stringContaining("stopped after 50000 events") as string,
    });
    expect(entries.length).toBe(50_000);
  });
});

/** So many goroutines, each with so many turns of work and a message. */
function crowd(goroutines: number, turns: number): string {
  return `
import { chan, go, main, sync, time } from "gocsp";
main(async () => {
  const jobs = chan<number>(4);
  const mu = new sync.Mutex();
  const wg = new sync.WaitGroup();
  for (let n = 0; n < ${goroutines}; n++) {
    wg.go(async () => {
      for (let i = 0; i < ${turns}; i++) {
        await jobs.send(i);
        using _ = await mu.lock();
        await time.sleep(1);
      }
    });
  }
  go(async () => {
    await wg.wait();
    jobs.close();
  });
  for await (const _ of jobs);
});
`;
}

/** Counts how often events are read. */
function counted(entries: readonly Entry[]): { readonly entries: readonly Entry[]; reads: number } {
  const found = {
    reads: 0,
    entries: new Proxy(entries, {
      get(target, key, receiver) {
        if (typeof key === "string" && /^\d+$/.test(key)) found.reads++;
        return Reflect.get(target, key, receiver) as unknown;
      },
    }),
  };
  return found;
}

describe("a long run", () => {
  test("costs no more to be in than a short one", async () => {
    const { entries } = await record(crowd(30, 25));
    expect(entries.length).toBeGreaterThan(5000);
    const looked = counted(entries);
    const history = new History(looked.entries);
    history.at(entries.length);
    const layout = layOut(looked.entries);
    const drawn: number[] = [];
    for (let at = entries.length; at > 0; at -= 97) {
      looked.reads = 0;
      history.at(at);
      const { columns } = lanesAt(layout, at);
      const { segments, arrows, marks } = lanesAt(layout, at, columns - 100);
      expect(looked.reads).toBeLessThanOrEqual(250);
      drawn.push(segments.length + arrows.length + marks.length);
    }
    // A hundred columns have at most so many of each.
    expect(Math.max(...drawn)).toBeLessThanOrEqual(3 * 100 + 2 * 31 + 2 * 100);
    expect(Math.min(...drawn.slice(0, -2))).toBeGreaterThan(100);
  });

  test("has the same states, in whatever order they are asked for", async () => {
    const { entries } = await record(crowd(12, 12));
    const history = new History(entries);
    const plain = (world: unknown): unknown => JSON.parse(JSON.stringify(world, maps));
    // Forward and back, in large steps.
    for (let i = 0, at = 0; i < 60; i++, at = (at + 311) % (entries.length + 1)) {
      expect(plain(history.at(at)), `position ${at}`).toEqual(plain(worldAt(entries, at)));
    }
  });
});

describe("the world", () => {
  test("is the same at a position, whichever way one came there", async () => {
    const { entries } = await record(pool, 5);
    const plain = (position: number): unknown => JSON.parse(JSON.stringify(worldAt(entries, position), maps));
    const forward = entries.map((_, at) => plain(at));
    for (let at = entries.length - 1; at >= 0; at--) expect(plain(at)).toEqual(forward[at]);
  });

  test("has in each channel what was sent and not received", async () => {
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      const { entries } = await record(pool, seed);
      for (const [at, { kind, on, detail, peer, value }] of entries.entries()) {
        const jobs = worldAt(entries, at).channels.get("ch1");
        // One that waits to send is served a moment before the value in front of it is taken.
        expect(jobs?.buffer.length ?? 0).toBeLessThanOrEqual(2);
        if (kind === "receive" && on === "ch1" && detail !== "closed" && peer === 0)
          expect(jobs?.buffer[0]).toBe(value);
      }
      const end = worldAt(entries, entries.length);
      expect([...end.goroutines.values()].map(({ state }) => state)).toEqual(["ended", "ended", "ended"]);
      expect(end.channels.get("ch1")).toMatchObject({ buffer: [], senders: [], receivers: [], closed: true });
      expect(end.printed.map(({ text }) => text.slice(1)).sort()).toEqual(["0", "1", "2"]);
    }
  });

  test("knows who holds a lock and who waits for it", async () => {
    const { entries, outcome } = await failing(philosophers);
    expect(outcome?.kind).toBe("deadlock");
    const world = worldAt(entries, entries.length);
    const locks = [...world.syncs.values()].filter(({ kind }) => kind === "Mutex");
    expect(locks.map(({ holders, waiting }) => [holders.length, waiting.length])).toEqual([
      [1, 1],
      [1, 1],
    ]);
    expect(world.syncs.get("WaitGroup1")).toMatchObject({ count: 2, waiting: [1] });
  });

  test("has contexts with their deadlines and causes; a cancel sweeps the tree", async () => {
    const { entries } = await record(tree);
    const cancels = entries.findIndex(({ kind }) => kind === "cancel");
    const before = [...worldAt(entries, cancels).contexts.values()];
    expect(before.map(({ deadline, ended }) => [deadline, ended])).toEqual([
      [undefined, false],
      [50, false],
      [undefined, false],
    ]);
    const after = [...worldAt(entries, entries.length).contexts.values()];
    expect(after.map(({ cause }) => cause)).toEqual([
      undefined,
      "context deadline exceeded",
      "context deadline exceeded",
    ]);
  });
});

describe("who waits for whom", () => {
  test("is a circle in a deadlock of locks", async () => {
    const { entries } = await failing(philosophers);
    const { circle, edges } = waitsAtEnd(entries);
    expect(new Set(circle)).toEqual(new Set([2, 3]));
    expect(edges.filter(({ from }) => from === 1).map(({ to }) => to)).not.toEqual([-1]);
  });

  test("is a circle where buffered channels are locks", async () => {
    const forks = `
import { chan, go, main, type Chan } from "gocsp";
main(async () => {
  const [a, b, done] = [chan<number>(1), chan<number>(1), chan<void>()];
  await a.send(1);
  await b.send(2);
  const eat = async (first: Chan<number>, second: Chan<number>) => {
    await first.receive();
    await second.receive();
    await second.send(2);
    await first.send(1);
    await done.send();
  };
  go(eat, a, b);
  go(eat, b, a);
  await done.receive();
  await done.receive();
});
`;
    const { entries } = await failing(forks);
    const { circle } = waitsAtEnd(entries);
    expect(new Set(circle)).toEqual(new Set([2, 3]));
  });

  test("is no circle where one of them can be let go on by somebody who runs", async () => {
    const { entries, outcome } = await record(crowd(6, 4));
    expect(outcome?.kind).toBe("returned");
    const users = usersOf(entries);
    let waiting = 0;
    for (let at = 0; at <= entries.length; at++) {
      const { circle, edges } = waitsAt(users, worldAt(entries, at));
      expect(circle, `position ${at}`).toEqual([]);
      waiting = Math.max(waiting, edges.length);
    }
    expect(waiting).toBeGreaterThan(6);
  });

  test("is nobody for the reader of a channel that no one sends on", async () => {
    const { entries } = await record('import { chan, main } from "gocsp";\nmain(() => chan().receive());');
    expect(waitsAtEnd(entries).edges).toEqual([{ from: 1, to: -1, on: "ch1", why: "chan receive" }]);
  });
});

describe("lanes", () => {
  test("cover each goroutine's time without gaps or overlaps, in the states of the world", async () => {
    for (const seed of [1, 2, 3]) {
      const { entries } = await record(pool, seed);
      const { segments, goroutines } = wholeLanes(entries);
      for (const goroutine of goroutines) {
        const own = segments.filter((one) => one.goroutine === goroutine).toSorted((a, b) => a.from - b.from);
        for (const [i, segment] of own.entries()) {
          expect(segment.to).toBeGreaterThan(segment.from);
          if (i > 0) expect(segment.from).toBe(own[i - 1]?.to);
        }
      }
    }
  });

  test("have an arrow for each value, from its sender to its receiver", async () => {
    for (const seed of [1, 2, 3, 4]) {
      const { entries } = await record(pool, seed);
      const { arrows } = wholeLanes(entries);
      const jobs = arrows.filter(({ kind, on }) => kind === "message" && on === "ch1");
      expect(jobs.map(({ from, value }) => `${from}: ${value}`).toSorted()).toEqual(["1: 0", "1: 1", "1: 2"]);
      for (const { fromColumn, toColumn } of jobs) expect(toColumn).toBeGreaterThanOrEqual(fromColumn);
    }
  });

  test.each([
    ["main", 1, 'main(async () => {\n  await gosched();\n  throw new Error("no");\n});'],
    ["another goroutine", 2, 'main(async () => {\n  go(() => { throw new Error("no"); });\n  await gosched();\n});'],
  ])("show the panic of %s at their end", async (_, goroutine, text) => {
    const { entries } = await record(`import { go, gosched, main } from "gocsp"; ${text}`);
    const { segments, marks, columns } = wholeLanes(entries);
    expect(segments.filter(({ state }) => state === "panicked")).toMatchObject([{ goroutine, to: columns }]);
    expect(marks.at(-1)).toMatchObject({ goroutine, kind: "panic", column: columns - 1 });
    expect(entries.at(-1)?.sentence).toBe(`goroutine ${goroutine} panics: Error: no`);
    expect(worldAt(entries, entries.length).goroutines.get(goroutine)?.state).toBe("panicked");
  });

  test("of the beginning of a run are the beginning of its lanes", async () => {
    const { entries } = await record(pool, 2);
    const whole = wholeLanes(entries);
    for (let at = 0; at <= entries.length; at++) {
      const { marks, arrows } = wholeLanes(entries.slice(0, at));
      expect(marks).toEqual(whole.marks.slice(0, marks.length));
      expect(arrows).toEqual(whole.arrows.slice(0, arrows.length));
    }
  });

  test("at a position are those of a run that has ended there", async () => {
    const runs = [await failing(philosophers)];
    for (const source of [pool, tree, crowd(6, 4)]) runs.push(await record(source));
    for (const { entries } of runs) {
      const layout = layOut(entries);
      for (let at = 0; at <= entries.length; at++) {
        expect(lanesAt(layout, at), `position ${at}`).toEqual(wholeLanes(entries.slice(0, at)));
      }
    }
  });

  test("in a window are those of the run that reach into it", async () => {
    const { entries } = await record(crowd(6, 4));
    const layout = layOut(entries);
    for (let at = 0; at <= entries.length; at += 7) {
      const whole = lanesAt(layout, at);
      for (const first of [0, 1, Math.floor(whole.columns / 2), whole.columns]) {
        expect(lanesAt(layout, at, first)).toEqual({
          ...whole,
          segments: whole.segments.filter(({ to }) => to > first),
          arrows: whole.arrows.filter(({ toColumn }) => toColumn >= first),
          marks: whole.marks.filter(({ column }) => column >= first),
        });
      }
    }
  });

  test("have a position for each column", async () => {
    const { entries } = await record(pool, 2);
    const layout = layOut(entries);
    const { columns } = lanesAt(layout, entries.length);
    for (let column = 0; column < columns; column++) {
      expect(layout.columns[positionOf(layout, column)]).toBe(column + 1);
    }
    expect(positionOf(layout, columns)).toBe(entries.length);
  });

  test("stepping forward to the end and back to the start passes the same positions", async () => {
    const { entries } = await record(pool, 2);
    const forward = [0];
    while ((forward.at(-1) as number) < entries.length) forward.push(nextPosition(entries, forward.at(-1) as number));
    const columns = columnsOf(entries);
    const back = [forward.at(-1) as number];
    while ((back.at(-1) as number) > 0) back.push(previousPosition(entries, back.at(-1) as number));
    const seen = (positions: readonly number[]): number[] => [...new Set(positions.map((at) => columns[at] as number))];
    expect(seen(back).toReversed()).toEqual(seen(forward));
  });

  test("mark the steps that a failing schedule turns on", async () => {
    const { entries } = await failing(philosophers);
    expect(decisive(entries).length).toBeGreaterThan(0);
    for (const at of decisive(entries)) expect(entries[at]).toMatchObject({ kind: "step", detail: "left" });
  });
});

test("names are those of the program's variables and functions", () => {
  const source =
    "const jobs = chan<number>();\nconst [ctx, cancel] = context.withCancel(context.background());\ngo(worker, jobs);\nawait ctx.done();";
  const entry = { time: 0, goroutine: 1, peer: 0, detail: "", cases: undefined, sentence: "", value: undefined };
  const entries = [
    { ...entry, kind: "make", on: "ch1", line: 1 },
    { ...entry, kind: "derive", on: "ctx1", value: "ctx2", line: 2 },
    { ...entry, kind: "go", on: "", peer: 2, line: 3 },
    { ...entry, kind: "make", on: "ch2", line: 4 },
  ];
  const names = namesOf(entries, source);
  expect(["ch1", "ctx1", "ctx2", "ch2"].map(names.of)).toEqual(["jobs", "ctx", "background", "ctx.done()"]);
  expect([0, 1, 2].map(names.goroutine)).toEqual(["the clock", "1 main", "2 worker"]);
  expect(
    told(
      "goroutine 2 sends 1 on ch1 to goroutine 1",
      { ...entry, goroutine: 2, kind: "send", on: "ch1", line: 0 },
      names,
    ),
  ).toBe("goroutine 2 worker sends 1 on jobs to goroutine 1 main");
});

test("lines of Go and TypeScript that say the same are matched, in order", () => {
  const pairs = align(
    "func main() {\n\tjobs := make(chan int)\n\n\tgo worker(jobs)\n}",
    "main(async () => {\n  const jobs = chan<number>();\n  go(worker, jobs);\n});",
  );
  expect(pairs).toEqual([
    [1, 1],
    [2, 2],
    [4, 3],
  ]);
});

test("a level is reached by the end that it asks for", async () => {
  const recording = await failing(philosophers);
  expect(reachedBy({ kind: "deadlock" }, recording)).toBe(true);
  expect(reachedBy({ kind: "deadlock", says: "sync.Mutex.Lock" }, recording)).toBe(true);
  expect(reachedBy({ kind: "panic" }, recording)).toBe(false);
  expect(reachedBy({ kind: "deadlock", prints: "eaten" }, recording)).toBe(false);
});

test("values are printed as Node prints them", async () => {
  const { formatWithOptions } = await import("node:util");
  const values: unknown[][] = [
    ["a", 1, true, null, undefined, -0, 12n],
    [{ a: 1, b: "x", c: [1, 2] }],
    [[]],
    [{}],
    [new Map([["a", 1]]), new Set([1])],
    ["%d of %s: %j", 1, "two", { three: 3 }, "rest"],
    ["100%", 1],
    [{ a: { b: { c: { d: 1 } } } }],
    ["it's", ["it's"]],
  ];
  for (const one of values) expect(line(one)).toBe(formatWithOptions({ breakLength: 76, compact: 3 }, ...one));
  expect(inspect(new Error("no"))).toContain("Error: no");
});

function maps(_: string, value: unknown): unknown {
  return value instanceof Map ? [...value] : value;
}
