/**
 * Who is inside `raw`. Whatever uses the connection there would wait for the end of the function that it is called from.
 *
 * Two marks tell, because none is everywhere. The host's asynchronous context follows the awaits of the function. The context
 * that the function is given follows to where that is lost, as in callbacks of a client, and in hosts that have none.
 * Others, who have no mark, may wait: the function does not wait for them.
 */

import { type Context, key, withValue } from "../context/context.ts";
import { host } from "../runtime/host.ts";

/** What lends a connection, one at a time. */
export interface Lender {
  /** The loan that goes on. */
  loan: Loan | undefined;
}

/** A connection in the hands of a function. */
export interface Loan {
  /** The loan of another connection, in whose function this one was made. */
  readonly outer: Loan | undefined;
}

interface Storage {
  run<T>(loan: Loan, f: () => T): T;
  getStore(): Loan | undefined;
}

const marked = key<Loan>("sql.raw");

/** Made with the first loan: before Node 24 it makes every await of the program dearer. */
let storage: Storage | undefined;

function storageOfLoans(): Storage | undefined {
  const hooks = host.process?.getBuiltinModule?.<{ AsyncLocalStorage: new () => Storage }>("node:async_hooks");
  return (storage ??= hooks && new hooks.AsyncLocalStorage());
}

/** Calls `f` and takes note that it has what `lender` lends; the context that it gets tells so, too. */
export async function lend<T>(lender: Lender, ctx: Context, f: (ctx: Context) => T | Promise<T>): Promise<T> {
  const loans = storageOfLoans();
  const loan: Loan = { outer: loans?.getStore() ?? ctx.value(marked) };
  lender.loan = loan;
  const call = (): T | Promise<T> => f(withValue(ctx, marked, loan));
  try {
    return await (loans === undefined ? call() : loans.run(loan, call));
  } finally {
    lender.loan = undefined;
  }
}

/**
 * Refuses what would wait for itself.
 *
 * @throws Error `sql: a function of raw would wait for itself: it must use the connection that it is given`
 */
export function refuseWithin({ loan }: Lender, ctx?: Context): void {
  if (loan === undefined) return;
  if (isWithin(loan, storage?.getStore()) || isWithin(loan, ctx?.value(marked))) {
    throw new Error("sql: a function of raw would wait for itself: it must use the connection that it is given");
  }
}

function isWithin(loan: Loan, mark: Loan | undefined): boolean {
  for (let at = mark; at !== undefined; at = at.outer) if (at === loan) return true;
  return false;
}
