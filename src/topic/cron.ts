/** When schedules fire: cron expressions of five fields, in UTC, or periods. */

import { describe } from "../runtime/arguments.ts";
import type { Next } from "./engine.ts";

/** The next time after a moment. */
type After = (moment: Date) => Date;

/** Shorter periods are no schedules: whoever looks for them does so about once a second. */
const shortest = 1000;

const months = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");
const days = "sun mon tue wed thu fri sat".split(" ");

/** Writes what a user says of a schedule as a text: a number of milliseconds, or the cron expression. */
export function specOf(when: unknown): string {
  if (typeof when === "number") {
    if (Number.isFinite(when) && when >= shortest) return String(Math.round(when));
    throw new RangeError(
      `topic: the period of a schedule must be at least ${shortest} milliseconds, got ${describe(when)}`,
    );
  }
  if (typeof when === "string") nextOf(when.trim());
  else throw unreadable(when);
  return when.trim().toLowerCase();
}

/** Tells when a schedule is to fire after `now`; periods go on from when it was due before. */
export function next(spec: string, last: Date, now: Date): Date {
  if (!/^\d+$/.test(spec)) return nextOf(spec)(now);
  const period = Number(spec);
  const missed = Math.max(Math.floor((now.getTime() - last.getTime()) / period), 0);
  return new Date(last.getTime() + (missed + 1) * period);
}

/**
 * Tells when a schedule is to fire that was to fire at `at`, if a clock has said so that was put back since: it would not fire
 * before that clock is there again. A step back of less than a minute changes nothing, or what has just fired would do so again.
 */
export function nextAfterJump(next: Next, spec: string, at: Date, now: Date): Date {
  const soon = new Date(now.getTime() + 60_000);
  return next(spec, soon, soon) < at ? next(spec, now, now) : at;
}

/** Reads a cron expression. */
function nextOf(spec: string): After {
  const fields = spec.toLowerCase().split(/\s+/);
  if (fields.length !== 5) throw unreadable(spec);
  const [minute, hour, date, month, day] = fields as [string, string, string, string, string];
  const minutes = setOf(spec, minute, 0, 59);
  const hours = setOf(spec, hour, 0, 23);
  const dates = setOf(spec, date, 1, 31);
  const monthSet = setOf(spec, month, 1, 12, months, 1);
  const daySet = setOf(spec, day, 0, 7, days, 0);
  if (daySet.has(7)) daySet.add(0);
  // As cron has always done: if both say something, either will do.
  const either = !date.startsWith("*") && !day.startsWith("*");
  const fits = (d: Date): boolean => {
    const [byDate, byDay] = [dates.has(d.getUTCDate()), daySet.has(d.getUTCDay())];
    return monthSet.has(d.getUTCMonth() + 1) && (either ? byDate || byDay : byDate && byDay);
  };
  const next: After = (after) => {
    const start = new Date(after.getTime());
    start.setUTCSeconds(60, 0);
    // Leap days that miss a weekday may be 40 years apart.
    for (let n = 0; n < 41 * 366; n++) {
      const d = new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth(), start.getUTCDate() + n));
      if (!fits(d)) continue;
      for (let h = n === 0 ? start.getUTCHours() : 0; h < 24; h++) {
        if (!hours.has(h)) continue;
        const first = n === 0 && h === start.getUTCHours() ? start.getUTCMinutes() : 0;
        for (let m = first; m < 60; m++) if (minutes.has(m)) return new Date(d.getTime() + (h * 60 + m) * 60_000);
      }
    }
    throw new RangeError(`topic: the schedule ${describe(spec)} never fires`);
  };
  next(new Date(0));
  return next;
}

/** Reads a field: `*`, `5`, `1-5`, `*\/15`, `1-30/2`, names, and lists of them. */
function setOf(spec: string, field: string, low: number, high: number, names: string[] = [], base = 0): Set<number> {
  const set = new Set<number>();
  const read = (text: string): number => {
    const named = names.indexOf(text);
    const n = named >= 0 ? named + base : /^\d{1,2}$/.test(text) ? Number(text) : NaN;
    if (!(n >= low && n <= high)) throw unreadable(spec);
    return n;
  };
  for (const part of field.split(",")) {
    const match = /^(\*|[a-z0-9]+)(?:-([a-z0-9]+))?(?:\/(\d{1,2}))?$/.exec(part);
    if (match === null) throw unreadable(spec);
    const [, from = "", to, step] = match;
    if (from === "*" && to !== undefined) throw unreadable(spec);
    const first = from === "*" ? low : read(from);
    const last = to !== undefined ? read(to) : from === "*" || step !== undefined ? high : first;
    const by = Number(step ?? 1);
    if (by === 0 || last < first) throw unreadable(spec);
    for (let n = first; n <= last; n += by) set.add(n);
  }
  return set;
}

function unreadable(when: unknown): TypeError {
  return new TypeError(
    `topic: the schedule must be a cron expression of five fields, or a number of milliseconds, got ${describe(when)}`,
  );
}
