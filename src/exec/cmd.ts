import { thrownHere } from "../runtime/place.ts";
import { background, cause, type Context, withCancel, withTimeout } from "../context/context.ts";
import { checkContext, errOf, watchEnd } from "../context/internal.ts";
import type { CommandMessage } from "../diagnostics/messages.ts";
import { Tracing } from "../diagnostics/tracing.ts";
import { is } from "../errors/errors.ts";
import { describe } from "../runtime/arguments.ts";
import { realNow } from "../runtime/host.ts";
import { second } from "../time/duration.ts";
import { sleep } from "../time/sleep.ts";
import { afterFunc, type Timer } from "../time/timer.ts";
import {
  checkInput,
  copyIn,
  copyOut,
  fdOf,
  type File,
  type Input,
  type Output,
  PrefixSuffixSaver,
  type Sink,
  sinkOf,
} from "./copy.ts";
import { errProcessDone, errWaitDelay, ExitError, nilContext, pathError } from "./errors.ts";
import { candidates, checkProgram, complaint, hasFolder, resolve } from "./lookpath.ts";
import { type Pair, pairOfSockets } from "./pair.ts";
import { Process, ProcessState } from "./process.ts";
import { ProcessTree } from "./tree.ts";
import { unwatch, watch } from "./watchdog.ts";
import { type ChildProcess, spawn, type StdioOptions } from "node:child_process";
import { statSync } from "node:fs";
import { resolve as resolvePath } from "node:path";
import { PassThrough, type Readable, type Writable } from "node:stream";

const isWindows = process.platform === "win32";

/** Where commands are published for tracers. */
const commands: Tracing<CommandMessage> = new Tracing("exec.command");

/** The pauses between checks whether a tree of processes has ended, in milliseconds. The last one repeats. */
const pauses = [1, 2, 4, 8, 16, 32, 50];
/** So many of the checks are quick ones: most trees end as soon as they are told to. */
const quickChecks = 5;
/** How long processes may take to end after they were killed, in milliseconds. */
const killTime = 2 * second;

/**
 * A command to run. Mirrors Go's `exec.Cmd`; made by {@link command} and {@link commandContext}. Set its fields before
 * it is started. It runs once.
 */
export class Cmd {
  /** The path of the program. Relative to `dir`, if it is relative. Mirrors Go's `Cmd.Path`. */
  path: string;
  /** The arguments, the first of which is the name of the command. Mirrors Go's `Cmd.Args`. */
  args: string[];
  /**
   * The environment: a list of `name=value`, of which the last counts if a name comes twice, or an object. If not
   * given, that of this process. Mirrors Go's `Cmd.Env`.
   */
  env: readonly string[] | Readonly<Record<string, string | undefined>> | undefined;
  /** The working directory; if not given, that of this process. Mirrors Go's `Cmd.Dir`. */
  dir = "";
  /**
   * What the command reads: see {@link Input}. If not given, nothing. Copying ends when the command exits: Go waits for
   * the source, too. Mirrors Go's `Cmd.Stdin`.
   */
  stdin: Input | undefined;
  /**
   * Where its output goes: see {@link Output}. If not given, nowhere. The command waits if that takes no more. Mirrors
   * Go's `Cmd.Stdout`.
   */
  stdout: Output | undefined;
  /** Where its errors go. If it is the same as `stdout`, both arrive in the order of writing, except on Windows. */
  stderr: Output | undefined;
  /**
   * More open files for the process, which become 3 and following; undefined leaves one out. Mirrors Go's
   * `Cmd.ExtraFiles`.
   */
  extraFiles: readonly (File | undefined)[] = [];
  /**
   * Is called when the context ends; for commands with a context. By default it sends SIGTERM to the process and all
   * its descendants (Go kills the process alone). If it throws or rejects, `wait` throws that, unless it is
   * {@link errProcessDone}. If it is undefined, nothing happens before `waitDelay` is over. Mirrors Go's `Cmd.Cancel`.
   */
  cancel: (() => unknown) | undefined;
  /**
   * The limit of two waits, in milliseconds: from the end of the context until every process that still runs is killed;
   * and from the exit of the process until its pipes are closed, which other processes may hold open. 0 means no limit,
   * which is Go's default; here it is 5 seconds. Mirrors Go's `Cmd.WaitDelay`.
   */
  waitDelay: number = 5 * second;
  /**
   * Whether the command gets a session and a process group of its own, so that its whole tree can be ended. By default
   * true, unless its standard input is that of this process: programs that talk to a terminal have to stay in its
   * session, and get Ctrl-C from it. Go has it in `SysProcAttr`.
   */
  ownGroup: boolean | undefined;
  /** Whether the command may go on when this program ends. By default it is killed then. In Go it goes on. */
  outlives = false;
  /** The process, once it was started. Mirrors Go's `Cmd.Process`. */
  process: Process | undefined;
  /** How it has ended, once `wait` knows. Mirrors Go's `Cmd.ProcessState`. */
  processState: ProcessState | undefined;
  /**
   * Why the program was not found; `start` throws it. Set it to undefined to run it nevertheless. Mirrors Go's
   * `Cmd.Err`.
   */
  err: globalThis.Error | undefined;

