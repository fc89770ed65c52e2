import { quote } from "../golib/strconv/quote.ts";
import { PanicError } from "../runtime/panic.ts";
import { sentinel } from "../runtime/error-values.ts";
import type { ProcessState } from "./process.ts";

/**
 * No program of that name is in the directories of `PATH`: `executable file not found in $PATH`. Mirrors Go's
 * `exec.ErrNotFound`. An {@link Error} wraps it: use `errors.is`.
 *
 * @example
 * ```ts
 * const err = exec.command("no-such-program").err;
 * console.log(errors.is(err, exec.errNotFound)); // true
 * ```
 */
export const errNotFound: globalThis.Error = sentinel("executable file not found in $PATH");

/**
 * The program was found in the current directory, because `PATH` has `.` in it: `cannot run executable found relative
 * to current directory`. Mirrors Go's `exec.ErrDot`. An {@link Error} wraps it: use `errors.is`.
 *
 * @example
 * ```ts
 * const cmd = exec.command("prog");
 * if (errors.is(cmd.err, exec.errDot)) cmd.err = undefined; // run ./prog nevertheless
 * ```
 */
export const errDot: globalThis.Error = sentinel("cannot run executable found relative to current directory");

/**
 * The command has exited with success, but other processes held its pipes open until `waitDelay` was over: `exec:
 * WaitDelay expired before I/O complete`. Mirrors Go's `exec.ErrWaitDelay`.
 *
 * @example
 * ```ts
 * const err = await exec.command("sh", "-c", "sleep 60 & echo started").output().catch((err) => err);
 * if (err === exec.errWaitDelay) console.log("its child still runs");
 * ```
 */
export const errWaitDelay: globalThis.Error = sentinel("exec: WaitDelay expired before I/O complete");

/**
 * The process has ended already: `os: process already finished`. Mirrors Go's `os.ErrProcessDone`.
 *
 * @example
 * ```ts
 * const cmd = exec.commandContext(ctx, "make");
 * cmd.cancel = () => {
 *   throw exec.errProcessDone; // nothing to cancel: `wait` returns what the command has exited with
 * };
 * ```
 */
export const errProcessDone: globalThis.Error = sentinel("os: process already finished");

/**
 * Why a program cannot be run: `exec: "prog": executable file not found in $PATH`. Mirrors Go's `*exec.Error`.
 *
 * @example
 * ```ts
 * const err = errors.as(exec.command("no-such-program").err, exec.Error);
 * if (err !== undefined) console.log(`${err.file} cannot be run`); // no-such-program cannot be run
 * ```
 */
class ExecError extends globalThis.Error {
  /** The name that was looked for: `Name` in Go. In JavaScript an error's `name` is that of its class. */
  readonly file: string;
  /** Why it cannot be run. */
  readonly err: globalThis.Error;

  static {
    this.prototype.name = "exec.Error";
  }

  /** Makes the error for a name. */
  constructor(file: string, err: globalThis.Error) {
    super(`exec: ${quote(file)}: ${err.message}`, { cause: err });
    this.file = file;
    this.err = err;
  }
}

export { ExecError as Error };

/**
 * A command that did not exit with success: `exit status 1`, `signal: killed`. Mirrors Go's `*exec.ExitError`. If its
 * context has ended, `context.cause` of that is the `cause`, so that `errors.is(err, context.canceled)` is true (in Go
 * it is not).
 *
 * @example
 * ```ts
 * const err = await exec.command("sh", "-c", "echo oops >&2; exit 3").output().catch((err) => err);
 * const failed = errors.as(err, exec.ExitError);
 * console.log(failed?.exitCode(), String(failed?.stderr)); // 3 oops
 * ```
 */
export class ExitError extends globalThis.Error {
  /** How the process has ended. Go embeds it. */
  readonly processState: ProcessState;
  /**
   * What the command has written to its standard error, if `output` has collected it because `stderr` was not set. Of a
   * long text the first and the last 32 KiB. Mirrors Go's `ExitError.Stderr`.
   */
  readonly stderr: Buffer | undefined;
  /** What it has written to its standard output, if `output` or `combinedOutput` has collected it: Go returns it. */
  readonly stdout: Buffer | undefined;

  static {
    this.prototype.name = "ExitError";
  }

  /** Makes the error of a process that has ended. */
  constructor(processState: ProcessState, stdout?: Buffer, stderr?: Buffer, cause?: unknown) {
    super(String(processState), cause === undefined ? undefined : { cause });
    this.processState = processState;
    Object.defineProperty(this, "stderr", { value: stderr, enumerable: false });
    Object.defineProperty(this, "stdout", { value: stdout, enumerable: false });
  }

  /**
   * Returns the exit status, or -1 if a signal has ended the process. Mirrors Go's `ProcessState.ExitCode`.
   *
   * @example
   * ```ts
   * const err = await exec.command("sh", "-c", "exit 3").run().catch((err) => err);
   * console.log(err.exitCode()); // 3
   * ```
   */
  exitCode(): number {
    return this.processState.exitCode();
  }
}

/** Returns the error of an operating-system call, with Go's text. */
export function pathError(op: string, path: string, error: unknown): globalThis.Error {
  const { message, code } = systemError(error);
  const text = `${op} ${path}: ${message}`;
  return Object.assign(new globalThis.Error(text, { cause: error }), code === undefined ? {} : { code });
}

/** Returns an error of the operating system by Go's name for it; `error` has the system's code. */
export function systemError(error: unknown): globalThis.Error & { readonly code?: string } {
  const { code, message } = error as NodeJS.ErrnoException;
  const text = texts[code ?? ""] ?? message;
  return Object.assign(new globalThis.Error(text, { cause: error }), code === undefined ? {} : { code });
}

const texts: Readonly<Record<string, string>> = {
  ENOENT: "no such file or directory",
  EACCES: "permission denied",
  EPERM: "operation not permitted",
  ENOTDIR: "not a directory",
  EISDIR: "is a directory",
  ELOOP: "too many levels of symbolic links",
  ENAMETOOLONG: "file name too long",
  ETXTBSY: "text file busy",
  E2BIG: "argument list too long",
  ENOEXEC: "exec format error",
  EAGAIN: "resource temporarily unavailable",
  EBADF: "bad file descriptor",
  EIO: "input/output error",
  EMFILE: "too many open files",
  ENFILE: "too many open files in system",
  ENOMEM: "cannot allocate memory",
  EINVAL: "invalid argument",
  ERR_INVALID_ARG_VALUE: "invalid argument",
};

export function nilContext(): PanicError {
  return new PanicError("nil Context");
}
