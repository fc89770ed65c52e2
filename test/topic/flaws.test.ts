// Every check of the suite for engines can fail: for each there is an engine that is wrong in that way only.
import * as synctest from "gocsp/synctest";
import * as topic from "gocsp/topic";
import { conformance } from "gocsp/topic/topictest";
import { describe, expect, test } from "vitest";

type Session = topic.Session;
type Spoil = (session: Session, listener: topic.Listener) => Partial<Session>;

/** An engine in memory whose sessions have some methods replaced. */
function spoiled(spoil: Spoil, deafen: Partial<topic.Listener> = {}): topic.Engine & { crash: topic.Memory["crash"] } {
  const memory = topic.memory();
  const listeners = new WeakMap<object, topic.Listener>();
  return {
    name: "flawed",
    transactions: false,
    fenced: true,
    keyed: true,
    open: async (ctx, listener) => {
      const own: topic.Listener = {
        wake: (topic) => listener.wake(topic),
        canceled: (topic, id, reason) => listener.canceled(topic, id, reason),
        check: () => listener.check(),
        failed: (what, error) => listener.failed(what, error),
        ...deafen,
      };
      listeners.set(listener, own);
      const session = await memory.open(ctx, own);
      const changed = spoil(session, listener);
      return new Proxy(session, {
        get: (target, name) => {
          const method = Reflect.get(name in changed ? changed : target, name, target) as unknown;
          return typeof method === "function" ? (method as () => unknown).bind(target) : method;
        },
      });
    },
    crash: (broker) => memory.crash(broker && (listeners.get(broker) as unknown as topic.Broker)),
  };
}

const nothing = (): undefined => undefined;
let n = 0;

