import { formatWithOptions, inspect } from "node:util";
import { type Context, context } from "gocsp";
import * as signal from "gocsp/signal";
import { afterEach, describe, expect, test, vi } from "vitest";
import { Embedding, expectNothingLeft, Registering } from "./contexts.ts";

expectNothingLeft();

const background = context.background();

afterEach(() => {
  vi.restoreAllMocks();
});

describe("derived contexts", () => {
  test("they print their parent's string and how they were derived [X44]", () => {
    const [first, cancel1] = context.withCancel(background);
    const [second, cancel2] = context.withCancelCause(context.todo());
    expect(String(first)).toBe("context.Background.WithCancel");
    expect(String(second)).toBe("context.TODO.WithCancel");
    expect(String(context.withoutCancel(first))).toBe("context.Background.WithCancel.WithoutCancel");
    expect(String(context.withValue(first, "k", "v"))).toBe("context.Background.WithCancel.WithValue(k, v)");
    expect(String(context.withoutCancel(context.withValue(background, "k", "v")))).toBe(
      "context.Background.WithValue(k, v).WithoutCancel",
    );
    cancel1();
    cancel2();
  });

  test("a deadline prints with the time that is left, which goes negative [X44]", async () => {
    // Fake timers, not a bubble: the texts have dates, which fake time can choose.
    vi.useFakeTimers({ now: Date.UTC(2026, 0, 2, 3, 4, 5, 678) });
    const [ctx, cancel] = context.withTimeout(background, 90_000);
    expect(String(ctx)).toBe("context.Background.WithDeadline(2026-01-02T03:05:35.678Z [1m30s])");
    await vi.advanceTimersByTimeAsync(89_850);
    expect(String(ctx)).toBe("context.Background.WithDeadline(2026-01-02T03:05:35.678Z [150ms])");
    await vi.advanceTimersByTimeAsync(1650);
    expect(String(ctx)).toBe("context.Background.WithDeadline(2026-01-02T03:05:35.678Z [-1.5s])");
    cancel();
  });

  test("withDeadline prints like withTimeout, and the end changes nothing [X44]", () => {
    vi.useFakeTimers({ now: 0 });
    const [ctx, cancel] = context.withDeadline(background, new Date(1000));
    cancel();
    expect(String(ctx)).toBe("context.Background.WithDeadline(1970-01-01T00:00:01.000Z [1s])");
  });

  test("a context bridged from a signal prints as withCancel [X44]", () => {
    const [ctx, cancel] = context.fromSignal(background, new AbortController().signal);
    expect(String(ctx)).toBe("context.Background.WithCancel");
    cancel();
  });
});

describe("logs and JSON", () => {
  test("they show a context as its string, not the tree and the values in it [X44]", () => {
    const [parent, cancel] = context.withCancel(context.withValue(background, context.key("user"), { secret: 1 }));
    const [child, cancelChild] = context.withCancel(parent);
    context.withCancel(parent);
    for (const ctx of [background, parent, child, context.withoutCancel(child)]) {
      expect(inspect(ctx)).toBe(String(ctx));
      expect(JSON.stringify({ ctx })).toBe(JSON.stringify({ ctx: String(ctx) }));
    }
    expect([inspect(context.key("user")), JSON.stringify([context.key("user")])]).toEqual(["user", '["user"]']);
    cancelChild();
    cancel();
  });
});

