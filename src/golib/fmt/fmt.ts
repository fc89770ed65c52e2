/**
 * Formatted printing. Mirrors Go's `fmt` package: the same verbs, flags, widths and error texts.
 *
 * A value carries no static type of Go. Where the type matters for printing, pass it with `typed` of `gocsp/golib`:
 * `typed(x, "float64")` prints `1e+06`, `typed(p, "*main.Point")` prints `&{1 2}`. Without it a whole number is an
 * `int`, an object is a struct with its own properties in their order, and undefined is nil. An object with a method
 * `error()` or `string()`, or a `toString` of its class, prints with that; an `Error` prints its message.
 *
 * Differences: addresses (`%p`) are made up; there are no complex numbers and no strings that are not UTF-8; the
 * scanning functions are missing.
 *
 * @module
 */

import { host } from "../host.ts";
import { toBytes } from "../text.ts";
import { valueOf, typeOf } from "../types.ts";
import { format } from "./directives.ts";
import { noFlags } from "./flags.ts";
import { Printer } from "./printer.ts";

export type { Flags } from "./flags.ts";
export type { Formatter } from "./printer.ts";

/** A value that prints itself: `fmt.Stringer`. A class may have `toString` instead. */
export interface Stringer {
  string(): string;
}

/** A target of writes, as Go's `io.Writer`. */
interface Writer {
  write(bytes: Uint8Array): Written | Promise<Written>;
}

type Written = [n: number, err: Error | undefined];

/**
 * Formats by a template. Mirrors Go's `fmt.Sprintf`. Mistakes in the template are printed, not thrown: `%!d(string=hi)`.
 *
 * @example
 * ```ts
 * console.log(fmt.sprintf("%s is %d years, %5.1f%%", "Ann", 41, 99.25)); // Ann is 41 years,  99.2%
 * console.log(fmt.sprintf("%v %+v %q", [1, 2], { x: 1 }, "hi")); // [1 2] {x:1} "hi"
 * ```
 */
export function sprintf(template: string, ...args: unknown[]): string {
  return format(template, args, false).text;
}

/**
 * Formats its arguments with spaces between two of them if neither is a string. Mirrors Go's `fmt.Sprint`.
 *
 * @example
 * ```ts
 * console.log(fmt.sprint("a", 1, 2, "b", true)); // a1 2btrue
 * ```
 */
export function sprint(...args: unknown[]): string {
  const printer = new Printer(false);
  let text = "";
  let afterString = false;
  args.forEach((argument, i) => {
    const isString = typeOf(argument).kind === "string";
    if (i > 0 && !isString && !afterString) text += " ";
    text += printer.print(noFlags(), argument, "v");
    afterString = isString;
  });
  return text;
}

/**
 * Formats its arguments with spaces between them and a newline at the end. Mirrors Go's `fmt.Sprintln`.
 *
 * @example
 * ```ts
 * console.log(JSON.stringify(fmt.sprintln("a", 1, undefined))); // "a 1 <nil>\n"
 * ```
 */
export function sprintln(...args: unknown[]): string {
  const printer = new Printer(false);
  return `${args.map((argument) => printer.print(noFlags(), argument, "v")).join(" ")}\n`;
}

/**
 * Prints by a template to standard output. Mirrors Go's `fmt.Printf`. In a browser whole lines go to the console.
 *
 * @example
 * ```ts
 * fmt.printf("%03d\n", 7); // 007
 * ```
 */
export function printf(template: string, ...args: unknown[]): Written {
  return out(sprintf(template, ...args));
}

/** Prints to standard output what {@link sprint} returns. Mirrors Go's `fmt.Print`. */
export function print(...args: unknown[]): Written {
  return out(sprint(...args));
}

/**
 * Prints its arguments in one line to standard output. Mirrors Go's `fmt.Println`.
 *
 * @example
 * ```ts
 * fmt.println("total:", 3, [1, 2]); // total: 3 [1 2]
 * ```
 */
export function println(...args: unknown[]): Written {
  return out(sprintln(...args));
}

/** The line that has not ended yet: a console prints whole lines only. */
let line = "";

function out(text: string): Written {
  const stdout = host.process?.stdout;
  if (stdout !== undefined) stdout.write(text);
  else {
    const lines = (line + text).split("\n");
    line = lines.pop() ?? "";
    for (const each of lines) host.console.log(each);
  }
  return [toBytes(text).length, undefined];
}

/**
 * Prints by a template to a writer. Mirrors Go's `fmt.Fprintf`; it waits if the writer does.
 *
 * @example
 * ```ts
 * const builder = new strings.Builder();
 * fmt.fprintf(builder, "%d!", 7);
 * console.log(builder.string()); // 7!
 * ```
 */
export function fprintf<W extends Writer>(writer: W, template: string, ...args: unknown[]): ReturnType<W["write"]> {
  return write(writer, sprintf(template, ...args));
}

/** Prints to a writer what {@link sprint} returns. Mirrors Go's `fmt.Fprint`. */
export function fprint<W extends Writer>(writer: W, ...args: unknown[]): ReturnType<W["write"]> {
  return write(writer, sprint(...args));
}

/** Prints to a writer what {@link sprintln} returns. Mirrors Go's `fmt.Fprintln`. */
export function fprintln<W extends Writer>(writer: W, ...args: unknown[]): ReturnType<W["write"]> {
  return write(writer, sprintln(...args));
}

function write<W extends Writer>(writer: W, text: string): ReturnType<W["write"]> {
  return writer.write(toBytes(text)) as ReturnType<W["write"]>;
}

/**
 * Makes an error whose message is formatted. Mirrors Go's `fmt.Errorf`: an error printed by `%w` becomes the `cause`,
 * so that `errors.is` and `errors.as` find it; several of them make an `AggregateError`.
 *
 * @example
 * ```ts
 * const err = fmt.errorf("reading %q: %w", "a.txt", context.canceled);
 * console.log(err.message, errors.is(err, context.canceled)); // reading "a.txt": context canceled true
 * ```
 */
export function errorf(template: string, ...args: unknown[]): Error {
  const { text, wrapped } = format(template, args, true);
  const causes = [...new Set(wrapped)]
    .sort((a, b) => a - b)
    .map((i) => valueOf(args[i]))
    .filter((cause) => typeof cause === "object" && cause !== null && (cause instanceof Error || "error" in cause));
  if (wrapped.length > 1) return new AggregateError(causes, text);
  return causes.length === 1 ? new Error(text, { cause: causes[0] }) : new Error(text);
}
