import { errors, type context } from "gocsp";

/** A program on one package of the library, which throws where the package does not keep what it promises. */
export interface Program {
  readonly name: string;
  /** Whether time may pass at any moment. */
  readonly slow?: boolean;
  readonly run: () => Promise<void>;
}

export function same(got: unknown, wanted: unknown, what: string): void {
  const [a, b] = [JSON.stringify(got), JSON.stringify(wanted)];
  if (a !== b) throw new Error(`${what}: got ${a}, want ${b}`);
}

/** Tells whether an operation gave up because its context ended. Other errors are thrown. */
export async function gaveUp(ctx: context.Context, operation: Promise<unknown>): Promise<boolean> {
  const [, err] = await errors.result(operation);
  if (err === undefined) return false;
  if (err !== ctx.err()) throw err;
  return true;
}
