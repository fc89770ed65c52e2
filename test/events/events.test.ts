import { chan, context, go, time } from "gocsp";
import * as events from "gocsp/events";
import { EventEmitter } from "node:events";
import { PassThrough } from "node:stream";
import { describe, expect, test } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { settle } from "../support/settle.ts";

expectNoGoroutinesLeft();

const background = context.background();

/** An emitter that can be paused, as sockets and readers of lines can. */
class Source extends EventEmitter {
  paused = false;
  pauses = 0;
  pause(): void {
    this.paused = true;
    this.pauses++;
  }
  resume(): void {
    this.paused = false;
    this.emit("resumed");
  }
}

function drain<T>(ch: { tryReceive(): { value: T | undefined; ok: boolean } | undefined }): T[] {
  const found: T[] = [];
  for (let next = ch.tryReceive(); next?.ok === true; next = ch.tryReceive()) found.push(next.value as T);
  return found;
}

describe("events.notify", () => {
  test("sends to a channel and never waits: what finds no room is dropped and counted [A1]", () => {
    const source = new EventEmitter();
    const ch = chan<number>(2);
    events.notify(ch, source, "n");
    for (let i = 0; i < 5; i++) source.emit("n", i);
    expect([drain(ch), events.dropped(ch)]).toEqual([[0, 1], 3]);
    events.stop(ch);
    expect([source.emit("n", 6), source.listenerCount("n"), ch.length]).toEqual([false, 0, 0]);
  });

  test("takes EventTargets, and refuses objects without events [A1]", () => {
    const target = new EventTarget();
    const ch = chan<Event>(1);
    events.notify(ch, target, "n");
    target.dispatchEvent(new Event("n"));
    expect(drain(ch).map(({ type }) => type)).toEqual(["n"]);
    events.stop(ch);
    expect(() => events.notify(ch, {} as never, "n")).toThrow("events.notify: Object tells of no events");
    expect(() => events.notify({} as never, target, "n")).toThrow("events.notify: Object is no channel");
  });
});

