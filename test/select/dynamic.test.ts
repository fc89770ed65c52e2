import { runInNewContext } from "node:vm";
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

test("no cases: it never returns [S24]", async () => {
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
  const proto = "the cases must be a plain object, got one with a prototype";
  const wrong: [name: string, cases: object, message: string][] = [
    ["a default with a channel", { default: ch }, 'select: "default" must be true or false, got Channel'],
    ["a default with a send", { default: send(ch, 1) }, 'select: "default" must be true or false, got SendCase'],
    ["a number", { a: 42 }, 'select: case "a" must be a channel, a send or nothing, got 42'],
    ["true", { a: true }, 'select: case "a" must be a channel, a send or nothing, got true'],
    ["a promise", { a: Promise.resolve() }, 'select: case "a" must be a channel, a send or nothing, got Promise'],
    ["a function", { a: () => ch }, 'select: case "a" must be a channel, a send or nothing, got function a'],
    ["an object that inherits no names", Object.create({}), `select: ${proto}`],
    ["null", null as never, "select: the cases must be a plain object, got null"],
    ["undefined", undefined as never, "select: the cases must be a plain object, got undefined"],
    ["a channel", ch, "select: the cases must be a plain object, got Channel"],
    ["the nil channel", nilChan(), "select: the cases must be a plain object, got NilChannel"],
    ["a send", send(ch, 1), "select: the cases must be a plain object, got SendCase"],
    ["a Map", new Map([["ch", ch]]), "select: the cases must be a plain object, got Map"],
    ["a promise of cases", Promise.resolve({ ch }), "select: the cases must be a plain object, got Promise"],
    ["a function that makes cases", () => ({ ch }), "select: the cases must be a plain object, got function"],
    ["a text", "ch" as never, 'select: the cases must be a plain object, got "ch"'],
    ["a list", [ch], "select: the cases must be a plain object, got an array: use selectList"],
    ["an iterator", [ch].values(), `select: ${proto}`],
    [
      "an object of a class",
      new (class Cases {
        ch = ch;
      })(),
      "select: the cases must be a plain object, got Cases",
    ],
    ["a reusable select", selector({ ch }), "select: the cases must be a plain object, got ReusableSelect"],
    ["a literal case called __proto__", { __proto__: ch }, `select: ${proto}`],
    ["a literal send called __proto__", { a: ch, __proto__: send(ch, 1) }, `select: ${proto}`],
    [
      "cases that inherit from bare ones",
      Object.create(Object.assign(Object.create(null), { ch })),
      `select: ${proto}`,
    ],
    ["a look-alike", { a: { send: () => 1 } }, 'select: case "a" must be a channel, a send or nothing, got Object'],
  ];

  test.each(wrong)("%s [S24]", async (_, cases, message) => {
    await expect(select(cases as { a: null })).rejects.toThrow(new TypeError(message));
    const ofSelector = message.replace("select: the cases", "selector: the cases");
    expect(() => selector(cases as { a: null })).toThrow(new TypeError(ofSelector));
  });

  test("a send on a value that is not a channel [S24]", () => {
    const untyped = send as (...args: unknown[]) => unknown;
    expect(() => untyped(42, 1)).toThrow(new TypeError("send: 42 is not a channel"));
    expect(() => untyped({}, 1)).toThrow(TypeError);
  });

  test("names that every object has inherited are ordinary names [S24]", async () => {
    const [constructor, toString] = [chan<number>(1), chan<number>(1)];
    toString.trySend(7);
    expect(await select({ constructor, toString })).toEqual({ case: "toString", value: 7, ok: true });
  });

  test("a case may be called __proto__ if that is written as a name [S24]", async () => {
    const named = chan<number>(1);
    named.trySend(7);
    expect(await select({ a: ch, ["__proto__"]: named })).toEqual({ case: "__proto__", value: 7, ok: true });
  });

  test("cases may be inherited from other cases [S24]", async () => {
    const inherited = chan<number>(1);
    inherited.trySend(7);
    const cases = Object.create({ inherited }) as { ch: Chan<number>; inherited: Chan<number> };
    cases.ch = ch;
    expect(await select(cases)).toEqual({ case: "inherited", value: 7, ok: true });
  });

  test("objects without a prototype and of another realm are objects of cases [S24]", async () => {
    for (const cases of [Object.create(null), runInNewContext("({})")] as { ready?: Chan<number> }[]) {
      cases.ready = chan<number>(1);
      cases.ready.trySend(1);
      expect((await select(cases as { ready: Chan<number> })).case).toBe("ready");
      cases.ready.trySend(2);
      expect((await selector(cases as { ready: Chan<number> }).select()).case).toBe("ready");
    }
    await expect(select(runInNewContext("new Map()") as {})).rejects.toThrow("got Map");
  });

  test("a name that a program has added to Object.prototype is not a case [S24]", async () => {
    const polluted = Object.prototype as Record<string, unknown>;
    const own = chan<number>();
    polluted["default"] = true;
    polluted["other"] = ch;
    polluted["wrong"] = 42;
    try {
      const selecting = follow(select({ own }));
      const turn = selector({ own });
      expect(turn.trySelect()).toBeUndefined();
      await settle();
      expect(selecting.state).toBe("waits");
      expect(ch.trySend(1)).toBe(false);
      expect(own.trySend(1)).toBe(true);
      await settle();
      expect(selecting.value).toMatchObject({ case: "own", value: 1 });
      expect(() => turn.set("other" as "own", null)).toThrow('there is no case "other"');
    } finally {
      for (const name of ["default", "other", "wrong"]) delete polluted[name];
    }
  });

  test("a wrong case rejects, it does not throw where select is called [S24]", async () => {
    const selecting = follow(select({ a: 42 as never }));
    await settle();
    expect(selecting.state).toBe("threw");
    expect(ch.trySend(1)).toBe(false);
  });
});
