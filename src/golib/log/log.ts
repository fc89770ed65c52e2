/**
 * Simple logging. Mirrors Go's `log` package: lines with date and time on standard error. `fatal` ends the process with
 * status 1, `panic` throws.
 *
 * @module
 */

import { PanicError } from "../../runtime/panic.ts";
import { host } from "../host.ts";
import { sprint, sprintf, sprintln } from "../fmt/fmt.ts";
import { toBytes } from "../text.ts";

export const ldate = 1;
export const ltime = 2;
export const lmicroseconds = 4;
export const llongfile = 8;
export const lshortfile = 16;
/** Times are printed in UTC: `log.LUTC`. */
export const lutc = 32;
export const lmsgprefix = 64;
export const lstdFlags = 3;

/** The target of the lines. It may return a promise, which is not awaited. */
interface Writer {
  write(bytes: Uint8Array): unknown;
}

const standardError: Writer = {
  write(bytes) {
    const { process, console } = host;
    if (process?.stderr !== undefined) process.stderr.write(bytes);
    else console.error(new host.TextDecoder("utf-8", { fatal: false, ignoreBOM: true }).decode(bytes).trimEnd());
  },
};

/** Writes lines with a prefix. Mirrors Go's `log.Logger`; files and line numbers are not printed. */
export class Logger {
  #out: Writer;
  #prefix: string;
  #flags: number;

  /** Made by {@link newLogger}. */
  constructor(out: Writer, prefix: string, flags: number) {
    this.#out = out;
    this.#prefix = prefix;
    this.#flags = flags;
  }

  print(...args: unknown[]): void {
    this.#line(sprint(...args));
  }

  printf(template: string, ...args: unknown[]): void {
    this.#line(sprintf(template, ...args));
  }

  println(...args: unknown[]): void {
    this.#line(sprintln(...args));
  }

  /** Writes a line and ends the process with status 1. Where there is no process it throws. */
  fatal(...args: unknown[]): never {
    this.print(...args);
    exit();
  }

  fatalf(template: string, ...args: unknown[]): never {
    this.printf(template, ...args);
    exit();
  }

  fatalln(...args: unknown[]): never {
    this.println(...args);
    exit();
  }

  /** Writes a line and panics with it. */
  panic(...args: unknown[]): never {
    this.print(...args);
    throw new PanicError(sprint(...args));
  }

  panicf(template: string, ...args: unknown[]): never {
    this.printf(template, ...args);
    throw new PanicError(sprintf(template, ...args));
  }

  panicln(...args: unknown[]): never {
    this.println(...args);
    throw new PanicError(sprintln(...args));
  }

  output(_depth: number, text: string): undefined {
    this.#line(text);
    return undefined;
  }

  flags(): number {
    return this.#flags;
  }

  setFlags(flags: number): void {
    this.#flags = flags;
  }

  prefix(): string {
    return this.#prefix;
  }

  setPrefix(prefix: string): void {
    this.#prefix = prefix;
  }

  writer(): Writer {
    return this.#out;
  }

  setOutput(out: Writer): void {
    this.#out = out;
  }

  #line(text: string): void {
    const [before, behind] = (this.#flags & lmsgprefix) === 0 ? [this.#prefix, ""] : ["", this.#prefix];
    const end = text.endsWith("\n") ? "" : "\n";
    this.#out.write(toBytes(`${before}${this.#time()}${behind}${text}${end}`));
  }

  #time(): string {
    const flags = this.#flags;
    const now = new Date();
    const moved = (flags & lutc) === 0 ? new Date(now.getTime() - now.getTimezoneOffset() * 60_000) : now;
    const [day = "", clock = ""] = moved.toISOString().split("T");
    let text = "";
    if ((flags & ldate) !== 0) text += `${day.replaceAll("-", "/")} `;
    if ((flags & lmicroseconds) !== 0) text += `${clock.slice(0, 12)}000 `;
    else if ((flags & ltime) !== 0) text += `${clock.slice(0, 8)} `;
    return text;
  }
}

function exit(): never {
  const process = host.process as { exit?(code: number): never } | undefined;
  process?.exit?.(1);
  throw new PanicError("log: exit status 1");
}

/** Makes a logger. Mirrors Go's `log.New`. */
function newLogger(out: Writer, prefix: string, flags: number): Logger {
  return new Logger(out, prefix, flags);
}

export { newLogger, newLogger as new, newLogger as new_ };

const standard = new Logger(standardError, "", lstdFlags);

/** Returns the logger behind the functions of the package. Mirrors Go's `log.Default`. */
function defaultLogger(): Logger {
  return standard;
}

export { defaultLogger, defaultLogger as default_ };

/** Logs as {@link Logger.print}. */
export function print(...args: unknown[]): void {
  standard.print(...args);
}

/** Logs as {@link Logger.printf}. */
export function printf(template: string, ...args: unknown[]): void {
  standard.printf(template, ...args);
}

/** Logs as {@link Logger.println}. */
export function println(...args: unknown[]): void {
  standard.println(...args);
}

/** Logs and ends the process with status 1. */
export function fatal(...args: unknown[]): never {
  return standard.fatal(...args);
}

/** Logs and ends the process with status 1. */
export function fatalf(template: string, ...args: unknown[]): never {
  return standard.fatalf(template, ...args);
}

/** Logs and ends the process with status 1. */
export function fatalln(...args: unknown[]): never {
  return standard.fatalln(...args);
}

/** Logs and throws. */
export function panic(...args: unknown[]): never {
  return standard.panic(...args);
}

/** Logs and throws. */
export function panicf(template: string, ...args: unknown[]): never {
  return standard.panicf(template, ...args);
}

/** Logs and throws. */
export function panicln(...args: unknown[]): never {
  return standard.panicln(...args);
}

/** Returns the flags. */
export function flags(): number {
  return standard.flags();
}

/** Sets the flags. */
export function setFlags(flags: number): void {
  standard.setFlags(flags);
}

/** Returns the prefix. */
export function prefix(): string {
  return standard.prefix();
}

/** Sets the prefix. */
export function setPrefix(prefix: string): void {
  standard.setPrefix(prefix);
}

/** Returns the writer of the logger. */
export function writer(): Writer {
  return standard.writer();
}

/** Sets the writer of the logger. */
export function setOutput(out: Writer): void {
  standard.setOutput(out);
}
