/**
 * Where goroutines are parked, for the reports. A site is a thing with waiters, such as a channel. It is known here
 * from its first park on. All but a few are known weakly: a channel that the program has dropped is collected with
 * everything that waits on it, as it would be without us.
 */

import { watchForDeadlock } from "./deadlock.ts";
import type { WaitState } from "./hooks.ts";
import { knowsWhenDry } from "./process.ts";
import { onNextTurn } from "./turn.ts";
import { asCall, type Parked, type WaitQueue } from "./waiter.ts";

/** A thing on which goroutines are parked. */
export interface Site {
  /** @internal Whether {@link track} knows the site; only this module changes it. */
  tracked: boolean;
  /** @internal Tells whether somebody holds the site anyway while goroutines are parked on it. */
  isRooted?(): boolean;
  /** @internal Returns the queues of what is parked here, each with the state that reports give. */
  queues(): readonly (readonly [queue: WaitQueue | undefined, state: WaitState])[];
}

/**
 * The sites of this turn of the event loop. A weak reference costs more than a channel, and most sites are idle again
 * when the turn ends; so they are held strongly until then.
 */
let young: Site[] = [];

/**
 * The first sites on which somebody still waited then. They are held strongly: in the commonest deadlock nobody but the
 * goroutines themselves holds the channel, and after a garbage collection the report would know nothing of them.
 */
let held: Site[] = [];
const maxHeld = 100;

/** All others. */
let old: WeakRef<Site>[] = [];
let oldLimit = 1024;

/** Makes a site known, before its first goroutine is parked. */
export function track(site: Site): void {
  site.tracked = true;
  if (!knowsWhenDry) return;
  if (young.push(site) === 1) {
    watchForDeadlock();
    onNextTurn(age);
  }
}

/** Calls `visit` for each parked operation that can still be reached. */
export function forEachParked(visit: (parked: Parked, state: WaitState) => void): void {
  age();
  for (const site of held) visitSite(site, visit);
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

/** Visits the goroutines that wait at a site; those of a group have a state of their own. */
function visitSite(site: Site, visit: (parked: Parked, state: WaitState) => void): void {
  for (const [queue, state] of site.queues()) {
    let waiter = queue?.first;
    while (waiter !== undefined) {
      if (waiter.group !== undefined) visit(waiter.group, waiter.group.state);
      else if (waiter.shape !== asCall) visit(waiter, state);
      waiter = waiter.next === queue?.first ? undefined : waiter.next;
    }
  }
}

function isIdle(site: Site): boolean {
  return site.queues().every(([queue]) => queue?.first === undefined);
}

function age(): void {
  const sites = young;
  young = [];
  held = held.filter((site) => (site.tracked = !isIdle(site)));
  for (const site of sites) {
    if (isIdle(site)) site.tracked = false;
    else if (held.length < maxHeld && site.isRooted?.() !== true) held.push(site);
    else old.push(new WeakRef(site));
  }
  if (old.length >= oldLimit) forgetIdle();
}

function forgetIdle(): void {
  old = old.filter((reference) => {
    const site = reference.deref();
    if (site === undefined) return false;
    site.tracked = !isIdle(site);
    return site.tracked;
  });
  oldLimit = Math.max(1024, 2 * old.length);
}
