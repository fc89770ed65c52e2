import { chan, go, gosched, select, send, sync, time } from "gocsp";
import { explore, ExploreError, replay, Session } from "gocsp/explore";
import { transcript } from "gocsp/trace";
import { afterEach, expect, test, vi } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { corpus } from "./corpus/corpus.ts";

expectNoGoroutinesLeft();

let session: Session | undefined;
afterEach(() => session?.stop());

async function begin(...args: ConstructorParameters<typeof Session>): Promise<Session> {
  session = new Session(...args);
  await session.start();
  return session;
}

async function program(): Promise<string> {
  const [numbers, done] = [chan<number>(), chan<string>(1)];
  go(async () => {
    for (let n = 0; n < 3; n++) await select({ sent: send(numbers, n), done });
    console.log("sent", { n: 3 });
    numbers.close();
  });
  go(async () => {
    await time.sleep(time.second);
    done.trySend("late");
  });
  let sum = 0;
  for await (const n of numbers) sum += n;
  return `sum ${sum}`;
}

/** All that can be seen of a session. */
function seen({ position, choices, events, recorded, time, outcome, token }: Session): string {
  expect(recorded).toBe(events.length);
  const told = events.map(({ line, ...event }) => [event, line?.toString()]);
  return JSON.stringify([position, choices, told, time, outcome, token]);
}

test("going back and forth shows the same at each position, to the end and to the start [O22]", async () => {
  const one = await begin(program);
  const shown = [seen(one)];
  while (one.outcome === undefined) {
    await one.step(one.position % one.choices.length);
    shown.push(seen(one));
  }
  expect(one.outcome).toMatchObject({ kind: "returned", value: "sum 3", report: "" });
  const end = one.position;
  expect(end).toBeGreaterThan(8);
  for (let at = end - 1; at >= 0; at--) {
    await one.back();
    expect(seen(one)).toBe(shown[at]);
  }
  await one.back();
  expect(one.position).toBe(0);
  for (const at of [3, 1, end, 2, Infinity]) {
    await one.goTo(at);
    expect(seen(one)).toBe(shown[Math.min(at, end)]);
  }
});

test("another choice makes another run from there on [O22]", async () => {
  const one = await begin(async () => {
    const order: string[] = [];
    const wg = new sync.WaitGroup();
    for (const name of ["a", "b"]) wg.go(() => void order.push(name));
    await wg.wait();
    return order.join("");
  });
  await one.step();
  expect(one.choices).toEqual([
    { goroutine: 2, why: "start" },
    { goroutine: 3, why: "start" },
  ]);
  await one.goTo(Infinity);
  expect(one.outcome?.value).toBe("ab");
  await one.goTo(1);
  await one.step(1);
  await one.goTo(Infinity);
  expect(one.outcome?.value).toBe("ba");
});

test("a failing schedule that explore has found can be walked through, and its token is the session's [O22]", async () => {
  for (const bug of corpus.filter(({ kind, slow }) => kind !== "livelock" && slow !== true).slice(0, 20)) {
    const broken = (): Promise<void> => bug.program(false);
    const error: unknown = await explore(broken, { seed: 2, runs: 5000 }).catch((error: unknown) => error);
    const { token, kind } = error as ExploreError;
    const one = await begin(broken, { token, lines: false });
    while (one.outcome === undefined) await one.step();
    expect(one.outcome.kind).toBe(kind);
    expect(one.token).toBe(token);
    await one.goTo(2);
    await one.goTo(Infinity);
    expect(one.outcome.kind).toBe(kind);
    // Who panics, and with what, is the end of the log.
    expect(one.events.filter((event) => event.kind === "panic").map(({ value }) => value)).toEqual(
      kind === "panic" ? [one.outcome.error] : [],
    );
    if (kind === "panic") expect(transcript(one.events).at(-1)).toContain(" panics: ");
    await one.stop();
  }
});

test("what a session has chosen is repeated by its token [O22]", async () => {
  const broken = (): Promise<void> => corpus.find(({ name }) => name.startsWith("an update"))?.program(false) as never;
  const one = await begin(broken);
  for (let n = 0; one.outcome === undefined; n++) await one.step(one.choices.length - 1 - (n % one.choices.length));
  if (one.outcome.kind === "panic") await expect(replay(one.token, broken)).rejects.toThrow(ExploreError);
  else await replay(one.token, broken);
});

test("what the program prints is an event, told once however often one goes back [O22]", async () => {
  const print = vi.spyOn(console, "log").mockReturnValue(undefined);
  const one = await begin(program);
  await one.goTo(Infinity);
  await one.goTo(1);
  await one.goTo(Infinity);
  expect(print).not.toHaveBeenCalled();
  print.mockRestore();
  const printed = one.events.filter(({ kind, on }) => kind === "log" && on === "log");
  expect(printed.map(({ detail }) => detail)).toEqual(["sent {…}"]);
  expect(transcript(one.events).some((line) => line.includes("says: sent {…}   session.test.ts:"))).toBe(true);
});

test("a deadlock's report names each goroutine, and time can be a choice [O22]", async () => {
  const stuck = await begin(async function stuck() {
    await chan<number>().receive();
  });
  await stuck.goTo(Infinity);
  expect(stuck.outcome?.report).toMatch(
    /^goroutine 1 \[chan receive\]:\nstuck\(\.\.\.\)\n\t.*session\.test\.ts:\d+:\d+\n/,
  );
  const slow = await begin(
    async () => {
      time.afterFunc(time.second, () => undefined);
      await gosched();
      await gosched();
      return performance.now();
    },
    { slow: true },
  );
  await slow.step();
  expect(slow.choices.at(-1)).toEqual({ goroutine: 0, why: "time" });
  await slow.step(1);
  expect(slow.time).toBe(1000);
  await slow.goTo(Infinity);
  expect(slow.outcome?.value).toBe(1000);
});

test("others wait while a session is under way, and run when it has been stopped [O22]", async () => {
  const one = await begin(program);
  let explored = false;
  const other = explore(() => gosched(), { runs: 1 }).then(() => (explored = true));
  await new Promise((resolve) => setTimeout(resolve, 0));
  await one.step();
  expect(explored).toBe(false);
  await one.stop();
  await other;
  expect([explored, one.outcome, one.choices.length > 0]).toEqual([true, undefined, true]);
});

test("bad use of a session is refused [O22]", async () => {
  expect(() => new Session(42 as never)).toThrow("Session: 42 is not a function");
  expect(() => new Session(program, { token: "what?" })).toThrow('explore.replay: "what?" is not a token');
  await expect(new Session(program).step()).rejects.toThrow("Session: it has not started");
  const one = await begin(program);
  await expect(one.step(7)).rejects.toThrow("Session.step: the choice must be an integer from 0 to 0, got 7");
  await expect(one.goTo(-1)).rejects.toThrow(
    "Session.goTo: the position must be an integer of at least 0, or Infinity, got -1",
  );
  const first = one.step();
  await expect(one.step()).rejects.toThrow("Session: a step is under way");
  await first;
});