  readonly #ctx: Context | undefined;
  /** The promise of the exit, once it was started. */
  #exit: Promise<ProcessState> | undefined;
  #isStarted = false;
  #isWaited = false;
  #tree: ProcessTree | undefined;
  /** The ends of its pipes that are read here. */
  readonly #outputs: Readable[] = [];
  #unwatchContext: () => boolean = () => true;
  /** Settles when the processes have ended after the end of the context; undefined before that end. */
  #ending: Promise<unknown> | undefined;
  #copies: Promise<unknown>[] = [];
  /** Ends when nobody waits for the copies any more. */
  readonly #copyContext = withCancel(background());
  #copyError: { readonly error: unknown } | undefined;
  #stopInput: () => void = () => undefined;
  #stdinPipe: PassThrough | undefined;
  #stdoutPipe: PassThrough | undefined;
  #stderrPipe: PassThrough | undefined;
  #collected: Buffer[] | undefined;
  #saver: PrefixSuffixSaver | undefined;
  /** The published message; undefined unless commands were traced when it was started. */
  #message: CommandMessage | undefined;

  /** Is called by {@link command} and {@link commandContext}. */
  constructor(name: string, args: readonly string[], ctx?: Context) {
    for (const arg of args) {
      if (typeof arg !== "string") throw new TypeError(`exec: arguments must be strings, got ${describe(arg)}`);
    }
    this.args = [name, ...args];
    this.#ctx = ctx;
    checkProgram(name);
    // A name with a folder is looked at when the command is started: its folder may be one in `dir`.
    [this.path, this.err] = name === "" || hasFolder(name) ? [name] : resolve(name);
    if (ctx !== undefined) this.cancel = () => this.process?.signalAll("SIGTERM");
  }

  /**
   * Runs the command and waits until it has ended. Mirrors Go's `Cmd.Run`.
   *
   * @throws What {@link Cmd.start} and {@link Cmd.wait} throw.
   *
   * @example
   * ```ts
   * await exec.commandContext(ctx, "git", "fetch", "--all").run();
   * ```
   */
  async run(): Promise<void> {
    await this.start();
    await this.wait();
  }

