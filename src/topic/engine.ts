/**
 * What an engine is: where the messages are, and who has which. `gocsp/topic` does the rest: the channel of deliveries,
 * their contexts, when to claim, extend and give back. `gocsp/topic/topictest` checks an engine.
 */

import type { Context } from "../context/context.ts";
import type { Tx } from "../sql/sql.ts";

/** Where topics live: what `memory()`, `postgres(…)` and `jetstream(…)` return, for `topic.open`. */
export interface Engine {
  /** For errors. */
  readonly name: string;
  /** Whether `send(…, { tx })` and `ack(tx)` take part in a transaction of the same database. */
  readonly transactions: boolean;
  /** Whether a worker that has lost its lease cannot settle any more, however wrong its clock is. */
  readonly fenced: boolean;
  /** Whether `perKey` is kept, in all processes together. */
  readonly keyed: boolean;
  /**
   * Whether an attempt that was given back does not count, as it is if this is not there. Where it counts, no more is claimed than is
   * waited for, and what nobody takes at once is kept for a while.
   */
  readonly givesBackFree?: boolean;
  /** What `maxSize` of a topic may be at most, in bytes of JSON: anything if this is not there. */
  readonly maxSize?: number;
  /** Connects. `ctx` covers the connecting only. */
  open(ctx: Context, listener: Listener): Promise<Session>;
}

/** What a session tells. Each of these may come at any time, also twice and also for topics that nobody knows here. */
export interface Listener {
  /** Messages of this topic may be there to be claimed. True if a receiver here is about to claim. */
  wake(topic: string): boolean;
  /** Somebody has canceled a message that is being worked on. A hint: `extend` tells as well. */
  canceled(topic: string, id: string, reason: string): void;
  /** Something may have been missed: look after all leases, and claim anew. */
  check(): void;
  /** Something went wrong that no caller waits for. */
  failed(what: string, error: unknown): void;
}

/** What all processes must agree on. */
export interface Settings {
  readonly name: string;
  readonly lease: number;
  /** 0 for any number. */
  readonly perKey: number;
  readonly maxAttempts: number;
  /** For how long the dead are kept, in milliseconds; Infinity for ever. */
  readonly keepDead: number;
}

/** A message to be sent. */
export interface Message {
  readonly id: string;
  readonly key: string | undefined;
  /** From now, in milliseconds. */
  readonly delay: number;
  /** From now, in milliseconds; undefined for never. */
  readonly expires: number | undefined;
  readonly headers: Readonly<Record<string, string>> | undefined;
  /** JSON. */
  readonly value: string;
}

/** A message that this session has now, until its lease ends. */
export interface Claim {
  readonly id: string;
  readonly key: string | undefined;
  /** From 1. */
  readonly attempt: number;
  readonly sentAt: Date;
  readonly headers: Readonly<Record<string, string>> | undefined;
  /** JSON. */
  readonly value: string;
  /** How many milliseconds are left of the time that the sender gave it; undefined for any number. */
  readonly left: number | undefined;
  /** What tells this claim from every other of the same message: the fencing token. */
  readonly token: unknown;
}

/** What a claim brought. */
export interface Claims {
  readonly claims: readonly Claim[];
  /**
   * In how many milliseconds more may be due than these. If it is undefined the engine will say so when there were none, and
   * is asked again at once when there were some.
   */
  readonly due: number | undefined;
}

/** What has become of a claim: it holds, somebody has canceled it, or it is not ours any more. */
export type Standing = "held" | "lost" | { readonly canceled: string };

/** A dead message. */
export interface DeadRecord {
  readonly id: string;
  readonly key: string | undefined;
  readonly attempt: number;
  readonly reason: string;
  readonly error: string | undefined;
  readonly sentAt: Date;
  readonly deadAt: Date;
  /** JSON. */
  readonly value: string;
}

