/** The lanes: a row for each goroutine, a column for each event that says something, and messages as arrows. */

import type { Entry } from "../engine/protocol.ts";
import type { State } from "./world.ts";

export interface Segment {
  readonly goroutine: number;
  /** Columns, from and to. */
  readonly from: number;
  readonly to: number;
  readonly state: State;
  readonly why: string;
  readonly on: string;
}

export interface Arrow {
  readonly from: number;
  readonly fromColumn: number;
  readonly to: number;
  readonly toColumn: number;
  /** The index of the event that completes it. */
  readonly at: number;
  readonly kind: "message" | "spawn" | "wake";
  readonly on: string;
  readonly value: string | undefined;
}

export interface Mark {
  readonly goroutine: number;
  readonly column: number;
  readonly at: number;
  readonly kind: string;
  readonly detail: string;
}

export interface Lanes {
  /** The goroutines, in the order in which they were started. */
  readonly goroutines: readonly number[];
  readonly columns: number;
  readonly segments: readonly Segment[];
  readonly arrows: readonly Arrow[];
  readonly marks: readonly Mark[];
}

/** Whether an event is one that a person steps to. */
export function isTold(entry: Entry): boolean {
  return entry.sentence !== "" || entry.kind === "select" || (entry.kind === "go" && entry.peer === 1);
}

/** Returns, for each position, how many columns there are before it. */
export function columnsOf(entries: readonly Entry[]): number[] {
  const columns = [0];
  for (const [i, entry] of entries.entries()) columns.push((columns[i] as number) + (isTold(entry) ? 1 : 0));
  return columns;
}

/** The position behind the next event that says something; the end if there is none. */
export function nextPosition(entries: readonly Entry[], position: number): number {
  let at = position;
  while (at < entries.length && !isTold(entries[at] as Entry)) at++;
  return Math.min(at + 1, entries.length);
}

/** The position before the latest event that says something. */
export function previousPosition(entries: readonly Entry[], position: number): number {
  let at = position - 1;
  while (at >= 0 && !isTold(entries[at] as Entry)) at--;
  return previousEnd(entries, at);
}

/** The position just behind the told event before `at`: there a step forward would have ended. */
function previousEnd(entries: readonly Entry[], at: number): number {
  let end = at;
  while (end > 0 && !isTold(entries[end - 1] as Entry)) end--;
  return Math.max(end, 0);
}

interface Open {
  from: number;
  state: State;
  why: string;
  on: string;
}

/** Lays out the first `position` events. */
export function lanesAt(entries: readonly Entry[], position: number): Lanes {
  const end = Math.min(position, entries.length);
  const open = new Map<number, Open>();
  const order: number[] = [];
  const segments: Segment[] = [];
  const arrows: Arrow[] = [];
  const marks: Mark[] = [];
  /** Where the values of each buffer came from, the oldest first. */
  const buffered = new Map<string, { goroutine: number; column: number }[]>();
  /** Where each goroutine that waits to send began to, and on which channels. */
  const blockedAt = new Map<number, number>();
  const offers = new Map<number, readonly string[]>();
  const selecting = new Map<number, readonly string[]>();
  let column = 0;
  let running = 0;
  const change = (goroutine: number, state: State, why = "", on = ""): void => {
    const before = open.get(goroutine);
    if (before === undefined) order.push(goroutine);
    else if (before.state === state && before.why === why && before.on === on) return;
    else if (column > before.from && before.state !== "ended") segments.push({ goroutine, to: column, ...before });
    open.set(goroutine, { from: column, state, why, on });
  };
  const runs = (goroutine: number): void => {
    if (running !== goroutine) {
      if (open.get(running)?.state === "running") change(running, "ready");
      running = goroutine;
    }
    change(goroutine, "running");
  };
  for (let at = 0; at < end; at++) {
    const entry = entries[at] as Entry;
    const { kind, goroutine, peer, on, value, detail } = entry;
    if (goroutine > 0 && kind !== "step" && kind !== "end") runs(goroutine);
    switch (kind) {
      case "go":
        change(peer, "ready");
        if (goroutine > 0) {
          arrows.push({
            from: goroutine,
            fromColumn: column,
            to: peer,
            toColumn: column,
            at,
            kind: "spawn",
            on: "",
            value: undefined,
          });
        }
        break;
      case "step":
        if (goroutine === 0) break;
        if (detail === "left") {
          change(goroutine, "ready");
          if (running === goroutine) running = 0;
        } else runs(goroutine);
        break;
      case "block":
        if (goroutine === 0) break;
        blockedAt.set(goroutine, column);
        offers.set(
          goroutine,
          detail.startsWith("select") ? (selecting.get(goroutine) ?? []) : detail.startsWith("chan send") ? [on] : [],
        );
        change(goroutine, detail === "sleep" ? "sleeping" : "blocked", detail, on);
        running = 0;
        break;
      case "unblock":
        if (peer > 0) change(peer, "ready");
        break;
      case "end":
        change(goroutine, "ended");
        if (running === goroutine) running = 0;
        break;
      case "panic":
        change(goroutine, "panicked");
        break;
      case "select":
        selecting.set(
          goroutine,
          (entry.cases ?? []).filter(({ sends }) => sends).map((one) => one.on),
        );
        break;
      case "send":
        if (peer > 0) {
          arrows.push({
            from: goroutine,
            fromColumn: column,
            to: peer,
            toColumn: column,
            at,
            kind: "message",
            on,
            value,
          });
        } else queue(buffered, on).push({ goroutine, column });
        break;
      case "receive": {
        if (detail === "closed") break;
        const waiting = queue(buffered, on);
        const before = entries[at - 1];
        // Who waited to send is served first: its value goes into the buffer, behind the others.
        if (peer === 0 && before?.kind === "unblock" && offers.get(before.peer)?.includes(on) === true) {
          waiting.push({ goroutine: before.peer, column: blockedAt.get(before.peer) ?? column });
        }
        const sent = peer > 0 ? { goroutine: peer, column: blockedAt.get(peer) ?? column } : waiting.shift();
        if (sent === undefined) break;
        arrows.push({
          from: sent.goroutine,
          fromColumn: sent.column,
          to: goroutine,
          toColumn: column,
          at,
          kind: "message",
          on,
          value,
        });
        break;
      }
      default:
    }
    if (isTold(entry)) {
      if (goroutine > 0) marks.push({ goroutine, column, at, kind, detail });
      column++;
    }
  }
  for (const [goroutine, one] of open) {
    if (one.state !== "ended" && column > one.from) segments.push({ goroutine, to: column, ...one });
  }
  return { goroutines: order, columns: column, segments, arrows, marks };
}

function queue<T>(queues: Map<string, T[]>, on: string): T[] {
  let found = queues.get(on);
  if (found === undefined) queues.set(on, (found = []));
  return found;
}

/** The events at which a goroutine that could go on had to wait for another one: what a failing schedule turns on. */
export function decisive(entries: readonly Entry[]): number[] {
  const found: number[] = [];
  for (const [at, entry] of entries.entries()) {
    if (entry.kind === "step" && (entry.detail === "left" || (entry.goroutine === 0 && entry.detail === "time")))
      found.push(at);
  }
  return found;
}
