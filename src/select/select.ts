/**
 * Select: waits for one of several channel operations. Mirrors Go's `select` statement.
 *
 * @module
 */

import { afterLag, ready, readyError, spinning } from "../runtime/turn.ts";
import type { Cases, Selected } from "./case.ts";
import { none, takeSelection } from "./selection.ts";

export { type AnySendCase, type Case, type Cases, send, type SendCase, type Selected } from "./case.ts";
export { selectList, type SelectedFromList } from "./list.ts";
export { type Selector, selector } from "./selector.ts";

/**
 * Waits until one of the cases can proceed, carries it out, and returns which: `select { case … }`. The others have no
 * effect.
 *
 * A bare channel is a receive, {@link send} makes a send, `null`, `undefined` and `false` disable a case, and
 * `default: true` is Go's default, taken if no case can proceed. If several can, one of them is chosen at random, each
 * with equal probability. Without an enabled case it never returns.
 *
 * The result is `{ case, value, ok }`. Its type is a union discriminated by `case`, so that `switch (op.case)` knows
 * the value's type in every branch; for a receive, `ok` false means that the channel is closed and drained, as in
 * `v, ok := <-ch`.
 *
 * The names may be made at run time: `select(Object.fromEntries([["done", ctx.done()], ...entries]))`. For cases
 * without names, and for a channel called `default`, there is {@link selectList}.
 *
 * @throws PanicError `send on closed channel`, if a send on a closed channel is chosen or its channel is closed while
 * the select waits.
 * @throws TypeError `select: the cases must be a plain object, got …`
 * @throws TypeError `select: case "x" must be a channel, a send or nothing, got …`, or `select: "default" must be true
 * or false, got …`
 *
 * @example
 * ```ts
 * const op = await select({ message: messages, late: time.after(1 * time.second) });
 * switch (op.case) {
 *   case "message":
 *     console.log(op.value);
 *     break;
 *   case "late":
 *     console.log("no message came");
 * }
 * ```
 */
export function select<const C extends Cases<C>>(cases: C): Promise<Selected<C>> {
  try {
    return selectOperands(cases) as Promise<Selected<C>>;
  } catch (error) {
    return readyError(error);
  }
}

function selectOperands(cases: object): Promise<unknown> {
  const selection = takeSelection();
  selection.addAll("select", cases);
  const chosen = selection.choose();
  if (chosen === none) return selection.park();
  if (spinning) {
    selection.recycle();
    return afterLag(undefined, selectOperands, cases);
  }
  const result = selection.proceed(chosen);
  selection.recycle();
  return ready(result);
}
