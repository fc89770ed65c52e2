import type { Context } from "../context/context.ts";
import type { QueryMessage } from "../diagnostics/messages.ts";
import { Tracing } from "../diagnostics/tracing.ts";
import { isError } from "../runtime/error-values.ts";

const queries: Tracing<QueryMessage> = new Tracing("sql.query");

/** Runs what one call of the program's asks of the database, `work`, which may throw at once: published for those who trace, see {@link outermost}. */
export function traced<T>(
  on: object,
  operation: QueryMessage["operation"],
  ctx: Context | undefined,
  statement: string | undefined,
  work: () => Promise<T>,
): Promise<T> {
  return queries.wanted ? queries.trace({ operation, statement, on, ctx }, () => outermost(work)) : outermost(work);
}

/**
 * Runs what one call of the program's asks for, and makes its error name the line of that call. By the time a
 * driver fails, all the frames that an engine keeps are this library's and the driver's.
 *
 * In the catch block the stack begins here and goes on with the frames that await the call: those lines are appended. It costs
 * nothing until something fails.
 */
export async function outermost<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw isOfThisCall(error) ? located(error) : error;
  }
}

/** Tells whether an error was made for one call: those that are shared, as `context.canceled` is, have no frames. */
function isOfThisCall(error: unknown): error is Error {
  return isError(error) && error.stack !== undefined && /\n\s+at /.test(error.stack);
}

function located(error: Error): Error {
  // Behind the message, this function and `outermost`.
  const callers = (new Error().stack ?? "").split("\n").slice(3);
  const { stack } = error;
  const [first] = callers;
  if (stack !== undefined && first !== undefined && !stack.includes(first))
    error.stack = [stack, ...callers].join("\n");
  return error;
}
