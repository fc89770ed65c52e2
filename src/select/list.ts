import { afterLag, ready, readyError, spinning } from "../runtime/turn.ts";
import type { ReceiveChan } from "../chan/chan.ts";
import { describe } from "../runtime/arguments.ts";
import type { AnySendCase, Case } from "./case.ts";
import { CaseList, none, type Outcome } from "./selection.ts";

/** The result of {@link selectList}: a union of one member for each case of a tuple, discriminated by `index`. */
export type SelectedFromList<C extends readonly unknown[], Default = false> =
  | (Default extends true ? { readonly index: -1; readonly value: undefined; readonly ok: false } : never)
  | (number extends C["length"]
      ? IndexedOutcome<number, C[number]>
      : { [I in keyof C & `${number}`]: IndexedOutcome<ToNumber<I>, C[I]> } extends infer M
        ? M[keyof M]
        : never);

type ToNumber<I> = I extends `${infer N extends number}` ? N : never;

type IndexedOutcome<I extends number, C> = C extends AnySendCase
  ? { readonly index: I; readonly value: undefined; readonly ok: true }
  : C extends ReceiveChan<infer T>
    ?
        | ([T] extends [never] ? never : { readonly index: I; readonly value: T; readonly ok: true })
        | { readonly index: I; readonly value: undefined; readonly ok: false }
    : never;

/**
 * Waits until one of the cases of a list can proceed, carries it out, and returns its index. Mirrors Go's
 * `reflect.Select`: for cases whose number is known only when the program runs. Where they have names, use `select`.
 *
 * A channel is a receive, `send` makes a send, `null`, `undefined` and `false` disable a case but keep its place. With
 * `{ default: true }` it never waits: if no case can proceed, the index is -1.
 *
 * @throws PanicError `send on closed channel`, if a send on a closed channel is chosen or its channel is closed while
 * it waits.
 * @throws TypeError `selectList: the cases must be an array, got …`, or `select: case "0" must be a channel, a send or
 * nothing, got …`
 *
 * @example
 * ```ts
 * const workers = [chan<string>(1), chan<string>(1)];
 * await workers[1]?.send("done");
 * const { index, value, ok } = await selectList(workers);
 * console.log(index, value, ok); // 1 done true
 * ```
 */
export function selectList<const C extends readonly Case[], const Default extends boolean = false>(
  cases: C,
  options?: { readonly default?: Default | undefined },
): Promise<SelectedFromList<C, Default>> {
  try {
    return start(cases, options?.default) as Promise<SelectedFromList<C, Default>>;
  } catch (error) {
    return readyError(error);
  }
}

function start(cases: readonly Case[], byDefault: boolean | undefined): Promise<Outcome> {
  if (!Array.isArray(cases)) throw new TypeError(`selectList: the cases must be an array, got ${describe(cases)}`);
  const list = new ListSelection(cases.length);
  for (let i = 0; i < cases.length; i++) list.add(`${i}`, cases[i]);
  if (byDefault) list.add("default", byDefault);
  const chosen = list.choose();
  if (chosen === none) return list.park();
  return spinning ? afterLag(undefined, start, cases, byDefault) : ready(list.proceed(chosen));
}

class ListSelection extends CaseList {
  readonly #length: number;

  constructor(length: number) {
    super();
    this.#length = length;
  }

  protected outcome(index: number, value: unknown, ok: boolean): Outcome {
    return { index: index < this.#length ? index : none, value, ok };
  }

  protected over(): void {}
}
