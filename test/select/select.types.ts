// Compiled, never run: what a select's type tells in each case, and each mistake that it must find. [S20] [S21] [S24] [S30]
import {
  type Chan,
  type Context,
  nilChan,
  type ReceiveChan,
  select,
  selectList,
  send,
  type SendChan,
  time,
} from "gocsp";
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
  type Enabled = "numbers" | "texts" | "maybe" | "promises" | "done" | "late" | "sent" | "perhapsSent" | "default";
  check<Equal<typeof op.case, Enabled | "never" | "off" | "missing">>();
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
    case "never":
    case "off":
    case "missing":
      if (op.ok) check<Equal<typeof op.value, never>>();
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

/** No case is enabled: the select never returns. */
export async function nothingEnabled(): Promise<void> {
  check<Equal<Awaited<ReturnType<typeof select<{}>>>, never>>();
  const op = await select({ a: null, b: false, c: undefined, default: false });
  check<Equal<typeof op.case, "a" | "b" | "c">>();
  if (op.ok) check<Equal<typeof op.value, never>>();
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
  // @ts-expect-error: a text is not an element of this channel
  send(numbers, "one");
  // @ts-expect-error: an animal is not a dog
  send(sendDogs, animal);
  // @ts-expect-error: the channel alone decides the type
  send(dogs, { name: "cat" });
  // @ts-expect-error: a receiving view cannot send
  send(texts, "one");
  // @ts-expect-error: a value is missing
  send(numbers);
  // @ts-expect-error: undefined is not an element unless the type says so
  send(numbers, undefined);
}

/** For a channel of void, `send` needs no value. */
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

/** Numbers are names too. */
export async function numericNames(byNumber: Record<number, ReceiveChan<number>>): Promise<void> {
  const op = await select({ 1: numbers, 2: texts, done: ctx.done() });
  check<Equal<typeof op.case, "1" | "2" | "done">>();
  if (op.case === "1" && op.ok) check<Equal<typeof op.value, number>>();
  const any = await select(byNumber);
  check<Equal<typeof any.case, `${number}`>>();
  if (any.ok) check<Equal<typeof any.value, number>>();
}

/** Go's idiom: a channel that is closed is set to nil, and its case stays. */
export async function mergesWithNil(): Promise<void> {
  let a: ReceiveChan<number> | null = numbers;
  let b: ReceiveChan<string> | null = texts;
  while (a !== null || b !== null) {
    const op = await select({ a, b });
    switch (op.case) {
      case "a":
        if (!op.ok) a = null;
        else op.value.toFixed();
        break;
      case "b":
        if (!op.ok) b = null;
        else op.value.trim();
    }
  }
  // Here the compiler knows that both are null.
  const op = await select({ a, b, numbers });
  check<Equal<typeof op.case, "a" | "b" | "numbers">>();
  switch (op.case) {
    case "a":
      if (op.ok) check<Equal<typeof op.value, never>>();
      else b = texts;
      break;
    case "numbers":
      check<Equal<typeof op.value, number | undefined>>();
  }
}

export async function namesThatAreSymbols(): Promise<void> {
  // @ts-expect-error: a symbol is not a name
  await select({ [Symbol.iterator]: numbers });
  // @ts-expect-error: nor is any other
  await select({ [Symbol()]: numbers });
}

/** A spread of a record loses its names to the compiler; entries keep them. */
export async function namedByEntries(entries: [string, ReceiveChan<number>][]): Promise<void> {
  const op = await select(Object.fromEntries([["done", ctx.done()], ...entries]));
  check<Equal<typeof op.case, string>>();
  if (op.ok) check<Equal<typeof op.value, number>>();
  const annotated: Record<string, ReceiveChan<number>> = { done: ctx.done(), ...Object.fromEntries(entries) };
  check<Equal<Awaited<ReturnType<typeof select<typeof annotated>>>["case"], string>>();
}

export async function lists(channels: Chan<number>[], mixed: readonly (ReceiveChan<number> | null)[]): Promise<void> {
  const one = await selectList(channels);
  check<Equal<typeof one.index, number>>();
  if (one.ok) check<Equal<typeof one.value, number>>();
  const other = await selectList(mixed);
  if (other.ok) check<Equal<typeof other.value, number>>();
  const op = await selectList([numbers, texts, send(dogs, dog), ctx.done(), null, maybe], { default: true });
  check<Equal<typeof op.index, -1 | 0 | 1 | 2 | 3 | 5>>();
  switch (op.index) {
    case 0:
      if (op.ok) check<Equal<typeof op.value, number>>();
      break;
    case 1:
      if (op.ok) check<Equal<typeof op.value, string>>();
      break;
    case 2:
      check<Equal<typeof op.ok, true>>();
      break;
    case 3:
    case -1:
      check<Equal<typeof op.ok, false>>();
      break;
    case 5:
      if (op.ok) check<Equal<typeof op.value, Date>>();
  }
  const appended = await selectList([...channels, send(numbers, 1), ctx.done()], { default: Math.random() > 0.5 });
  check<Equal<typeof appended.index, number>>();
  // @ts-expect-error: a number is not a case
  await selectList([1]);
  // @ts-expect-error: names belong to select
  await selectList({ numbers });
  // @ts-expect-error: a promise is no case
  await selectList([numbers.receive()]);
  // @ts-expect-error: a sending view cannot be received from
  await selectList([sendDogs]);
}