describe("events.receive", () => {
  test.for([
    ["dropNewest", [0, 1, 2], 7],
    ["dropOldest", [7, 8, 9], 7],
    ["error", [0, 1, 2], 0],
  ] as const)("with full: %s [A2]", ([full, expected, dropped]) => {
    const source = new EventEmitter();
    const ch = events.receive<number>(background, source, "n", { capacity: 3, full });
    for (let i = 0; i < 10; i++) source.emit("n", i);
    expect([drain(ch), events.dropped(ch)]).toEqual([expected, dropped]);
    expect(events.cause(ch)?.message).toBe(full === "error" ? "events: more than 3 n events wait" : undefined);
    expect(source.listenerCount("n")).toBe(full === "error" ? 0 : 1);
    events.stop(ch);
    expect([source.listenerCount("n"), ch.tryReceive()]).toEqual([0, { value: undefined, ok: false }]);
  });

  test("with full: pause pauses the target, and loses nothing [A2]", async () => {
    const source = new Source();
    const ch = events.receive<number>(background, source, "n", { capacity: 8, full: "pause" });
    let sent = 0;
    const emit = (): void => {
      while (!source.paused && sent < 1000) source.emit("n", sent++);
      // Some events come although it was paused.
      if (sent < 1000) source.emit("n", sent++);
    };
    source.on("resumed", emit);
    emit();
    expect(sent).toBe(9);
    const got: number[] = [];
    for (let i = 0; i < 1000; i++) got.push((await ch.receive()) as number);
    expect(got).toEqual(Array.from({ length: 1000 }, (_, i) => i));
    expect([events.dropped(ch), source.pauses > 50]).toEqual([0, true]);
    events.stop(ch);
    expect(source.paused).toBe(false);
    expect(() => events.receive(background, new EventEmitter(), "n", { full: "pause" })).toThrow("cannot be paused");
  });

  test.for(["dropNewest", "dropOldest", "pause"] as const)(
    "accounts for each of 100,000 events that come faster than they are taken: %s [A3]",
    async (full) => {
      const source = new Source();
      const [ctx, cancel] = context.withCancel(background);
      const ch = events.receive<number>(ctx, source, "n", { capacity: 64, full });
      let taken = 0;
      let last = -1;
      let tookAll!: () => void;
      const all = new Promise<void>((resolve) => (tookAll = resolve));
      const over = new Promise<void>((resolve) =>
        go(async () => {
          for await (const n of ch) {
            expect(n).toBeGreaterThan(last);
            last = n;
            if (++taken === 100_000) tookAll();
          }
          resolve();
        }),
      );
      for (let n = 0; n < 100_000;) {
        for (let i = 0; i < 1000 && n < 100_000 && !source.paused; i++) source.emit("n", n++);
        await settle();
      }
      if (full === "pause") await all;
      cancel();
      await over;
      expect(taken + events.dropped(ch)).toBe(100_000);
      if (full === "pause") expect(taken).toBe(100_000);
      if (full === "dropOldest") expect(last).toBe(99_999);
    },
  );

  test("ends with its context, its end and its error, and leaves no listener [A4]", async () => {
    const source = new EventEmitter();
    const [ctx, cancel] = context.withCancel(background);
    const all = ["n", "end", "error"];
    const begin = (on = ctx) => events.receive<number>(on, source, "n", { end: "end", error: "error" });
    const byContext = begin();
    source.emit("n", 1);
    cancel();
    expect([drain(byContext), byContext.tryReceive()?.ok, events.cause(byContext)]).toEqual([[1], false, undefined]);
    const byEnd = begin(background);
    source.emit("end");
    expect([await byEnd.receiveOk(), events.cause(byEnd)]).toEqual([[undefined, false], undefined]);
    const byError = begin(background);
    source.emit("error", new Error("broken"));
    expect([(await byError.receiveOk())[1], events.cause(byError)]).toEqual([false, new Error("broken")]);
    expect(begin().tryReceive()?.ok).toBe(false);
    expect(all.map((name) => source.listenerCount(name))).toEqual([0, 0, 0]);
  });

  test("while it waits for a receiver ends with its context, too [A4]", async () => {
    const source = new Source();
    const [ctx, cancel] = context.withCancel(background);
    const ch = events.receive<number>(ctx, source, "n", { capacity: 1, full: "pause" });
    for (let i = 0; i < 3; i++) source.emit("n", i);
    await settle();
    cancel();
    await settle();
    expect([ch.tryReceive()?.ok, source.paused, source.listenerCount("n")]).toEqual([false, false, 0]);
  });

  test("makes values of all arguments with map, and takes streams [A2]", async () => {
    const source = new EventEmitter();
    const ch = events.receive(background, source, "n", { map: (a: number, b: string) => `${a}${b}` });
    source.emit("n", 1, "x");
    expect(await ch.receive()).toBe("1x");
    events.stop(ch);
    const stream = new PassThrough();
    const data = events.receive<Buffer>(background, stream, "data", { capacity: 2, full: "pause", end: "end" });
    stream.end("text");
    expect(String(await data.receive())).toBe("text");
    await time.sleep(1);
    expect((await data.receiveOk())[1]).toBe(false);
  });

  test("refuses invalid options [A2]", () => {
    const source = new EventEmitter();
    const receive = (options: object) => () => events.receive(background, source, "n", options);
    expect(receive({ capacity: -1 })).toThrow("events.receive: the capacity must be an integer of at least 0, got -1");
    expect(receive({ capacity: 0, full: "dropOldest" })).toThrow("of at least 1, got 0");
    expect(receive({ full: "wait" })).toThrow(
      'events.receive: full must be dropNewest, dropOldest, error or pause, got "wait"',
    );
    expect(() => events.receive(undefined as never, source, "n")).toThrow("events.receive: the context");
    expect(source.listenerCount("n")).toBe(0);
  });
});

