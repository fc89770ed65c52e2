import { describe, expect, test } from "vitest";
import { run } from "./programs.ts";

const limit = 120_000;

describe.concurrent("a deadline that nothing waits for does not keep the process alive", () => {
  test.for<[what: string, program: string]>([
    ["an unwatched timeout", `context.withTimeout(background, time.hour);`],
    ["an unwatched deadline", `context.withDeadline(background, new Date(Date.now() + time.hour));`],
    [
      "one whose error is looked at",
      `const [ctx] = context.withTimeout(background, time.hour); ctx.err(); ctx.done();`,
    ],
    [
      "one with children of every kind",
      `
      const [ctx] = context.withTimeout(background, time.hour);
      const [child] = context.withCancel(context.withValue(ctx, "k", 1));
      context.fromSignal(child, new AbortController().signal);
      context.withTimeout(child, 2 * time.hour);`,
    ],
    [
      "one that was waited for, until it was canceled",
      `
      const [ctx, cancel] = context.withTimeout(background, time.hour);
      go(() => ctx.done().receive());
      await gosched();
      cancel();`,
    ],
    [
      "one that lost a select",
      `
      const [ctx] = context.withTimeout(background, time.hour);
      const ch = chan(1);
      go(async () => { await gosched(); ch.trySend("value"); });
      await select({ ch, done: ctx.done() });`,
    ],
    [
      "one that a receive gave up",
      `
      const [ctx] = context.withTimeout(background, time.hour);
      const ch = chan();
      go(async () => { await gosched(); await ch.send("value"); });
      await ch.receive(ctx);`,
    ],
    [
      "one whose afterFunc was stopped",
      `
      const [ctx] = context.withTimeout(background, time.hour);
      const stop = context.afterFunc(context.withValue(ctx, "k", 1), () => {});
      stop(); stop();`,
    ],
    [
      "one whose afterFunc and signal ended with a cancel",
      `
      const [ctx, cancel] = context.withTimeout(background, time.hour);
      const [child] = context.withCancel(ctx);
      context.afterFunc(child, () => {}); context.signal(child); context.signal(ctx);
      go(() => child.done().receive());
      await gosched();
      cancel();`,
    ],
    [
      "one whose watched child was canceled",
      `
      const [ctx] = context.withTimeout(background, time.hour);
      const [child, cancel] = context.withCancel(ctx);
      context.afterFunc(child, () => {}); context.signal(child);
      go(() => child.done().receive());
      await gosched();
      cancel();`,
    ],
    [
      "an afterFunc and a signal on what never ends",
      `
      context.afterFunc(background, () => {}); context.signal(context.withoutCancel(background));
      context.afterFunc(context.withCancel(background)[0], () => {});`,
    ],
  ])("%s [X36]", { timeout: limit }, async ([, program]) => {
    const { code, stdout, stderr } = await run(`${program}\nconsole.log("last line");`);
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: "last line\n", stderr: "" });
  });
});

describe.concurrent("a deadline keeps the process alive until it fires for", () => {
  const sooner = `
    const [ctx, cancel] = context.withTimeout(background, 100);
    const [child] = context.withCancel(context.withValue(ctx, "k", 1));`;
  test.for<[what: string, program: string, printed: string]>([
    [
      "a goroutine parked on done",
      `go(async () => { await ctx.done().receive(); console.log(ctx.err().message); });`,
      "context deadline exceeded\n",
    ],
    [
      "a top-level await on done of a child",
      `await child.done().receive(); console.log(child.err().message);`,
      "context deadline exceeded\n",
    ],
    ["a select", `const op = await select({ done: child.done(), never: chan() }); console.log(op.case);`, "done\n"],
    [
      "a receive that gives up",
      `await chan().receive(child).catch((err) => console.log(err.message));`,
      "context deadline exceeded\n",
    ],
    [
      "a send that gives up",
      `await chan().send(1, child).catch((err) => console.log(err.message));`,
      "context deadline exceeded\n",
    ],
    [
      "a sleep that gives up",
      `await time.sleep(child, time.hour).catch((err) => console.log(err.message));`,
      "context deadline exceeded\n",
    ],
    [
      "a range that gives up",
      `try { for await (const _ of chan().range(child)); } catch (err) { console.log(err.message); }`,
      "context deadline exceeded\n",
    ],
    ["a function of afterFunc", `context.afterFunc(child, () => console.log("f"));`, "f\n"],
    ["a signal", `context.signal(child).addEventListener("abort", () => console.log("aborted"));`, "aborted\n"],
    [
      "two who wait, one of whom gives up",
      `
      go(async () => { await ctx.done().receive(); console.log("first"); });
      const [other, stop] = context.withCancel(ctx);
      go(async () => { await other.done().receive(); console.log("second"); });
      await gosched();
      stop();`,
      "second\nfirst\n",
    ],
    [
      "a user's context that embeds it",
      `
      const user = { inner: child, done: () => child.done(), err: () => child.err(), deadline: () => child.deadline(),
        value: (key) => child.value(key) };
      const [below] = context.withCancel(user);
      go(async () => { await below.done().receive(); console.log("below"); });`,
      "below\n",
    ],
    [
      "somebody who came while another one with a far deadline waited for nothing",
      `
      context.withTimeout(background, time.hour);
      go(async () => { await ctx.done().receive(); console.log("near"); });`,
      "near\n",
    ],
  ])("%s [X30]", { timeout: limit }, async ([, program, printed]) => {
    const { code, stdout, stderr } = await run(`${sooner}\n${program}`);
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: printed, stderr: "" });
  });
});

describe.concurrent("the end of the program", () => {
  test("an error in a function of afterFunc ends the program with Go's report [X47]", { timeout: limit }, async () => {
    const { code, stderr } = await run(`
      const [ctx, cancel] = context.withCancel(background);
      context.afterFunc(ctx, () => { throw new Error("f failed"); });
      cancel();
      await time.sleep(1000);`);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^panic: f failed\n\ngoroutine \d+ \[running\]:\n/);
  });

  test(
    "a user's context that closes without an error ends the program of a child [X57]",
    { timeout: limit },
    async () => {
      const { code, stderr } = await run(`
      const done = chan();
      const user = { done: () => done, err: () => undefined, deadline: () => undefined, value: () => undefined };
      const [child] = context.withCancel(user);
      done.close();
      await child.done().receive();`);
      expect(code).toBe(2);
      expect(stderr).toMatch(/^panic: context: internal error: missing cancel error\n/);
    },
  );

  test("main that waits for a context which cannot end any more is a deadlock [G20]", { timeout: limit }, async () => {
    const { code, stderr } = await run(`
      const [ctx] = context.withCancel(background);
      context.withTimeout(background, 50);
      main(async () => { await ctx.done().receive(); });`);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^fatal error: all goroutines are asleep - deadlock!\n\ngoroutine 1 \[chan receive\]:/);
  });

  test("main that waits for a deadline is not a deadlock [G20]", { timeout: limit }, async () => {
    const { code, stdout, stderr } = await run(`
      main(async () => {
        const [ctx] = context.withTimeout(background, 100);
        await ctx.done().receive();
        console.log(ctx.err().message);
      });`);
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: "context deadline exceeded\n", stderr: "" });
  });
});