describe("printing without String()", () => {
  class Token {
    toString(): string {
      return "hunter2";
    }
  }
  const loggers: [name: string, log: (value: unknown) => string][] = [
    ["console.log", (value) => formatWithOptions({ depth: Infinity, showHidden: true }, value)],
    ["JSON.stringify", (value) => JSON.stringify(value)],
    ["a logger that takes objects", (value) => formatWithOptions({ depth: Infinity }, "%o %O %j", value, value, value)],
  ];

  test.each(loggers)("%s shows the types of values only [X70]", (_, log) => {
    for (const value of ["hunter2", new Token(), Symbol("hunter2"), { password: "hunter2" }, ["hunter2"]]) {
      const bound = context.withValue(background, context.key("password"), value);
      const [child, cancel] = context.withCancel(context.withValue(bound, "user", 7));
      const [timed, cancelTimed] = context.withTimeout(context.withoutCancel(child), 60_000);
      const [notified, stop] = signal.notifyContext(bound, "SIGUSR2");
      for (const ctx of [bound, child, timed, notified, context.withCancel(notified)[0]]) {
        const text = log({ ctx, nested: [ctx] });
        expect(text).not.toContain("hunter2");
        expect(text).toContain("WithValue(password, ");
      }
      for (const end of [cancel, cancelTimed, stop]) end();
    }
    expect(log(context.withValue(background, "k", "v"))).toContain("context.Background.WithValue(k, string)");
  });
});

describe("keys and values", () => {
  class Account {
    readonly secret = "hunter2";
  }
  class Named {
    toString(): string {
      return "a name";
    }
  }
  class Quiet extends Error {}
  class Loud extends Error {
    override toString(): string {
      return "loud";
    }
  }
  const anonymous = new (class extends Account {})();
  const unprintable: unknown = Object.create(Object.create(null) as object);

  test.each<[kind: string, value: unknown, text: string]>([
    ["a string", "text", "text"],
    ["the empty string", "", ""],
    ["nothing", undefined, "<nil>"],
    ["null", null, "<nil>"],
    ["a number", 42, "number"],
    ["a bigint", 42n, "bigint"],
    ["a boolean", true, "boolean"],
    ["a symbol", Symbol("secret"), "symbol"],
    ["a function", () => "secret", "function"],
    ["a plain object", { secret: 1 }, "Object"],
    ["an object without a prototype", Object.create(null), "Object"],
    ["an object whose prototype has none", unprintable, "Object"],
    ["an array", ["secret"], "Array"],
    ["bytes", new Uint8Array([1, 2]), "Uint8Array"],
    ["a map", new Map([["secret", 1]]), "Map"],
    ["a date", new Date(0), "Date"],
    ["a promise", Promise.resolve("secret"), "Promise"],
    ["an instance", new Account(), "Account"],
    ["an instance of a class without a name", anonymous, "Object"],
    ["an instance with a string of its own", new Named(), "a name"],
    ["an error", new Error("secret"), "Error"],
    ["an engine's error", new TypeError("secret"), "TypeError"],
    ["an error of a user's class", new Quiet("secret"), "Quiet"],
    ["an error with a string of its own", new Loud("secret"), "loud"],
    ["a DOMException", new DOMException("secret", "AbortError"), "DOMException"],
    ["a typed key", context.key("user"), "user"],
  ])("%s prints by its own string or as its type [X45]", (_, value, text) => {
    expect(String(context.withValue(background, "k", value))).toBe(`context.Background.WithValue(k, ${text})`);
    if (value === undefined || value === null) return;
    expect(String(context.withValue(background, value, 1))).toBe(`context.Background.WithValue(${text}, number)`);
  });
});

describe("users' contexts", () => {
  test("one without a string of its own prints as its class [X46]", () => {
    const [ctx, cancel] = context.withCancel(new Embedding(background));
    expect(String(ctx)).toBe("Embedding.WithCancel");
    cancel();
  });

  test("one with a string prints as that [X46]", () => {
    class Shown extends Embedding {
      override toString(): string {
        return `shown over ${String(this.inner)}`;
      }
    }
    const ctx = context.withoutCancel(new Shown(background));
    expect(String(ctx)).toBe("shown over context.Background.WithoutCancel");
  });

  test("one with a method afterFunc prints like any other [X46]", () => {
    const [ctx, cancel] = context.withCancel(new Registering(background));
    expect(String(ctx)).toBe("Registering.WithCancel");
    cancel();
  });

  test("an object literal prints as Object [X46]", () => {
    const literal: Context = {
      deadline: () => undefined,
      done: () => background.done(),
      err: () => undefined,
      value: () => undefined,
    };
    expect(String(context.withValue(literal, "k", 1))).toBe("Object.WithValue(k, number)");
  });
});
