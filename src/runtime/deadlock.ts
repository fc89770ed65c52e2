/**
 * Watches for the end of a program that waits for ever. The host tells when its event loop has run dry, which cannot
 * happen while a timer, a socket or a child process could still wake somebody. If main has not returned by then, or a
 * top-level await is pending, every goroutine is asleep for good.
 */

import { requestTurn } from "./host.ts";
import { endFatally, PanicError } from "./panic.ts";
import { awaitsSignals, dieNow, exitStatus, hasProcess, holdProcess, knowsWhenDry, onProcess } from "./process.ts";
import { live } from "./live.ts";
import { program } from "./program.ts";
import { isAnyoneParked } from "./sites.ts";
import { wakes } from "./waiter.ts";

const text = "all goroutines are asleep - deadlock!";

/** The status with which Node ends when a top-level await is still pending, known from its exit event on. */
const unsettledTopLevelAwait = 13;

let watching = false;
let making = false;

/** The goroutines' report, and the number of wakes when it was made: with the same number it still holds. */
let report = "";
let reportedAt = -1;

/** Whether the event loop has run dry and has not turned since. */
let dry = false;

/** Begins to watch, with the first goroutine or the first park. */
export function watchForDeadlock(): void {
  if (watching || !knowsWhenDry) return;
  watching = true;
  onProcess("beforeExit", onDry);
  onProcess("exit", onExit);
}

/**
 * Making the report takes some turns of the event loop, after which the host finds it dry once more. It is shown only at
 * the exit: other listeners of this event may have work for the goroutines, as often as they like.
 */
function onDry(): void {
  if (program.main === "exited" || making) return;
  if (awaitsSignals()) {
    // Main waits, as in Go. Only a top-level await cannot be told from a program that is through.
    if (program.main === "running") holdProcess();
    return;
  }
  if (reportedAt !== wakes) {
    if (program.main === "running" || live.size > 0 || isAnyoneParked()) {
      void makeReport();
      turnUntilMade();
    }
    return;
  }
  // Asked a second time, Bun would never come to an end.
  if (dry) return;
  dry = true;
  requestTurn(() => (dry = false));
}

async function makeReport(): Promise<void> {
  making = true;
  try {
    const { goroutineReport } = await import("./report.ts");
    const before = wakes;
    report = await goroutineReport();
    reportedAt = before;
  } catch {
    // The file may be gone, or left out of a bundle. That everything is asleep can be told without it.
    reportedAt = wakes;
  }
  making = false;
}

/** Keeps the event loop alive, which neither loading a module nor a microtask need do. */
function turnUntilMade(): void {
  requestTurn(() => {
    if (making) turnUntilMade();
  }).hold();
}

/** Without `main`, only the exit status tells whether a top-level await was pending. */
function onExit(): void {
  if (!dry || reportedAt !== wakes) return;
  if (program.main === "running" || (program.main === "module" && exitStatus() === unsettledTopLevelAwait)) {
    dieNow(`fatal error: ${text}\n\n${report}`, new PanicError(text));
  }
}

/** Ends the program, where there is one, when main has left by goexit and nobody else is there. */
export function checkOrphans(): void {
  if (program.main !== "running" || live.size > 0 || !hasProcess) return;
  endFatally("no goroutines (main called runtime.Goexit) - deadlock!");
}
