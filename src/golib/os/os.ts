/**
 * The process and its files. Mirrors parts of Go's `os` package. Files are read and written synchronously, as Go's
 * programs expect; use `node:fs/promises` for large ones.
 *
 * @module
 */

import * as fs from "node:fs";
import { hostname as nodeHostname, tmpdir } from "node:os";
import { join } from "node:path";
import { sentinel } from "../../runtime/error-values.ts";
import { eof } from "../io/errors.ts";

/** The command line: the program and its arguments. */
export const args: string[] = [process.argv[1] ?? "", ...process.argv.slice(2)];

/** The file is not there: `os.ErrNotExist`. */
export const errNotExist: Error = sentinel("file does not exist");
/** The file is there already: `os.ErrExist`. */
export const errExist: Error = sentinel("file already exists");
/** The permission is missing: `os.ErrPermission`. */
export const errPermission: Error = sentinel("permission denied");

/**
 * An error of an operation on a path. Mirrors Go's `os.PathError`; its cause is {@link errNotExist} or another
 * sentinel.
 */
export class PathError extends Error {
  static {
    this.prototype.name = "PathError";
  }

  readonly op: string;
  readonly path: string;
  readonly err: Error;

  constructor(op: string, path: string, err: Error, text: string = err.message) {
    super(`${op} ${path}: ${text}`, { cause: err });
    this.op = op;
    this.path = path;
    this.err = err;
  }
}

const reasons: Readonly<Record<string, [err: Error, text: string]>> = {
  ENOENT: [errNotExist, "no such file or directory"],
  EEXIST: [errExist, "file exists"],
  EACCES: [errPermission, "permission denied"],
  EPERM: [errPermission, "operation not permitted"],
};

/** Calls a function. Returns its result, or the thrown error with Go's text. */
function attempt<T>(op: string, path: string, f: () => T): [value: T | undefined, err: Error | undefined] {
  try {
    return [f(), undefined];
  } catch (error) {
    const { code = "", message } = error as NodeJS.ErrnoException;
    const [err, text] = reasons[code] ?? [error as Error, code === "EISDIR" ? "is a directory" : message];
    return [undefined, new PathError(op, path, err, text)];
  }
}

/** Reads a whole file. Mirrors Go's `os.ReadFile`. */
export function readFile(path: string): [data: Uint8Array, err: Error | undefined] {
  const [data, err] = attempt("open", path, () => fs.readFileSync(path));
  return [data === undefined ? new Uint8Array(0) : Uint8Array.from(data), err];
}

/** Writes a whole file. Mirrors Go's `os.WriteFile`. */
export function writeFile(path: string, data: Uint8Array, mode: number): Error | undefined {
  return attempt("open", path, () => fs.writeFileSync(path, data, { mode }))[1];
}

/** Makes a folder. Mirrors Go's `os.Mkdir`. */
export function mkdir(path: string, mode: number): Error | undefined {
  return attempt("mkdir", path, () => fs.mkdirSync(path, { mode }))[1];
}

/** Makes a folder and its missing parents. Mirrors Go's `os.MkdirAll`. */
export function mkdirAll(path: string, mode: number): Error | undefined {
  return attempt("mkdir", path, () => fs.mkdirSync(path, { recursive: true, mode }))[1];
}

/** Makes a folder with a unique name. Mirrors Go's `os.MkdirTemp`. */
export function mkdirTemp(folder: string, pattern: string): [path: string, err: Error | undefined] {
  const prefix = join(folder === "" ? tmpdir() : folder, pattern.replace("*", ""));
  const [path, err] = attempt("mkdirtemp", prefix, () => fs.mkdtempSync(prefix));
  return [path ?? "", err];
}

/** Removes a file or an empty folder. Mirrors Go's `os.Remove`. */
export function remove(path: string): Error | undefined {
  return attempt("remove", path, () =>
    fs.lstatSync(path).isDirectory() ? fs.rmdirSync(path) : fs.unlinkSync(path),
  )[1];
}

/** Removes a file, or a folder and everything in it. Mirrors Go's `os.RemoveAll`. */
export function removeAll(path: string): Error | undefined {
  return attempt("unlinkat", path, () => fs.rmSync(path, { recursive: true, force: true }))[1];
}

/** Renames a file. Mirrors Go's `os.Rename`. */
export function rename(from: string, to: string): Error | undefined {
  return attempt("rename", `${from} ${to}`, () => fs.renameSync(from, to))[1];
}

/** Tells whether an error says that a file is not there. Mirrors Go's `os.IsNotExist`. */
export function isNotExist(err: unknown): boolean {
  return err === errNotExist || (err instanceof PathError && err.err === errNotExist);
}

/** Tells whether an error says that a file is there already. Mirrors Go's `os.IsExist`. */
export function isExist(err: unknown): boolean {
  return err === errExist || (err instanceof PathError && err.err === errExist);
}