  /**
   * Starts the command, and returns when it runs. Call {@link Cmd.wait} afterwards. Mirrors Go's `Cmd.Start`.
   *
   * @throws `cmd.err` if the program was not found, `ctx.err()` if the context has ended
   * @throws Error `exec: already started`, `exec: no command`, `exec: environment variable contains NUL`, `chdir …`, or
   * `fork/exec …` with the operating system's error
   * @throws TypeError `exec: stdin must be …`, `exec: stdout must be …`
   *
   * @example
   * ```ts
   * const cmd = exec.command("sleep", "5");
   * await cmd.start();
   * console.log(`process ${cmd.process?.pid} runs`);
   * await cmd.wait();
   * ```
   */
  async start(): Promise<void> {
    // Before anything else: the pipes of the command that runs must stay open.
    if (this.#isStarted) throw new globalThis.Error("exec: already started");
    this.#isStarted = true;
    if (!commands.wanted) return this.#startOrClose();
    const message: CommandMessage = { path: this.path, cmd: this, ctx: this.#ctx };
    this.#message = message;
    try {
      await commands.begin(message, () => this.#startOrClose());
    } catch (error) {
      commands.fail(message, error);
      commands.settle(message, undefined);
      throw error;
    }
  }

  async #startOrClose(): Promise<void> {
    try {
      await this.#start();
    } catch (error) {
      this.#stdinPipe?.destroy();
      this.#stdoutPipe?.end();
      this.#stderrPipe?.end();
      throw error;
    }
  }

  async #start(): Promise<void> {
    this.#check();
    const { env, hasNul } = this.#environment();
    if (hasNul) throw new globalThis.Error("exec: environment variable contains NUL");
    const group = this.ownGroup ?? fdOf(this.stdin) !== 0;
    const sinks = { out: this.#sink("stdout", this.#stdoutPipe), err: this.#sink("stderr", this.#stderrPipe) };
    const merged = !isWindows && this.stdout !== undefined && this.stdout === this.stderr && sinks.out !== undefined;
    if (this.stdin !== undefined && fdOf(this.stdin) === undefined) checkInput(this.stdin);
    const program = this.#program();
    const pair = merged ? await pairOfSockets() : undefined;
    const stdio: StdioOptions = [
      this.#stdinPipe !== undefined ? "pipe" : this.stdin === undefined ? "ignore" : (fdOf(this.stdin) ?? "pipe"),
      pair?.far ?? (sinks.out !== undefined ? "pipe" : (fdOf(this.stdout) ?? "ignore")),
      pair?.far ?? (merged ? "ignore" : sinks.err !== undefined ? "pipe" : (fdOf(this.stderr) ?? "ignore")),
      ...this.extraFiles.map((file) => fdOf(file) ?? "ignore"),
    ];
    const [name = this.path, ...given] = this.args;
    const [path, argv0, args] =
      merged && pair === undefined ? redirected(program, given, env) : ([program, name, given] as const);
    try {
      const child = await started(this.path, () =>
        spawn(path, args, {
          argv0,
          env,
          stdio,
          detached: group && !isWindows,
          windowsHide: true,
          ...(this.dir === "" ? {} : { cwd: this.dir }),
        }),
      );
      this.#attach(child, group, merged, sinks, pair);
    } catch (error) {
      pair?.near.destroy();
      throw error;
    } finally {
      // The process has its own descriptor of it.
      pair?.far.destroy();
    }
  }

  /**
   * Waits until the command has exited and all its input and output was copied. Mirrors Go's `Cmd.Wait`. If its context
   * ends, it also waits until all descendants of the command have ended.
   *
   * @throws ExitError `exit status 1`, `signal: killed`, if the command did not exit with success
   * @throws `ctx.err()` if the command has exited with success although its context had ended, or `exec: canceling Cmd:
   * …`
   * @throws Error `exec: WaitDelay expired before I/O complete`, see {@link errWaitDelay}
   * @throws Error `exec: not started`, `exec: Wait was already called`
   * @throws What reading `stdin` or writing to `stdout` and `stderr` has thrown.
   *
   * @example
   * ```ts
   * const cmd = exec.command("sh", "-c", "exit 2");
   * await cmd.start();
   * await cmd.wait().catch((err) => console.log(err.message)); // exit status 2
   * ```
   */
  async wait(): Promise<void> {
    if (this.#exit === undefined) throw new globalThis.Error("exec: not started");
    if (this.#isWaited) throw new globalThis.Error("exec: Wait was already called");
    this.#isWaited = true;
    const waited = this.#wait(this.#exit);
    await (this.#message === undefined ? waited : commands.over(this.#message, waited));
  }

  async #wait(exit: Promise<ProcessState>): Promise<void> {
    const state = await exit;
    this.processState = state;
    this.#stopInput();
    // Awaited twice: if the context has ended, its processes must end before the rest of their output is copied, and
    // the context may also end during the copying, while other processes hold the pipes.
    await this.#ending;
    const complete = await this.#copied();
    this.#unwatchContext();
    const contextError = await this.#ending;
    if (this.#tree !== undefined) unwatch(this.#tree);
    if (!state.success()) {
      const reason = this.#ending !== undefined && this.#ctx !== undefined ? cause(this.#ctx) : undefined;
      throw new ExitError(state, this.#stdout(), this.#saver?.bytes(), reason);
    }
    if (contextError !== undefined) throw contextError;
    if (this.#copyError !== undefined) throw this.#copyError.error;
    if (!complete) throw thrownHere(errWaitDelay);
  }

  /**
   * Runs the command and returns what it writes to its standard output. If `stderr` is not set, the error has what the
   * command has written there. Mirrors Go's `Cmd.Output`.
   *
   * @throws Error `exec: Stdout already set`
   * @throws What {@link Cmd.run} throws.
   *
   * @example
   * ```ts
   * const version = await exec.command("echo", "hello").output();
   * console.log(String(version).trim()); // hello
   * ```
   */
  async output(): Promise<Buffer> {
    if (this.stdout !== undefined) throw new globalThis.Error("exec: Stdout already set");
    const chunks: Buffer[] = [];
    this.#collected = chunks;
    this.stdout = (chunk) => chunks.push(chunk);
    if (this.stderr === undefined) {
      const saver = new PrefixSuffixSaver();
      this.#saver = saver;
      this.stderr = (chunk) => saver.write(chunk);
    }
    await this.run();
    return Buffer.concat(chunks);
  }

  /**
   * Runs the command and returns what it writes to its standard output and its standard error. Mirrors Go's
   * `Cmd.CombinedOutput`.
   *
   * @throws Error `exec: Stdout already set`, `exec: Stderr already set`
   * @throws What {@link Cmd.run} throws.
   *
   * @example
   * ```ts
   * const text = await exec.command("sh", "-c", "echo a; echo b >&2").combinedOutput();
   * console.log(String(text).trim().split("\n").join()); // a,b
   * ```
   */
  async combinedOutput(): Promise<Buffer> {
    if (this.stdout !== undefined) throw new globalThis.Error("exec: Stdout already set");
    if (this.stderr !== undefined) throw new globalThis.Error("exec: Stderr already set");
    const chunks: Buffer[] = [];
    this.#collected = chunks;
    this.stdout = this.stderr = (chunk) => chunks.push(chunk);
    await this.run();
    return Buffer.concat(chunks);
  }

  /**
   * Returns a stream whose content the command reads. End it to let the command see the end. Mirrors Go's
   * `Cmd.StdinPipe`.
   *
   * @throws Error `exec: Stdin already set`, `exec: StdinPipe after process started`
   *
   * @example
   * ```ts
   * const cmd = exec.command("sort");
   * cmd.stdin = undefined;
   * cmd.stdinPipe().end("b\na\n");
   * console.log(String(await cmd.output()).trim().split("\n").join()); // a,b
   * ```
   */
  stdinPipe(): Writable {
    if (this.stdin !== undefined || this.#stdinPipe !== undefined) {
      throw new globalThis.Error("exec: Stdin already set");
    }
    if (this.#isStarted) throw new globalThis.Error("exec: StdinPipe after process started");
    this.#stdinPipe = new PassThrough();
    return this.#stdinPipe;
  }

  /**
   * Returns a stream of what the command writes to its standard output. The command waits while the stream is not read.
   * Mirrors Go's `Cmd.StdoutPipe`; unlike in Go, `wait` may be called before all was read.
   *
   * @throws Error `exec: Stdout already set`, `exec: StdoutPipe after process started`
   *
   * @example
   * ```ts
   * const cmd = exec.commandContext(ctx, "tail", "-f", "app.log");
   * const log = cmd.stdoutPipe().setEncoding("utf8");
   * await cmd.start();
   * for await (const text of log) console.log(text);
   * await cmd.wait();
   * ```
   */
  stdoutPipe(): Readable {
    if (this.stdout !== undefined || this.#stdoutPipe !== undefined) {
      throw new globalThis.Error("exec: Stdout already set");
    }
    if (this.#isStarted) throw new globalThis.Error("exec: StdoutPipe after process started");
    this.#stdoutPipe = new PassThrough();
    return this.#stdoutPipe;
  }

  /**
   * Returns a stream of what the command writes to its standard error: see {@link Cmd.stdoutPipe}. Mirrors Go's
   * `Cmd.StderrPipe`.
   *
   * @throws Error `exec: Stderr already set`, `exec: StderrPipe after process started`
   *
   * @example
   * ```ts
   * const complaints = exec.command("make").stderrPipe();
   * ```
   */
  stderrPipe(): Readable {
    if (this.stderr !== undefined || this.#stderrPipe !== undefined) {
      throw new globalThis.Error("exec: Stderr already set");
    }
    if (this.#isStarted) throw new globalThis.Error("exec: StderrPipe after process started");
    this.#stderrPipe = new PassThrough();
    return this.#stderrPipe;
  }

  /**
   * Returns the environment in which the command would run, as `name=value`. Entries that no process can have are left
   * out: those with a NUL, for which {@link Cmd.start} throws, and those without a `=`. Mirrors Go's `Cmd.Environ`, which
   * keeps the latter.
   *
   * @example
   * ```ts
   * const cmd = exec.command("env");
   * cmd.env = ["A=1", "A=2"];
   * console.log(cmd.environ().join()); // A=2
   * ```
   */
  environ(): string[] {
    return Object.entries(this.#environment().env).map(([name, value]) => `${name}=${value}`);
  }

  /** Returns the path and the arguments, for logs: they are not quoted for a shell. Mirrors Go's `Cmd.String`. */
  toString(): string {
    const [name, ...args] = this.args;
    return [this.err === undefined ? this.path : (name ?? this.path), ...args].join(" ");
  }

  /** Refuses values of fields that only a program without types can have. */
  #checkFields(): void {
    const { path, dir, args, env, waitDelay } = this;
    const named = args.map((arg, i) => [`args[${i}]`, arg] as const);
    for (const [name, value] of [["path", path] as const, ["dir", dir] as const, ...named]) {
      if (typeof value === "string") continue;
      throw new TypeError(`exec: ${name} must be a string, got ${describe(value)}`);
    }
    if (typeof waitDelay !== "number" || Number.isNaN(waitDelay)) {
      throw new TypeError(`exec: waitDelay must be a number of milliseconds, got ${describe(waitDelay)}`);
    }
    for (const [i, file] of this.extraFiles.entries()) {
      // Go's nil: the process gets nothing there.
      if (file === undefined || fdOf(file) !== undefined) continue;
      throw new TypeError(`exec: extraFiles[${i}] must be a file, got ${describe(file)}`);
    }
    // Without the values, which may be secret.
    for (const [name, value] of Object.entries(env ?? {})) {
      if (typeof value === "string" || (value === undefined && !Array.isArray(env))) continue;
      const kind = value === null ? "null" : `a value of type ${typeof value}`;
      throw new TypeError(`exec: env[${JSON.stringify(name)}] must be a string, got ${kind}`);
    }
  }

  #check(): void {
    this.#checkFields();
    if (this.err !== undefined) throw this.err;
    if (this.path === "") throw new globalThis.Error("exec: no command");
    if (this.cancel !== undefined && this.#ctx === undefined) {
      throw new globalThis.Error("exec: command with a non-nil Cancel was not created with CommandContext");
    }
    const ended = this.#ctx === undefined ? undefined : errOf(this.#ctx);
    if (ended !== undefined) throw ended;
  }

  /** Returns the path of the program. Checks that it exists: `spawn` has the same error for a missing `dir`. */
  #program(): string {
    if (this.dir !== "") {
      let isFolder: boolean;
      try {
        isFolder = statSync(this.dir).isDirectory();
      } catch (error) {
        throw pathError("chdir", this.dir, error);
      }
      if (!isFolder) throw pathError("fork/exec", this.path, { code: "ENOTDIR" });
    }
    const paths = candidates(resolvePath(this.dir, this.path));
    const path = paths.find((candidate) => complaint(candidate) === undefined);
    if (path !== undefined) {
      if (isWindows) return path;
      // It is looked for in the working directory of the command. A name without a slash `spawn` would look for in PATH.
      return hasFolder(this.path) ? this.path : `./${this.path}`;
    }
    const code = complaint(paths[0] as string)?.code;
    throw pathError("fork/exec", this.path, { code: code === "EISDIR" ? "EACCES" : code });
  }

  #environment(): { readonly env: Record<string, string>; readonly hasNul: boolean } {
    const { env } = this;
    const entries: [string, string | undefined][] = Array.isArray(env)
      ? (env as string[]).map((entry) => {
          // On Windows names may begin with "=".
          const at = entry.indexOf("=", 1);
          return at === -1 ? [entry, undefined] : [entry.slice(0, at), entry.slice(at + 1)];
        })
      : Object.entries(env ?? process.env);
    if (!isWindows && this.dir !== "" && env === undefined) entries.push(["PWD", resolvePath(this.dir)]);
    /** By the name as names are compared. */
    const found = new Map<string, readonly [name: string, value: string]>();
    let hasNul = false;
    for (const [name, value] of entries) {
      if (value === undefined) continue;
      if (name.includes("\0") || value.includes("\0")) {
        hasNul = true;
        continue;
      }
      const key = isWindows ? name.toLowerCase() : name;
      // The last one comes last, as in Go.
      found.delete(key);
      found.set(key, [name, value]);
    }
    const root = process.env["SYSTEMROOT"];
    if (isWindows && root !== undefined && !found.has("systemroot")) found.set("systemroot", ["SYSTEMROOT", root]);
    // Also a name like `__proto__` becomes a property of its own.
    return { env: Object.fromEntries(found.values()), hasNul };
  }

  /** Returns the function that takes the chunks of an output; undefined if the output is a file or not set. */
  #sink(what: "stdout" | "stderr", pipe: PassThrough | undefined): Sink | undefined {
    if (pipe !== undefined) return sinkOf(what, pipe);
    const output = this[what];
    if (output === undefined || fdOf(output) !== undefined) return undefined;
    return sinkOf(what, output);
  }

  #attach(
    child: ChildProcess,
    group: boolean,
    merged: boolean,
    sinks: Record<"out" | "err", Sink | undefined>,
    pair: Pair | undefined,
  ): void {
    const pid = child.pid as number;
    const tree = new ProcessTree(pid, group && !isWindows);
    this.#tree = tree;
    this.process = new Process(
      pid,
      tree,
      (signal) => child.exitCode === null && child.signalCode === null && child.kill(signal as NodeJS.Signals),
    );
    this.#exit = new Promise((resolve) => {
      child.once("exit", (code, signal) => {
        tree.rootIsGone();
        resolve(new ProcessState(pid, code, signal));
      });
    });
    // Emitted for a signal that cannot be sent, which the result of `kill` reports.
    child.on("error", () => undefined);
    if (!this.outlives) watch(tree, pid, group);
    if (child.stdin !== null) {
      child.stdin.on("error", () => undefined);
      const { done, stop } = copyIn((this.#stdinPipe ?? this.stdin) as Input, child.stdin);
      this.#stopInput = () => {
        stop();
        child.stdin?.destroy();
        this.#stdinPipe?.destroy();
      };
      this.#copies.push(this.#copying(Promise.race([done, this.#exit])));
    }
    const out = pair?.near ?? child.stdout;
    if (out !== null && sinks.out !== undefined) this.#copy(out, sinks.out, this.#stdoutPipe);
    if (!merged && child.stderr !== null && sinks.err !== undefined) {
      this.#copy(child.stderr, sinks.err, this.#stderrPipe);
    }
    if (this.#ctx !== undefined) this.#unwatchContext = watchEnd(this.#ctx, true, () => this.#contextEnds());
  }

  #copy(from: Readable, sink: Sink, pipe: PassThrough | undefined): void {
    this.#outputs.push(from);
    if (pipe === undefined) {
      this.#copies.push(this.#copying(copyOut(from, sink, this.#copyContext[0])));
      return;
    }
    const copied = copyOut(from, sink, background());
    // The user may read the pipe slowly, also after the exit, and `wait` does not wait for that. But after `waitDelay`
    // without unread data it ends, even if other processes hold it open.
    // The wait for a reader, who may never come, must not keep the program running: so it is that of a context.
    let stop = (): unknown => undefined;
    const end = (): void => {
      stop();
      pipe.end();
    };
    copied.then(end, end);
    const watchUnread = (): void => {
      const [limit, cancel] = withTimeout(background(), this.waitDelay);
      const unwatch = watchEnd(limit, false, () => {
        if (from.readableLength > 0 || pipe.readableLength > 0) watchUnread();
        else from.destroy();
      });
      stop = () => {
        unwatch();
        cancel();
      };
    };
    void this.#exit?.then(() => {
      if (this.waitDelay > 0 && !from.readableEnded && !from.destroyed) watchUnread();
    });
  }

  async #copying(copied: Promise<unknown>): Promise<void> {
    try {
      await copied;
    } catch (error) {
      this.#copyError ??= { error };
    }
  }

  /**
   * Waits until all was copied. After `waitDelay` the pipes are closed, and the result is false: whoever takes the output
   * may do so for ever.
   */
  async #copied(): Promise<boolean> {
    const [, stop] = this.#copyContext;
    const copied = Promise.all(this.#copies);
    const complete = await within(copied, this.waitDelay);
    if (!complete) for (const stream of this.#outputs) stream.destroy();
    stop();
    return complete;
  }

  #stdout(): Buffer | undefined {
    return this.#collected === undefined ? undefined : Buffer.concat(this.#collected);
  }

  #contextEnds(): void {
    this.#ending = this.#end().catch((error: unknown) => error);
  }

