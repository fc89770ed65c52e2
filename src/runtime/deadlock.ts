/**
 * Detects deadlocks. The host reports when its event loop has run dry, which cannot happen while a timer, a socket or a
 * child process could still wake a goroutine. If main has not returned by then, or a top-level await is pending, every
 * goroutine is asleep for good.
 */

import { requestTurn } from "./host.ts";
import { endFatally, PanicError } from "./panic.ts";
import { hasProcess, knowsWhenDry } from "./environment.ts";
import { awaitsSignals, dieNow, exitStatus, holdProcess, onProcess } from "./process.ts";
import { live } from "./live.ts";
import { program } from "./program.ts";
import { isAnyoneParked } from "./sites.ts";
import { wakes } from "./waiter.ts";

const text = "all goroutines are asleep - deadlock!";

/** The status with which Node ends when a top-level await is still pending, known from its exit event on. */
const unsettledTopLevelAwait = 13;

/** Set where there is nothing to watch, too, because each start of a goroutine asks. */
let watching = !knowsWhenDry;
let making = false;

/** The goroutines' report, and the number of wakes when it was made: while that is the same, the report is current. */
let report = "";
let reportedAt = -1;

/** Whether the event loop has run dry and has not turned since. */
let dry = false;

/** Begins to watch, with the first goroutine or the first park. */
export function watchForDeadlock(): void {
  if (!watching) watch();
}

function watch(): void {
  watching = true;
  onProcess("beforeExit", onDry);
  onProcess("exit", onExit);
}

/**
 * Making the report takes some turns of the event loop, after which the host finds it dry again. It is shown only at
 * the exit, because other listeners of this event may wake goroutines, any number of times.
 */
function onDry(): void {
  if (program.main === "exited" || making) return;
  if (awaitsSignals()) {
    // Main waits for the signal, as in Go. Without `main` a waiting module looks the same as one that is done.
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
  // Once only: with a second request Bun would never exit.
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
    // The file may be missing, as in a bundle. The deadlock is then reported without the goroutines.
    reportedAt = wakes;
  }
  making = false;
}

/** Keeps the event loop alive, which loading a module and microtasks may not. */
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

/** Ends the process, if there is one, when main has left by goexit and no other goroutine is left. */
export function checkOrphans(): void {
  if (program.main !== "running" || live.size > 0 || !hasProcess) return;
  endFatally("no goroutines (main called runtime.Goexit) - deadlock!");
}
