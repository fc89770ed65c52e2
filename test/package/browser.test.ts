import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "vite";
import { expect, onTestFinished, test } from "vitest";
import * as abortListeners from "../../src/context/abort-listeners.ts";
import * as silentAbortListeners from "../../src/context/silent/abort-listeners.ts";
import * as asyncContext from "../../src/runtime/async-context.ts";
import * as silentAsyncContext from "../../src/runtime/silent/async-context.ts";
import * as halted from "../../src/runtime/halted.ts";
import * as environment from "../../src/runtime/environment.ts";
import * as silentEnvironment from "../../src/runtime/silent/environment.ts";
import { reportUncaught } from "../../src/runtime/host.ts";
import * as silentHalted from "../../src/runtime/silent/halted.ts";
import * as immediates from "../../src/runtime/immediates.ts";
import * as silentImmediates from "../../src/runtime/silent/immediates.ts";
import * as live from "../../src/runtime/live.ts";
import * as silentLive from "../../src/runtime/silent/live.ts";
import * as copies from "../../src/runtime/copies.ts";
import * as silentCopies from "../../src/runtime/silent/copies.ts";
import * as crashreport from "../../src/runtime/crashreport.ts";
import * as deadlock from "../../src/runtime/deadlock.ts";
import * as place from "../../src/runtime/place.ts";
import * as printing from "../../src/runtime/printing.ts";
import * as processes from "../../src/runtime/process.ts";
import * as silentCrashreport from "../../src/runtime/silent/crashreport.ts";
import * as silentDeadlock from "../../src/runtime/silent/deadlock.ts";
import * as silentPlace from "../../src/runtime/silent/place.ts";
import * as silentPrinting from "../../src/runtime/silent/printing.ts";
import * as silentProcess from "../../src/runtime/silent/process.ts";
import * as silentSites from "../../src/runtime/silent/sites.ts";
import * as silentUnbound from "../../src/runtime/silent/unbound.ts";
import * as sites from "../../src/runtime/sites.ts";
import * as unbound from "../../src/runtime/unbound.ts";

const root = join(import.meta.dirname, "..", "..");
const { browser } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { browser: Record<string, string> };

/** A module and the one that takes its place, whose exports must have the types of the first one's. */
function pair<Spoken extends object>(spoken: Spoken, silent: Partial<Spoken>): [spoken: object, silent: object] {
  return [spoken, silent];
}

const pairs: Record<string, [spoken: object, silent: object]> = {
  "context/abort-listeners": pair(abortListeners, silentAbortListeners),
  "runtime/async-context": pair(asyncContext, silentAsyncContext),
  "runtime/copies": pair(copies, silentCopies),
  "runtime/crashreport": pair(crashreport, silentCrashreport),
  "runtime/deadlock": pair(deadlock, silentDeadlock),
  "runtime/environment": pair(environment, silentEnvironment),
  "runtime/halted": pair(halted, silentHalted),
  "runtime/immediates": pair(immediates, silentImmediates),
  "runtime/live": pair(live, silentLive),
  "runtime/place": pair(place, silentPlace),
  "runtime/printing": pair(printing, silentPrinting),
  "runtime/process": pair(processes, silentProcess),
  "runtime/sites": pair(sites, silentSites),
  "runtime/unbound": pair(unbound, silentUnbound),
};

function silentOf(name: string): string {
  return name.replace("/", "/silent/");
}

test("bundles for browsers take the silent modules, and only those", () => {
  const wanted = Object.keys(pairs).map((name) => [`./dist/${name}.js`, `./dist/${silentOf(name)}.js`]);
  expect(browser).toEqual(Object.fromEntries(wanted));
  for (const name of Object.keys(pairs)) expect(existsSync(join(root, "src", `${silentOf(name)}.ts`))).toBe(true);
});

test("a silent module exports only what the module that it replaces exports", () => {
  for (const [name, [spoken, silent]] of Object.entries(pairs)) {
    expect(Object.keys(spoken), name).toEqual(expect.arrayContaining(Object.keys(silent)));
  }
});

test("the silent modules report, record and end nothing", () => {
  expect([silentCrashreport.crash, silentCrashreport.crashFatally]).toEqual([reportUncaught, reportUncaught]);
  expect(silentDeadlock.watchForDeadlock()).toBeUndefined();
  expect(silentDeadlock.checkOrphans()).toBeUndefined();
  expect(silentPlace.placeIfAffordable(test)).toBeUndefined();
  expect(silentPlace.thrownHere(test)).toBe(test);
  expect(silentPlace.placeLines({ stack: "x" })).toBe("");
  expect(silentPlace.isErrorLike(new TypeError("x"))).toBe(true);
  expect(silentPlace.isErrorLike({ message: "x" })).toBe(false);
  expect(silentPrinting.printingMethods).toEqual(["toJSON"]);
  expect([silentEnvironment.hasProcess, silentEnvironment.tracesPromises]).toEqual([false, false]);
  expect(silentProcess.exitNormally(new Set([1]))).toBeUndefined();
  expect(silentProcess.holdProcess()()).toBeUndefined();
  expect([silentAsyncContext.hasAsyncContexts, silentAsyncContext.bound(test)]).toEqual([false, test]);
  expect(silentAbortListeners.bindListeners()).toBeUndefined();
  expect(silentCopies.ofOtherCopy({})).toBe("");
  expect(silentProcess.setHold({}, true)).toBeUndefined();
  expect(silentHalted.setHalted(true)).toBeUndefined();
  expect([silentHalted.halted, silentHalted.exempt, silentHalted.runDeferred(() => 7)]).toEqual([false, false, 7]);
  const clock = { now: () => 0, wall: () => 0, setTimeout: () => 0, clearTimeout: () => undefined };
  expect(silentImmediates.withImmediates(clock)).toBe(clock);
  silentUnbound.refuseUnbound(Map);
  expect(() => silentUnbound.checkBound("go", test)).not.toThrow();
  expect(silentSites.track({})).toBeUndefined();
});

/** Bundles a module for browsers as most pages are, and returns the path of the result. */
async function bundle(text: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "gocsp-browser-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(
    join(folder, "program.mjs"),
    `import * as gocsp from ${JSON.stringify(join(root, "dist/index.js"))};\n${text}`,
  );
  await build({
    root: folder,
    configFile: false,
    logLevel: "error",
    build: {
      outDir: "out",
      target: "esnext",
      rolldownOptions: { input: join(folder, "program.mjs"), output: { entryFileNames: "bundled.mjs" } },
    },
  });
  const bundled = join(folder, "out", "bundled.mjs");
  expect(readFileSync(bundled, "utf8")).not.toContain("all goroutines are asleep");
  return bundled;
}

test("a bundle for browsers keeps Node alive while a goroutine waits for time, not for a deadline or timer alone [X36]", async () => {
  const bundled = await bundle(`
    const { context, go, main, select, time } = gocsp;
    main(() => {
      const [ctx] = context.withTimeout(context.background(), 1 * time.hour);
      time.after(1 * time.hour);
      go(async () => {
        await time.sleep(300 * time.millisecond);
        console.log("late");
      });
      go(async () => {
        const op = await select({ done: ctx.done(), soon: time.after(100 * time.millisecond) });
        console.log(op.case);
      });
      console.log(String(ctx.err()));
    });
  `);
  const { stdout } = await promisify(execFile)(process.execPath, [bundled], { timeout: 20_000 });
  expect(stdout).toBe("undefined\nsoon\nlate\n");
}, 60_000);
