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
  readonly kind: "message" | "spawn";
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

/** A whole run, laid out once: what is shown at a position is cut from it. */
export interface Layout {
  readonly goroutines: readonly number[];
  /** By which event each of them came. */
  readonly cameAt: readonly number[];
  /** How many columns there are before each position. */
  readonly columns: readonly number[];
  /** The segments of each goroutine, the oldest first, with the event that began each. */
  readonly segments: ReadonlyMap<number, readonly (Segment & { readonly at: number })[]>;
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
  at: number;
  state: State;
  why: string;
  on: string;
}

/** Where something was sent. */
interface Place {
  readonly goroutine: number;
  readonly column: number;
}

/** Lays out a run. */
export function layOut(entries: readonly Entry[]): Layout {
  const open = new Map<number, Open>();
  const cameAt: number[] = [];
  const segments = new Map<number, (Segment & { at: number })[]>();
  const arrows: Arrow[] = [];
  const marks: Mark[] = [];
  /** Where the values of each buffer came from, the oldest first. */
  const buffered = new Map<string, Place[]>();
  /** Where each goroutine that waits to send began to, and on which channels. */
  const blockedAt = new Map<number, number>();
  const offers = new Map<number, readonly string[]>();
  const selecting = new Map<number, readonly string[]>();
  let at = 0;
  let column = 0;
  let running = 0;
  const close = (goroutine: number, { state, why, on, from, at }: Open): void => {
    if (column > from && state !== "ended") {
      listOf(segments, goroutine).push({ goroutine, from, to: column, state, why, on, at });
    }
  };
  const change = (goroutine: number, state: State, why = "", on = ""): void => {
    const before = open.get(goroutine);
    if (before === undefined) cameAt.push(at);
    else if (before.state === state && before.why === why && before.on === on) return;
    else close(goroutine, before);
    open.set(goroutine, { from: column, at, state, why, on });
  };
  const runs = (goroutine: number): void => {
    if (running !== goroutine) {
      if (open.get(running)?.state === "running") change(running, "ready");
      running = goroutine;
    }
    change(goroutine, "running");
  };
  const draw = (kind: Arrow["kind"], from: Place, to: number, on = "", value?: string): void => {
    arrows.push({ from: from.goroutine, fromColumn: from.column, to, toColumn: column, at, kind, on, value });
  };
  for (const entry of entries) {
    const { kind, goroutine, peer, on, value, detail } = entry;
    if (goroutine > 0 && kind !== "step" && kind !== "end") runs(goroutine);
    switch (kind) {
      case "go":
        change(peer, "ready");
        if (goroutine > 0) draw("spawn", { goroutine, column }, peer);
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
        if (goroutine > 0) change(goroutine, "panicked");
        break;
      case "select":
        selecting.set(
          goroutine,
          (entry.cases ?? []).filter(({ sends }) => sends).map((one) => one.on),
        );
        break;
      case "send":
        if (peer > 0) draw("message", { goroutine, column }, peer, on, value);
        else listOf(buffered, on).push({ goroutine, column });
        break;
      case "receive": {
        if (detail === "closed") break;
        const waiting = listOf(buffered, on);
        const before = entries[at - 1];
        const began = (sender: number): Place => ({ goroutine: sender, column: blockedAt.get(sender) ?? column });
        // Who waited to send is served first: its value goes into the buffer, behind the others.
        if (peer === 0 && before?.kind === "unblock" && offers.get(before.peer)?.includes(on) === true) {
          waiting.push(began(before.peer));
        }
        const sent = peer > 0 ? began(peer) : waiting.shift();
        if (sent !== undefined) draw("message", sent, goroutine, on, value);
        break;
      }
      default:
    }
    if (isTold(entry)) {
      if (goroutine > 0) marks.push({ goroutine, column, at, kind, detail });
      column++;
    }
    at++;
  }
  for (const [goroutine, one] of open) close(goroutine, one);
  return { goroutines: [...open.keys()], cameAt, columns: columnsOf(entries), segments, arrows, marks };
}

/**
 * Cuts out what the first `position` events have drawn, from the column `first` on. The work is in what is cut out, not in
 * what the run has beside it.
 */
export function lanesAt(layout: Layout, position: number, first = 0): Lanes {
  const { cameAt, arrows, marks } = layout;
  const end = Math.max(0, Math.min(position, layout.columns.length - 1));
  const column = layout.columns[end] as number;
  const goroutines = layout.goroutines.slice(
    0,
    firstIndex(cameAt, (at) => at >= end),
  );
  const segments: Segment[] = [];
  for (const goroutine of goroutines) {
    const own = layout.segments.get(goroutine) ?? [];
    for (let i = firstIndex(own, ({ to }) => to > first); i < own.length; i++) {
      const { at, to, ...segment } = own[i] as (typeof own)[number];
      if (at >= end || Math.max(segment.from, first) >= column) break;
      segments.push({ ...segment, to: Math.min(to, column) });
    }
  }
  return {
    goroutines,
    columns: column,
    segments,
    arrows: arrows.slice(
      firstIndex(arrows, ({ toColumn }) => toColumn >= first),
      firstIndex(arrows, ({ at }) => at >= end),
    ),
    marks: marks.slice(
      firstIndex(marks, (mark) => mark.column >= first),
      firstIndex(marks, ({ at }) => at >= end),
    ),
  };
}

/** The position at which a column is the last one. */
export function positionOf({ columns }: Layout, column: number): number {
  return Math.min(
    firstIndex(columns, (before) => before > column),
    columns.length - 1,
  );
}

/** The index of the first element of which something is true that stays true from there on. */
function firstIndex<T>(list: readonly T[], isTrue: (element: T) => boolean): number {
  let [from, to] = [0, list.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (isTrue(list[middle] as T)) to = middle;
    else from = middle + 1;
  }
  return from;
}

function listOf<K, T>(lists: Map<K, T[]>, key: K): T[] {
  let found = lists.get(key);
  if (found === undefined) lists.set(key, (found = []));
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
