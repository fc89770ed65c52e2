import type { Event } from "./event-log.ts";
import { shown, shownCause } from "./preview.ts";

/** One entry of the Trace Event Format, which Perfetto and `chrome://tracing` open. */
export interface ChromeEvent {
  readonly ph: string;
  readonly name?: string;
  readonly cat?: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds. */
  readonly ts?: number;
  readonly dur?: number;
  readonly id?: number | string;
  readonly bp?: string;
  readonly s?: string;
  readonly args?: Readonly<Record<string, unknown>>;
}

/** What is written to a file for Perfetto. */
export interface ChromeTrace {
  readonly traceEvents: readonly ChromeEvent[];
  readonly displayTimeUnit: "ms";
}

/** The processes of the picture: goroutines, each on a track of its own, and contexts. */
const goroutines = 1;
const contexts = 2;

/** How a goroutine runs, as its track shows it. */
interface Track {
  /** Since when it runs; undefined while it is parked. */
  since: number | undefined;
  /** Why it is parked. */
  parked: { readonly at: number; readonly state: string; readonly on: string } | undefined;
}

/**
 * Converts events to the Trace Event Format: a track for each goroutine, with what it waits for as slices, an arrow from
 * each wake to the goroutine that goes on, and a span for each context, from its derivation to its end. Write it to a file
 * as JSON, and open that with Perfetto or `chrome://tracing`.
 *
 * @example
 * ```ts
 * trace.start();
 * const ch = chan<number>();
 * go(() => ch.send(1));
 * await ch.receive();
 * const { traceEvents } = trace.chrome(trace.stop());
 * console.log(traceEvents.length > 0); // true
 * ```
 */
export function chrome(events: readonly Event[]): ChromeTrace {
  const out: ChromeEvent[] = [
    { ph: "M", name: "process_name", pid: goroutines, tid: 0, args: { name: "goroutines" } },
    { ph: "M", name: "process_name", pid: contexts, tid: 0, args: { name: "contexts" } },
  ];
  const tracks = new Map<number, Track>();
  let flow = 0;
  const last = events.at(-1)?.time ?? 0;
  const track = (number: number, time: number): Track => {
    let known = tracks.get(number);
    if (known === undefined) {
      tracks.set(number, (known = { since: time, parked: undefined }));
      const name = number === 0 ? "the host" : `goroutine ${number}`;
      out.push({ ph: "M", name: "thread_name", pid: goroutines, tid: number, args: { name } });
      out.push({ ph: "M", name: "thread_sort_index", pid: goroutines, tid: number, args: { sort_index: number } });
    }
    return known;
  };
  const wakeUp = (number: number, time: number): void => {
    const one = track(number, time);
    if (one.parked === undefined) return;
    const { at, state, on } = one.parked;
    slice(out, number, state, at, time, on === "" ? {} : { on });
    one.parked = undefined;
    one.since = time;
  };
  for (const event of events) {
    const { kind, time, goroutine, peer, on, value, detail } = event;
    const own = track(goroutine, time);
    const at = { pid: goroutines, tid: goroutine, ts: us(time) };
    switch (kind) {
      case "block":
        own.since = undefined;
        own.parked = { at: time, state: detail, on };
        break;
      case "unblock":
        if (peer === 0) break;
        flow++;
        out.push({ ...at, ph: "s", id: flow, name: "wake", cat: "wake" });
        wakeUp(peer, time);
        out.push({ ...at, tid: peer, ph: "f", bp: "e", id: flow, name: "wake", cat: "wake" });
        break;
      case "go":
        track(peer, time);
        out.push({ ...at, ph: "i", s: "t", name: `go: goroutine ${peer}` });
        break;
      case "begin":
        out.push({ ...at, ph: "B", name: detail, cat: on });
        break;
      case "finish":
        out.push({ ...at, ph: "E", name: detail, cat: on });
        break;
      case "derive":
        out.push({
          ph: "b",
          cat: "context",
          name: on,
          id: on,
          pid: contexts,
          tid: 0,
          ts: us(time),
          args: { parent: value },
        });
        break;
      case "cancel": {
        const args = { cause: shownCause(value) };
        out.push({ ph: "e", cat: "context", name: on, id: on, pid: contexts, tid: 0, ts: us(time), args });
        break;
      }
      default:
        out.push({ ...at, ph: "i", s: "t", name: titleOf(event), args: { value: shown(value) } });
    }
  }
  // What still waits when the recording ends waits to the edge of the picture.
  for (const [number, { parked }] of tracks) {
    if (parked !== undefined) slice(out, number, parked.state, parked.at, last, { on: parked.on });
  }
  return { traceEvents: out, displayTimeUnit: "ms" };
}

function slice(
  out: ChromeEvent[],
  tid: number,
  name: string,
  from: number,
  to: number,
  args: Readonly<Record<string, unknown>>,
): void {
  out.push({ ph: "X", pid: goroutines, tid, name, ts: us(from), dur: Math.max(us(to) - us(from), 1), args });
}

function titleOf({ kind, on, detail }: Event): string {
  if (kind === "log") return detail;
  return [kind === "sync" ? detail : kind, on].filter((part) => part !== "").join(" ");
}

function us(time: number): number {
  return Math.round(time * 1000);
}
