/** Sending, receiving, settling. */

import { background, withCancel } from "../../context/context.ts";
import { is } from "../../errors/errors.ts";
import { go } from "../../runtime/goroutine.ts";
import { select } from "../../select/select.ts";
import { errClosed, errSettled } from "../topic.ts";
import { type Check, equal, failure, list } from "./bench.ts";

const bg = background();

export const basicChecks: Check[] = [
  {
    name: "a message comes with its value, identity, attempt and time",
    run: async (bench) => {
      const topic = await bench.start<unknown>();
      const value = { b: 1, a: ["ä\u0000\u2028😀", null, 1.5e300, true], text: "x".repeat(100_000) };
      const before = Date.now();
      const { id, duplicate } = await topic.send(bg, value, { id: "the id/1", key: "k" });
      equal({ id, duplicate }, { id: "the id/1", duplicate: false }, "send");
      const [deliveries] = bench.receive(topic);
      const d = await bench.next(deliveries);
      equal(d.value, value, "the value");
      equal([d.id, d.key, d.attempt], ["the id/1", "k", 1], "id, key and attempt");
      // The engine's clock may be another one.
      if (!(Math.abs(d.sentAt.getTime() - before) < 86_400_000)) throw new Error(`sentAt is ${String(d.sentAt)}`);
      await d.ack();
    },
  },
  {
    name: "what is acknowledged is gone",
    run: async (bench) => {
      const topic = await bench.start<number>();
      for (let i = 0; i < 20; i++) await topic.send(bg, i);
      const [deliveries, stop] = bench.receive(topic, { concurrency: 4 });
      const got: number[] = [];
      for (let i = 0; i < 20; i++) {
        const d = await bench.next(deliveries);
        got.push(d.value);
        await d.ack();
      }
      got.sort((a, b) => a - b);
      equal(
        got,
        Array.from({ length: 20 }, (_, i) => i),
        "the values",
      );
      stop();
      await bench.counts(topic, {});
    },
  },
  {
    name: "messages come in the order of sending",
    run: async (bench) => {
      const topic = await bench.start<number>();
      await topic.sendAll(
        bg,
        Array.from({ length: 10 }, (_, i) => [i] as const),
      );
      for (let i = 10; i < 20; i++) await topic.send(bg, i);
      const [deliveries] = bench.receive(topic);
      for (let i = 0; i < 20; i++) {
        const d = await bench.next(deliveries);
        equal(d.value, i, "the value");
        await d.ack();
      }
    },
  },
  {
    name: "a message whose identity is there already is a duplicate",
    run: async (bench) => {
      const topic = await bench.start<number>();
      equal((await topic.send(bg, 1, { id: "one" })).duplicate, false, "the first");
      const other = bench.topic<number>(await bench.open());
      equal((await other.send(bg, 2, { id: "one" })).duplicate, true, "the second");
      await bench.counts(topic, { waiting: 1 });
      const [deliveries] = bench.receive(topic);
      const d = await bench.next(deliveries);
      equal(d.value, 1, "the value");
      await d.ack();
    },
  },
  {
    name: "a message that is given back comes again as the next attempt",
    run: async (bench) => {
      const topic = await bench.start<string>();
      await topic.send(bg, "a");
      const [deliveries] = bench.receive(topic);
      for (let attempt = 1; attempt <= 3; attempt++) {
        const d = await bench.next(deliveries);
        equal([d.value, d.attempt], ["a", attempt], "value and attempt");
        await (attempt < 3 ? d.nack(0, new Error("no luck")) : d.ack());
      }
      await bench.counts(topic, {});
    },
  },
  {
    name: "a delivery whose block is left comes again",
    run: async (bench) => {
      const topic = await bench.start<string>();
      await topic.send(bg, "a");
      const [deliveries] = bench.receive(topic);
      {
        await using _ = await bench.next(deliveries);
      }
      const again = await bench.next(deliveries);
      equal(again.attempt, 2, "the attempt");
      await again.ack();
    },
  },
  {
    name: "a message that fails too often is dead, with its last error",
    run: async (bench) => {
      const topic = await bench.start<string>({ maxAttempts: 2 });
      await topic.send(bg, "a", { id: "x", key: "k" });
      const [deliveries] = bench.receive(topic);
      for (let i = 1; i <= 2; i++) await (await bench.next(deliveries)).nack(0, new Error(`no luck ${i}`));
      await bench.counts(topic, { dead: 1 });
      const [dead] = await list(topic.dead(bg));
      const { id, key, value, attempt, reason } = dead ?? {};
      equal([id, key, value, attempt, reason], ["x", "k", "a", 2, "attempts exhausted"], "the dead message");
      if (!/no luck 2/.test(dead?.error ?? "")) throw new Error(`the error is ${String(dead?.error)}`);
    },
  },
  {
    name: "a rejected message is dead, and comes again as new when it is redriven",
    run: async (bench) => {
      const topic = await bench.start<string>();
      await topic.send(bg, "a", { id: "x" });
      await topic.send(bg, "b", { id: "y" });
      const [deliveries] = bench.receive(topic);
      for (let i = 0; i < 2; i++) await (await bench.next(deliveries)).reject("no image");
      await bench.counts(topic, { dead: 2 });
      equal(
        (await list(topic.dead(bg))).map(({ id, reason }) => `${id} ${reason}`).sort(),
        ["x no image", "y no image"],
        "the dead",
      );
      equal(await topic.redrive(bg, "nobody"), 0, "redrive of what is not there");
      equal(await topic.redrive(bg, "y"), 1, "redrive of one");
      const d = await bench.next(deliveries);
      equal([d.value, d.attempt], ["b", 1], "value and attempt");
      await d.ack();
      equal(await topic.redrive(bg), 1, "redrive of all");
      await (await bench.next(deliveries)).ack();
      await bench.counts(topic, {});
    },
  },
  {
    name: "purge removes what is dead or what waits, and not what is worked on",
    run: async (bench) => {
      const topic = await bench.start<number>();
      const [deliveries] = bench.receive(topic);
      await topic.send(bg, 1);
      await (await bench.next(deliveries)).reject("no");
      await topic.send(bg, 2);
      const held = await bench.next(deliveries);
      for (let i = 3; i < 8; i++) await topic.send(bg, i);
      await bench.counts(topic, { waiting: 5, running: 1, dead: 1 });
      equal(await topic.purge(bg, "waiting"), 5, "purge of what waits");
      await bench.counts(topic, { running: 1, dead: 1 });
      equal(await topic.purge(bg, "dead"), 1, "purge of the dead");
      await bench.counts(topic, { running: 1 });
      await held.ack();
      await bench.counts(topic, {});
    },
  },
  {
    name: "no more deliveries are out than were asked for",
    run: async (bench) => {
      const topic = await bench.start<number>();
      for (let i = 0; i < 10; i++) await topic.send(bg, i);
      const [deliveries] = bench.receive(topic, { concurrency: 3 });
      const out = [];
      for (let i = 0; i < 3; i++) out.push(await bench.next(deliveries));
      // Somebody waits for a fourth, and must not get it.
      let fourth = false;
      go(async () => {
        const [d, ok] = await deliveries.receiveOk();
        fourth = ok;
        if (ok) await d.ack();
      });
      await bench.counts(topic, { waiting: 7, running: 3 });
      equal(fourth, false, "a fourth delivery");
      await out[0]?.ack();
      await bench.until("the fourth comes when one is settled", () => fourth);
      for (const d of out.slice(1)) await d.ack();
    },
  },
  {
    name: "nothing is claimed while nobody waits for it",
    run: async (bench) => {
      const topic = await bench.start<number>();
      const [idle] = bench.receive(topic, { concurrency: 10 });
      const other = bench.topic<number>(await bench.open());
      for (let i = 0; i < 10; i++) await topic.send(bg, i);
      const [deliveries] = bench.receive(other);
      for (let i = 0; i < 10; i++) await (await bench.next(deliveries)).ack();
      await bench.counts(topic, {});
      equal(idle.tryReceive() === undefined, true, "the receiver has nothing");
    },
  },
  {
    name: "who works on one delivery keeps no others from anybody, however many it may have",
    run: async (bench) => {
      const topic = await bench.start<number>();
      await topic.sendAll(
        bg,
        Array.from({ length: 8 }, (_, i) => [i] as const),
      );
      const [deliveries] = bench.receive(topic, { concurrency: 8 });
      // As a loop does that takes one after the other.
      for (let i = 8; i > 0; i--) {
        const d = await bench.next(deliveries);
        await bench.counts(topic, { running: 1, waiting: i - 1 });
        await d.ack();
      }
    },
  },
  {
    name: "two topics are received in one select",
    run: async (bench) => {
      const broker = await bench.open();
      const [a, b] = [bench.topic<number>(broker, {}, "a"), bench.topic<number>(broker, {}, "b")];
      const [[fromA], [fromB]] = [bench.receive(a), bench.receive(b)];
      for (let i = 0; i < 10; i++) await Promise.all([a.send(bg, i), b.send(bg, i)]);
      const seen = { a: 0, b: 0 };
      const [ctx, cancel] = withCancel(bg);
      const work = async (): Promise<void> => {
        while (seen.a + seen.b < 20) {
          const op = await select({ a: fromA, b: fromB, over: ctx.done() });
          if (op.case === "over" || !op.ok) return;
          seen[op.case]++;
          await op.value.ack();
        }
      };
      try {
        await bench.within("the select", work());
      } finally {
        cancel();
      }
      equal(seen, { a: 10, b: 10 }, "what came");
    },
  },
  {
    name: "several brokers share the messages, each to one of them",
    run: async (bench) => {
      const topics = await Promise.all([bench.start<number>(), bench.start<number>(), bench.start<number>()]);
      const count = new Map<number, number>();
      const [ctx, cancel] = withCancel(bench.ctx);
      const handlers = topics.map((topic) =>
        topic.handle(ctx, { concurrency: 4 }, (_ctx, value) => void count.set(value, (count.get(value) ?? 0) + 1)),
      );
      for (let i = 0; i < 60; i++) await topics[i % 3]?.send(bg, i);
      await bench.until("all come", () => count.size === 60);
      cancel();
      await bench.within("handle()", Promise.all(handlers));
      equal(
        [...count].filter(([, n]) => n !== 1),
        [],
        "those that came twice",
      );
      await bench.counts(topics[0], {});
    },
  },
  {
    name: "a delivery is settled once",
    run: async (bench) => {
      const topic = await bench.start<number>();
      await topic.send(bg, 1);
      const [deliveries] = bench.receive(topic);
      const d = await bench.next(deliveries);
      await d.ack();
      for (const again of [d.ack(), d.nack(), d.reject("no"), d.extend()]) {
        const error = await failure(again, "settling again");
        if (!is(error, errSettled)) throw new Error(`settling again: ${error.message}`);
      }
      await bench.counts(topic, {});
    },
  },
  {
    name: "a canceled message that waits is dead, and is not delivered",
    run: async (bench) => {
      const topic = await bench.start<number>();
      const other = bench.topic<number>(await bench.open());
      await topic.send(bg, 1, { id: "one" });
      await topic.send(bg, 2, { id: "two" });
      equal(await other.cancel(bg, "nobody"), false, "cancel of what is not there");
      equal(await other.cancel(bg, "one", "enough"), true, "cancel");
      await bench.counts(topic, { waiting: 1, dead: 1 });
      equal(
        (await list(topic.dead(bg))).map(({ id, reason }) => [id, reason]),
        [["one", "canceled: enough"]],
        "the dead",
      );
      const [deliveries] = bench.receive(topic);
      const d = await bench.next(deliveries);
      equal(d.value, 2, "the value");
      await d.ack();
    },
  },
  {
    name: "counts tell what waits, runs and is dead",
    run: async (bench) => {
      const topic = await bench.start<number>();
      equal(await topic.purge(bg, "dead"), 0, "purge of nothing");
      await topic.send(bg, 1);
      await topic.send(bg, 2);
      await topic.send(bg, 3, { delay: 3_600_000 });
      const [deliveries, stop] = bench.receive(topic);
      const d = await bench.next(deliveries);
      const { ready, delayed, running, dead } = await topic.inspect(bg);
      equal([ready, delayed, running, dead], [1, 1, 1, 0], "ready, delayed, running, dead");
      stop();
      await d.reject("no");
      await bench.counts(topic, { waiting: 2, dead: 1 });
    },
  },
  {
    name: "what an engine cannot keep is refused",
    run: async (bench) => {
      const broker = await bench.open();
      const topic = bench.topic<number>(broker);
      const { keyed, transactions } = bench.engine;
      const perKey = (): unknown => bench.topic(broker, { perKey: 1 }, "keyed");
      if (keyed) perKey();
      else {
        const error = await failure(Promise.resolve().then(perKey), "perKey");
        if (!/perKey cannot be kept/.test(error.message)) throw new Error(`perKey: ${error.message}`);
      }
      if (transactions) return;
      const error = await failure(topic.send(bg, 1, { tx: {} as never }), "send in a transaction");
      if (!/cannot be kept/.test(error.message)) throw new Error(`send in a transaction: ${error.message}`);
      await bench.counts(topic, {});
    },
  },
  {
    name: "a closed broker refuses, and what it had comes again",
    run: async (bench) => {
      const broker = await bench.open();
      const topic = bench.topic<number>(broker, { lease: bench.lease });
      await topic.send(bg, 1);
      const [deliveries] = bench.receive(topic);
      const d = await bench.next(deliveries);
      await bench.within("close()", broker.close());
      await bench.ended(d.ctx, "with the broker");
      for (const call of [topic.send(bg, 2), topic.inspect(bg), d.ack()]) {
        const error = await failure(call, "a call on a closed broker");
        if (error !== errClosed) throw new Error(`a call on a closed broker: ${error.message}`);
      }
      const next = bench.topic<number>(await bench.open(), { lease: bench.lease });
      const [again] = bench.receive(next);
      const second = await bench.next(again);
      equal(second.value, 1, "the value");
      await second.ack();
      await bench.counts(next, {});
    },
  },
  {
    name: "a message that is sent within a transaction is there with its commit, and only then",
    needs: (options) => options.db !== undefined,
    run: async (bench) => {
      const topic = await bench.start<number>();
      const db = await bench.db();
      {
        await using tx = await db.beginTx(bg);
        await topic.send(bg, 1, { tx });
        await bench.counts(topic, {});
        await tx.rollback();
      }
      await bench.counts(topic, {});
      const [deliveries] = bench.receive(topic);
      await using tx = await db.beginTx(bg);
      await topic.sendAll(bg, [[2]], tx);
      await tx.commit();
      const d = await bench.next(deliveries);
      equal(d.value, 2, "the value");
      await d.ack();
    },
  },
  {
    name: "an ack within a transaction is done with its commit, and taken back with its rollback",
    needs: (options) => options.db !== undefined,
    run: async (bench) => {
      const topic = await bench.start<number>();
      const db = await bench.db();
      await topic.send(bg, 1);
      const [deliveries] = bench.receive(topic);
      {
        await using d = await bench.next(deliveries);
        await using tx = await db.beginTx(bg);
        await d.ack(tx);
        await bench.counts(topic, { running: 1 });
        await tx.rollback();
      }
      await using again = await bench.next(deliveries);
      equal(again.attempt, 2, "the attempt");
      await using tx = await db.beginTx(bg);
      await again.ack(tx);
      await tx.commit();
      await bench.counts(topic, {});
    },
  },
];
