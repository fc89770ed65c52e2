import { execFile, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Chan, chan, go, gosched, select, sync, time } from "gocsp";
import * as pprof from "gocsp/pprof";
import { describe, expect, test } from "vitest";
import { expectNoGoroutinesLeft } from "../support/leaks.ts";
import { settle } from "../support/settle.ts";

expectNoGoroutinesLeft();

class Text implements pprof.Writer {
  readonly chunks: (string | Uint8Array)[] = [];
  write(chunk: string | Uint8Array): void {
    this.chunks.push(chunk);
  }
  toString(): string {
    return this.chunks.join("");
  }
}

function profile(name: string): pprof.Profile {
  const found = pprof.lookup(name);
  if (found === undefined) throw new Error(`no profile ${name}`);
  return found;
}

/** Three workers wait for jobs, one for a lock, one for two channels; the result lets them go. */
async function crew(): Promise<() => Promise<void>> {
  const jobs = chan<number>();
  const mu = new sync.Mutex();
  const stop = chan();
  const wg = new sync.WaitGroup();
  await mu.lock();
  for (let i = 0; i < 3; i++) {
    wg.go(async function worker() {
      for await (const job of jobs) expect(job).toBe(1);
    });
  }
  wg.go(async function locker() {
    using _ = await mu.lock();
  });
  wg.go(async function chooser() {
    await select({ jobs: chan<number>(), stop });
  });
  await settle();
  return async () => {
    jobs.close();
    stop.close();
    mu.unlock();
    await wg.wait();
  };
}

