/** Panics, deferred calls that recover, and the placeholder for code that was not translated. */
import { goexitSignal, isGoexit } from "../runtime/goexit.ts";
import { PanicError } from "../runtime/panic.ts";
import { has } from "./variables.ts";
import { Boxed, Float, unbox } from "./boxed.ts";
import { typeName, valueOf } from "./types.ts";

/** Go's `recover`, passed to a deferred function: returns the value of the panic, or undefined if there is none. */
export type Recover = () => unknown;

/** The error that {@link panic} throws. Its message is the text of Go's report. */
export class Panic extends PanicError {
  /** The value that was given to `panic`. */
  readonly value: unknown;

  constructor(value: unknown) {
    super(describePanic(value));
    this.value = value;
  }
}

function describePanic(value: unknown): string {
  if (value instanceof Error) return value.message;
  if (has(value, "string")) return String((value as { string(): unknown }).string());
  if (has(value, "toString")) return String(value);
  const plain = unbox(valueOf(value));
  if (typeof plain === "object" && plain !== null) return `(${typeName(value)}) ${String(plain)}`;
  const text = typeof plain === "number" ? numberText(plain, value) : String(plain);
  if (!(value instanceof Boxed) || value instanceof Float) return text;
  return `${typeName(value)}(${typeof plain === "string" ? `"${text}"` : text})`;
}

