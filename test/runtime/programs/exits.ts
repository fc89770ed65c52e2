// One scenario, named by the first argument, that ends with work left over.
import { createServer } from "node:net";
import { chan, context, defer, go, gosched, main, select, time } from "gocsp";
import { numGoroutine } from "gocsp/runtime";

/** Goroutines and host handles of every kind, none of which would ever end. */
async function leaveWork(): Promise<void> {
  const waits = [
    () => chan().receive(),
    () => chan<void>().send(),
    () => select({}),
    () => time.sleep(60_000),
    () => time.after(60_000).receive(),
    () => context.withTimeout(context.background(), 60_000)[0].done().receive(),
    async () => {
      for (;;) await gosched();
    },
  ];
  for (const wait of waits) {
    go(async () => {
      using _ = defer(console.log, "a deferred call of another goroutine");
      try {
        await wait();
      } finally {
        console.log("finally");
      }
    });
  }
  time.afterFunc(60_000, () => console.log("afterFunc"));
  setInterval(() => console.log("interval"), 60_000);
  createServer().listen(0);
  await time.sleep(5);
}

let over = false;

/** Prints a line whenever it resumes although main has returned, and the exit cannot be still in progress. */
async function goOn(): Promise<void> {
  time.afterFunc(1, () => over && console.log("a function was called"));
  for (let late = 0; ; late += over ? 1 : 0) {
    await gosched();
    if (late > 10) console.log("a goroutine went on");
  }
}

const scenarios: Record<string, () => unknown> = {
  async returns() {
    using _ = defer(console.log, "main's deferred call");
    try {
      await leaveWork();
    } finally {
      console.log("main's finally");
    }
  },
  async exitCode() {
    process.exitCode = 7;
    await leaveWork();
  },
  async exit() {
    using _ = defer(console.log, "main's deferred call");
    try {
      await leaveWork();
      process.exit(3);
    } finally {
      console.log("main's finally");
    }
  },
  async exitInGoroutine() {
    go(async () => {
      await gosched();
      process.exit(4);
    });
    await leaveWork();
  },
  async asynchronousDefer() {
    await using _ = defer(async () => {
      await time.sleep(5);
      console.log("an asynchronous deferred call");
    });
  },
  count() {
    console.log(`${numGoroutine()} goroutine`);
    go(() => chan().receive());
    console.log(`${numGoroutine()} goroutines`);
  },
  synchronously() {
    console.log("a main that does not wait");
  },
  async output() {
    for (let i = 0; i < 64; i++) process.stdout.write(`${"x".repeat(2 ** 16 - 1)}\n`);
    console.log("the last line");
  },
  async outputThenPanic() {
    for (let i = 0; i < 64; i++) process.stdout.write(`${"x".repeat(2 ** 16 - 1)}\n`);
    go(goOn);
    console.log("the last line");
    throw new Error("after the output");
  },
  async errorOutput() {
    for (let i = 0; i < 64; i++) process.stderr.write(`${"x".repeat(2 ** 16 - 1)}\n`);
    console.error("the last line");
  },
  async errorOutputThenPanic() {
    for (let i = 0; i < 64; i++) process.stderr.write(`${"x".repeat(2 ** 16 - 1)}\n`);
    console.error("the last line");
    throw new Error("after the output");
  },
  async outputWhileOthersRun() {
    go(goOn);
    await gosched();
    for (let i = 0; i < 64; i++) process.stdout.write(`${"x".repeat(2 ** 16 - 1)}\n`);
    console.log("the last line");
    over = true;
  },
  async exitListener() {
    process.on("exit", (code) => console.log(`exit ${code}`));
    await leaveWork();
  },
  async again() {
    try {
      main(() => undefined);
    } catch (error) {
      console.log(String(error));
    }
  },
};

main(scenarios[process.argv[2] as string] as () => unknown);
console.log("main(...) has returned to the module");
