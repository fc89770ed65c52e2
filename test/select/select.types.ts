// Compiled, never run: what a select's type tells in each case, and each mistake that it must find. [S20] [S21] [S24]
import { type Chan, type Context, nilChan, type ReceiveChan, select, send, type SendChan, time } from "gocsp";
import { selector } from "gocsp/select";
import { check, type Equal } from "../support/types.ts";

interface Animal {
  name: string;
}
interface Dog extends Animal {
  bark(): void;
}

declare const numbers: Chan<number>;
declare const texts: ReceiveChan<string>;
declare const dogs: Chan<Dog>;
declare const sendAnimals: SendChan<Animal>;
declare const sendDogs: SendChan<Dog>;
declare const maybe: ReceiveChan<Date> | null;
declare const perhaps: SendChan<number> | undefined;
declare const promises: Chan<Promise<number>>;
declare const ctx: Context;
declare const dog: Dog;
declare const animal: Animal;

export async function narrowsByCase(): Promise<string> {
  const op = await select({
    numbers,
    texts,
    maybe,
    promises,
    done: ctx.done(),
    late: time.after(1),
    sent: send(dogs, dog),
    perhapsSent: send(perhaps, 1),
    never: null,
    off: false,
    missing: undefined,
    default: true,
  });
  type Names = "numbers" | "texts" | "maybe" | "promises" | "done" | "late" | "sent" | "perhapsSent" | "default";
  check<Equal<typeof op.case, Names>>();
  switch (op.case) {
    case "numbers":
      check<Equal<typeof op.value, number | undefined>>();
      return op.ok ? op.value.toFixed() : "closed";
    case "texts":
      if (op.ok) check<Equal<typeof op.value, string>>();
      else check<Equal<typeof op.value, undefined>>();
      return "";
    case "maybe":
    case "late":
      return op.ok ? op.value.toISOString() : "closed";
    case "promises":
      if (op.ok) check<Equal<typeof op.value, Promise<number>>>();
      return "";
    case "done":
      // The channel of a context delivers nothing but its close.
      check<Equal<typeof op.value, undefined>>();
      check<Equal<typeof op.ok, false>>();
      return "";
    case "sent":
    case "perhapsSent":
      check<Equal<typeof op.value, undefined>>();
      check<Equal<typeof op.ok, true>>();
      return "";
    case "default":
      check<Equal<typeof op.ok, false>>();
      return "";
  }
}

export async function narrowsByOk(): Promise<void> {
  const op = await select({ numbers, texts, done: ctx.done() });
  if (op.ok) {
    check<Equal<typeof op.case, "numbers" | "texts">>();
    check<Equal<typeof op.value, number | string>>();
  } else {
    check<Equal<typeof op.value, undefined>>();
    check<Equal<typeof op.case, "numbers" | "texts" | "done">>();
  }
  const single = await select({ numbers });
  if (single.ok) check<Equal<typeof single.value, number>>();
}

export async function isExhaustive(): Promise<void> {
  const op = await select({ numbers, texts });
  switch (op.case) {
    case "numbers":
      break;
    default:
      check<Equal<typeof op.case, "texts">>();
  }
  switch (op.case) {
    case "numbers":
    case "texts":
      break;
    default:
      check<Equal<typeof op, never>>();
  }
}

export async function unknownNames(): Promise<void> {
  const op = await select({ numbers, sent: send(dogs, dog) });
  // @ts-expect-error: there is no case of this name
  if (op.case === "number") return;
  // @ts-expect-error: and no default unless one is given
  if (op.case === "default") return;
  // @ts-expect-error: before the case is known the value may be anything of them
  op.value.toFixed();
  // @ts-expect-error: a value may be missing once the channel is closed
  if (op.case === "numbers") op.value.toFixed();
  // @ts-expect-error: the result is for reading
  op.ok = true;
}

/** Nothing is enabled: the result is never there. */
export async function nothingEnabled(): Promise<void> {
  check<Equal<Awaited<ReturnType<typeof select<{}>>>, never>>();
  const op = await select({ a: null, b: false, c: undefined });
  check<Equal<typeof op, never>>();
}