/** Prints a number as Go's runtime does: floats as `%v` of fmt, which would be much more code. */
function numberText(number: number, value: unknown): string {
  const isFloat = (value instanceof Boxed && isFloatType(value)) || !Number.isInteger(number);
  if (!isFloat || number === 0) return String(number);
  if (!Number.isFinite(number)) return Number.isNaN(number) ? "NaN" : number > 0 ? "+Inf" : "-Inf";
  const [mantissa = "", exponent = ""] = number.toExponential().split("e");
  const power = Number(exponent);
  if (power >= -4 && power < 6) return String(number);
  return `${mantissa}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
}

function isFloatType(value: Boxed<unknown>): boolean {
  return (value.constructor as typeof Boxed).underlying?.startsWith("float") === true;
}

/**
 * Panics: Go's `panic(value)`. Runtime errors are thrown as they are, anything else as a {@link Panic}: an error that is
 * thrown plainly is what a function returns in Go, one in a `Panic` is not.
 *
 * @throws {@link PanicError} with the text of Go's report.
 *
 * @example
 * ```ts
 * try {
 *   panic("no such thing");
 * } catch (thrown) {
 *   console.log(recovered(thrown)); // no such thing
 * }
 * ```
 */
export function panic(value: unknown): never {
  if (value instanceof PanicError) throw value;
  if (value === undefined || value === null) {
    throw new PanicError("panic called with nil argument (use GODEBUG=panicnil=1 to disable)");
  }
  throw new Panic(value);
}

/**
 * Returns the value of a caught panic, as Go's `recover()` does. The end of a goroutine by `goexit` is not a panic: it
 * is rethrown.
 *
 * @throws The thrown value itself, if it is the end of the goroutine.
 *
 * @example
 * ```ts
 * try {
 *   panic(42);
 * } catch (thrown) {
 *   console.log(recovered(thrown)); // 42
 * }
 * ```
 */
export function recovered(thrown: unknown): unknown {
  if (isGoexit(thrown) || thrown === goexitSignal) throw thrown;
  if (thrown instanceof Panic) return thrown.value;
  return asRuntimeError(thrown) ?? thrown;
}

/**
 * Translates an error of the engine where Go's runtime panics, such as a field access, method or call on undefined. The
 * result has Go's text, and the engine's error as its cause.
 */
function asRuntimeError(thrown: unknown): PanicError | undefined {
  if (!(thrown instanceof Error)) return undefined;
  let text: string | undefined;
  if (thrown instanceof TypeError && nothing.test(thrown.message)) {
    text = "runtime error: invalid memory address or nil pointer dereference";
  } else if (thrown instanceof RangeError && length.test(thrown.message)) {
    text = "runtime error: makeslice: len out of range";
  }
  if (text === undefined) return undefined;
  const panic = new PanicError(text);
  panic.cause = thrown;
  return panic;
}

/** The error texts of V8, JavaScriptCore and SpiderMonkey. */
const nothing =
  /of (?:undefined|null)\b|is not a function$|is not an object|(?:undefined|null) is not|is (?:undefined|null)$|has no properties/;
const length = /^Invalid (?:typed )?array length|^Array size is not|^Invalid array buffer length/;

/**
 * A `recover` for a deferred function that is called outside a deferral: there is no panic.
 *
 * @example
 * ```ts
 * console.log(noPanic()); // undefined
 * ```
 */
export function noPanic(): undefined {
  return undefined;
}

/** A call that {@link deferring} makes at the end. */
export type Deferred = (recover: Recover) => unknown;

/** The state of a function with deferred calls: the value thrown, and whether it was recovered. */
class Frame {
  readonly calls: Deferred[] = [];
  #thrown: unknown = undefined;
  panicking = false;
  recovered = false;

  readonly defer = (call: Deferred): void => {
    this.calls.push(call);
  };

  readonly recover = (): unknown => {
    if (!this.panicking || isGoexit(this.#thrown)) return undefined;
    this.panicking = false;
    this.recovered = true;
    return recovered(this.#thrown);
  };

  throws(thrown: unknown): void {
    this.panicking = true;
    this.#thrown = thrown;
  }

  /** Throws the value that was not recovered, if there is one. */
  rethrow(): void {
    if (this.panicking) throw this.#thrown;
  }
}

/**
 * Runs a function body whose deferred calls recover from panics, or change its results: Go's `defer` where `using` is
 * not enough. The calls that the body passes to its parameter run in reverse order, each with Go's `recover`.
 *
 * @param results Returns the function's results after a recovered panic, or if the body returned undefined because it
 * sets the results as variables.
 * @throws What the body or a deferred call threw, unless it was recovered.
 *
 * @example
 * ```ts
 * const quotient = await deferring(
 *   async (deferred) => {
 *     deferred((recover) => console.log("recovered:", recover()));
 *     return panic("division by zero");
 *   },
 *   () => 0,
 * );
 * console.log(quotient); // 0
 * ```
 */
export async function deferring<T>(
  body: (deferred: (call: Deferred) => void) => Promise<T | undefined>,
  results?: () => T,
): Promise<T> {
  const frame = new Frame();
  let value: T | undefined;
  try {
    value = await body(frame.defer);
  } catch (thrown) {
    frame.throws(thrown);
  }
  for (let call = frame.calls.pop(); call !== undefined; call = frame.calls.pop()) {
    try {
      await call(frame.recover);
    } catch (thrown) {
      frame.throws(thrown);
    }
  }
  return outcome(frame, value, results);
}

/**
 * {@link deferring} for a body that does not wait.
 *
 * @throws What the body or a deferred call threw, unless it was recovered.
 *
 * @example
 * ```ts
 * deferringSync((deferred) => {
 *   deferred((recover) => console.log("recovered:", recover()));
 *   panic("enough"); // recovered: enough
 * });
 * ```
 */
export function deferringSync<T>(body: (deferred: (call: Deferred) => void) => T | undefined, results?: () => T): T {
  const frame = new Frame();
  let value: T | undefined;
  try {
    value = body(frame.defer);
  } catch (thrown) {
    frame.throws(thrown);
  }
  for (let call = frame.calls.pop(); call !== undefined; call = frame.calls.pop()) {
    try {
      call(frame.recover);
    } catch (thrown) {
      frame.throws(thrown);
    }
  }
  return outcome(frame, value, results);
}

function outcome<T>(frame: Frame, value: T | undefined, results: (() => T) | undefined): T {
  frame.rethrow();
  return (frame.recovered || value === undefined) && results !== undefined ? results() : (value as T);
}

/** The error that {@link unported} throws. */
export class PortError extends PanicError {
  static {
    this.prototype.name = "PortError";
  }
}

/**
 * The type of an expression that was not translated. It is assignable to everything, so that the compiler reports
 * errors in the code around the placeholder and not the placeholder again and again.
 */
export type Unported = ReturnType<typeof JSON.parse>;

/**
 * Stands where the translator from Go has left something to the porter, next to a `// PORT:` comment.
 *
 * @throws {@link PortError} `not ported from Go: …`
 *
 * @example
 * ```ts
 * try {
 *   unported("goto again");
 * } catch (err) {
 *   console.log((err as Error).message); // not ported from Go: goto again
 * }
 * ```
 */
export function unported(what: string): Unported {
  throw new PortError(`not ported from Go: ${what}`);
}