/** How a topic stands. */
export interface Counts {
  /** How many could be claimed now. */
  readonly ready: number;
  /** How many are not due yet. */
  readonly delayed: number;
  /** How many wait for another of their key. */
  readonly behind: number;
  /** How many are being worked on. */
  readonly running: number;
  readonly dead: number;
  /** For how long the oldest that is ready has been, in milliseconds; 0 if there is none. */
  readonly oldestReady: number;
}

/**
 * When a schedule is to fire next: after `now`, by the engine's clock, and not for what was missed since `last`, when it was
 * due before.
 */
export type Next = (spec: string, last: Date, now: Date) => Date;

/** One process's connection to the engine. None of its methods is stopped by the end of somebody's context. */
export interface Session {
  /** Returns a new identity for a message. */
  newId(): string;
  /** Says that a topic is used here. Called once for each, and again after an error. */
  declare(topic: Settings): Promise<void>;
  /**
   * Sends, all or none, and tells of each whether one of its id was there already. Within the transaction, if there is
   * one.
   *
   * @throws UnknownOutcomeError if it may have been sent
   */
  send(topic: Settings, messages: readonly Message[], tx?: Tx, ctx?: Context): Promise<readonly boolean[]>;
  /** Claims up to `n` messages that are due. May wait for the first, until `until` ends. */
  claim(topic: Settings, n: number, until: Context): Promise<Claims>;
  /** Extends leases by `topic.lease` from now, all at once. */
  extend(topic: Settings, claims: readonly Claim[]): Promise<readonly Standing[]>;
  /** Removes a message for good. False if the claim is not ours any more. Within the transaction, if there is one. */
  ack(topic: Settings, claim: Claim, tx?: Tx, ctx?: Context): Promise<boolean>;
  /** Tells whether the claim is still ours: after a transaction that was to ack it. */
  holds(topic: Settings, claim: Claim): Promise<boolean>;
  /** Makes it ready again, after a while. "canceled" if somebody has canceled it: then it is dead. */
  retry(topic: Settings, claim: Claim, delay: number, error: string | undefined): Promise<"done" | "lost" | "canceled">;
  /** Makes it ready again, at its old place; the attempt does not count, if the engine can do that. */
  giveBack(topic: Settings, claim: Claim): Promise<void>;
  /** Makes it a dead one. False if the claim is not ours any more. */
  bury(topic: Settings, claim: Claim, reason: string, error: string | undefined): Promise<boolean>;
  /** Looks for leases that have ended, and schedules that are due; called again after `Swept.pause`. */
  sweep(topic: Settings, next: Next): Promise<Swept>;
  /** Cancels a message; false if there is none. If it waits it is dead, if it runs `Listener.canceled` is called there. */
  cancel(topic: Settings, id: string, reason: string): Promise<boolean>;
  /** Sets or replaces a schedule; one with the same spec keeps its next time. */
  schedule(
    topic: Settings,
    name: string,
    spec: string,
    next: Next,
    value: string,
    headers?: Readonly<Record<string, string>>,
  ): Promise<void>;
  /** Removes a schedule; false if there is none. */
  unschedule(topic: Settings, name: string): Promise<boolean>;
  counts(topic: Settings): Promise<Counts>;
  /** The dead, the latest first. `before` is the last of those that were returned before. */
  dead(topic: Settings, limit: number, before: DeadRecord | undefined): Promise<readonly DeadRecord[]>;
  /** Sends dead ones again, as new: one, or all. Returns how many. */
  redrive(topic: Settings, id: string | undefined): Promise<number>;
  /** Removes what is dead, or what waits. Returns how many. */
  purge(topic: Settings, what: "dead" | "waiting"): Promise<number>;
  /** Ends the session: leases that are left end by themselves, or at once. */
  close(): Promise<void>;
}

/** What a sweep has found. */
export interface Swept {
  /** In how many milliseconds the next one is worth it; Infinity if none is. */
  readonly pause: number;
  /** Why nothing may be claimed for now, as when the schema is newer than this worker. */
  readonly refuses?: Error;
}
