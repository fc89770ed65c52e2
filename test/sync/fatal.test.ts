import { describe, expect, test } from "vitest";
import { place, run } from "../runtime/run.ts";

const program = (name: string): string => `../../sync/programs/${name}.ts`;

const ofMutex = "sync: unlock of unlocked mutex";
const ofWriter = "sync: Unlock of unlocked RWMutex";
const ofReader = "sync: RUnlock of unlocked RWMutex";

describe.concurrent("fatal misuse ends the program past catch and finally, with status 2 [J8]", () => {
  const misuses: [scenario: string, text: string, call: string | undefined][] = [
    ["unlock", ofMutex, ".unlock("],
    ["unlockTwice", ofMutex, "mu.unlock("],
    ["using", ofMutex, undefined],
    ["withLock", ofMutex, undefined],
    ["condWithoutLock", ofMutex, undefined],
  ];
  test.each(misuses)("of a mutex: %s [Y3]", check);

  const ofBothKinds: [scenario: string, text: string, call: string | undefined][] = [
    ["rwUnlock", ofWriter, ".unlock("],
    ["rwUnlockOfReader", ofWriter, "mu.unlock("],
    ["rwUnlockTwice", ofWriter, "mu.unlock("],
    ["rUnlock", ofReader, ".rUnlock("],
    ["rUnlockOfWriter", ofReader, "mu.rUnlock("],
    ["rUnlockTwice", ofReader, "mu.rUnlock("],
    ["rLocker", ofReader, undefined],
  ];
  test.each(ofBothKinds)("of a RWMutex, also by the wrong method: %s [Y13]", check);
});

async function check(scenario: string, text: string, call: string | undefined): Promise<void> {
  const { code, stdout, stderr } = await run(program("fatal"), [scenario]);
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr.startsWith(`fatal error: ${text}\n\ngoroutine 1 [running]:\n`), stderr).toBe(true);
  // The engine points into the middle of a call, so only the line is compared.
  if (call !== undefined) expect(stderr).toContain(place(program("fatal"), scenario, call).replace(/\d+$/, ""));
}

describe.concurrent("panics", () => {
  test("if f of WaitGroup.go throws the program ends, and wait does not return before [Y23]", async () => {
    const { code, stdout, stderr } = await run(program("panics"), ["waitGroupGo"]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toBe(`panic: boom

goroutine 2 [running]:
member(...)
	${place(program("panics"), "boom", "new Error")}
created by waitGroupGo
	${place(program("panics"), "wg.go", "go(")}
`);
  });

  test("so it does if f throws at once [Y23]", async () => {
    const { code, stdout, stderr } = await run(program("panics"), ["waitGroupGoAtOnce"]);
    expect([code, stdout, stderr.split("\n", 1)]).toEqual([2, "", ["panic: boom"]]);
  });

  test("a negative counter is a panic of the goroutine that is done too often [Y18]", async () => {
    const { code, stderr } = await run(program("panics"), ["negative"]);
    expect([code, stderr.split("\n", 3)]).toEqual([
      2,
      ["panic: sync: negative WaitGroup counter", "", "goroutine 2 [running]:"],
    ]);
  });

  test("it can be recovered [Y18]", async () => {
    const ended = await run(program("panics"), ["recovered"]);
    expect(ended).toEqual({ code: 0, stdout: "PanicError sync: negative WaitGroup counter\n", stderr: "" });
  });

  test("what f of a Once throws ends the program unless its caller recovers it [Y27]", async () => {
    const { code, stderr } = await run(program("panics"), ["once"]);
    expect([code, stderr.split("\n", 1)]).toEqual([2, ["panic: f failed"]]);
  });
});
