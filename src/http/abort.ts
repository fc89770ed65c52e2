/**
 * The functions to call when a signal aborts. One listener calls them all: hosts warn of signals with many listeners.
 */
const watchers = new WeakMap<AbortSignal, Set<() => void>>();

/** Calls `aborted` when a signal that has not aborted does. The result undoes that, and leaves no listener. */
export function onAbort(signal: AbortSignal, aborted: () => void): () => void {
  const set = watchers.get(signal) ?? watch(signal);
  // A new function each time, so that one that is given twice is called twice.
  const call = (): void => aborted();
  set.add(call);
  return () => {
    if (!set.delete(call) || set.size > 0) return;
    signal.removeEventListener("abort", listener);
    watchers.delete(signal);
  };
}

function watch(signal: AbortSignal): Set<() => void> {
  const set = new Set<() => void>();
  watchers.set(signal, set);
  signal.addEventListener("abort", listener);
  return set;
}

function listener(this: AbortSignal): void {
  this.removeEventListener("abort", listener);
  const set = watchers.get(this);
  watchers.delete(this);
  for (const call of Array.from(set ?? [])) if (set?.delete(call) === true) call();
}