describe("events that come while something ends", () => {
  const pausable = (): Source => new Source();
  const kinds = ["dropNewest", "dropOldest", "error", "pause"] as const;

  test.for(kinds)("an emitter also calls listeners that were removed meanwhile: full: %s [A4]", async (full) => {
    const source = pausable();
    const [ctx, cancel] = context.withCancel(background);
    source.on("n", cancel);
    const ch = events.receive<number>(ctx, source, "n", { full });
    source.emit("n", 1);
    expect([ch.tryReceive()?.ok, source.listenerCount("n")]).toEqual([false, 1]);
    const notified = chan<number>(1);
    const other = pausable().on("n", () => events.stop(notified));
    events.notify(notified, other, "n");
    other.emit("n", 1);
    expect([notified.length, other.listenerCount("n")]).toEqual([0, 1]);
    await settle();
  });

  test("a target may emit while listeners are added, and refuse one: none is left [A4]", () => {
    const eager = (event: string, ...values: number[]): EventEmitter => {
      const source = new EventEmitter();
      const on = source.on.bind(source);
      source.on = (name, listener) => {
        on(name, listener);
        if (name === event) for (const value of values) listener(value);
        return source;
      };
      return source;
    };
    const counts = (source: EventEmitter): number[] => ["n", "end", "error"].map((name) => source.listenerCount(name));
    const full = eager("n", 1, 2, 3);
    const ch = events.receive<number>(background, full, "n", {
      capacity: 1,
      full: "error",
      end: "end",
      error: "error",
    });
    expect([drain(ch), events.cause(ch)?.message, counts(full)]).toEqual([
      [1],
      "events: more than 1 n events wait",
      [0, 0, 0],
    ]);
    const ended = eager("end", 0);
    expect(events.receive(background, ended, "n", { end: "end", error: "error" }).tryReceive()?.ok).toBe(false);
    expect(counts(ended)).toEqual([0, 0, 0]);
    const refusing = new EventEmitter();
    const on = refusing.on.bind(refusing);
    refusing.on = (name, listener) => {
      if (name === "error") throw new Error("no such event");
      return on(name, listener);
    };
    expect(() => events.receive(background, refusing, "n", { end: "end", error: "error" })).toThrow("no such event");
    expect(counts(refusing)).toEqual([0, 0, 0]);
  });

  test("a channel may be used again and again: its count goes on, and nothing piles up [A1]", () => {
    const source = new EventEmitter();
    const ch = chan<number>(1);
    ch.trySend(0);
    for (let i = 0; i < 50_000; i++) {
      events.notify(ch, source, "n");
      source.emit("n", i);
      events.stop(ch);
    }
    expect([events.dropped(ch), source.listenerCount("n")]).toEqual([50_000, 0]);
  });

  test("asked for twice, an event comes once, as a signal does [A1]", () => {
    const [source, target] = [new EventEmitter(), new EventTarget()];
    const ch = chan<unknown>(8);
    for (let i = 0; i < 2; i++) for (const from of [source, target]) events.notify(ch, from, "n");
    events.notify(ch, source, "m");
    source.emit("n", 1);
    target.dispatchEvent(new Event("n"));
    source.emit("m", 2);
    expect([ch.length, source.listenerCount("n")]).toEqual([3, 1]);
    events.stop(ch);
    events.notify(ch, source, "n");
    source.emit("n", 3);
    expect([ch.length, source.listenerCount("n")]).toEqual([4, 1]);
    events.stop(ch);
  });

  test("what waits when the context ends is dropped, and counted; a pause that throws loses nothing [A3]", async () => {
    const source = new Source();
    const [ctx, cancel] = context.withCancel(background);
    const ch = events.receive<number>(ctx, source, "n", { capacity: 2, full: "pause" });
    for (let i = 0; i < 5; i++) source.emit("n", i);
    expect(await ch.receive()).toBe(0);
    cancel();
    await settle();
    expect([await ch.receiveOk(), events.dropped(ch)]).toEqual([[undefined, false], 4]);
    const refusing = Object.assign(new EventEmitter(), {
      pause() {
        throw new Error("cannot pause");
      },
      resume: () => undefined,
    });
    const all = events.receive<number>(background, refusing, "n", { capacity: 1, full: "pause" });
    expect(() => refusing.emit("n", 7)).toThrow("cannot pause");
    expect(await all.receive()).toBe(7);
    events.stop(all);
  });

  test("a source that does not pause may be far ahead [A3]", async () => {
    const source = Object.assign(new EventEmitter(), { pause: () => undefined, resume: () => undefined });
    const [ctx, cancel] = context.withCancel(background);
    const ch = events.receive<number>(ctx, source, "n", { capacity: 2, full: "pause" });
    for (let i = 0; i < 100_000; i++) source.emit("n", i);
    for (let i = 0; i < 100_000; i++) if ((await ch.receive()) !== i) throw new Error(`not ${i}`);
    cancel();
    await settle();
    expect([events.dropped(ch), source.listenerCount("n")]).toEqual([0, 0]);
  });
});