  /** Ends all processes; returns the error that `wait` throws if the command has exited with success nevertheless. */
  async #end(): Promise<unknown> {
    const tree = this.#tree as ProcessTree;
    const until = this.waitDelay === 0 ? Number.POSITIVE_INFINITY : realNow() + this.waitDelay;
    let error: unknown;
    if (this.cancel !== undefined) {
      try {
        await within(Promise.resolve(this.cancel()), this.waitDelay);
        error = errOf(this.#ctx);
      } catch (thrown) {
        if (!is(thrown, errProcessDone)) {
          const { message } = Object(thrown) as { message?: unknown };
          error = new globalThis.Error(`exec: canceling Cmd: ${String(message ?? thrown)}`, { cause: thrown });
        }
      }
    }
    if (await gone(tree, until - realNow())) return error;
    for (const until = performance.now() + killTime; performance.now() < until;) {
      tree.kill();
      if (await gone(tree, 100)) break;
    }
    return error;
  }
}

/** Waits until a promise settles, so many milliseconds at most (0 is no limit), and tells whether it has. */
async function within(settles: Promise<unknown>, limit: number): Promise<boolean> {
  if (limit === 0 || limit === Number.POSITIVE_INFINITY) return settles.then(() => true);
  let timer: Timer | undefined;
  const late = new Promise<boolean>((resolve) => (timer = afterFunc(limit, () => resolve(false))));
  try {
    return await Promise.race([settles.then(() => true), late]);
  } finally {
    timer?.stop();
  }
}