describe("the profile goroutine", () => {
  test("has all goroutines, by state and place, the most first [PP1]", async () => {
    const release = await crew();
    const samples = await profile("goroutine").samples();
    const workers = samples.find(({ frames }) => frames[0]?.name === "worker");
    expect([workers?.state, workers?.values, workers?.goroutines.length]).toEqual(["chan receive", [3], 3]);
    expect(workers?.frames[0]?.at).toMatch(/pprof\.test\.ts:\d+:\d+$/);
    expect(workers?.frames.at(-1)).toMatchObject({ name: expect.stringMatching(/^created by /) as string });
    const states = samples.map(({ state }) => state);
    expect(states).toEqual(expect.arrayContaining(["sync.Mutex.Lock", "select"]));
    await release();
  });

  test("can be taken again and again from a program that goes on [PP2]", async () => {
    const ch = chan<number>();
    const wg = new sync.WaitGroup();
    const got: number[] = [];
    wg.go(async function reader() {
      for await (const n of ch) got.push(n);
    });
    await settle();
    for (let n = 0; n < 5; n++) {
      const samples = await profile("goroutine").samples();
      expect(samples.filter(({ frames }) => frames[0]?.name === "reader").length).toBe(1);
      await ch.send(n);
      await settle();
    }
    ch.close();
    await wg.wait();
    expect(got).toEqual([0, 1, 2, 3, 4]);
  });

  test("is written as text, and as a panic would [PP3]", async () => {
    const release = await crew();
    const [text, report] = [new Text(), new Text()];
    await profile("goroutine").writeTo(text, 1);
    expect(text.toString()).toMatch(/^goroutine profile: total \d+\n/);
    expect(text.toString()).toMatch(/\n3 @ \[chan receive\]\n#\tworker\t.*pprof\.test\.ts:\d+:\d+\n#\tcreated by /);
    await profile("goroutine").writeTo(report, 2);
    expect(report.toString()).toMatch(/goroutine \d+ \[sync\.Mutex\.Lock\]:\nlocker\(\.\.\.\)\n\t.*pprof\.test\.ts/);
    await release();
  });
});

const goPath = ["/usr/local/go/bin/go", "/usr/bin/go"].find((path) => existsSync(path));
const hasGo = spawnSync("go", ["version"]).status === 0 ? "go" : goPath;
const required = process.env["GOCSP_REQUIRE_SERVERS"] !== undefined;

test.skipIf(hasGo === undefined && !required)(
  "go tool pprof opens it (skipped without Go) [PP4]",
  async () => {
    const release = await crew();
    const binary = new Text();
    await profile("goroutine").writeTo(binary);
    await release();
    const folder = mkdtempSync(join(tmpdir(), "gocsp-pprof-"));
    try {
      const file = join(folder, "goroutine.pb");
      writeFileSync(file, binary.chunks[0] as Uint8Array);
      const options = { env: { ...process.env, PPROF_TMPDIR: folder } };
      const go = hasGo ?? "go";
      const { stdout: top } = await promisify(execFile)(go, ["tool", "pprof", "-top", file], options);
      expect(top).toMatch(/Type: goroutine/);
      expect(top).toMatch(/\n +3 +\d+(?:\.\d+)?% +\d+(?:\.\d+)?% +3 +\d+(?:\.\d+)?% +worker\n/);
      const { stdout: traces } = await promisify(execFile)(go, ["tool", "pprof", "-traces", file], options);
      expect(traces).toMatch(/state:\s*chan receive/);
      const { stdout: lines } = await promisify(execFile)(go, ["tool", "pprof", "-lines", "-top", file], options);
      expect(lines).toMatch(/worker .*pprof\.test\.ts:\d+/);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    // Go builds its tool at the first use.
  },
  300_000,
);

describe("the profile goroutineleak", () => {
  // In a process of its own: what is planted can never be let go.
  test("has those that nobody can reach, and no other [PP5]", async () => {
    const program = join(import.meta.dirname, "programs", "leaks.ts");
    const { stdout } = await promisify(execFile)(process.execPath, [program]);
    const { leaked, early } = JSON.parse(stdout) as { leaked: string[]; early: number };
    expect(early).toBe(0);
    expect(leaked).toEqual(["a channel", "a cycle", "a cycle", "a lock", "a promise", "a select"]);
  });

  test("says what to call first [PP5]", async () => {
    await expect(profile("goroutineleak").samples()).rejects.toThrow(
      "pprof: goroutineleak knows goroutines that were started after pprof.watchLeaks, which was not called",
    );
  });
});

test("the profile block has where goroutines wait longest, and no sleeps [PP6]", async () => {
  pprof.setBlockProfileRate(1e-6);
  const ch = chan<number>();
  const wg = new sync.WaitGroup();
  wg.go(async function patient() {
    await ch.receive();
  });
  wg.go(async function sleeper() {
    await time.sleep(5);
  });
  await time.sleep(20);
  await ch.send(1);
  await wg.wait();
  pprof.setBlockProfileRate(0);
  const samples = await profile("block").samples();
  const patient = samples.find(({ frames }) => frames[0]?.name === "patient");
  expect(patient?.values[0]).toBe(1);
  expect(patient?.values[1]).toBeGreaterThan(0);
  expect(samples.some(({ frames }) => frames[0]?.name === "sleeper")).toBe(false);
  const [text, binary] = [new Text(), new Text()];
  await profile("block").writeTo(text, 1);
  expect(text.toString()).toMatch(/1 \d+ ns @ \[chan receive\]\n#\tpatient\t/);
  await profile("block").writeTo(binary);
  expect(binary.chunks[0]).toBeInstanceOf(Uint8Array);
  await ch.trySend(1);
  const before = (await profile("block").samples()).length;
  go(() => ch.receive());
  await settle();
  await ch.send(1);
  expect((await profile("block").samples()).length).toBe(before);
});

test("a server answers like net/http/pprof [PP7]", async () => {
  const server = createServer((req, res) => void pprof.handler(req, res)).listen(0, "127.0.0.1");
  await once(server, "listening");
  const release = await crew();
  try {
    const { port } = server.address() as AddressInfo;
    const get = (path: string): Promise<Response> => fetch(`http://127.0.0.1:${port}/debug/pprof/${path}`);
    const page = await (await get("")).text();
    for (const name of ["goroutine", "goroutineleak", "block"]) expect(page).toContain(`href="${name}?debug=1"`);
    expect(await (await get("goroutine?debug=1")).text()).toMatch(/3 @ \[chan receive\]/);
    expect(await (await get("goroutine?debug=2")).text()).toMatch(/goroutine \d+ \[select\]:/);
    const binary = await get("goroutine");
    expect(binary.headers.get("content-type")).toBe("application/octet-stream");
    expect((await binary.arrayBuffer()).byteLength).toBeGreaterThan(100);
    const unknown = await get("heap");
    expect([unknown.status, await unknown.text()]).toEqual([404, "Unknown profile\n"]);
    const refused = await get("goroutineleak?debug=1");
    expect([refused.status, await refused.text()]).toEqual([500, expect.stringContaining("watchLeaks") as string]);
  } finally {
    await release();
    server.closeAllConnections();
    server.close();
  }
});

test.skipIf(process.platform === "win32")("a signal writes where all are, and the program goes on [PP8]", async () => {
  const release = await crew();
  const dumped = Promise.withResolvers<string>();
  const before = process.listenerCount("SIGUSR2");
  const dumps = pprof.dumpOn("SIGUSR2", dumped.resolve);
  process.kill(process.pid, "SIGUSR2");
  expect(await dumped.promise).toMatch(/goroutine \d+ \[select\]:\nchooser\(\.\.\.\)\n/);
  dumps[Symbol.dispose]();
  expect(process.listenerCount("SIGUSR2")).toBe(before);
  await release();
});

test("verifyNone finds what is left, and lets what is about to end do so [PP9]", async () => {
  const before = pprof.ignoreCurrent();
  const kept: Chan<number> = chan();
  go(async function forgotten() {
    await kept.send(1);
  });
  await expect(pprof.verifyNone(before)).rejects.toThrow(
    /^pprof: 1 goroutine is left\n\ngoroutine \d+ \[chan send\]:\nforgotten\(\.\.\.\)\n\t.*pprof\.test\.ts:\d+:\d+\n/,
  );
  await kept.receive();
  go(async () => {
    for (let i = 0; i < 20; i++) await gosched();
  });
  await pprof.verifyNone(before);
});

test("verifyNone tells where one waits whose channel nobody else knows, whatever is collected meanwhile [PP9]", async () => {
  const program = `
    import { chan, go } from "gocsp";
    import * as pprof from "gocsp/pprof";
    go(() => chan().receive());
    setInterval(gc, 0).unref();
    await pprof.verifyNone().catch((error) => console.log(error.message));
  `;
  const args = ["--expose-gc", "--input-type=module", "--eval", program];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: join(import.meta.dirname, "..", "..") });
  expect(stdout).toMatch(/^pprof: 1 goroutine is left\n\ngoroutine 2 \[chan receive\]:\n/);
});

test("bad use is refused [PP10]", async () => {
  expect(pprof.lookup("heap")).toBeUndefined();
  expect(profile("goroutine").name()).toBe("goroutine");
  expect(() => pprof.setBlockProfileRate(-1)).toThrow("pprof: the rate must be at least 0 milliseconds, got -1");
  expect(() => pprof.dumpOn("SIGUSR2", 42 as never)).toThrow("pprof.dumpOn: 42 is not a function");
  await expect(profile("goroutine").writeTo(42 as never)).rejects.toThrow(
    "pprof: the writer must have a method write, got 42",
  );
  await expect(profile("goroutine").writeTo(new Text(), 3)).rejects.toThrow("pprof: debug must be 0, 1 or 2, got 3");
});
