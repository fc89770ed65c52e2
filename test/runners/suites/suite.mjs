// One suite for every test runner. The tests that are named after an error fail with it; all others pass.
import { chan, context, go, main, sync, time } from "gocsp";

/** Fails unless channels, goroutines, timers and deadlines still work. */
async function works(equal) {
  const numbers = chan();
  go(async () => {
    await time.sleep(1);
    await numbers.send(42);
  });
  equal(await numbers.receive(), 42);
  const [ctx] = context.withTimeout(context.background(), 1);
  await ctx.done().receive();
  await goesOnAfterATurn();
}

/** Operates for so long that goroutines wait for a turn of the event loop. */
async function goesOnAfterATurn() {
  const buffered = chan(1);
  const turned = { yet: false };
  setTimeout(() => (turned.yet = true), 1);
  while (!turned.yet) {
    await buffered.send(1);
    await buffered.receive();
  }
}

/** Puts a function in the place of `process.exit` until the result is called, and keeps the codes. */
function mockExit(codes) {
  const exit = Reflect.get(process, "exit");
  process.exit = (code) => void codes.push(code);
  return () => void (process.exit = exit);
}

async function until(condition) {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 1));
}

const pause = () => new Promise((resolve) => setTimeout(resolve, 50));

export function suite(test, equal) {
  test("passes first", () => works(equal));

  test("panic at once", async () => {
    go(function atOnce() {
      throw new Error("at once");
    });
    await pause();
  });

  test("passes after a panic", () => works(equal));

  test("panic later", async () => {
    // What operations return at once must not hide whose goroutine it is.
    const buffered = chan(1);
    await buffered.send();
    await buffered.receive();
    const start = chan();
    go(async function waiting() {
      await start.receive();
      await time.sleep(5);
      throw new Error("later");
    });
    await start.send();
    await pause();
  });

  test("passes after another panic", () => works(equal));

  test("fatal error", async () => {
    try {
      new sync.Mutex().unlock();
    } catch {
      // No recover would see it in Go.
    }
    await pause();
  });

  test("passes after a fatal error", () => works(equal));

  test("passes with an exit that is replaced", async () => {
    const codes = [];
    const restore = mockExit(codes);
    try {
      new sync.Mutex().unlock();
    } catch (error) {
      equal(error.message, "sync: unlock of unlocked mutex");
    }
    await until(() => codes.length === 1);
    go(() => {
      throw new Error("seen by the replaced exit");
    });
    await until(() => codes.length === 2);
    await works(equal);
    main(() => time.sleep(1));
    await until(() => codes.length === 3);
    await works(equal);
    restore();
    equal(String(codes), "2,2,");
  });

  test("passes last", () => works(equal));
}
