/**
 * Where goroutines are parked, for the reports. A site is an object with waiters, such as a channel. It is tracked from
 * its first park on, and only weakly after a few turns of the event loop: a channel that the program has dropped is
 * collected with its waiters, as it would be without the tracking.
 */

import { watchForDeadlock } from "./deadlock.ts";
import type { WaitState } from "./hooks.ts";
import { realNow, requestTurn } from "./host.ts";
import { knowsWhenDry } from "./environment.ts";
import { program } from "./program.ts";
import { oneThread } from "./symbols.ts";
import { onNextTurn } from "./turn.ts";
import { asCall, type Parked, type WaitQueue } from "./waiter.ts";

/** An object on which goroutines are parked. */
export interface Site {
  /**
   * @internal Refuses structured clones, and tells whether the site is tracked: `oneThread` while it is not. One
   * property for both, because each costs every channel eight bytes. Only this module changes it.
   */
  thread: symbol;
  /** @internal Tells whether the site is reachable anyway while goroutines are parked on it. */
  isRooted?(): boolean;
  /** @internal Returns the site's queues, each with the state that reports print for its waiters. */
  queues(): readonly (readonly [queue: WaitQueue | undefined, state: WaitState])[];
}

/**
 * The sites of this turn of the event loop. A weak reference costs more than a channel, and most sites are idle again
 * when the turn ends; so they are held strongly until then.
 */
let young: Site[] = [];

/** A site that is referenced strongly for a while. */
interface Held {
  readonly site: Site;
  readonly since: number;
  turns: number;
}

/**
 * Sites with waiters at the end of their first turn. In the commonest deadlock only the goroutines themselves refer to
 * the channel, and after a garbage collection the report would not find them. In a deadlock the event loop soon stops
 * turning, so these sites are still here; in a program that goes on they must not be kept for long. While `main` runs
 * they are kept for a few seconds, so that the report finds what main waits for.
 */
let held: Held[] = [];
const maxHeld = 100;
const minTurns = 2;
const minMilliseconds = 5000;
let aging = false;

/** All other sites. */
let old: WeakRef<Site>[] = [];
let oldLimit = 1024;

/** In place of `oneThread` while a site is tracked. */
const tracked: symbol = Symbol(oneThread.description);

/** Tracks a site, unless it is tracked. Called before a goroutine is parked. */
export function track(site: Site): void {
  if (site.thread === oneThread) trackNew(site);
}

function trackNew(site: Site): void {
  site.thread = tracked;
  if (!knowsWhenDry) return;
  if (young.push(site) === 1) {
    watchForDeadlock();
    onNextTurn(sortYoung);
  }
}

/** Calls `visit` for each parked operation that can still be reached; it is found for as long as its site is held. */
export function forEachParked(visit: (parked: Parked, state: WaitState, site: Site) => void): void {
  sortYoung();
  for (const { site } of held) visitSite(site, visit);
  for (const reference of old) {
    const site = reference.deref();
    if (site !== undefined) visitSite(site, visit);
  }
}

export function isAnyoneParked(): boolean {
  let parked = false;
  forEachParked(() => (parked = true));
  return parked;
}

/** Visits the goroutines that are parked on a site; a group has a state of its own. */
function visitSite(site: Site, visit: (parked: Parked, state: WaitState, site: Site) => void): void {
  for (const [queue, state] of site.queues()) {
    let waiter = queue?.first;
    while (waiter !== undefined) {
      if (waiter.group !== undefined) visit(waiter.group, waiter.group.state, site);
      else if (waiter.shape !== asCall) visit(waiter, state, site);
      waiter = waiter.next === queue?.first ? undefined : waiter.next;
    }
  }
}

function isIdle(site: Site): boolean {
  return site.queues().every(([queue]) => queue?.first === undefined);
}

/** Tells whether goroutines are parked on a tracked site. Otherwise it is not tracked any more. */
function staysTracked(site: Site): boolean {
  const idle = isIdle(site);
  if (idle) site.thread = oneThread;
  return !idle;
}

/** Makes the references weak that have been strong for long enough. */
function age(): void {
  const before = program.main === "running" ? realNow() - minMilliseconds : Infinity;
  if ((held[0]?.since ?? 0) > before) return;
  const entries = held;
  held = [];
  for (const entry of entries) {
    if (!staysTracked(entry.site)) continue;
    if (++entry.turns < minTurns || entry.since > before) held.push(entry);
    else old.push(new WeakRef(entry.site));
  }
}

/** Sorts the sites of this turn: those without waiters are dropped, the others are referenced strongly or weakly. */
function sortYoung(): void {
  const sites = young;
  young = [];
  if (held.length === maxHeld) held = held.filter(({ site }) => staysTracked(site));
  const since = realNow();
  for (const site of sites) {
    if (!staysTracked(site)) continue;
    if (held.length < maxHeld && site.isRooted?.() !== true) held.push({ site, since, turns: 0 });
    else old.push(new WeakRef(site));
  }
  if (old.length >= oldLimit) forgetIdle();
  ageLater();
}

/** Not with `onNextTurn`, which begins a slice: idle time of the event loop would count as the goroutines'. */
function ageLater(): void {
  if (aging || held.length === 0) return;
  aging = true;
  requestTurn(() => {
    aging = false;
    age();
    ageLater();
  });
}

function forgetIdle(): void {
  old = old.filter((reference) => {
    const site = reference.deref();
    if (site === undefined) return false;
    return staysTracked(site);
  });
  oldLimit = Math.max(1024, 2 * old.length);
}
