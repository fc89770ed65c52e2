import { chan, type Context } from "gocsp";

/** Returns a context of the user's that never ends, and tells how many watch it. */
export function watchedContext(): { ctx: Context; watchers: () => number } {
  const done = chan<never>();
  const watchers = new Set<object>();
  const ctx = {
    deadline: () => undefined,
    done: () => done,
    err: () => undefined,
    value: () => undefined,
    afterFunc: () => {
      const watcher = {};
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
  };
  return { ctx, watchers: () => watchers.size };
}
