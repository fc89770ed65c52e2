/**
 * Where the goroutines of a running program are, which can never go on, and where they wait longest. Mirrors Go's
 * `runtime/pprof` and `net/http/pprof`.
 *
 * Nothing is recorded for the profile `goroutine`: the engine's async stacks tell when it is asked for, while the program
 * runs on. Bun's stacks have no places, so there it knows the states only.
 *
 * @module
 */

import { checkFunction, describe } from "../runtime/arguments.ts";
import { gosched } from "../runtime/goroutine.ts";
import { host } from "../runtime/host.ts";
import { live } from "../runtime/live.ts";
import { forEachParked } from "../runtime/sites.ts";
import { goroutineReport, positions } from "../runtime/report.ts";
import type { Goroutine } from "../runtime/program.ts";
import { type Place, programsFormat, readStack, usersFrames } from "../runtime/stack.ts";
import { dispose } from "../runtime/symbols.ts";
import { blocks, setRate } from "./blocks.ts";
import { isWatching, leaks, watch } from "./leaks.ts";
import { encode, type ValueType } from "./protobuf.ts";
import { grouped, type Sample } from "./sample.ts";

/** A place in a profile. */
export interface ProfileFrame {
  /** The function's name; empty if it has none. */
  readonly name: string;
  /** `file:line:column` */
  readonly at: string;
}

/** What a profile has of one place and state. */
export interface ProfileSample {
  /** What is waited for, by Go's names, such as `chan receive`; `await` for what is not of this library. */
  readonly state: string;
  /** Where, the innermost first. Where the goroutines were started comes last. */
  readonly frames: readonly ProfileFrame[];
  /** How many; in the profile `block` how many waits, and for how many nanoseconds. */
  readonly values: readonly number[];
  /** The numbers of the goroutines; none in the profile `block`. */
  readonly goroutines: readonly number[];
}

/** What a profile can be written to: a stream of Node, a response. */
export interface Writer {
  write(chunk: string | Uint8Array): unknown;
}

/** A profile. Mirrors Go's `pprof.Profile`. */
export interface Profile {
  /** Returns its name. Mirrors Go's `Profile.Name`. */
  name(): string;
  /** Takes the profile: what is at the same place in the same state is put together, the most first. */
  samples(): Promise<readonly ProfileSample[]>;
  /**
   * Takes the profile and writes it. Mirrors Go's `Profile.WriteTo`. With `debug` 0, the default, in the format that
   * `go tool pprof` opens, without compression; with 1 as text; with 2, of goroutines, as a panic does, each for itself.
   *
   * @throws TypeError `pprof: the writer must have a method write, got 42`
   * @throws RangeError `pprof: debug must be 0, 1 or 2, got 3`
   */
  writeTo(writer: Writer, debug?: number): Promise<void>;
}

class NamedProfile implements Profile {
  readonly #name: string;
  readonly #types: readonly ValueType[];
  readonly #take: () => Promise<readonly Sample[]>;

  constructor(name: string, types: readonly ValueType[], take: () => Promise<readonly Sample[]>) {
    this.#name = name;
    this.#types = types;
    this.#take = take;
  }

  name(): string {
    return this.#name;
  }

  samples(): Promise<readonly ProfileSample[]> {
    return this.#take();
  }

