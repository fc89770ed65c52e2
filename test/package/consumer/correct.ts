// A program of a user of the package: it has to compile, and what the compiler infers has to be exact.
import { chan, context, defer, errors, go, gosched, main, nilChan, PanicError, select, send, time } from "gocsp";
import type { CancelFunc, Chan, Context, ReceiveChan, SendChan } from "gocsp";
import { chan as subpathChan } from "gocsp/chan";
import * as subpathContext from "gocsp/context";
import * as subpathErrors from "gocsp/errors";
import { go as subpathGo } from "gocsp/runtime";
import { select as subpathSelect, send as subpathSend } from "gocsp/select";
import * as subpathTime from "gocsp/time";

/** True for exactly equal types; `any` equals nothing but itself. */
type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function exactly<A, B>(equal: Equal<A, B>): void {
  void equal;
}

exactly<typeof subpathChan, typeof chan>(true);
exactly<typeof subpathContext, typeof context>(true);
exactly<typeof subpathErrors, typeof errors>(true);
exactly<typeof subpathGo, typeof go>(true);
exactly<typeof subpathSelect, typeof select>(true);
exactly<typeof subpathSend, typeof send>(true);
exactly<typeof subpathTime, typeof time>(true);

function generate(ctx: Context): ReceiveChan<number> {
  const numbers = chan<number>();
  go(async () => {
    for (let n = 1; ;) {
      const op = await select({ done: ctx.done(), sent: send(numbers, n) });
      switch (op.case) {
        case "done":
          return;
        case "sent":
          n++;
      }
    }
  });
  return numbers;
}

async function add(a: number, sum: SendChan<number>): Promise<void> {
  await sum.send(a + 1);
}

export const program: () => Promise<void> = async () => {
  const [ctx, cancel] = context.withTimeout(context.background(), 5 * time.second);
  exactly<typeof ctx, Context>(true);
  exactly<typeof cancel, CancelFunc>(true);
  for await (const n of generate(ctx)) {
    exactly<typeof n, number>(true);
    if (n === 5) break;
  }

  const texts = chan<string>(8);
  exactly<typeof texts, Chan<string>>(true);
  const plain = await texts.receive();
  exactly<typeof plain, string | undefined>(true);
  const [value, ok] = await texts.receiveOk(ctx);
  if (ok) exactly<typeof value, string>(true);
  else exactly<typeof value, undefined>(true);
  const tried = texts.tryReceive();
  if (tried?.ok) exactly<typeof tried.value, string>(true);
  exactly<boolean, ReturnType<typeof texts.trySend>>(true);
  for await (const text of texts.range(ctx)) exactly<typeof text, string>(true);

  const op = await select({ texts, late: time.after(time.millisecond), none: nilChan<bigint>(), default: true });
  switch (op.case) {
    case "texts":
      if (op.ok) exactly<typeof op.value, string>(true);
      break;
    case "late":
      if (op.ok) exactly<typeof op.value, Date>(true);
      break;
    case "none":
      if (op.ok) exactly<typeof op.value, bigint>(true);
      break;
    case "default":
      break;
    default:
      exactly<typeof op, never>(true);
  }

  const sums = chan<number>(1);
  go(add, 1, sums);
  const color = context.key<string>("color");
  const painted = context.withValue(ctx, color, "red");
  exactly<ReturnType<typeof painted.err>, Error | undefined>(true);
  exactly<ReturnType<typeof painted.deadline>, Date | undefined>(true);
  const found = painted.value(color);
  exactly<typeof found, string | undefined>(true);
  exactly<ReturnType<typeof errors.is>, boolean>(true);
  exactly<typeof context.canceled, Error>(true);

  const signal: AbortSignal = context.signal(ctx);
  const [linked, stop] = context.fromSignal(ctx, signal);
  exactly<typeof linked, Context>(true);
  stop();
  const timer = time.newTimer(time.hour);
  exactly<typeof timer.c, ReceiveChan<Date>>(true);
  timer.stop();
  await time.sleep(ctx, time.millisecond);
  await gosched();
  const done = defer(() => cancel());
  done[Symbol.dispose]();
  if (tried instanceof PanicError) throw tried;
};

export const start = (): void => {
  main(program);
};
