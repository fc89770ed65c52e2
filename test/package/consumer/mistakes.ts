// A program full of mistakes: the compiler has to find each of them. A type that has become `any` finds none.
import { chan, context, go, select, send, time } from "gocsp";
import type { Chan, Context, ReceiveChan, SendChan } from "gocsp";

declare const numbers: Chan<number>;
declare const ctx: Context;

export async function mistakes(): Promise<void> {
  const op = await select({ numbers, done: ctx.done() });
  // @ts-expect-error: there is no case of this name
  if (op.case === "number") return;
  // @ts-expect-error: the value of the case is a number
  if (op.case === "numbers" && op.ok) op.value.toUpperCase();

  // @ts-expect-error: a string is not an element of this channel
  await numbers.send("one");
  // @ts-expect-error: nor in a select
  await select({ sent: send(numbers, "one") });
  // @ts-expect-error: nor without waiting
  numbers.trySend("one");
  // @ts-expect-error: a received value may be undefined once the channel is closed
  (await numbers.receive()).toFixed();

  const receiver: ReceiveChan<number> = numbers;
  const sender: SendChan<number> = numbers;
  // @ts-expect-error: a receive-only channel has no send
  await receiver.send(1);
  // @ts-expect-error: a receive-only channel cannot be closed
  receiver.close();
  // @ts-expect-error: a send-only channel has no receive
  await sender.receive();
  // @ts-expect-error: a send-only channel cannot be received from in a select
  await select({ sender });
  // @ts-expect-error: a receiver of numbers and texts is not a receiver of numbers only
  const narrowed: ReceiveChan<number> = chan<number | string>();
  // @ts-expect-error: what takes numbers does not take texts too
  const widened: SendChan<number | string> = numbers;

  // @ts-expect-error: a capacity is a number
  chan<number>("8");
  // @ts-expect-error: the argument is not of the parameter's type
  go(async (n: number) => n, "one");
  // @ts-expect-error: a context is needed
  context.withCancel();
  // @ts-expect-error: the value is not of the key's type
  context.withValue(ctx, context.key<string>("color"), 1);
  // @ts-expect-error: a duration is a number
  await time.sleep("1s");
  // @ts-expect-error: there is no export of this name
  await time.sleepFor(1);
  void [narrowed, widened];
}
