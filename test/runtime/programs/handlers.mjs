// What sees an error that would end the program, and how the program goes on if its process does not end. The arguments
// name who is there, and then what goes wrong.
import process from "node:process";
import { mock } from "node:test";
import { chan, go, main, select, sync, time } from "gocsp";

/** How often the replaced exit was called. */
let exits = 0;

const watchers = {
  monitor: () =>
    process.on("uncaughtExceptionMonitor", (error, origin) => console.log(`monitor ${error?.message} ${origin}`)),
  handler: () => process.on("uncaughtException", (error, origin) => console.log(`handler ${error?.message} ${origin}`)),
  capture: () => process.setUncaughtExceptionCaptureCallback((error) => console.log(`capture ${error.message}`)),
  // As crash reporters do: the error is sent, and then the process ends.
  reporter: () =>
    process.on("uncaughtException", (error) => {
      setTimeout(() => {
        console.log(`sent ${error.message}`);
        process.exit(1);
      }, 5);
    }),
  "replaced exit": () => {
    process.exit = (...args) => {
      console.log(`exit(${args.join()})`);
      exits++;
    };
  },
  "throwing exit": () =>
    (process.exit = () => {
      exits++;
      throw new Error("no exit here");
    }),
  "exit listener": () =>
    process.on("exit", () => {
      throw new Error("in the exit listener");
    }),
};

const mishaps = {
  panic() {
    go(() => {
      throw new Error("boom");
    });
  },
  "two panics"() {
    for (const text of ["first", "second"]) {
      go(() => {
        throw new Error(text);
      });
    }
  },
  async "a panic with fake timers"() {
    void time.sleep(5);
    mishaps.panic();
    mock.timers.enable({ apis: ["setTimeout", "Date"] });
    const woken = select({ after: time.after(60_000) });
    await new Promise((resolve) => setImmediate(resolve));
    mock.timers.tick(60_000);
    mock.timers.reset();
    console.log(`woken by ${(await woken).case}`);
  },
  fatal() {
    try {
      new sync.Mutex().unlock();
    } catch (error) {
      console.log(`caught ${error.message}`);
    }
  },
  async "main returns"() {
    main(() => time.sleep(1));
    await until(() => exits === 1);
  },
  async "main twice"() {
    main(() => time.sleep(1));
    await until(() => exits === 1);
    main(() => console.log("main again"));
    await until(() => exits === 2);
  },
  "main panics"() {
    main(async () => {
      await time.sleep(1);
      throw new Error("main's");
    });
  },
};

/** Waits without the library, which may be frozen. */
async function until(condition) {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 1));
}

const args = process.argv.slice(2);
for (const name of args.slice(0, -1)) watchers[name]();
const ch = chan();
go(() => ch.send("goroutines go on"));
await mishaps[args.at(-1)]();
await new Promise((resolve) => setTimeout(resolve, 50));
await time.sleep(1);
console.log(await ch.receive());
