// For how long the places where goroutines wait are known without keeping alive what the program has dropped.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Site } from "../../src/runtime/sites.ts";
import { endPlay, reload } from "./hosts.ts";

/** The objects that are referenced weakly, in this order. */
let weak: unknown[] = [];
let now = 0;

beforeEach(() => {
  weak = [];
  now = 1000;
  const Recorded = class {
    readonly #target: unknown;
    constructor(target: unknown) {
      weak.push(target);
      this.#target = target;
    }
    deref(): unknown {
      return collected.has(this.#target) ? undefined : this.#target;
    }
  };
  vi.stubGlobal("WeakRef", Recorded);
  vi.stubGlobal("performance", Object.assign(Object.create(performance), { now: () => now }));
});
afterEach(async () => {
  collected.clear();
  await endPlay();
});

/** What the collector has taken. */
const collected = new Set<unknown>();

const load = () =>
  reload(async () => {
    const [sites, waiters, { program }, { oneThread }] = await Promise.all([
      import("../../src/runtime/sites.ts"),
      import("../../src/runtime/waiter.ts"),
      import("../../src/runtime/program.ts"),
      import("../../src/runtime/symbols.ts"),
    ]);
    /** A site with one queue, on which a goroutine waits. */
    class Place implements Site {
      thread = oneThread;
      readonly queue = new waiters.WaitQueue();
      readonly rooted: boolean;
      constructor(waiting = true, rooted = false) {
        this.rooted = rooted;
        if (waiting) this.queue.push(new waiters.Waiter(waiters.asValue, undefined, undefined));
      }
      isRooted(): boolean {
        return this.rooted;
      }
      queues(): ReturnType<Site["queues"]> {
        return [
          [undefined, "chan send"],
          [this.queue, "chan receive"],
        ];
      }
      leave(): void {
        const { first } = this.queue;
        if (first !== undefined) this.queue.remove(first);
      }
      get tracked(): boolean {
        return this.thread !== oneThread;
      }
    }
    const track = (...tracked: Place[]): void => {
      for (const site of tracked) sites.track(site);
    };
    const parked = (): number => {
      let count = 0;
      sites.forEachParked(() => count++);
      return count;
    };
    return { ...sites, ...waiters, program, Place, track, parked };
  });

const { setImmediate } = globalThis;
async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
}

test("a site that is idle at the end of its turn is not tracked any more", async () => {
  const { Place, track } = await load();
  const [idle, waiting] = [new Place(), new Place()];
  track(idle, waiting);
  expect([idle.tracked, waiting.tracked]).toEqual([true, true]);
  expect(idle.thread.description).toBe(new Place().thread.description);
  idle.leave();
  await turns(1);
  expect([idle.tracked, waiting.tracked, weak]).toEqual([false, true, []]);
});

test("a site with a waiter is referenced strongly for some turns, then weakly, once", async () => {
  const { Place, track, parked } = await load();
  const site = new Place();
  track(site, site);
  await turns(1);
  expect(weak).toEqual([]);
  await turns(1);
  expect(weak).toEqual([]);
  await turns(4);
  expect(weak).toEqual([site]);
  expect(parked()).toBe(1);
  collected.add(site);
  expect(parked()).toBe(0);
});

test("a site that its waiter leaves meanwhile is not referenced any more", async () => {
  const { Place, track, parked } = await load();
  const site = new Place();
  track(site);
  await turns(1);
  site.leave();
  await turns(4);
  expect([weak, site.tracked, parked()]).toEqual([[], false, 0]);
});

test("while main runs, a site is referenced strongly for five seconds [G18]", async () => {
  const { Place, track, program } = await load();
  program.main = "running";
  const [early, later] = [new Place(), new Place()];
  track(early);
  await turns(1);
  now += 10;
  track(later);
  await turns(8);
  now += 4989;
  await turns(3);
  expect(weak).toEqual([]);
  now += 1;
  await turns(3);
  expect(weak).toEqual([early]);
  now += 10;
  await turns(3);
  expect(weak).toEqual([early, later]);
});

test("a site that is reachable anyway is referenced weakly at once", async () => {
  const { Place, track } = await load();
  const [rooted, other] = [new Place(true, true), new Place()];
  track(rooted, other);
  await turns(1);
  expect(weak).toEqual([rooted]);
});

test("no more than a hundred sites are referenced strongly, and idle ones make room", async () => {
  const { Place, track, parked, program } = await load();
  program.main = "running";
  const first = Array.from({ length: 102 }, () => new Place());
  track(...first);
  await turns(1);
  expect(weak).toEqual(first.slice(100));
  first[0]?.leave();
  const second = [new Place(), new Place()];
  track(...second);
  await turns(1);
  expect(weak).toEqual([...first.slice(100), second[1]]);
  expect([first[0]?.tracked, parked()]).toEqual([false, 103]);
});

test("of very many sites that are referenced weakly the idle ones are forgotten now and then", async () => {
  const { Place, track, parked } = await load();
  const many = (count: number) => Array.from({ length: count }, () => new Place(true, true));
  const first = many(1023);
  track(...first);
  await turns(1);
  for (const site of first.slice(0, 1000)) site.leave();
  collected.add(first[1022]);
  expect(first.filter(({ tracked }) => tracked).length).toBe(1023);
  const next = many(1);
  track(...next);
  await turns(1);
  expect(first.filter(({ tracked }) => tracked).length).toBe(23);
  expect(parked()).toBe(23);
  // The next time comes when there are twice as many as were left the last time.
  const more = many(1100);
  track(...more);
  await turns(1);
  for (const site of more) site.leave();
  track(...many(1122));
  await turns(1);
  expect(more.filter(({ tracked }) => tracked).length).toBe(1100);
  track(...many(1));
  await turns(1);
  expect(more.filter(({ tracked }) => tracked).length).toBe(0);
});

test("each parked operation is visited once, with its state; callbacks of the library are none", async () => {
  const { Place, track, forEachParked, isAnyoneParked, Waiter, asCall, asValue } = await load();
  const site = new Place(false);
  const group = { state: "select" as const, resume: () => undefined, serve: () => undefined, fail: () => undefined };
  const single = new Waiter(asValue, undefined, undefined);
  site.queue.push(new Waiter(asCall, undefined, undefined));
  track(site);
  expect(isAnyoneParked()).toBe(false);
  site.queue.push(single);
  site.queue.push(new Waiter(asValue, undefined, group));
  const visited: unknown[] = [];
  forEachParked((parked, state) => visited.push([parked === single ? "single" : parked === group && "group", state]));
  expect(visited).toEqual([
    ["single", "chan receive"],
    ["group", "select"],
  ]);
  expect(isAnyoneParked()).toBe(true);
});

test("nothing is tracked where the host does not tell when its event loop runs dry", async () => {
  vi.stubGlobal("process", { exit: () => undefined });
  const { Place, track, parked } = await load();
  vi.stubGlobal("process", process);
  const site = new Place();
  track(site);
  expect(parked()).toBe(0);
});
