// gocsp: contexts.
import { context, time } from "gocsp";
import type { Runs } from "../../harness/subject.ts";

const hour = 1 * time.hour;

export const contexts: Runs = {
  "ctx-cancel/plain": (n) => {
    let ended = 0;
    for (let i = 0; i < n; i++) {
      const [ctx, cancel] = context.withCancel(context.background());
      cancel();
      if (ctx.err() !== undefined) ended++;
    }
    return ended;
  },

  "ctx-cancel/done": (n) => {
    let ended = 0;
    for (let i = 0; i < n; i++) {
      const [ctx, cancel] = context.withCancel(context.background());
      const done = ctx.done();
      cancel();
      if (done.tryReceive() !== undefined) ended++;
    }
    return ended;
  },

  "ctx-child": (n) => {
    const [parent, cancelParent] = context.withCancel(context.background());
    let ended = 0;
    for (let i = 0; i < n; i++) {
      const [ctx, cancel] = context.withCancel(parent);
      cancel();
      if (ctx.err() !== undefined) ended++;
    }
    cancelParent();
    return ended;
  },

  "ctx-tree": (n) => {
    let ended = 0;
    const children: context.Context[] = [];
    for (let i = 0; i < n; i += 1000) {
      const [parent, cancelParent] = context.withCancel(context.background());
      for (let j = 0; j < 1000; j++) children[j] = context.withCancel(parent)[0];
      cancelParent();
      for (const child of children) if (child.err() !== undefined) ended++;
    }
    return ended;
  },

  "ctx-timeout": (n) => {
    let ended = 0;
    for (let i = 0; i < n; i++) {
      const [ctx, cancel] = context.withTimeout(context.background(), hour);
      cancel();
      if (ctx.err() !== undefined) ended++;
    }
    return ended;
  },

  "ctx-value": (n) => {
    const keys = Array.from({ length: 10 }, (_, i) => context.key<number>(`key ${i}`));
    let ctx = context.background();
    for (const [i, key] of keys.entries()) ctx = context.withValue(ctx, key, i + 1);
    const deepest = keys[0];
    if (deepest === undefined) return 0;
    let found = 0;
    for (let i = 0; i < n; i++) found += ctx.value(deepest) ?? 0;
    return found;
  },
};
