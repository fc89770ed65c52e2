import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import * as abortListeners from "../../src/context/abort-listeners.ts";
import * as silentAbortListeners from "../../src/context/silent/abort-listeners.ts";
import * as asyncContext from "../../src/runtime/async-context.ts";
import * as silentAsyncContext from "../../src/runtime/silent/async-context.ts";
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

const pairs = {
  "context/abort-listeners": [abortListeners, silentAbortListeners],
  "runtime/async-context": [asyncContext, silentAsyncContext],
  "runtime/copies": [copies, silentCopies],
  "runtime/crashreport": [crashreport, silentCrashreport],
  "runtime/deadlock": [deadlock, silentDeadlock],
  "runtime/immediates": [immediates, silentImmediates],
  "runtime/live": [live, silentLive],
  "runtime/place": [place, silentPlace],
  "runtime/printing": [printing, silentPrinting],
  "runtime/process": [processes, silentProcess],
  "runtime/sites": [sites, silentSites],
  "runtime/unbound": [unbound, silentUnbound],
} as const;

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

test("the silent modules report, record and end nothing", async () => {
  expect(silentCrashreport.fatalReport("unlock of unlocked mutex", new Error("x"))).toBe("");
  expect(silentCrashreport.panicReport(new Error("x"), 7, "work", undefined)).toBe("");
  expect(silentDeadlock.watchForDeadlock()).toBeUndefined();
  expect(silentDeadlock.checkOrphans()).toBeUndefined();
  expect(silentPlace.placeIfAffordable(test)).toBeUndefined();
  expect(silentPlace.thrownHere(test)).toBe(test);
  expect(silentPlace.placeLines({ stack: "x" })).toBe("");
  expect(silentPlace.isErrorLike(new TypeError("x"))).toBe(true);
  expect(silentPlace.isErrorLike({ message: "x" })).toBe(false);
  expect(silentPrinting.printingMethods).toEqual(["toJSON"]);
  expect(silentProcess.hasProcess).toBe(false);
  await expect(silentProcess.exitNormally(true)).resolves.toBeUndefined();
  expect(silentProcess.holdProcess()()).toBeUndefined();
  expect([silentAsyncContext.hasAsyncContexts, silentAsyncContext.bound(test)]).toEqual([false, test]);
  expect(silentAbortListeners.bindListeners()).toBeUndefined();
  expect(silentCopies.ofOtherCopy({})).toBe("");
  expect(silentProcess.setHold({}, true)).toBeUndefined();
  const clock = { now: () => 0, wall: () => 0, setTimeout: () => 0, clearTimeout: () => undefined };
  expect(silentImmediates.withImmediates(clock)).toBe(clock);
  silentUnbound.refuseUnbound(Map);
  expect(() => silentUnbound.checkBound("go", test)).not.toThrow();
  const site = { tracked: false, queues: () => [] };
  silentSites.track(site);
  expect(site.tracked).toBe(true);
});
