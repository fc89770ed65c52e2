/** Those who want to know when a signal aborts. One listener serves them all: hosts warn of signals that have many. */
const watchers = new WeakMap<AbortSignal, Set<() => void>>();

/** Calls `aborted` when a signal that has not aborted does; the result takes that back, and leaves nothing on it. */
export function onAbort(signal: AbortSignal, aborted: () => void): () => void {
  const set = watchers.get(signal) ?? watch(signal);
  // A function of its own, so that one that is given twice counts twice.
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