/** Returns an environment variable, or "". Mirrors Go's `os.Getenv`. */
export function getenv(key: string): string {
  return process.env[key] ?? "";
}

/** Returns an environment variable and whether it is set. Mirrors Go's `os.LookupEnv`. */
export function lookupEnv(key: string): [value: string, ok: boolean] {
  const value = process.env[key];
  return [value ?? "", value !== undefined];
}

/** Sets an environment variable. Mirrors Go's `os.Setenv`. */
export function setenv(key: string, value: string): Error | undefined {
  if (key === "") return new Error("setenv: invalid argument");
  process.env[key] = value;
  return undefined;
}

/** Removes an environment variable. Mirrors Go's `os.Unsetenv`. */
export function unsetenv(key: string): undefined {
  delete process.env[key];
  return undefined;
}

/** Returns all environment variables as `key=value`. Mirrors Go's `os.Environ`. */
export function environ(): string[] {
  return Object.entries(process.env).map(([key, value]) => `${key}=${value}`);
}

/** Ends the process. Mirrors Go's `os.Exit`. */
export function exit(code: number): never {
  process.exit(code);
}

/** Returns the working directory. Mirrors Go's `os.Getwd`. */
export function getwd(): [path: string, err: Error | undefined] {
  return [process.cwd(), undefined];
}

/** Returns the name of the machine. Mirrors Go's `os.Hostname`. */
export function hostname(): [name: string, err: Error | undefined] {
  return [nodeHostname(), undefined];
}

/** Returns the id of the process. Mirrors Go's `os.Getpid`. */
export function getpid(): number {
  return process.pid;
}

/** Returns the folder for temporary files. Mirrors Go's `os.TempDir`. */
export function tempDir(): string {
  return tmpdir();
}

type Result = [n: number, err: Error | undefined];

/** One of the three standard files of a process. Mirrors parts of Go's `os.File`. */
export class File {
  readonly #name: string;
  readonly #fd: number;

  /** @internal */
  constructor(name: string, fd: number) {
    this.#name = name;
    this.#fd = fd;
  }

  name(): string {
    return this.#name;
  }

  fd(): number {
    return this.#fd;
  }

  write(p: Uint8Array): Result {
    if (this.#fd === 0) return [0, new PathError("write", this.#name, new Error("bad file descriptor"))];
    (this.#fd === 1 ? process.stdout : process.stderr).write(p);
    return [p.length, undefined];
  }

  writeString(text: string): Result {
    if (this.#fd === 0) return [0, new PathError("write", this.#name, new Error("bad file descriptor"))];
    (this.#fd === 1 ? process.stdout : process.stderr).write(text);
    return [Buffer.byteLength(text), undefined];
  }

  /** Reads from standard input. Other goroutines run meanwhile. */
  async read(p: Uint8Array): Promise<Result> {
    if (this.#fd !== 0) return [0, new PathError("read", this.#name, new Error("bad file descriptor"))];
    while (input.length === 0) {
      chunks ??= process.stdin[Symbol.asyncIterator]() as AsyncIterator<Uint8Array, undefined>;
      const { done, value } = await chunks.next();
      if (done === true || value === undefined) return [0, eof];
      input = value;
    }
    const part = input.subarray(0, p.length);
    p.set(part);
    input = input.subarray(part.length);
    return [part.length, undefined];
  }

  /** Does nothing: the file stays open as long as the process runs. */
  close(): undefined {
    return undefined;
  }

  /** Does nothing. */
  sync(): undefined {
    return undefined;
  }
}

let chunks: AsyncIterator<Uint8Array, undefined> | undefined;
let input: Uint8Array = new Uint8Array(0);

/** Standard input: `os.Stdin`. */
export const stdin: File = new File("/dev/stdin", 0);
/** Standard output: `os.Stdout`. */
export const stdout: File = new File("/dev/stdout", 1);
/** Standard error: `os.Stderr`. */
export const stderr: File = new File("/dev/stderr", 2);

/** A process of the system, as {@link findProcess} returns it. Mirrors parts of Go's `os.Process`. */
export class Process {
  readonly pid: number;

  constructor(pid: number) {
    this.pid = pid;
  }

  /** Sends a signal to the process. */
  signal(signal: `SIG${string}`): Error | undefined {
    return send(this.pid, signal);
  }

  /** Ends the process at once. */
  kill(): Error | undefined {
    return send(this.pid, "SIGKILL");
  }
}

function send(pid: number, signal: string): Error | undefined {
  try {
    process.kill(pid, signal);
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH" ? errProcessDone : (error as Error);
  }
}

/** The process has ended: `os.ErrProcessDone`. */
export const errProcessDone: Error = sentinel("os: process already finished");

/** Returns a process by its id, whether it exists or not. Mirrors Go's `os.FindProcess`. */
export function findProcess(pid: number): [found: Process, err: Error | undefined] {
  return [new Process(pid), undefined];
}
