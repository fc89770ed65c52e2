// Do two binary trees hold the same values? Two goroutines walk them and send what they find; whoever compares stops at
// the first difference. A classical exercise for channels as generators, with a context so that a walk that is not
// needed any more ends.
import { chan, type Context, context, go, main, type ReceiveChan, select, send, type SendChan } from "gocsp";

class Tree {
  left: Tree | undefined;
  right: Tree | undefined;
  value = 0;

  constructor(init?: Partial<Tree>) {
    Object.assign(this, init);
  }
}

function treeInsert(t: Tree | undefined, v: number): Tree | undefined {
  if (t === undefined) {
    return new Tree({ value: v });
  }
  if (v < t.value) {
    t.left = treeInsert(t.left, v);
  } else {
    t.right = treeInsert(t.right, v);
  }
  return t;
}

function grow(...values: number[]): Tree | undefined {
  let t: Tree | undefined;
  for (const v of values) {
    t = treeInsert(t, v);
  }
  return t;
}

/** walk sends the values of t in order and reports false once ctx has ended. */
async function walk(ctx: Context, t: Tree | undefined, out: SendChan<number>): Promise<boolean> {
  if (t === undefined) {
    return true;
  }
  if (!await walk(ctx, t.left, out)) {
    return false;
  }
  const op = await select({ sent: send(out, t.value), done: ctx.done() });
  switch (op.case) {
    case "sent":
      return await walk(ctx, t.right, out);
    case "done":
      return false;
  }
}

/** walker walks t in a goroutine and reports on ended whether it came to the end. */
function walker(ctx: Context, t: Tree | undefined, ended: SendChan<boolean>): ReceiveChan<number> {
  const out = chan<number>();
  go(async () => {
    const complete = await walk(ctx, t, out);
    out.close();
    await ended.send(complete);
  });
  return out;
}

async function same(a: Tree | undefined, b: Tree | undefined): Promise<boolean> {
  const [ctx, cancel] = context.withCancel(context.background());
  const ended = chan<boolean>(2);
  const x = walker(ctx, a, ended);
  const y = walker(ctx, b, ended);
  let equal_ = true;
  for (;;) {
    const [v = 0, okV] = await x.receiveOk();
    const [w = 0, okW] = await y.receiveOk();
    if (v !== w || okV !== okW) {
      equal_ = false;
      break;
    }
    if (!okV) {
      break;
    }
  }
  cancel();
  console.log("both walked to the end:", ((await ended.receive()) ?? false) && ((await ended.receive()) ?? false));
  return equal_;
}

main(async () => {
  const up = grow(1, 2, 3, 4, 5, 6, 7);
  const down = grow(7, 6, 5, 4, 3, 2, 1);
  const mixed = grow(4, 2, 6, 1, 3, 5, 7);
  console.log("up and down:", await same(up, down));
  console.log("up and mixed:", await same(up, mixed));
  console.log("up and different:", await same(up, grow(1, 2, 4, 8, 16, 32)));
  console.log("nothing and nothing:", await same(undefined, undefined));
});
