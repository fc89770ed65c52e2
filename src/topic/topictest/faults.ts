/** Leases, cancels from elsewhere, deaths, keys. */

import { background, cause, withCancel } from "../../context/context.ts";
import { sleep } from "../../time/time.ts";
import { JobCanceled, type Listener, type Session, type Settings, type Topic } from "../topic.ts";
import { type Bench, type Check, equal, list } from "./bench.ts";

const bg = background();
const deaf: Listener = {
  wake: () => false,
  canceled: () => undefined,
  check: () => undefined,
  failed: () => undefined,
};

function settingsOf(topic: Topic<number>, lease: number): Settings {
  return { name: topic.name, lease, perKey: 0, maxAttempts: 20, keepDead: Infinity };
}

/** Claims a message below the topic, where nobody extends its lease. */
async function claimOne(
  bench: Bench,
  session: Session,
  settings: Settings,
): Promise<Awaited<ReturnType<Session["claim"]>>["claims"][number]> {
  await session.declare(settings);
  const end = bench.now() + bench.patience;
  while (bench.now() < end) {
    await session.sweep(settings, (_spec, _last, now) => now);
    const [until, cancel] = withCancel(bg);
    const { claims } = await bench.within("claim()", session.claim(settings, 1, until));
    cancel();
    if (claims[0] !== undefined) return claims[0];
    await sleep(20);
  }
  throw new Error("the message cannot be claimed: it hangs");
}

/** Works for longer than the lease; tells whether the job was kept, or throws if it has to be. */
async function isExtended(bench: Bench, lease: number, hasToBe: boolean): Promise<boolean> {
  const topic = bench.topic<number>(await bench.open(), { lease }, `_${lease}`);
  const other = bench.topic<number>(await bench.open(), { lease }, `_${lease}`);
  await topic.send(bg, 1);
  const [deliveries] = bench.receive(topic);
  const d = await bench.next(deliveries);
  // Somebody waits for it to come again.
  const [rest] = bench.receive(other);
  let stolen = false;
  const waiting = rest.receiveOk().then(async ([d, ok]) => {
    stolen = ok;
    if (ok) await d.ack().catch(() => undefined);
  });
  await sleep(2.5 * lease);
  const found = [stolen, d.ctx.err() === undefined];
  if ((stolen || found[1] === false) && !hasToBe) return false;
  equal(found, [false, true], "delivered again, still running");
  await d.ack();
  await bench.counts(topic, {});
  void waiting;
  return true;
}

