import type { Event } from "./event-log.ts";
import { shown, shownCause } from "./preview.ts";

/**
 * Writes events as sentences, one for each: who does what, to what, and where. What says nothing to a person, such as
 * the making of a channel, is left out.
 *
 * @example
 * ```ts
 * console.log(trace.transcript([]).length); // 0
 * ```
 */
export function transcript(events: readonly Event[]): string[] {
  return told(events).map(written);
}

/** An event that has a sentence. To format its line takes far longer than all the rest. */
export interface Told {
  readonly text: string;
  readonly line: Event["line"];
}

/** Returns the sentences, without their lines. */
export function told(events: readonly Event[]): Told[] {
  const all: Told[] = [];
  for (const event of events) {
    const text = sentence(event);
    if (text !== undefined) all.push({ text: `${nameOf(event.goroutine)} ${text}`, line: event.line });
  }
  return all;
}

export function written({ text, line }: Told): string {
  const at = fileOf(line?.toString() ?? "");
  return at === "" ? text : `${text}   ${at}`;
}

/** A path is long, and its last part says enough. */
function fileOf(place: string): string {
  return place.replace(/^.*[/\\]/, "");
}

function nameOf(goroutine: number): string {
  return goroutine === 0 ? "the host" : `goroutine ${goroutine}`;
}

function sentence({ kind, on, peer, value, detail }: Event): string | undefined {
  switch (kind) {
    case "go":
      return peer === 1 ? undefined : `starts ${nameOf(peer)}`;
    case "step":
      return steps[detail] ?? "goes on";
    case "end":
      return "ends";
    case "panic":
      return `panics: ${shown(value)}`;
    case "block":
      if (detail === "chan send") return `waits to send ${shown(value)} on ${on}`;
      if (detail === "chan receive") return `waits to receive from ${on}`;
      if (detail === "sleep") return `sleeps for ${shown(value)} ms`;
      return on === "" ? `waits: ${detail}` : `waits for ${on} (${detail})`;
    case "unblock":
      return peer === 0 ? undefined : `lets ${nameOf(peer)} go on`;
    case "send":
      return `sends ${shown(value)} on ${on}${peer === 0 ? "" : ` to ${nameOf(peer)}`}`;
    case "receive":
      if (detail === "closed") return `finds ${on} closed`;
      return `receives ${shown(value)} from ${on}${peer === 0 ? "" : ` of ${nameOf(peer)}`}`;
    case "close":
      return `closes ${on}`;
    case "select":
      return detail === "" ? undefined : `selects ${detail}`;
    case "sync":
      return detail === "add" ? `adds ${shown(value)} to ${on}` : `${verbs[detail] ?? `calls ${detail} of`} ${on}`;
    case "cancel":
      return `ends ${on}: ${shownCause(value)}`;
    case "log":
      return `says: ${detail}`;
    case "begin":
      return `begins ${detail}`;
    case "finish":
      return `finishes ${detail}`;
    case "ring":
    case "stop":
    case "alarm":
    case "make":
    case "derive":
      return undefined;
  }
}

const steps: Readonly<Record<string, string>> = {
  start: "begins to run",
  time: "moves on",
  left: "is interrupted",
};

const verbs: Readonly<Record<string, string>> = {
  lock: "locks",
  unlock: "unlocks",
  rLock: "read-locks",
  rUnlock: "read-unlocks",
  signal: "signals",
  broadcast: "broadcasts",
  acquire: "acquires from",
  release: "releases to",
  do: "runs",
  done: "has run",
};
