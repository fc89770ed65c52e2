import { chan, type Chan, nilChan, select, send } from "gocsp";
import { selector } from "gocsp/select";
import { describe, expect, test } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { follow } from "../support/outcome.ts";
import { settle } from "../support/settle.ts";

expectNoGoroutinesLeft();

// Go's reflect.Select takes a list of cases that is made at run time. Here the object of cases is.
describe.each([0, 1, 16])("capacity %i", (capacity) => {
  test("the cases may be made at run time; the result tells which was chosen [S24]", async () => {
    const chans = Array.from({ length: 50 }, () => chan<number>(capacity));
    for (const [i, ch] of chans.entries()) {
      const selecting = select(Object.fromEntries(chans.map((each, index) => [`case ${index}`, each])));
      ch.trySend(i);
      expect(await selecting).toEqual({ case: `case ${i}`, value: i, ok: true });
    }
  });

  test("a list of channels is an object of cases too: its names are the indexes [S24]", async () => {
    const chans = [chan<number>(capacity), chan<number>(capacity), null, chan<number>(capacity)];
    const selecting = select(Object.fromEntries(Object.entries(chans)));
    chans[3]?.trySend(7);
    expect(await selecting).toEqual({ case: "3", value: 7, ok: true });
  });

  test("nil channels among them are ignored [S24]", async () => {
    const ch = chan<number>(capacity);
    const cases: Record<string, Chan<number> | null> = { a: null, b: nilChan(), c: ch };
    const selecting = select(cases);
    ch.trySend(1);
    expect((await selecting).case).toBe("c");
  });
});

test("no cases: it waits for ever [S24]", async () => {
  const waiting = [follow(select(Object.fromEntries([]))), follow(selector({}).select())];
  await settle();
  expect(waiting.map(({ state }) => state)).toEqual(["waits", "waits"]);
});

test("there is no limit to the number of cases [S24]", async () => {
  const count = 70_000;
  const chans = Array.from({ length: count }, () => chan<number>());
  const cases = Object.fromEntries(chans.map((ch, i) => [`c${i}`, ch]));
  const selecting = select(cases);
  expect(chans[count - 1]?.trySend(7)).toBe(true);
  expect(await selecting).toEqual({ case: `c${count - 1}`, value: 7, ok: true });
  expect(chans.every((ch) => !ch.trySend(0))).toBe(true);
});

describe("refused with the name of the case", () => {
  const ch = chan<number>();
  const wrong: [name: string, cases: object, message: string][] = [
    ["a default with a channel", { default: ch }, 'select: "default" must be true or false, got Channel'],
    ["a default with a send", { default: send(ch, 1) }, 'select: "default" must be true or false, got SendCase'],
    ["a number", { a: 42 }, 'select: case "a" must be a channel, a send or nothing, got 42'],
    ["true", { a: true }, 'select: case "a" must be a channel, a send or nothing, got true'],
    ["a promise", { a: Promise.resolve() }, 'select: case "a" must be a channel, a send or nothing, got Promise'],
    ["a function", { a: () => ch }, 'select: case "a" must be a channel, a send or nothing, got function a'],
    ["a look-alike", { a: { send: () => 1 } }, 'select: case "a" must be a channel, a send or nothing, got Object'],
  ];

  test.each(wrong)("%s [S24]", async (_, cases, message) => {
    await expect(select(cases as { a: null })).rejects.toThrow(new TypeError(message));
    expect(() => selector(cases as { a: null })).toThrow(TypeError);
  });

  test("a send on what is no channel [S24]", () => {
    const untyped = send as (...args: unknown[]) => unknown;
    expect(() => untyped(42, 1)).toThrow(new TypeError("send: 42 is not a channel"));
    expect(() => untyped({}, 1)).toThrow(TypeError);
  });

  test("names that every object has inherited are ordinary names [S24]", async () => {
    const [constructor, toString] = [chan<number>(1), chan<number>(1)];
    toString.trySend(7);
    expect(await select({ constructor, toString })).toEqual({ case: "toString", value: 7, ok: true });
  });

  test("a wrong case rejects, it does not throw where select is called [S24]", async () => {
    const selecting = follow(select({ a: 42 as never }));
    await settle();
    expect(selecting.state).toBe("threw");
    expect(ch.trySend(1)).toBe(false);
  });
});