export const faultChecks: Check[] = [
  {
    name: "a lease is extended for as long as the work takes",
    run: async (bench) => {
      // Who is held up for longer than the lease loses it, and nobody is to blame: then once more, with a longer one.
      for (let lease = bench.lease; !(await isExtended(bench, lease, lease === 8 * bench.lease)); lease *= 2);
    },
  },
  {
    name: "a job that is canceled elsewhere ends with the reason, and is not tried again",
    run: async (bench) => {
      const topic = await bench.start<number>({ lease: bench.lease });
      const other = bench.topic<number>(await bench.open(), { lease: bench.lease });
      await topic.send(bg, 1, { id: "one" });
      const [deliveries] = bench.receive(topic);
      const d = await bench.next(deliveries);
      equal(await other.cancel(bg, "one", "the user closed the tab"), true, "cancel");
      await bench.ended(d.ctx, "when the job is canceled");
      const why = cause(d.ctx);
      equal(why instanceof JobCanceled && why.reason, "the user closed the tab", "the reason");
      await d.nack(0, d.ctx.err());
      await bench.counts(topic, { dead: 1 });
      equal(
        (await list(topic.dead(bg))).map(({ reason }) => reason),
        ["canceled: the user closed the tab"],
        "the dead",
      );
    },
  },
  {
    name: "what was canceled can still be acknowledged: the work was done",
    run: async (bench) => {
      const topic = await bench.start<number>();
      await topic.send(bg, 1, { id: "one" });
      const [deliveries] = bench.receive(topic);
      const d = await bench.next(deliveries);
      await topic.cancel(bg, "one");
      await bench.ended(d.ctx, "when the job is canceled");
      await d.ack();
      await bench.counts(topic, {});
    },
  },
  {
    name: "a cancel that nobody has heard is found when the lease is extended",
    run: async (bench) => {
      const topic = await bench.start<number>();
      await topic.send(bg, 1, { id: "one" });
      const session = await bench.engine.open(bg, deaf);
      try {
        const settings = settingsOf(topic, 30_000);
        const claim = await claimOne(bench, session, settings);
        equal(await session.extend(settings, [claim]), ["held"], "before the cancel");
        await topic.cancel(bg, "one", "enough");
        const [standing] = await session.extend(settings, [claim]);
        if (typeof standing !== "object") throw new Error(`after the cancel the claim is ${String(standing)}`);
        await session.bury(settings, claim, `canceled: ${standing.canceled}`, undefined);
        await bench.counts(topic, { dead: 1 });
      } finally {
        await session.close();
      }
    },
  },
  {
    name: "a lease that is not extended ends, and the message comes again",
    run: async (bench) => {
      const topic = await bench.start<number>({ lease: bench.lease });
      await topic.send(bg, 1);
      const settings = settingsOf(topic, bench.lease);
      const session = await bench.engine.open(bg, deaf);
      try {
        const stale = await claimOne(bench, session, settings);
        equal(stale.attempt, 1, "the first attempt");
        const [deliveries] = bench.receive(topic);
        const d = await bench.next(deliveries);
        equal([d.value, d.attempt], [1, 2], "value and attempt");
        await d.ack();
      } finally {
        await session.close();
      }
    },
  },
  {
    name: "a worker that has lost its lease settles nothing any more",
    run: async (bench) => {
      if (!bench.engine.fenced) return;
      const topic = await bench.start<number>({ lease: bench.lease });
      await topic.send(bg, 1);
      const settings = settingsOf(topic, bench.lease);
      const session = await bench.engine.open(bg, deaf);
      try {
        const stale = await claimOne(bench, session, settings);
        const [deliveries] = bench.receive(topic);
        const d = await bench.next(deliveries);
        equal(await session.extend(settings, [stale]), ["lost"], "the stale claim is extended");
        equal(await session.ack(settings, stale), false, "the stale claim is acknowledged");
        equal(await session.holds(settings, stale), false, "the stale claim holds");
        equal(await session.retry(settings, stale, 0, undefined), "lost", "the stale claim is tried again");
        equal(await session.bury(settings, stale, "stale", undefined), false, "the stale claim is buried");
        await session.giveBack(settings, stale);
        await bench.counts(topic, { running: 1 });
        await d.ack();
        await bench.counts(topic, {});
      } finally {
        await session.close();
      }
    },
  },
  {
    name: "what a worker had that died comes again",
    needs: (options) => options.crash !== undefined,
    run: async (bench) => {
      const broker = await bench.open();
      const topic = bench.topic<number>(broker, { lease: bench.lease });
      for (let i = 0; i < 6; i++) await topic.send(bg, i);
      const [deliveries] = bench.receive(topic, { concurrency: 3 });
      const out = [];
      for (let i = 0; i < 3; i++) out.push(await bench.next(deliveries));
      await bench.options.crash?.(broker, bench.engine);
      const next = bench.topic<number>(await bench.open(), { lease: bench.lease });
      const [rest] = bench.receive(next);
      const seen = new Map<number, number>();
      while (seen.size < 6) {
        const d = await bench.next(rest);
        seen.set(d.value, d.attempt);
        await d.ack();
      }
      equal(
        out.map(({ value }) => seen.get(value)),
        [2, 2, 2],
        "the attempts of those that the dead one had",
      );
      for (const d of out) await bench.ended(d.ctx, "when its lease is lost");
      await bench.counts(next, {});
    },
  },
  {
    name: "of one key one message runs at a time, in the order of sending, and no key starves the others",
    run: async (bench) => {
      if (!bench.engine.keyed) return;
      const options = { perKey: 1 };
      const topics = [await bench.start<number>(options), await bench.start<number>(options)];
      const [topic] = topics as [Topic<number>];
      // The busy key comes first.
      for (let i = 0; i < 20; i++) await topic.send(bg, i, { key: "busy" });
      for (let i = 0; i < 20; i++) await topic.send(bg, i, { key: `k${i % 5}` });
      const running = new Set<string>();
      const seen: [key: string, value: number][] = [];
      const problems: string[] = [];
      const [ctx, cancel] = withCancel(bench.ctx);
      const handlers = topics.map((topic) =>
        topic.handle(ctx, { concurrency: 4 }, async (_ctx, value, { key = "", attempt }) => {
          if (running.has(key)) problems.push(`two of ${key} at once`);
          running.add(key);
          await sleep(1);
          running.delete(key);
          // A retry keeps its place.
          if (value % 7 === 3 && attempt === 1) throw new Error("again");
          seen.push([key, value]);
        }),
      );
      await bench.until("all come", () => seen.length >= 40);
      cancel();
      await bench.within("handle()", Promise.all(handlers));
      equal(problems, [], "problems");
      for (const key of ["busy", "k0", "k1", "k2", "k3", "k4"]) {
        const values = seen.filter(([k]) => k === key).map(([, value]) => value);
        equal(
          values,
          [...values].sort((a, b) => a - b),
          `the order of ${key}`,
        );
      }
      // All others were done before the busy one.
      equal(seen.at(-1)?.[0], "busy", "the key of the last");
      await bench.counts(topic, {});
    },
  },
];