/** Waits until a tree of processes has ended, so many milliseconds at most, and tells whether it has. */
async function gone(tree: ProcessTree, limit: number): Promise<boolean> {
  const until = realNow() + limit;
  for (let i = 0; ; i++) {
    if (tree.isGone(i < quickChecks)) return true;
    const left = until - realNow();
    if (left <= 0) return false;
    await sleep(Math.min(pauses[Math.min(i, pauses.length - 1)] as number, left));
  }
}

/**
 * Returns a program, its name and its arguments for a shell that redirects the errors and becomes the program. It does
 * not pass on variables whose names are none in its language, and the program gets its path as its name.
 */
function redirected(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): readonly [path: string, argv0: string, args: readonly string[]] {
  // What shells add to the environment.
  const added = ["PWD", "OLDPWD", "SHLVL", "_"].filter((variable) => env[variable] === undefined);
  return ["/bin/sh", "sh", ["-c", `unset ${added.join(" ")}; exec "$0" "$@" 2>&1`, program, ...args]];
}

/** Waits until a process runs. */
function started(path: string, start: () => ChildProcess): Promise<ChildProcess> {
  return new Promise((resolve, reject) => {
    try {
      const child = start();
      const failed = (error: globalThis.Error): void => reject(pathError("fork/exec", path, error));
      child.once("error", failed);
      child.once("spawn", () => {
        child.off("error", failed);
        resolve(child);
      });
    } catch (error) {
      reject(pathError("fork/exec", path, error));
    }
  });
}

