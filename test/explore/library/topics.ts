import { context, errors, gosched, sync, time } from "gocsp";
import * as topic from "gocsp/topic";
import { type Program, same } from "./program.ts";

const bg = context.background();

/** Receives until `n` messages were settled by anybody, and calls `work` with each. */
async function consume(
  topics: topic.Topic<number>,
  isOver: () => boolean,
  stop: () => void,
  ctx: context.Context,
  work: (d: topic.Delivery<number>) => Promise<unknown>,
): Promise<void> {
  for await (const d of topics.receiver(ctx)) {
    await work(d);
    if (isOver()) stop();
  }
}

export const topics: readonly Program[] = [
  {
    name: "topic: two workers share the messages, and each is acknowledged once",
    run: async () => {
      const engine = topic.memory();
      const broker = await topic.open(bg, engine);
      const numbers = broker.topic<number>("numbers");
      const [ctx, stop] = context.withCancel(bg);
      const done: number[] = [];
      const wg = new sync.WaitGroup();
      for (let worker = 0; worker < 2; worker++) {
        wg.go(() =>
          consume(
            numbers,
            () => done.length === 3,
            stop,
            ctx,
            async (d) => {
              await gosched();
              const [, err] = await errors.result(d.ack());
              if (err === undefined) done.push(d.value);
            },
          ),
        );
      }
      wg.go(async () => {
        for (let n = 0; n < 3; n++) await numbers.send(bg, n);
      });
      await wg.wait();
      same(
        done.toSorted((a, b) => a - b),
        [0, 1, 2],
        "what was done",
      );
      const { ready, running } = await numbers.inspect(bg);
      same([ready, running], [0, 0], "what is left");
      await broker.close();
    },
  },
  {
    name: "topic: of a key only one runs at a time, in the order of sending, also when it is tried again",
    run: async () => {
      const engine = topic.memory();
      const broker = await topic.open(bg, engine);
      const numbers = broker.topic<number>("numbers", { perKey: 1 });
      const [ctx, stop] = context.withCancel(bg);
      const done: number[] = [];
      let [running, failed] = [0, false];
      for (let n = 0; n < 2; n++) await numbers.send(bg, n, { key: "k" });
      const wg = new sync.WaitGroup();
      for (let worker = 0; worker < 2; worker++) {
        wg.go(() =>
          consume(
            numbers,
            () => done.length === 2,
            stop,
            ctx,
            async (d) => {
              same(++running, 1, "of a key at a time");
              await gosched();
              running--;
              if (failed) {
                done.push(d.value);
                await d.ack();
              } else {
                failed = true;
                await d.nack(time.second);
              }
            },
          ),
        );
      }
      await wg.wait();
      same(done, [0, 1], "the order");
      await broker.close();
    },
  },
  {
    name: "topic: a message that is canceled while it is worked on, or before, is never done after that",
    run: async () => {
      const engine = topic.memory();
      const broker = await topic.open(bg, engine);
      const numbers = broker.topic<number>("numbers");
      const [ctx, stop] = context.withCancel(bg);
      let [acknowledged, canceled] = [false, false];
      await numbers.send(bg, 1, { id: "one" });
      const wg = new sync.WaitGroup();
      wg.go(async () => {
        for await (const d of numbers.receiver(ctx)) {
          await gosched();
          if (d.ctx.err() !== undefined) same(canceled, true, "ended without a cancel");
          const [, err] = await errors.result(d.ack());
          acknowledged = err === undefined;
          stop();
        }
      });
      wg.go(async () => {
        await gosched();
        canceled = true;
        const known = await numbers.cancel(bg, "one", "changed my mind");
        if (!known) same(acknowledged, true, "unknown, and not done");
        stop();
      });
      await wg.wait();
      await broker.close();
    },
  },
  {
    name: "topic: what a broker had out when it crashed comes again when the lease is over, and its late ack does not count",
    slow: true,
    run: async () => {
      const engine = topic.memory();
      const dying = await topic.open(bg, engine, { onError: () => undefined }); // it says that it is cut off
      const [ctx, stop] = context.withCancel(bg);
      const first = dying.topic<number>("numbers", { lease: time.second });
      await first.send(bg, 7);
      const wg = new sync.WaitGroup();
      let acknowledged = 0;
      wg.go(async () => {
        for await (const d of first.receiver(ctx)) {
          await gosched();
          const [, err] = await errors.result(d.ack());
          if (err === undefined) acknowledged++;
          break;
        }
      });
      wg.go(async () => {
        await gosched();
        engine.crash(dying);
        const next = await topic.open(bg, engine);
        const second = next.topic<number>("numbers", { lease: time.second });
        if (acknowledged === 0) {
          for await (const d of second.receiver(bg)) {
            const [, err] = await errors.result(d.ack());
            if (err === undefined) acknowledged++;
            // A slow one may lose its lease as well; then the message comes once more.
            if (err === undefined) break;
          }
        }
        stop();
        await next.close();
      });
      await wg.wait();
      await errors.result(dying.close());
      same(acknowledged, 1, "acknowledged");
    },
  },
  {
    name: "topic: of two workers that had a message, because the first has lost its lease, one acknowledges it",
    slow: true,
    run: async () => {
      const engine = topic.memory();
      const quiet = { onError: () => undefined };
      const brokers = [await topic.open(bg, engine, quiet), await topic.open(bg, engine, quiet)];
      const [ctx, stop] = context.withCancel(bg);
      let [acknowledged, latest] = [0, 0];
      const wg = new sync.WaitGroup();
      for (const broker of brokers) {
        const numbers = broker.topic<number>("numbers", { lease: 100 });
        wg.go(async () => {
          for await (const d of numbers.receiver(ctx)) {
            latest = Math.max(latest, d.attempt);
            await gosched();
            await gosched();
            const [, err] = await errors.result(d.ack());
            if (err !== undefined) continue;
            acknowledged++;
            same(d.attempt, latest, "the attempt that counts");
            await time.sleep(time.second);
            stop();
          }
        });
      }
      await brokers[0]?.topic<number>("numbers", { lease: 100 }).send(bg, 7);
      await wg.wait();
      same(acknowledged, 1, "acknowledged");
      for (const broker of brokers) await broker.close();
    },
  },
];
