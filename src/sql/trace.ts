import { isError } from "../runtime/error-values.ts";

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
    throw isOfThisCall(error) ? traced(error) : error;
  }
}

/** Tells whether an error was made for one call: those that are shared, as `context.canceled` is, have no frames. */
function isOfThisCall(error: unknown): error is Error {
  return isError(error) && error.stack !== undefined && /\n\s+at /.test(error.stack);
}

function traced(error: Error): Error {
  // Behind the message, this function and the one above.
  const callers = (new Error().stack ?? "").split("\n").slice(3);
  const { stack } = error;
  const [first] = callers;
  if (stack !== undefined && first !== undefined && !stack.includes(first))
    error.stack = [stack, ...callers].join("\n");
  return error;
}