/**
 * Returns a command that runs the program `name` with these arguments, without a shell: `exec.command("ls", "-l",
 * dir)`. Mirrors Go's `exec.Command`. A name without a slash is searched in `PATH`, see {@link lookPath}.
 *
 * @throws TypeError `exec: the program must be a string, got …`, `exec: arguments must be strings, got …`
 *
 * @example
 * ```ts
 * const out = await exec.command("echo", "$HOME", "*").output();
 * console.log(String(out).trim()); // $HOME *
 * ```
 */
export function command(name: string, ...args: string[]): Cmd {
  return new Cmd(name, args);
}

/**
 * Returns a command that ends with its context, together with all its descendants: they get SIGTERM, and are killed if
 * they still run after `waitDelay`, 5 seconds if you do not set it. Mirrors Go's `exec.CommandContext`, which kills the
 * process alone: see {@link Cmd.cancel}.
 *
 * @throws PanicError `nil Context`
 * @throws TypeError `exec.commandContext: the context must be a Context, got …`, and what {@link command} throws
 *
 * @example
 * ```ts
 * const [ctx, cancel] = context.withTimeout(context.background(), 50);
 * using _ = cancel;
 * const err = await exec.commandContext(ctx, "sleep", "60").run().catch((err) => err);
 * console.log(err.message, errors.is(err, context.deadlineExceeded)); // signal: terminated true
 * ```
 */
export function commandContext(ctx: Context, name: string, ...args: string[]): Cmd {
  if (ctx === undefined || ctx === null) throw nilContext();
  checkContext("exec.commandContext: the context", ctx);
  return new Cmd(name, args, ctx);
}
