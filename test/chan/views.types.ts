// Compiled, never run: what the channel types allow, and each mistake that they must find. [C19] [C20] [C23] [C24] [J4]
import {
  chan,
  type Chan,
  type Context,
  mustReceive,
  nilChan,
  type ReceiveChan,
  type Received,
  type SendChan,
} from "gocsp";
import { check, type Equal } from "../support/types.ts";

interface Animal {
  name: string;
}
interface Dog extends Animal {
  bark(): void;
}

declare const animals: Chan<Animal>;
declare const dogs: Chan<Dog>;
declare const receiveAnimals: ReceiveChan<Animal>;
declare const receiveDogs: ReceiveChan<Dog>;
declare const sendAnimals: SendChan<Animal>;
declare const sendDogs: SendChan<Dog>;
declare const dog: Dog;
declare const ctx: Context;

export async function results(): Promise<void> {
  check<Equal<typeof animals, Chan<Animal>>>();
  check<Equal<Awaited<ReturnType<typeof dogs.receive>>, Dog | undefined>>();
  check<Equal<Awaited<ReturnType<typeof dogs.receiveOk>>, Received<Dog>>>();
  const [value, ok] = await dogs.receiveOk(ctx);
  check<Equal<typeof value, Dog | undefined>>();
  if (ok) check<Equal<typeof value, Dog>>();
  else check<Equal<typeof value, undefined>>();
  const got = dogs.tryReceive();
  if (got?.ok === true) check<Equal<typeof got.value, Dog>>();
  else if (got !== undefined) check<Equal<typeof got.value, undefined>>();
  check<Equal<ReturnType<typeof dogs.trySend>, boolean>>();
  check<Equal<Awaited<ReturnType<typeof dogs.send>>, void>>();
  for await (const each of receiveDogs) check<Equal<typeof each, Dog>>();
  for await (const each of receiveDogs.range(ctx)) check<Equal<typeof each, Dog>>();
  check<Equal<ReturnType<typeof chan<number>>, Chan<number>>>();
  check<Equal<ReturnType<typeof nilChan<number>>, Chan<number>>>();
  const inferred: Chan<string> = chan();
  const unknowns = chan();
  check<Equal<typeof unknowns, Chan<unknown>>>();
  void inferred;
}

/** The channel of a context delivers nothing but its close. */
export async function ends(): Promise<void> {
  check<Equal<ReturnType<typeof ctx.done>, ReceiveChan<never>>>();
  const [value, ok] = await ctx.done().receiveOk();
  if (!ok) check<Equal<typeof value, undefined>>();
  const anything: ReceiveChan<Dog> = ctx.done();
  void anything;
}

/** Promises stay what they are, except in `receive`, which `await` flattens. */
export async function promises(ch: Chan<Promise<Dog>>): Promise<void> {
  const [value, ok] = await ch.receiveOk();
  if (ok) check<Equal<typeof value, Promise<Dog>>>();
  // The compiler awaits the elements of every loop, although the engine does not: this one gets promises.
  for await (const each of ch) check<Equal<typeof each, Dog>>();
  const flat = await ch.receive();
  check<Equal<typeof flat, Dog | undefined>>();
}

export function directions(): void {
  const both: [ReceiveChan<Dog>, SendChan<Dog>] = [dogs, dogs];
  void both;
  // @ts-expect-error: a receiving view does not turn back into a channel
  const c1: Chan<Dog> = receiveDogs;
  // @ts-expect-error: nor does a sending view
  const c2: Chan<Dog> = sendDogs;
  // @ts-expect-error: nor one view into the other
  const c3: SendChan<Dog> = receiveDogs;
  // @ts-expect-error: in neither direction
  const c4: ReceiveChan<Dog> = sendDogs;
  // @ts-expect-error: a receiving view cannot be closed
  receiveDogs.close();
  // @ts-expect-error: the channel of a context least of all
  ctx.done().close();
  // @ts-expect-error: a receiving view cannot send
  void receiveDogs.send(dog);
  // @ts-expect-error: not even try to
  receiveDogs.trySend(dog);
  // @ts-expect-error: a sending view cannot receive
  void sendDogs.receive();
  // @ts-expect-error: not even try to
  sendDogs.tryReceive();
  // @ts-expect-error: nor be looped over
  const looped: AsyncIterable<Dog> = sendDogs;
  sendDogs.close();
  void [receiveDogs.length, receiveDogs.capacity, sendDogs.length, sendDogs.capacity];
  void [c1, c2, c3, c4, looped];
}

export function variance(): void {
  // Where animals are expected, dogs may be received.
  const r: ReceiveChan<Animal> = receiveDogs;
  // Where dogs are sent, a channel of animals is accepted.
  const s: SendChan<Dog> = sendAnimals;
  const r2: ReceiveChan<Animal> = dogs;
  const s2: SendChan<Dog> = animals;
  // @ts-expect-error: an animal that is received need not be a dog
  const r3: ReceiveChan<Dog> = receiveAnimals;
  // @ts-expect-error: a channel of dogs does not take any animal
  const s3: SendChan<Animal> = sendDogs;
  // @ts-expect-error: a channel is both, so it is invariant
  const c1: Chan<Animal> = dogs;
  // @ts-expect-error: in either direction
  const c2: Chan<Dog> = animals;
  // @ts-expect-error: the same through a view
  const r4: ReceiveChan<Dog> = animals;
  // @ts-expect-error: through the other view neither
  const s4: SendChan<Animal> = dogs;
  void [r, s, r2, s2, r3, s3, c1, c2, r4, s4];
}

export async function elements(): Promise<void> {
  await dogs.send(dog);
  await dogs.send(dog, ctx);
  // @ts-expect-error: an animal is not a dog
  await dogs.send({ name: "cat" });
  // @ts-expect-error: a value is missing
  await dogs.send();
  // @ts-expect-error: the context comes after the value
  await dogs.send(ctx, dog);
  // @ts-expect-error: undefined is not an element unless the type says so
  dogs.trySend(undefined);
  await chan<void>().send();
  await chan<number | undefined>().send(undefined);
  // @ts-expect-error: a received value may be undefined once the channel is closed
  (await dogs.receive()).bark();
  // @ts-expect-error: so may the value of a pair, unless ok has been asked
  (await dogs.receiveOk())[0].bark();
  // @ts-expect-error: length is for reading
  dogs.length = 0;
  // @ts-expect-error: a range yields the elements, not pairs with an index
  for await (const [index, each] of chan<number>()) void [index, each];
  // @ts-expect-error: a size is a number
  chan<Dog>("8");
  // @ts-expect-error: a context has more than an error
  await dogs.receive({ err: () => undefined });
}

export async function receivesSurely(numbers: ReceiveChan<number>, none: Chan<undefined>, ctx: Context): Promise<void> {
  check<Equal<Awaited<ReturnType<typeof mustReceive<number>>>, number>>();
  (await mustReceive(numbers)).toFixed();
  (await mustReceive(numbers, ctx)).toFixed();
  check<Equal<typeof none extends ReceiveChan<infer T> ? T : never, undefined>>();
  // @ts-expect-error: a sending view cannot be received from
  await mustReceive(none as SendChan<undefined>);
  // The channel of a context compares with any other.
  if (ctx.done() === nilChan()) return;
}
