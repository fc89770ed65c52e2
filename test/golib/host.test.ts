import { existsSync } from "node:fs";
import { PanicError } from "gocsp";
import * as golib from "gocsp/golib";
import * as atomic from "gocsp/golib/atomic";
import * as debug from "gocsp/golib/debug";
import * as io from "gocsp/golib/io";
import * as log from "gocsp/golib/log";
import * as os from "gocsp/golib/os";
import * as rand from "gocsp/golib/rand";
import * as runtime from "gocsp/golib/runtime";
import * as strings from "gocsp/golib/strings";
import * as time from "gocsp/golib/time";
import { describe, expect, test, vi } from "vitest";
import { run } from "../../scripts/project.ts";

describe("the process", () => {
  test("its environment is read and changed [B15]", () => {
    const key = "GOCSP_TEST_HOST";
    expect([os.getenv(key), os.lookupEnv(key)]).toEqual(["", ["", false]]);
    expect(os.setenv(key, "a=b")).toBeUndefined();
    expect([os.getenv(key), os.lookupEnv(key)]).toEqual(["a=b", ["a=b", true]]);
    expect(os.environ()).toContain(`${key}=a=b`);
    os.unsetenv(key);
    expect(os.lookupEnv(key)).toEqual(["", false]);
    expect(os.setenv("", "x")?.message).toBe("setenv: invalid argument");
  });

  test("it has an id, a folder, a machine and arguments [B15]", () => {
    expect([os.getpid(), os.getwd(), os.tempDir() !== ""]).toEqual([process.pid, [process.cwd(), undefined], true]);
    expect(os.hostname()[0]).not.toBe("");
    expect(os.args.length).toBeGreaterThan(0);
    const [gone] = os.findProcess(2 ** 22 + 1);
    expect(gone).toBeInstanceOf(os.Process);
    expect(gone.signal("SIGTERM")).toBe(os.errProcessDone);
  });

  test("folders are made, renamed and found [B15]", () => {
    const [folder] = os.mkdirTemp("", "golib");
    expect(os.mkdirAll(`${folder}/a/b`, 0o755)).toBeUndefined();
    const err = os.mkdir(`${folder}/a`, 0o755);
    expect(err).toBeInstanceOf(os.PathError);
    expect([err?.message, os.isExist(err), os.isNotExist(err)]).toEqual([
      `mkdir ${folder}/a: file exists`,
      true,
      false,
    ]);
    expect(os.rename(`${folder}/a`, `${folder}/c`)).toBeUndefined();
    expect(existsSync(`${folder}/c/b`)).toBe(true);
    expect(os.removeAll(folder)).toBeUndefined();
  });

  test("what is written goes to the standard files, and nothing to standard input [B15]", () => {
    const out = vi.spyOn(process.stdout, "write").mockReturnValue(true);
    const err = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    try {
      expect(os.stdout.writeString("é")).toEqual([2, undefined]);
      expect(os.stderr.write(golib.toBytes("ab"))).toEqual([2, undefined]);
      expect(os.stdin.writeString("x")[1]?.message).toBe("write /dev/stdin: bad file descriptor");
      expect([out.mock.calls[0]?.[0], err.mock.calls.length]).toEqual(["é", 1]);
    } finally {
      vi.restoreAllMocks();
    }
    expect(os.stdout).toBeInstanceOf(os.File);
  });

  test("a program that is fatal ends with status 1, one that exits with its own [B15]", { timeout: 180_000 }, () => {
    const program = `import * as log from "gocsp/golib/log"; import * as os from "gocsp/golib/os"; log.setFlags(0);`;
    const ended = (call: string): unknown[] => {
      const source = `${program} ${call}; log.print("not reached");`;
      const { code, stderr } = run(process.execPath, ["--input-type=module", "--eval", source]);
      return [code, stderr];
    };
    expect(ended(`log.fatal("a", 1)`)).toEqual([1, "a1\n"]);
    expect(ended(`log.fatalf("%d", 2)`)).toEqual([1, "2\n"]);
    expect(ended(`log.fatalln("a", 3)`)).toEqual([1, "a 3\n"]);
    expect(ended(`os.exit(7)`)).toEqual([7, ""]);
  });
});

