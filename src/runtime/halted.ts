/**
 * Whether the program is ending: then no goroutine resumes, except in deferred calls. See `halt` in `turn.ts`.
 */

export let halted = false;

/** Whether a deferred call runs, whose operations are not frozen in a halted program. */
export let exempt = false;

/** For `halt` and `resume` alone. */
export function setHalted(value: boolean): void {
  halted = value;
}

/**
 * Runs a deferred call. When main has returned, a goroutine whose panic unwinds still runs its deferred calls, and the
 * operations that those begin synchronously must not freeze it.
 */
export function runDeferred<T>(call: () => T): T {
  if (!halted) return call();
  exempt = true;
  try {
    return call();
  } finally {
    exempt = false;
  }
}

/** The alarms of a clock: see `AlarmQueue`. */
interface Alarms {
  ringDue(since: number): void;
  arm(): void;
}

/** What was to ring in the halted program: for each queue the largest `since`. */
const postponed = new Map<Alarms, number>();

/**
 * Makes alarms ring when the program goes on after all: a timeout that has fired does not fire again. Until then they
 * set no other, which would fire at once.
 */
export function postpone(alarms: Alarms, since: number): true {
  postponed.set(alarms, Math.max(since, postponed.get(alarms) ?? since));
  return true;
}

/** For `resume` alone. */
export function ringPostponed(): void {
  const all = [...postponed];
  postponed.clear();
  for (const [alarms, since] of all) {
    alarms.ringDue(since);
    alarms.arm();
  }
}
