/**
 * What the page takes from a worker. A stranger's program runs there: whatever comes is looked at, part by part, before the
 * page draws it.
 */

import { maxEvents, type Reply, type Request } from "./protocol.ts";

type Test = (value: unknown) => boolean;

const text: Test = (value) => typeof value === "string";
const number: Test = (value) => typeof value === "number";
const flag: Test = (value) => typeof value === "boolean";

function maybe(test: Test): Test {
  return (value) => value === undefined || test(value);
}

function oneOf(...values: readonly string[]): Test {
  return (value) => values.includes(value as string);
}

function list(test: Test, most: number): Test {
  return (value) => Array.isArray(value) && value.length <= most && value.every(test);
}

function record(fields: Readonly<Record<string, Test>>): Test {
  const tests = Object.entries(fields);
  return (value) =>
    typeof value === "object" &&
    value !== null &&
    tests.every(([name, test]) => test((value as Record<string, unknown>)[name]));
}

const failures = ["panic", "deadlock", "leak", "livelock"];

// A step of the engine may make more than one event, and none: there are at most twice as many steps as events.
const choices = list(record({ goroutine: number, why: text }), 2 * maxEvents);

const recording = record({
  entries: list(
    record({
      kind: text,
      time: number,
      goroutine: number,
      line: number,
      on: text,
      peer: number,
      value: maybe(text),
      detail: text,
      cases: maybe(list(record({ name: text, on: text, sends: flag, value: maybe(text), ready: flag }), maxEvents)),
      sentence: text,
    }),
    maxEvents,
  ),
  steps: list(record({ at: number, choices, went: number }), 2 * maxEvents),
  choices,
  outcome: maybe(record({ kind: oneOf("returned", "limit", ...failures), message: text, report: text })),
  token: text,
  seed: number,
  time: number,
});

const explored = record({
  runs: number,
  steps: number,
  exhausted: flag,
  failure: maybe(record({ kind: oneOf(...failures), message: text, token: text, run: number })),
});

const replies: Readonly<Record<Reply["type"], Test>> = {
  ready: record({}),
  alive: record({ runs: number }),
  loop: record({ line: number }),
  error: record({ message: text, line: maybe(number) }),
  recording: record({ recording }),
  explored: record({ explored }),
};

/** Returns what was sent if it is a reply in all its parts. */
export function replyOf(data: unknown): Reply | undefined {
  if (typeof data !== "object" || data === null) return undefined;
  const { type } = data as { type?: unknown };
  if (typeof type !== "string" || !Object.hasOwn(replies, type)) return undefined;
  return replies[type as Reply["type"]](data) ? (data as Reply) : undefined;
}

/** Whether a reply is of the kind that was asked for. An error answers everything. */
export function answers(reply: Reply, request: Request["type"]): boolean {
  return reply.type === "error" || reply.type === (request === "explore" ? "explored" : "recording");
}