/** By check: what is wrong, and what is said of it. */
const flaws: Record<string, [flaw: string, message: RegExp, spoil: Spoil, deafen?: Partial<topic.Listener>]> = {
  "a message comes with its value, identity, attempt and time": [
    "characters are lost",
    /^the value: /,
    (s) => ({
      send: (t, m) =>
        s.send(
          t,
          m.map((one) => ({ ...one, value: one.value.replaceAll("\\u0000", "") })),
        ),
    }),
  ],
  "what is acknowledged is gone": [
    "ack does nothing",
    /expected 0 waiting, 0 running, 0 dead, got 0 waiting, 20 running/,
    () => ({ ack: async () => true }),
  ],
  "messages come in the order of sending": [
    "some overtake",
    /^the value: expected/,
    (s) => ({
      send: (t, m) =>
        s.send(
          t,
          m.map((one) => ({ ...one, delay: n++ % 2 })),
        ),
    }),
  ],
  "a message whose identity is there already is a duplicate": [
    "each has an identity of its own",
    /^the second: expected true, got false/,
    (s) => ({
      send: (t, m) =>
        s.send(
          t,
          m.map((one) => ({ ...one, id: `${one.id}${n++}` })),
        ),
    }),
  ],
  "a message that is given back comes again as the next attempt": [
    "attempts are not counted",
    /^value and attempt: /,
    (s) => ({
      claim: async (...args) => {
        const { claims, due } = await s.claim(...args);
        return { claims: claims.map((claim) => Object.assign(claim, { attempt: 1 })), due };
      },
    }),
  ],
  "a delivery whose block is left comes again": [
    "it is lost",
    /does not come: it hangs/,
    (s) => ({ retry: async (t, claim) => ((await s.ack(t, claim)) ? "done" : "lost") }),
  ],
  "a message that fails too often is dead, with its last error": [
    "errors are not kept",
    /^the error is undefined/,
    (s) => ({
      retry: (t, claim, delay) => s.retry(t, claim, delay, undefined),
      bury: (t, claim, reason) => s.bury(t, claim, reason, undefined),
    }),
  ],
  "a rejected message is dead, and comes again as new when it is redriven": [
    "all are redriven",
    /^redrive of what is not there: expected 0, got 2/,
    (s) => ({ redrive: (t) => s.redrive(t, undefined) }),
  ],
  "purge removes what is dead or what waits, and not what is worked on": [
    "the dead are removed as well",
    /expected 0 waiting, 1 running, 1 dead, got 0 waiting, 1 running, 0 dead/,
    (s) => ({
      purge: async (t, what) => {
        const n = await s.purge(t, what);
        await s.purge(t, "dead");
        return n;
      },
    }),
  ],
  "no more deliveries are out than were asked for": [
    "one more comes",
    /got 6 waiting/,
    (s) => ({ claim: (t, n, until) => s.claim(t, n + 1, until) }),
  ],
  "nothing is claimed while nobody waits for it": [
    "the sender's process takes it",
    /does not come: it hangs/,
    (s) => ({
      send: async (t, m) => {
        const sent = await s.send(t, m);
        await s.claim({ ...t, lease: 1e9 }, 1, undefined as never);
        return sent;
      },
    }),
  ],
  "who works on one delivery keeps no others from anybody, however many it may have": [
    "more are claimed than are asked for, and what is given back is lost",
    /expected 7 waiting, 1 running, 0 dead, got 0 waiting, 1 running, 7 dead/,
    (s) => ({
      claim: (t, _n, until) => s.claim(t, 8, until),
      giveBack: async (t, claim) => void (await s.bury(t, claim, "lost", undefined)),
    }),
  ],
  "two topics are received in one select": [
    "one of them is never asked",
    /^the select hangs/,
    (s) => ({
      claim: async (t, n, until) => (t.name.endsWith("b") ? { claims: [], due: undefined } : s.claim(t, n, until)),
    }),
  ],
  "several brokers share the messages, each to one of them": [
    "each message is there twice",
    /^those that came twice: /,
    (s) => ({
      send: async (t, m) => {
        await s.send(
          t,
          m.map((one) => ({ ...one, id: `${one.id}b` })),
        );
        return s.send(t, m);
      },
    }),
  ],
  "a delivery is settled once": ["ack says lost", /the lease of .* is lost/, () => ({ ack: async () => false })],
  "a canceled message that waits is dead, and is not delivered": [
    "cancel always says yes",
    /^cancel of what is not there: /,
    (s) => ({ cancel: async (...args) => (await s.cancel(...args), true) }),
  ],
  "counts tell what waits, runs and is dead": [
    "what is not due counts as ready",
    /^ready, delayed, running, dead: expected \[1,1,1,0\], got \[2,0,1,0\]/,
    (s) => ({
      counts: async (t) => {
        const { ready, delayed, ...rest } = await s.counts(t);
        return { ...rest, ready: ready + delayed, delayed: 0 };
      },
    }),
  ],
  "what an engine cannot keep is refused": [
    "something is there already",
    /expected 0 waiting, 0 running, 0 dead, got 1 waiting/,
    (s) => ({ counts: async (t) => ({ ...(await s.counts(t)), ready: 1 }) }),
  ],
  "a closed broker refuses, and what it had comes again": [
    "close never ends",
    /^close\(\) hangs/,
    () => ({ close: () => new Promise(nothing) }),
  ],
  "a delayed message comes when it is due, and not before": [
    "delays are ignored",
    /^the value: expected 2, got 1/,
    (s) => ({
      send: (t, m) =>
        s.send(
          t,
          m.map((one) => ({ ...one, delay: 0 })),
        ),
    }),
  ],
  "a message that is given back with a delay lets others pass": [
    "it keeps its place",
    /^the value: expected 2, got 1/,
    (s) => ({ retry: async (t, claim) => (await s.giveBack(t, claim), "done") }),
  ],
  "a message whose deadline has passed before anybody had it is dead": [
    "deadlines are lost",
    /^the value: expected 2, got 1/,
    (s) => ({
      send: (t, m) =>
        s.send(
          t,
          m.map((one) => ({ ...one, expires: undefined })),
        ),
    }),
  ],
  "a deadline that is carried ends the context of the delivery, and one that is not does not": [
    "deadlines are not told",
    /^no deadline: expected \[true,false\], got \[true,true\]/,
    (s) => ({
      claim: async (...args) => {
        const { claims, due } = await s.claim(...args);
        return { claims: claims.map((claim) => Object.assign(claim, { left: undefined })), due };
      },
    }),
  ],
  "an attempt that takes too long is ended, and comes again": [
    "it is lost",
    /does not come: it hangs/,
    (s) => ({ retry: async (t, claim) => ((await s.ack(t, claim)) ? "done" : "lost") }),
  ],
  "a schedule fires again and again, once for all brokers, until it is removed": [
    "it does not fire",
    /^a tick does not come/,
    () => ({ schedule: async () => undefined }),
  ],
  "the trace goes with a message: the first attempt has it, the next ones have a link to it": [
    "headers are lost",
    /^the first attempt: /,
    (s) => ({
      send: (t, m) =>
        s.send(
          t,
          m.map((one) => ({ ...one, headers: undefined })),
        ),
    }),
  ],
  "values that have a codec go with a message, others do not": [
    "headers are lost",
    /^the values: /,
    (s) => ({
      send: (t, m) =>
        s.send(
          t,
          m.map((one) => ({ ...one, headers: undefined })),
        ),
    }),
  ],
  "when the receiver ends its channel closes, what is out goes on, and after the grace it is told": [
    "what is given back is lost",
    /does not come: it hangs/,
    (s) => ({ giveBack: async (t, claim) => void (await s.ack(t, claim)) }),
  ],
  "a lease is extended for as long as the work takes": [
    "extensions do nothing",
    /^delivered again, still running: expected \[false,true\], got \[true,/,
    () => ({ extend: async (_t, claims) => claims.map(() => "held" as const) }),
  ],
  "a job that is canceled elsewhere ends with the reason, and is not tried again": [
    "nobody is told",
    /^the context does not end when the job is canceled/,
    (s) => ({ extend: async (t, claims) => (await s.extend(t, claims)).map(() => "held" as const) }),
    { canceled: nothing },
  ],
  "what was canceled can still be acknowledged: the work was done": [
    "it cannot",
    /the lease of .* is lost/,
    (s) => ({
      ack: async (t, claim) => typeof (await s.extend(t, [claim]))[0] !== "object" && s.ack(t, claim),
    }),
  ],
  "a cancel that nobody has heard is found when the lease is extended": [
    "it is not",
    /^after the cancel the claim is held/,
    (s) => ({ extend: async (t, claims) => (await s.extend(t, claims)).map(() => "held" as const) }),
  ],
  "a lease that is not extended ends, and the message comes again": [
    "leases do not end",
    /does not come: it hangs/,
    (s) => ({ claim: (t, n, until) => s.claim({ ...t, lease: 1e9 }, n, until) }),
  ],
  "a worker that has lost its lease settles nothing any more": [
    "tokens are not looked at",
    /^the stale claim is acknowledged: expected false, got true/,
    () => ({ ack: async () => true }),
  ],
  "what a worker had that died comes again": [
    "leases do not end",
    /does not come: it hangs/,
    (s) => ({ claim: (t, n, until) => s.claim({ ...t, lease: 1e9 }, n, until) }),
  ],
  "of one key one message runs at a time, in the order of sending, and no key starves the others": [
    "keys are not looked at",
    /^problems: /,
    (s) => ({ claim: (t, n, until) => s.claim({ ...t, perKey: 0 }, n, until) }),
  ],
  "a random program loses nothing and does nothing twice": [
    "one of ten is lost",
    / is lost/,
    (s) => ({ send: async (t, m) => (n++ % 10 === 9 ? m.map(() => false) : s.send(t, m)) }),
  ],
  "a random program in which workers die loses nothing, and what was acknowledged stays so": [
    "what the dead had is lost",
    / is lost/,
    (s) => ({ send: async (t, m) => (n++ % 10 === 9 ? m.map(() => false) : s.send(t, m)) }),
  ],
};

function checksOf(spoil: Spoil, deafen?: Partial<topic.Listener>): ReturnType<typeof conformance> {
  return conformance({
    engine: () => spoiled(spoil, deafen),
    crash: (broker, engine) => (engine as ReturnType<typeof spoiled>).crash(broker),
  });
}

describe("an engine is found to be wrong [P3]", () => {
  for (const [name, [flaw, message, spoil, deafen]] of Object.entries(flaws)) {
    test(`${flaw}: ${name}`, async () => {
      n = 0;
      const check = checksOf(spoil, deafen).find((check) => check.name === name);
      expect(check, name).toBeDefined();
      let error: unknown;
      await synctest.test(async () => {
        await check?.run().catch((thrown: unknown) => (error = thrown));
      });
      expect((error as Error | undefined)?.message).toMatch(message);
    });
  }

  test("every check can fail; those of transactions do so in postgres.test.ts [P3]", () => {
    const names = checksOf(() => ({})).map(({ name }) => name);
    expect(names.toSorted()).toEqual(Object.keys(flaws).toSorted());
  });

  test("the engine without a flaw passes them all", async () => {
    for (const { run } of checksOf(() => ({}))) await synctest.test(run);
  });
});