  async writeTo(writer: Writer, debug = 0): Promise<void> {
    if (typeof writer?.write !== "function") {
      throw new TypeError(`pprof: the writer must have a method write, got ${describe(writer)}`);
    }
    if (debug !== 0 && debug !== 1 && debug !== 2) {
      throw new RangeError(`pprof: debug must be 0, 1 or 2, got ${describe(debug)}`);
    }
    if (debug === 2 && this.#name === "goroutine") {
      writer.write(await goroutineReport());
      return;
    }
    const samples = await this.#take();
    writer.write(debug === 0 ? encode(this.#types, samples, Date.now()) : this.#text(samples));
  }

  #text(samples: readonly Sample[]): string {
    const total = samples.reduce((sum, { values }) => sum + (values[0] ?? 0), 0);
    const lines = [`${this.#name} profile: total ${Math.round(total)}`];
    for (const { state, frames: stack, values } of samples) {
      const [times = 0, nanoseconds] = values;
      const lasted = nanoseconds === undefined ? "" : ` ${Math.round(nanoseconds)} ns`;
      lines.push(`${Math.round(times)}${lasted} @ [${state}]`);
      for (const { name, at } of stack) lines.push(`#\t${name || "func"}\t${at}`);
      lines.push("");
    }
    return `${lines.join("\n")}\n`;
  }
}

/** As many operations are looked at; the rest is counted without its place. */
const most = 100_000;

async function goroutines(): Promise<readonly Sample[]> {
  const all = await positions(most);
  return grouped(
    all.map(({ id, state, frames: stack, goroutine }) => ({
      state,
      frames: [...stack, ...startedAt(goroutine?.place)],
      values: [1],
      goroutines: id === undefined ? [] : [id],
    })),
  );
}

async function leakedGoroutines(): Promise<readonly Sample[]> {
  if (!isWatching()) {
    throw new Error(
      "pprof: goroutineleak knows goroutines that were started after pprof.watchLeaks, which was not called",
    );
  }
  const found = await leaks();
  return grouped(
    found.map(({ id, place }) => ({ state: "leaked", frames: startedAt(place), values: [1], goroutines: [id] })),
  );
}

function startedAt(place: Place | undefined): readonly ProfileFrame[] {
  const [frame] = usersFrames(readStack(place, programsFormat()));
  return frame === undefined ? [] : [{ name: `created by ${frame.name || "go"}`, at: frame.at }];
}

const profiles: ReadonlyMap<string, Profile> = new Map([
  ["block", new NamedProfile("block", [counted("contentions"), { type: "delay", unit: "nanoseconds" }], asyncBlocks)],
  ["goroutine", new NamedProfile("goroutine", [counted("goroutine")], goroutines)],
  ["goroutineleak", new NamedProfile("goroutineleak", [counted("goroutineleak")], leakedGoroutines)],
]);

function counted(type: string): ValueType {
  return { type, unit: "count" };
}

function asyncBlocks(): Promise<readonly Sample[]> {
  return Promise.resolve(blocks());
}

/**
 * Returns a profile by its name, undefined if there is none. Mirrors Go's `pprof.Lookup`. `goroutine` has all goroutines,
 * `goroutineleak` those that can never go on (see {@link watchLeaks}), `block` where they wait longest (see
 * {@link setBlockProfileRate}).
 *
 * @example
 * ```ts
 * const quiet = chan<number>();
 * for (let i = 0; i < 3; i++) go(() => quiet.receive());
 * await gosched();
 * const samples = (await pprof.lookup("goroutine")?.samples()) ?? [];
 * console.log(samples.some(({ state, values }) => state === "chan receive" && values[0] === 3)); // true
 * quiet.close();
 * ```
 */
export function lookup(name: string): Profile | undefined {
  return profiles.get(name);
}

/**
 * Begins to watch for goroutines that can never go on: what they wait for can be reached by nobody. Only goroutines that
 * are started from then on are known. Costs about a microsecond for each. To take the profile `goroutineleak` collects
 * garbage. What is reported is never wrong; a goroutine whose channel somebody still holds is not reported.
 *
 * @example
 * ```ts
 * using _ = pprof.watchLeaks();
 * const samples = await pprof.lookup("goroutineleak")?.samples();
 * console.log(samples?.length); // 0
 * ```
 */
export function watchLeaks(): Disposable {
  return watch();
}

/**
 * Says which waits the profile `block` takes in: all that last for `rate` milliseconds, and of the shorter ones so many
 * that their sum is right; none with 0, as in the beginning. Mirrors Go's `runtime.SetBlockProfileRate`, whose rate is in
 * nanoseconds. Costs some microseconds for each wait. Sleeps are no waits.
 *
 * @throws RangeError `pprof: the rate must be at least 0 milliseconds, got -1`
 *
 * @example
 * ```ts
 * pprof.setBlockProfileRate(10 * time.millisecond);
 * pprof.setBlockProfileRate(0);
 * ```
 */
export function setBlockProfileRate(rate: number): void {
  if (!(rate >= 0)) throw new RangeError(`pprof: the rate must be at least 0 milliseconds, got ${describe(rate)}`);
  setRate(rate);
}

/** A request, in so far as it is needed here: one of Node's. */
export interface HandlerRequest {
  readonly url?: string | undefined;
}

/** A response, in so far as it is needed here: one of Node's. */
export interface HandlerResponse extends Writer {
  statusCode: number;
  setHeader(name: string, value: string): unknown;
  end(): unknown;
}

/**
 * Answers requests for `/debug/pprof/`, a page that lists the profiles, and for each of them, as Go's `net/http/pprof` does:
 * `go tool pprof http://localhost:8080/debug/pprof/goroutine`, or `?debug=1` for text. It shows what the program is
 * doing: keep it from strangers.
 *
 * @example
 * ```ts
 * createServer((req, res) => {
 *   if (req.url?.startsWith("/debug/pprof/")) void pprof.handler(req, res);
 *   else res.end("hello");
 * });
 * ```
 */
export async function handler(req: HandlerRequest, res: HandlerResponse): Promise<void> {
  const [path = "", query = ""] = (req.url ?? "").split("?");
  const name = path.replace(/^.*\/debug\/pprof\/?/, "");
  const profile = lookup(name);
  if (name !== "" && profile === undefined) {
    res.statusCode = 404;
    res.setHeader("Content-Type", "text/plain; charset=utf-8");
    res.write(`Unknown profile\n`);
    res.end();
    return;
  }
  try {
    if (profile === undefined) {
      res.setHeader("Content-Type", "text/html; charset=utf-8");
      res.write(index());
    } else {
      const debug = Number(/(?:^|&)debug=([012])(?:&|$)/.exec(query)?.[1] ?? 0);
      const buffered: (string | Uint8Array)[] = [];
      await profile.writeTo({ write: (chunk) => buffered.push(chunk) }, debug);
      res.setHeader("X-Content-Type-Options", "nosniff");
      res.setHeader("Content-Type", debug === 0 ? "application/octet-stream" : "text/plain; charset=utf-8");
      if (debug === 0) res.setHeader("Content-Disposition", `attachment; filename="${name}"`);
      for (const chunk of buffered) res.write(chunk);
    }
  } catch (error) {
    res.statusCode = 500;
    res.setHeader("Content-Type", "text/plain; charset=utf-8");
    res.write(`${error instanceof Error ? error.message : String(error)}\n`);
  }
  res.end();
}

function index(): string {
  const rows = [...profiles.keys()].map((name) => `<li><a href="${name}?debug=1">${name}</a>`);
  return `<!doctype html><title>/debug/pprof/</title><h1>/debug/pprof/</h1><p>${live.size} goroutines<ul>${rows.join("")}<li><a href="goroutine?debug=2">full goroutine stack dump</a></ul>`;
}

/**
 * Writes where all goroutines are whenever a signal comes, such as `SIGQUIT`, while the program goes on: to the standard
 * error output if `write` is left out. Until the result is disposed.
 *
 * @throws TypeError `pprof.dumpOn: 42 is not a function`
 * @throws Error `pprof.dumpOn: this host has no signals`
 *
 * @example
 * ```ts
 * const dumps = pprof.dumpOn("SIGQUIT");
 * dumps[Symbol.dispose]();
 * ```
 */
export function dumpOn(signal: string, write?: (text: string) => void): Disposable {
  if (write !== undefined) checkFunction("pprof.dumpOn", write);
  const { process } = host;
  if (process?.on === undefined) throw new Error("pprof.dumpOn: this host has no signals");
  const told = write ?? ((text: string): void => void process.stderr?.write(text));
  const dump = (): void => void goroutineReport().then(told);
  process.on(signal, dump);
  return { [dispose]: () => void process.off?.(signal, dump) };
}

/** Goroutines that are no leak. */
export type Snapshot = ReadonlySet<object>;

/**
 * Returns the goroutines that there are now, for {@link verifyNone} to ignore. Mirrors `goleak.IgnoreCurrent`.
 *
 * @example
 * ```ts
 * const before = pprof.ignoreCurrent();
 * await pprof.verifyNone(before);
 * ```
 */
export function ignoreCurrent(): Snapshot {
  return new Set<object>(live);
}

/** How many turns a goroutine gets to end by itself. */
const patience = 100;

/**
 * Throws if goroutines are left, beside those to ignore, which do not end within some turns of the event loop. Mirrors
 * `goleak.VerifyNone`: for the end of a test that does not run in `synctest.test`, which finds leaks by itself.
 *
 * @throws Error `pprof: 2 goroutines are left`, with the report of each
 *
 * @example
 * ```ts
 * const before = pprof.ignoreCurrent();
 * const ch = chan<number>();
 * go(() => ch.send(1));
 * await ch.receive();
 * await pprof.verifyNone(before);
 * ```
 */
export async function verifyNone(ignored: Snapshot = new Set()): Promise<void> {
  let left: Goroutine[] = [];
  // Often only the goroutine itself knows its channel: after a garbage collection the report would not find where it waits.
  const sites = new Set<object>();
  for (let turn = 0; turn < patience; turn++) {
    left = [...live].filter((goroutine) => !ignored.has(goroutine));
    if (left.length === 0) return;
    forEachParked((_parked, _state, site) => sites.add(site));
    await (turn % 10 === 9 ? new Promise<void>((resolve) => host.setTimeout(resolve, 0)) : gosched());
  }
  const numbers = new Set(left.map(({ id }) => id));
  const text = await goroutineReport();
  sites.clear();
  const report = text
    .split(/\n(?=goroutine |\.\.\. )/)
    .filter((paragraph) => numbers.has(Number(/^goroutine (\d+) /.exec(paragraph)?.[1])));
  const count = left.length === 1 ? "1 goroutine is left" : `${left.length} goroutines are left`;
  throw new Error(`pprof: ${count}\n\n${report.join("\n")}`);
}
