import { Channel } from "../chan/channel.ts";
import type { ReceiveChan, SendChan } from "../chan/chan.ts";
import { describe } from "../runtime/arguments.ts";

/** A {@link SendCase} of any type, as a select sees it. */
export abstract class AnySendCase {
  /** The channel to send on; undefined for a nil channel. */
  abstract readonly channel: object | undefined;
  /** The value that is sent if the case is chosen. */
  abstract readonly value: unknown;
  /** Keeps other objects from having this type: only {@link send} makes one. */
  declare protected readonly made: never;
}

/**
 * A send as a case of a select, made by {@link send}. Its `value` may be changed between two uses of a reusable select.
 */
export class SendCase<in out T> extends AnySendCase {
  /** The channel to send on; undefined for a nil channel, which disables the case. */
  readonly channel: SendChan<T> | undefined;
  /** The value that is sent if the case is chosen. */
  value: T;

  /** @internal */
  constructor(channel: SendChan<T> | undefined, value: T) {
    super();
    this.channel = channel;
    this.value = value;
  }
}

/**
 * Makes a case that sends: `case ch <- value`. Nothing is sent before the case is chosen. With a nil channel the case
 * is disabled.
 *
 * @throws TypeError `send: 42 is not a channel`
 *
 * @example
 * ```ts
 * const op = await select({ sent: send(results, 42), done: ctx.done() });
 * ```
 */
export function send<T>(
  channel: SendChan<T> | null | undefined,
  ...[given]: undefined extends T ? [value?: NoInfer<T>] : [value: NoInfer<T>]
): SendCase<T> {
  const value = given as T;
  if (channel === null || channel === undefined) return new SendCase<T>(undefined, value);
  const ch: unknown = channel;
  if (!(ch instanceof Channel)) throw new TypeError(`send: ${describe(ch)} is not a channel`);
  return new SendCase<T>(ch.isNil() ? undefined : channel, value);
}

/** A value that a select accepts as a case: a channel to receive from, a {@link send}, or nothing. */
export type Case = ReceiveChan<unknown> | AnySendCase | null | undefined | false;

/** The named cases of a select; `default: true` makes it never wait. */
export type Cases<C = Record<string, unknown>> = {
  readonly [Name in keyof C]: Name extends symbol ? never : Name extends "default" ? boolean | null | undefined : Case;
} & NoList;

/** Refuses arrays, whose cases have no names. */
interface NoList {
  readonly [Symbol.iterator]?: never;
}

/**
 * The result of a select: a union of one member for each case, discriminated by `case`. A case that the compiler knows
 * to be nil is a member too, with a value of type never, so that the branch of a variable that was set to null
 * compiles.
 */
// Inferring M makes editors show the union instead of the mapped type.
export type Selected<C> = { [Name in Names<C>]: Outcome<`${Name}`, C[Name]> } extends infer M ? M[keyof M] : never;

/** The names of the cases. Numbers are written as text, as `Object.keys` has them. */
type Names<C> = string extends keyof C ? string & keyof C : keyof C & (string | number);

type Outcome<Name extends string, C> = [C] extends [null | undefined | false]
  ? Name extends "default"
    ? never
    : Received<Name, never>
  : C extends null | undefined | false
    ? never
    : C extends true
      ? { readonly case: Name; readonly value: undefined; readonly ok: false }
      : C extends AnySendCase
        ? { readonly case: Name; readonly value: undefined; readonly ok: true }
        : C extends ReceiveChan<infer T>
          ? [T] extends [never]
            ? Closed<Name>
            : Received<Name, T>
          : never;

type Received<Name extends string, T> = { readonly case: Name; readonly value: T; readonly ok: true } | Closed<Name>;

type Closed<Name extends string> = { readonly case: Name; readonly value: undefined; readonly ok: false };

/** The operation of a case that has been checked. */
export interface Operation {
  /** The channel to receive from or to send on; undefined for a disabled case and for the default. */
  channel: Channel<unknown> | undefined;
  /** The send; undefined for a receive. */
  send: AnySendCase | undefined;
}

/**
 * Checks that these are named cases: an object written in braces, or one without a prototype. Anything else may have no
 * names of its own, and the select would never return.
 */
export function checkCases(what: string, cases: unknown): void {
  let got: string | undefined;
  if (Object(cases) === cases) {
    const prototype = Object.getPrototypeOf(cases) as object | null;
    if (prototype === null) return;
    // A prototype without a constructor is not a class's: in braces, `__proto__` is not a name but sets the prototype.
    const derived = !Object.hasOwn(prototype, "constructor");
    // This is Object.prototype, of this realm or another.
    if (!derived && Object.getPrototypeOf(prototype) === null) return;
    if (Array.isArray(cases)) got = "an array: use selectList";
    else if (derived) got = "one with a prototype";
  }
  throw new TypeError(`${what}: the cases must be a plain object, got ${got ?? describe(cases)}`);
}

/** Checks one case of a select, sets `operation` to it, and tells whether it is the default. */
export function operate(operation: Operation, name: string, given: unknown): boolean {
  const forDefault = name === "default";
  let channel: Channel<unknown> | undefined;
  let send: AnySendCase | undefined;
  if (given instanceof Channel && !forDefault) {
    if (!given.isNil()) channel = given as Channel<unknown>;
  } else if (given instanceof AnySendCase && !forDefault) {
    channel = given.channel as Channel<unknown> | undefined;
    send = given;
  } else if (given === true ? !forDefault : given !== undefined && given !== null && given !== false) {
    const what = forDefault
      ? '"default" must be true or false'
      : `case ${describe(name)} must be a channel, a send or nothing`;
    throw new TypeError(`select: ${what}, got ${describe(given)}`);
  }
  operation.channel = channel;
  operation.send = send;
  return given === true;
}