describe("the logger of the package", () => {
  test("does what a logger does that was made [B15]", () => {
    const before = [log.flags(), log.prefix(), log.writer()] as const;
    expect([before[0], before[1]]).toEqual([log.lstdFlags, ""]);
    const out = new strings.Builder();
    log.setOutput(out);
    log.setFlags(log.lmsgprefix);
    log.setPrefix("p: ");
    try {
      log.print("a", 1);
      log.println("b", 2);
      log.printf("%d", 3);
      expect(() => log.panic("c")).toThrow(PanicError);
      expect(() => log.panicf("%s", "d")).toThrow("d");
      expect(() => log.panicln("e")).toThrow("e\n");
      expect(out.string()).toBe("p: a1\np: b 2\np: 3\np: c\np: d\np: e\n");
      expect([log.default_(), log.defaultLogger().prefix()]).toEqual([log.defaultLogger(), "p: "]);
    } finally {
      log.setFlags(before[0]);
      log.setPrefix(before[1]);
      log.setOutput(before[2]);
    }
  });
});

describe("chance", () => {
  const many = <T>(f: () => T): T[] => Array.from({ length: 200 }, f);

  test("the numbers are in their ranges [B15]", () => {
    const below = (limit: number, f: () => number): void => {
      const numbers = many(f);
      expect(numbers.every((n) => n >= 0 && n < limit)).toBe(true);
      expect(new Set(numbers).size).toBeGreaterThan(1);
    };
    below(7, () => rand.intn(7));
    below(7, () => rand.intN(7));
    below(7, () => rand.int31n(7));
    below(7, () => rand.int63n(7));
    below(7, () => rand.int32N(7));
    below(7, () => rand.int64N(7));
    below(7, () => rand.uint32N(7));
    below(7, () => rand.uint64N(7));
    below(7, () => rand.n(7));
    below(1, rand.float32);
    below(1, rand.float64);
    below(2 ** 31, rand.int31);
    below(2 ** 31, rand.int32);
    below(2 ** 32, rand.uint32);
    for (const f of [rand.int, rand.int63, rand.int64]) below(2 ** 63, f);
    below(2 ** 64, rand.uint64);
    below(Infinity, rand.expFloat64);
    expect(many(rand.normFloat64).some((n) => n < 0)).toBe(true);
    const made = rand.newRand(rand.newSource(1));
    below(7, () => made.intn(7));
  });

  test("a limit that is not positive panics with Go's text [B15]", () => {
    expect(() => rand.intn(0)).toThrow("invalid argument to Intn");
    expect(() => rand.intN(0)).toThrow("invalid argument to IntN");
    expect(() => rand.n(0)).toThrow("invalid argument to N");
  });

  test("permutations and shuffles keep what there is [B15]", () => {
    rand.seed(1);
    expect(rand.perm(20).sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, i) => i));
    const list = [1, 2, 3, 4, 5];
    rand.shuffle(list.length, (i, j) => {
      [list[i], list[j]] = [list[j] as number, list[i] as number];
    });
    expect(new Set(list)).toEqual(new Set([1, 2, 3, 4, 5]));
    const bytes = new Uint8Array(64);
    expect([rand.read(bytes), bytes.some((byte) => byte > 0)]).toEqual([[64, undefined], true]);
  });
});

