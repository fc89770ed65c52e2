/**
 * What the goroutines of a program did, in order: who started whom, who waited for what, which value went where, which
 * context ended and why. Mirrors Go's `runtime/trace`.
 *
 * `start` and `stop` record a stretch of a program; a {@link FlightRecorder} keeps the latest events of a server. What they
 * yield is a list of events, which {@link transcript} turns into sentences and {@link chrome} into a file for Perfetto.
 * `node --import gocsp/trace/register program.ts` records without a change of the program.
 *
 * The values of a channel are told from the moment on at which they are recorded: of channels that were made before, only
 * that goroutines wait and go on.
 *
 * @module
 */

import type { Context } from "../context/context.ts";
import { key, withValue } from "../context/context.ts";
import { checkFunction } from "../runtime/arguments.ts";
import type { Event } from "./event-log.ts";
import { Recorder, recorders, type TraceOptions } from "./recorder.ts";

export { chrome, type ChromeEvent, type ChromeTrace } from "./chrome.ts";
export { devtools } from "./devtools.ts";
export type { Event, EventCase, EventKind } from "./event-log.ts";
export { FlightRecorder, type TraceOptions } from "./recorder.ts";
export { transcript } from "./transcript.ts";

let recorder: Recorder | undefined;

/**
 * Begins to record. Mirrors Go's `trace.Start`, which writes to a file at once; here `stop` returns the events.
 *
 * @throws Error `trace.start: tracing is already enabled`
 * @throws RangeError `trace: the limit must be an integer of at least 0, got …`
 *
 * @example
 * ```ts
 * trace.start();
 * const ch = chan<string>(1);
 * await ch.send("hello");
 * await ch.receive();
 * console.log(trace.transcript(trace.stop()).join(", ")); // the host sends "hello" on ch1, the host receives "hello" from ch1
 * ```
 */
export function start(options: TraceOptions = {}): void {
  if (recorder !== undefined) throw new Error("trace.start: tracing is already enabled");
  recorder = new Recorder(options);
  recorders.add(recorder);
}

/**
 * Ends the recording and returns its events, the oldest first; none if there is no recording. Mirrors Go's `trace.Stop`.
 *
 * @example
 * ```ts
 * console.log(trace.stop().length); // 0
 * ```
 */
export function stop(): readonly Event[] {
  if (recorder === undefined) return [];
  recorders.delete(recorder);
  const events = recorder.stop();
  recorder = undefined;
  return events;
}

/**
 * Tells whether `start` is recording. Mirrors Go's `trace.IsEnabled`.
 *
 * @example
 * ```ts
 * console.log(trace.isEnabled()); // false
 * ```
 */
export function isEnabled(): boolean {
  return recorder !== undefined;
}

/** A task: work that may be spread over many goroutines. */
export interface Task {
  /** Ends the task. */
  end(): void;
}

const taskKey = key<number>("gocsp.trace.task");
let tasks = 0;

/**
 * Begins a task, and returns a context that carries it to the regions and messages of all goroutines that work on it.
 * Mirrors Go's `trace.NewTask`.
 *
 * @example
 * ```ts
 * const [ctx, task] = trace.newTask(context.background(), "request");
 * trace.log(ctx, "size", "42 bytes");
 * task.end();
 * ```
 */
export function newTask(parent: Context, name: string): [ctx: Context, task: Task] {
  const id = ++tasks;
  tell("begin", id, name);
  return [withValue(parent, taskKey, id), { end: () => tell("finish", id, name) }];
}

/**
 * Writes a message into the recording. Mirrors Go's `trace.Log`.
 *
 * @example
 * ```ts
 * trace.log(context.background(), "cache", "missed");
 * ```
 */
export function log(ctx: Context, category: string, message: string): void {
  tell("log", taskOf(ctx), category === "" ? message : `${category}: ${message}`);
}

/**
 * Calls `f` as a region of the calling goroutine, and returns what it returns; the region lasts until a promise that it
 * returns is settled. Mirrors Go's `trace.WithRegion`.
 *
 * @throws What `f` throws.
 * @throws TypeError `trace.withRegion: 42 is not a function`
 *
 * @example
 * ```ts
 * const sum = trace.withRegion(context.background(), "sum", () => 20 + 22);
 * console.log(sum); // 42
 * ```
 */
export function withRegion<T>(ctx: Context, name: string, f: () => T): T {
  checkFunction("trace.withRegion", f);
  if (recorders.size === 0) return f();
  const region = startRegion(ctx, name);
  let result: T;
  try {
    result = f();
  } catch (error) {
    region.end();
    throw error;
  }
  if (!(result instanceof Promise)) {
    region.end();
    return result;
  }
  return result.finally(() => region.end()) as T;
}

/**
 * Begins a region of the calling goroutine, which `end` ends. Mirrors Go's `trace.StartRegion`.
 *
 * @example
 * ```ts
 * const region = trace.startRegion(context.background(), "parse");
 * region.end();
 * ```
 */
export function startRegion(ctx: Context, name: string): { end(): void } {
  const task = taskOf(ctx);
  tell("begin", task, name);
  return { end: () => tell("finish", task, name) };
}

function taskOf(ctx: Context): number {
  return ctx.value(taskKey) ?? 0;
}

/** Writes something of a task down; 0 is none. */
function tell(kind: "begin" | "finish" | "log", task: number, text: string): void {
  for (const { log } of recorders) log.tell(kind, task === 0 ? "" : "task", task, text);
}
