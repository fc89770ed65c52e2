import { describe, expect, test } from "vitest";
import { goroutines } from "../runtime/report.ts";
import { place, run } from "../runtime/run.ts";

const program = "../../sync/programs/deadlocks.ts";
const at = (marker: string, text?: string): string => place(program, marker, text);

/** Runs a scenario and returns what the report says of each goroutine: its state and the user's innermost frame. */
async function report(scenario: string, flags: string[] = []): Promise<{ state: string; place: string | undefined }[]> {
  const { code, stdout, stderr } = await run(program, [scenario], flags);
  expect([code, stdout]).toEqual([2, ""]);
  return goroutines(stderr).map(({ state, frames }) => ({ state, place: frames[0]?.split(" ").at(-1) }));
}

describe.concurrent("a goroutine in a deadlock is reported with Go's name for its wait, and its place", () => {
  const alone: [scenario: string, state: string, id: string][] = [
    ["mutex", "sync.Mutex.Lock", "[Y1]"],
    ["writeWrite", "sync.RWMutex.Lock", "[Y8]"],
    ["readWrite", "sync.RWMutex.Lock", "[Y9]"],
    ["writeRead", "sync.RWMutex.RLock", "[Y9]"],
    ["waitGroup", "sync.WaitGroup.Wait", "[Y17]"],
    ["cond", "sync.Cond.Wait", "[Y34]"],
  ];
  test.each(alone)("%s: %s %s", async (scenario, state) => {
    expect(await report(scenario)).toEqual([{ state, place: at(scenario) }]);
  });

  test("a Once within itself [Y28]", async () => {
    expect(await report("once")).toEqual([{ state: "sync.Mutex.Lock", place: at("once inner") }]);
  });

  test("withLock within withLock [Y1] [Y7]", async () => {
    expect(await report("withLock")).toEqual([{ state: "sync.Mutex.Lock", place: at("withLock inner") }]);
  });

  test("a reader that reads again behind a writer, and the writer [Y9]", async () => {
    expect(await report("readWriteRead")).toEqual([
      { state: "sync.RWMutex.RLock", place: at("readWriteRead") },
      { state: "sync.RWMutex.Lock", place: at("readWriteRead writer") },
    ]);
  });

  test("a Cond's waiter that was signaled and cannot get the lock [Y34]", async () => {
    expect(await report("condLock")).toEqual([
      { state: "chan receive", place: at("condLock") },
      { state: "sync.Mutex.Lock", place: at("condLock waiter") },
    ]);
  });

  test("a wait with a context has the same name", async () => {
    const states = (await report("contexts")).map(({ state }) => state);
    expect(states).toEqual([
      "chan receive",
      "sync.Mutex.Lock",
      "sync.RWMutex.Lock",
      "sync.RWMutex.RLock",
      "sync.WaitGroup.Wait",
      "sync.Cond.Wait",
      "sync.Mutex.Lock",
    ]);
  });

  test("philosophers who all take the left fork first [Y1]", async () => {
    expect(await report("philosophers")).toEqual([
      { state: "sync.WaitGroup.Wait", place: at("philosophers") },
      ...Array.from({ length: 5 }, () => ({ state: "sync.Mutex.Lock", place: at("philosopher") })),
    ]);
  });

  test("also if nothing but the waiting goroutine holds the lock, and garbage is collected [Y1]", async () => {
    expect(await report("collected", ["--expose-gc"])).toEqual([
      { state: "sync.Cond.Wait", place: at("collected main") },
      { state: "sync.Mutex.Lock", place: at("collected child") },
    ]);
  });
});

test("so is the main module that waits at its top level, without main [Y1]", async () => {
  expect(await report("module")).toEqual([{ state: "sync.Mutex.Lock", place: at("module") }]);
});

describe.concurrent("no false alarm", () => {
  test.each(["lock", "rLock", "waitGroup", "cond"])("while a deadline can still end the wait: %s", async (wait) => {
    const { code, stdout, stderr } = await run(program, ["deadline", wait]);
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: "context deadline exceeded\n", stderr: "" });
  });

  test("while a host's callback can still unlock", async () => {
    const { code, stdout, stderr } = await run(program, ["callback"]);
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: "locked\n", stderr: "" });
  });
});

test("a goroutine of WaitGroup.go was started where go was called [Y23]", async () => {
  const { stderr } = await run(program, ["waitGroupGo"]);
  const member = goroutines(stderr).find(({ id }) => id === 2);
  expect(member?.state).toBe("chan receive");
  expect(member?.started).toBe(at("wg.go", "go("));
});