describe("the runtime", () => {
  test("tells where it is [B15]", () => {
    expect([runtime.goos, runtime.goarch, runtime.numGoroutine() > 0, runtime.version()]).toEqual([
      "js",
      "js",
      true,
      expect.stringMatching(/\S/),
    ]);
    expect([runtime.gomaxprocs(4), runtime.numCPU() >= 1]).toEqual([1, true]);
    const buffer = new Uint8Array(1 << 12);
    expect(golib.fromBytes(buffer.subarray(0, runtime.stack(buffer, false)))).toContain("host.test");
    expect(golib.fromBytes(debug.stack())).toContain("host.test");
    expect(runtime.callers(0, [])).toBe(0);
    expect(runtime.callersFrames([])).toBeInstanceOf(runtime.Frames);
    expect(runtime.callersFrames([]).next()).toEqual([new runtime.Frame(), false]);
    const printed = vi.spyOn(console, "error").mockReturnValue();
    const written = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    debug.printStack();
    expect(printed.mock.calls.length + written.mock.calls.length).toBeGreaterThan(0);
    vi.restoreAllMocks();
  });

  test("what the host decides does nothing, and returns [B15]", async () => {
    expect([runtime.gc(), runtime.keepAlive(1), runtime.lockOSThread(), runtime.unlockOSThread()]).toEqual(
      Array.from({ length: 4 }),
    );
    expect([debug.setGCPercent(50), debug.freeOSMemory()]).toEqual([100, undefined]);
    await runtime.gosched();
    expect(() => runtime.goexit()).toThrow();
  });
});

describe("atomic variables of other types", () => {
  test("pointers are compared by identity [B15]", () => {
    const [a, b] = [{ n: 1 }, { n: 1 }];
    const p = new atomic.Pointer<{ n: number }>();
    expect([p.load(), p.compareAndSwap(undefined, a), p.compareAndSwap(b, b), p.swap(b), p.load()]).toEqual([
      undefined,
      true,
      false,
      a,
      b,
    ]);
    const variable = golib.ref<{ n: number } | undefined>(a);
    expect(atomic.compareAndSwapPointer(variable, b, undefined)).toBe(false);
    expect(atomic.swapPointer(variable, b)).toBe(a);
    atomic.storePointer(variable, a);
    expect(atomic.loadPointer(variable)).toBe(a);
  });

  test("go.uber.org's types add, toggle and print [B15]", () => {
    expect([
      new atomic.Float64(1.5).add(0.25),
      new atomic.Duration(1).add(2),
      new atomic.String("a").swap("b"),
    ]).toEqual([1.75, 3, "a"]);
    const err = new Error("e");
    const stored = new atomic.Error();
    stored.store(err);
    expect([stored.load(), new atomic.Bool(true).toggle(), new atomic.Uintptr(1).add(1)]).toEqual([err, true, 2]);
    const counter = golib.ref(1);
    atomic.storeUintptr(counter, 4);
    expect([atomic.addUintptr(counter, 1), atomic.loadUintptr(counter)]).toEqual([5, 5]);
  });

  test("a float in a value is compared by what it is [B15]", () => {
    const value = new atomic.Value();
    value.store(golib.float64(1));
    expect([
      value.compareAndSwap(golib.float64(2), golib.float64(3)),
      value.compareAndSwap(golib.float64(1), golib.float64(3)),
    ]).toEqual([false, true]);
    expect(golib.unbox(value.load())).toBe(3);
  });
});

describe("pipes and times", () => {
  test("an empty read is tried again, and not for ever [B15]", async () => {
    const [reader, writer] = io.pipe();
    expect([reader instanceof io.PipeReader, writer instanceof io.PipeWriter]).toEqual([true, true]);
    expect(await io.readSome({ read: () => [0, undefined] }, new Uint8Array(1))).toEqual([0, io.errNoProgress]);
  });

  test("a time is the same in both zones, and prints in its own [B15]", () => {
    const at = time.date(2026, 3, 1, 12, 0, 0, 0, time.utc);
    expect([at.in(time.local).equal(at), at.in(time.local).location(), time.sub(at, at)]).toEqual([
      true,
      time.local,
      0,
    ]);
  });
});