export async function madeAtRunTime(record: Record<string, ReceiveChan<number> | null>): Promise<void> {
  const op = await select(record);
  check<Equal<typeof op.case, string>>();
  if (op.ok) check<Equal<typeof op.value, number>>();
}

export async function optionalCases(enabled: boolean): Promise<void> {
  const op = await select({ numbers: enabled && numbers, texts: enabled ? texts : null, default: enabled });
  check<Equal<typeof op.case, "numbers" | "texts" | "default">>();
  if (op.case === "numbers" && op.ok) check<Equal<typeof op.value, number>>();
}

export async function sends(): Promise<void> {
  await select({ a: send(dogs, dog), b: send(sendAnimals, dog), c: send(null, 1), d: send(nilChan<number>(), 1) });
  // @ts-expect-error: a text is no element of this channel
  send(numbers, "one");
  // @ts-expect-error: an animal is no dog
  send(sendDogs, animal);
  // @ts-expect-error: the channel alone decides the type
  send(dogs, { name: "cat" });
  // @ts-expect-error: a receiving view cannot send
  send(texts, "one");
  // @ts-expect-error: a value is missing
  send(numbers);
  // @ts-expect-error: undefined is no element unless the type says so
  send(numbers, undefined);
}

/** Where there is nothing to send, nothing need be written. */
export async function sendsOfNothing(signals: Chan<void>, maybeNumbers: Chan<number | undefined>): Promise<void> {
  await select({ a: send(signals), b: send(signals, undefined), c: send(maybeNumbers), d: send(maybeNumbers, 1) });
  // @ts-expect-error: a number is not nothing
  send(signals, 1);
  // @ts-expect-error: a text is neither
  send(maybeNumbers, "one");
}

interface Named {
  numbers: ReceiveChan<number>;
  texts?: ReceiveChan<string> | undefined;
}

export async function casesOfAnInterface(named: Named): Promise<void> {
  const op = await select(named);
  check<Equal<typeof op.case, "numbers" | "texts">>();
  if (op.case === "texts" && op.ok) check<Equal<typeof op.value, string>>();
  const turn = selector(named);
  turn.set("texts", texts);
  turn.set("numbers", null);
}

export async function wrongCases(): Promise<void> {
  // @ts-expect-error: a sending view cannot be received from
  await select({ sendDogs });
  // @ts-expect-error: a promise is no case
  await select({ a: numbers.receive() });
  // @ts-expect-error: nor is a number
  await select({ a: 1 });
  // @ts-expect-error: nor a function
  await select({ a: () => numbers });
  // @ts-expect-error: a list has no names
  await select([numbers, texts]);
  // @ts-expect-error: cases are missing
  await select();
}

export async function reusable(): Promise<void> {
  const sent = send(numbers, 0);
  const turn = selector({ sent, texts, maybe, done: ctx.done() });
  const op = turn.trySelect() ?? (await turn.select());
  check<Equal<typeof op.case, "sent" | "texts" | "maybe" | "done">>();
  if (op.case === "texts" && op.ok) check<Equal<typeof op.value, string>>();
  if (op.case === "maybe" && op.ok) check<Equal<typeof op.value, Date>>();
  sent.value = 1;
  turn.set("texts", texts);
  turn.set("texts", null);
  turn.set("sent", send(numbers, 2));
  turn.set("done", false);
  // @ts-expect-error: the value of a send has the element's type
  sent.value = "one";
  // @ts-expect-error: there is no case of this name
  turn.set("text", null);
  // @ts-expect-error: the replacement delivers something else
  turn.set("texts", numbers);
  // @ts-expect-error: a send does not replace a receive
  turn.set("texts", send(numbers, 1));
  // @ts-expect-error: a channel does not replace a send
  turn.set("sent", numbers);
  // @ts-expect-error: a sending view cannot be received from
  selector({ sendDogs });
  // @ts-expect-error: trySelect may have nothing
  void turn.trySelect().case;
}
