// Do two binary trees hold the same values? Two goroutines walk them and send what they find; the comparison stops at
// the first difference. A classical exercise for channels as generators, with a context so that a walk that is not
// needed any more ends.
import { chan, context, type Context, go, main, type ReceiveChan, select, send, type SendChan } from "gocsp";

type Tree = { left: Tree | null; right: Tree | null; value: number } | null;

const insert = (t: Tree, v: number): Tree => {
  if (!t) return { left: null, right: null, value: v };
  if (v < t.value) {
    t.left = insert(t.left, v);
  } else {
    t.right = insert(t.right, v);
  }
  return t;
};

const grow = (...values: number[]): Tree => values.reduce(insert, null as Tree);

/** Sends the values of `t` in order and reports false once `ctx` has ended. */
const walk = async (ctx: Context, t: Tree, out: SendChan<number>): Promise<boolean> => {
  if (!t) return true;
  if (!(await walk(ctx, t.left, out))) return false;
  const op = await select({ sent: send(out, t.value), done: ctx.done() });
  switch (op.case) {
    case "sent":
      return await walk(ctx, t.right, out);
    case "done":
      return false;
  }
};

/** Walks `t` in a goroutine and reports on `ended` whether it came to the end. */
const walker = (ctx: Context, t: Tree, ended: SendChan<boolean>): ReceiveChan<number> => {
  const out = chan<number>();
  go(async () => {
    const complete = await walk(ctx, t, out);
    out.close();
    await ended.send(complete);
  });
  return out;
};

const same = async (a: Tree, b: Tree): Promise<boolean> => {
  const [ctx, cancel] = context.withCancel(context.background());
  const ended = chan<boolean>(2);
  const [x, y] = [walker(ctx, a, ended), walker(ctx, b, ended)];
  let equal = true;
  for (;;) {
    const [v, okV] = await x.receiveOk();
    const [w, okW] = await y.receiveOk();
    if (v !== w || okV !== okW) {
      equal = false;
      break;
    }
    if (!okV) break;
  }
  cancel();
  console.log("both walked to the end:", (await ended.receive()) && (await ended.receive()));
  return equal;
};

main(async () => {
  const [up, down, mixed] = [grow(1, 2, 3, 4, 5, 6, 7), grow(7, 6, 5, 4, 3, 2, 1), grow(4, 2, 6, 1, 3, 5, 7)];
  console.log("up and down:", await same(up, down));
  console.log("up and mixed:", await same(up, mixed));
  console.log("up and different:", await same(up, grow(1, 2, 4, 8, 16, 32)));
  console.log("nothing and nothing:", await same(null, null));
});
