/** Delays, deadlines, schedules, and what of a context goes with a message. */

import { background, cause, deadlineExceeded, key, withTimeout, withValue } from "../../context/context.ts";
import { is } from "../../errors/errors.ts";
import { sleep } from "../../time/time.ts";
import { codec, Stopping, traceLink, traceparent } from "../topic.ts";
import { type Check, equal, list } from "./bench.ts";

const bg = background();

export const timeChecks: Check[] = [
  {
    name: "a delayed message comes when it is due, and not before",
    run: async (bench) => {
      const topic = await bench.start<number>();
      // Long enough for the next to be sent before, on a busy machine as well.
      await topic.send(bg, 1, { delay: 5 * bench.lease });
      await topic.send(bg, 2);
      const [deliveries] = bench.receive(topic);
      for (const value of [2, 1]) {
        const d = await bench.next(deliveries);
        equal(d.value, value, "the value");
        await d.ack();
      }
    },
  },
  {
    name: "a message that is given back with a delay lets others pass",
    run: async (bench) => {
      const topic = await bench.start<number>();
      await topic.send(bg, 1);
      await topic.send(bg, 2);
      const [deliveries] = bench.receive(topic);
      await (await bench.next(deliveries)).nack(5 * bench.lease);
      for (const value of [2, 1]) {
        const d = await bench.next(deliveries);
        equal(d.value, value, "the value");
        await d.ack();
      }
    },
  },
  {
    name: "a message whose deadline has passed before anybody had it is dead",
    run: async (bench) => {
      const topic = await bench.start<number>();
      const [ctx, cancel] = withTimeout(bg, 3 * bench.lease);
      using _ = cancel;
      await topic.send(ctx, 1, { deadline: true });
      // Ended by its clock, not by ours.
      await topic.send(bg, 2, { delay: 4 * bench.lease });
      await sleep(4 * bench.lease);
      const [deliveries] = bench.receive(topic);
      const d = await bench.next(deliveries);
      equal(d.value, 2, "the value");
      await d.ack();
      await bench.counts(topic, { dead: 1 });
      equal(
        (await list(topic.dead(bg))).map(({ reason }) => reason),
        ["expired"],
        "the dead",
      );
    },
  },
  {
    name: "a deadline that is carried ends the context of the delivery, and one that is not does not",
    run: async (bench) => {
      const topic = await bench.start<number>();
      const [ctx, cancel] = withTimeout(bg, 5 * bench.lease);
      using _ = cancel;
      await topic.send(ctx, 1);
      await topic.send(ctx, 2, { deadline: true });
      const [deliveries] = bench.receive(topic, { concurrency: 2 });
      const [one, two] = [await bench.next(deliveries), await bench.next(deliveries)];
      equal([one.ctx.deadline() === undefined, two.ctx.deadline() === undefined], [true, false], "no deadline");
      await bench.ended(two.ctx, "at its deadline");
      equal(cause(two.ctx) === deadlineExceeded, true, "the cause is the deadline");
      await two.nack(0, new Error("too late"));
      equal(one.ctx.err() === undefined, true, "the other goes on");
      await one.ack();
      await bench.counts(topic, { dead: 1 });
    },
  },
  {
    name: "an attempt that takes too long is ended, and comes again",
    run: async (bench) => {
      const topic = await bench.start<number>();
      await topic.send(bg, 1);
      const [deliveries] = bench.receive(topic, { timeout: bench.lease / 10 });
      const d = await bench.next(deliveries);
      await bench.ended(d.ctx, "after the timeout");
      equal(is(d.ctx.err(), deadlineExceeded), true, "the error is the deadline");
      await d.nack(0);
      const again = await bench.next(deliveries);
      equal(again.attempt, 2, "the attempt");
      await again.ack();
    },
  },
  {
    name: "a schedule fires again and again, once for all brokers, until it is removed",
    run: async (bench) => {
      const topic = await bench.start<string>();
      const other = bench.topic<string>(await bench.open());
      await topic.schedule(bg, "tick", 1000, "tock");
      const ids: string[] = [];
      const [ours] = bench.receive(topic);
      const [theirs] = bench.receive(other);
      for (let i = 0; i < 2; i++) {
        const d = await bench.next(i === 0 ? ours : theirs, "a tick");
        equal([d.value, d.attempt], ["tock", 1], "value and attempt");
        ids.push(d.id);
        await d.ack();
      }
      equal(new Set(ids).size, 2, "how many ticks there were");
      equal(await other.unschedule(bg, "tick"), true, "unschedule");
      equal(await topic.unschedule(bg, "tick"), false, "unschedule again");
    },
  },
  {
    name: "the trace goes with a message: the first attempt has it, the next ones have a link to it",
    run: async (bench) => {
      const topic = await bench.start<number>();
      const sent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
      await topic.send(withValue(bg, traceparent, sent), 1);
      const [deliveries] = bench.receive(topic);
      const first = await bench.next(deliveries);
      equal([first.ctx.value(traceparent), first.ctx.value(traceLink) ?? null], [sent, null], "the first attempt");
      await first.nack(0);
      const second = await bench.next(deliveries);
      equal(second.ctx.value(traceLink), sent, "the link");
      const own = second.ctx.value(traceparent) ?? "";
      if (own === sent || !/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/.test(own)) throw new Error(`the trace is ${own}`);
      await second.ack();
    },
  },
  {
    name: "values that have a codec go with a message, others do not",
    run: async (bench) => {
      const [tenant, secret] = [key<string>("tenant"), key<string>("secret")];
      const broker = await bench.open({ codecs: [codec("tenant", tenant, String, String)] });
      const topic = bench.topic<number>(broker);
      await topic.send(withValue(withValue(bg, tenant, "ä 1"), secret, "s3cret"), 1);
      const [deliveries] = bench.receive(topic);
      const d = await bench.next(deliveries);
      equal([d.ctx.value(tenant), d.ctx.value(secret) ?? null], ["ä 1", null], "the values");
      await d.reject("later");
      equal(await topic.redrive(bg), 1, "redrive");
      const again = await bench.next(deliveries);
      equal(again.ctx.value(tenant) ?? null, "ä 1", "the value after a redrive");
      await again.ack();
    },
  },
  {
    name: "when the receiver ends its channel closes, what is out goes on, and after the grace it is told",
    run: async (bench) => {
      const topic = await bench.start<number>({ lease: bench.lease });
      await topic.send(bg, 1);
      await topic.send(bg, 2);
      const [deliveries, stop] = bench.receive(topic, { concurrency: 2, grace: bench.lease });
      const [one, two] = [await bench.next(deliveries), await bench.next(deliveries)];
      stop();
      const [, ok] = await bench.within("the end of the receiver", deliveries.receiveOk());
      equal(ok, false, "another delivery");
      equal(one.ctx.err() === undefined, true, "the delivery goes on");
      await one.ack();
      await bench.ended(two.ctx, "after the grace");
      equal(cause(two.ctx) instanceof Stopping, true, "the cause is Stopping");
      await two.nack();
      await bench.within("wait()", topic.wait(bg));
      const [next] = bench.receive(topic);
      const again = await bench.next(next);
      equal(again.value, 2, "the value");
      await again.ack();
      await bench.counts(topic, {});
    },
  },
];
