/** Who waits for whom, and the circle of a deadlock. */

import type { Entry } from "../engine/protocol.ts";
import { type Channel, isLock, type World } from "./world.ts";

export interface Edge {
  readonly from: number;
  /** Who could let it go on; 0 for the clock, -1 for nobody that is left. */
  readonly to: number;
  readonly on: string;
  readonly why: string;
}

export interface Waits {
  readonly edges: readonly Edge[];
  /** The goroutines of a circle, each waits for the next; empty if there is none. */
  readonly circle: readonly number[];
}

/** Who uses each object, and how: `ch1 sends`. */
export type Users = ReadonlyMap<string, ReadonlySet<number>>;

/** Returns who waits for whom in a state of the world. The whole run tells who uses what. */
export function waitsAt(users: Users, world: World): Waits {
  const alive = (number: number): boolean => {
    const of = world.goroutines.get(number);
    return of !== undefined && of.state !== "ended" && of.state !== "panicked";
  };
  /** Whoever has let others go on there; where nobody has yet, those that the waiting one has started. */
  const groupOf = (known: ReadonlySet<number>, waiting: number): number[] => {
    const left = [...known].filter((one) => one !== waiting && alive(one));
    if (left.length > 0) return left;
    return [...world.goroutines.values()].filter(({ parent }) => parent === waiting).map(({ number }) => number);
  };
  const edges: Edge[] = [];
  for (const of of world.goroutines.values()) {
    const { number, state, why, on, cases } = of;
    if (state === "sleeping") edges.push({ from: number, to: 0, on: "", why });
    if (state !== "blocked") continue;
    const wanted = why.startsWith("select")
      ? cases.filter((one) => one.on !== "").map((one) => ({ on: one.on, role: one.sends ? "receives" : "sends" }))
      : [{ on, role: why.startsWith("chan send") ? "receives" : "sends" }];
    let found = 0;
    for (const { on, role } of wanted) {
      const sync = world.syncs.get(on);
      // A buffered channel may be a lock: whoever has taken what it held, or filled it, is awaited.
      const channel = world.channels.get(on);
      const held = channel === undefined || channel.capacity === 0 ? [] : holdersOf(channel, role);
      const keeps = held.filter((one) => one !== number && alive(one));
      const partners =
        sync === undefined
          ? keeps.length > 0
            ? keeps
            : [...(users.get(`${on} ${role}`) ?? [])]
          : isLock(sync.kind)
            ? sync.holders
            : groupOf(users.get(`${on} lets`) ?? new Set(), number);
      for (const to of partners) {
        if (to === number || (to > 0 && !alive(to))) continue;
        // The clock rings a timer, or ends a context.
        edges.push({ from: number, to, on, why });
        found++;
      }
    }
    if (found === 0) edges.push({ from: number, to: -1, on, why });
  }
  const stuck = stuckIn(edges, world);
  return { edges, circle: circleOf(edges.filter(({ from, to }) => stuck.has(from) && stuck.has(to))) };
}

/**
 * Those whom nobody can let go on: whom each of them waits for is one of them. Whoever waits for the holders of a lock waits
 * for all of them, otherwise one is enough.
 */
function stuckIn(edges: readonly Edge[], { goroutines, syncs }: World): Set<number> {
  const stuck = new Set(
    [...goroutines.values()].filter(({ state }) => state === "blocked").map(({ number }) => number),
  );
  const waiting = Map.groupBy(edges, ({ from }) => from);
  const isFree = ({ to, on }: Edge): boolean => to >= 0 && !stuck.has(to) && !isLock(syncs.get(on)?.kind ?? "");
  for (let before = -1; before !== stuck.size;) {
    before = stuck.size;
    for (const number of stuck) {
      const own = waiting.get(number) ?? [];
      const held = own.filter(({ on }) => isLock(syncs.get(on)?.kind ?? ""));
      if (own.some(isFree) || (held.length > 0 && held.every(({ to }) => !stuck.has(to)))) stuck.delete(number);
    }
  }
  return stuck;
}

/** Who has received more than sent there, if one is needed who sends; otherwise the other way round. */
function holdersOf({ taken }: Channel, role: string): number[] {
  const sign = role === "sends" ? 1 : -1;
  return [...taken].filter(([, n]) => n * sign > 0).map(([goroutine]) => goroutine);
}

/** Who, in the whole run, sends on, receives from, or lets go each object. */
export function usersOf(entries: readonly Entry[]): Users {
  const users = new Map<string, Set<number>>();
  const use = (key: string, goroutine: number): void => {
    let set = users.get(key);
    if (set === undefined) users.set(key, (set = new Set()));
    set.add(goroutine);
  };
  for (const { kind, on, goroutine, detail, cases, peer } of entries) {
    if (kind === "send" || kind === "close") use(`${on} sends`, goroutine);
    if (kind === "receive") {
      use(`${on} receives`, goroutine);
      if (peer > 0) use(`${on} sends`, peer);
    }
    if (kind === "send" && peer > 0) use(`${on} receives`, peer);
    if (kind === "block" && detail.startsWith("chan send")) use(`${on} sends`, goroutine);
    if (kind === "block" && detail.startsWith("chan receive")) use(`${on} receives`, goroutine);
    if (kind === "sync" && detail !== "lock") use(`${on} lets`, goroutine);
    for (const one of cases ?? []) if (one.on !== "") use(`${one.on} ${one.sends ? "sends" : "receives"}`, goroutine);
  }
  return users;
}

function circleOf(edges: readonly Edge[]): number[] {
  const next = new Map<number, number[]>();
  for (const { from, to } of edges) next.set(from, [...(next.get(from) ?? []), to]);
  const done = new Set<number>();
  const path: number[] = [];
  const walk = (at: number): number[] => {
    const seen = path.indexOf(at);
    if (seen >= 0) return path.slice(seen);
    if (done.has(at)) return [];
    done.add(at);
    path.push(at);
    for (const to of next.get(at) ?? []) {
      if (to <= 0) continue;
      const found = walk(to);
      if (found.length > 0) return found;
    }
    path.pop();
    return [];
  };
  for (const from of next.keys()) {
    const found = walk(from);
    if (found.length > 0) return found;
    path.length = 0;
  }
  return [];
}
